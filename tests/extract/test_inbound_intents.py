"""What a letter says is read as suggestions, each with its words, its place and what makes it uncertain."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discount_broker.kernel.money import Money
from discount_broker.outreach.inbound import Doubt, Intent, IntentKind, read_inbound, read_inbound_text
from discount_broker.outreach.inbound.reading import language_of
from discount_broker.outreach.inbound.understanding import find_intents
from tests.extract.inbound_mails import mail

WRITTEN_ON = date(2030, 1, 16)
"""A Wednesday."""
SAID = (
    ("Можем предложить скидку 7,5 %.", ["offer:7.5%"]),
    ("Здравствуйте! Готовы дать скидку 10%.", ["offer:10%"]),
    ("Добрый день, да, 5 % сделаем.", ["offer:5%"]),
    ("5%", ["offer:5%"]),
    ("Максимум 5 процентов.", ["offer:5%"]),
    ("Только 5 %.", ["offer:5%"]),
    ("Thank you, we accept, 5 %", ["offer:5%"]),
    ("We can do 10% off.", ["offer:10%"]),
    ("Yes, we can offer you a 10 percent discount on this item.", ["offer:10%"]),
    ("Happy to give you 7% off if you buy three.", ["offer:7%?"]),
    ("Would 5 % suit you?", ["offer:5%?", "question:"]),
    ("Вас устроит скидка 5 %?", ["offer:5%?", "question:"]),
    ("Не можем дать скидку 10 %.", ["decline:10%"]),
    ("No 10 %, sorry.", ["decline:10%"]),
    ("10 % is not possible.", ["decline:10%"]),
    ("10 % не получится, но 5 % дадим.", ["offer:5%"]),
    ("Не 15 %, а 10 % можем.", ["offer:10%"]),
    ("К сожалению, скидку 10 % дать не можем. Максимум 5 %.", ["offer:5%"]),
    ("Скидка 5 % или 10 % при оплате наличными.", ["offer:5%?", "offer:10%?"]),
    ("Можем дать 5 %. Если возьмёте два, дадим 10 %.", ["offer:5%?", "offer:10%?"]),
    ("Скидка до 10 %.", ["offer:10%?"]),
    ("We could do up to 10%.", ["offer:10%?"]),
    ("Возможно, дадим 5 %.", ["offer:5%?"]),
    ("Скидка от 5 до 10 %.", ["offer:10%?"]),
    ("Скидка 5-10 %.", ["offer:10%?"]),
    ("При покупке от 3 штук скидка 10 %.", ["offer:10%?"]),
    ("Вы просили 10 %, это много.", []),
    ("На товар действует НДС 20 %.", []),
    ("Нужна предоплата 50 %.", []),
    ("Куртка: 80 % хлопок.", []),
    ("Цена уже со скидкой 10 %.", ["offer:10%?"]),
    ("The price is already 10% off.", ["offer:10%?", "lowest_price:"]),
    ("Отдадим за 11 500 руб.", ["offer:11500 RUB"]),
    ("Можем за 11500", ["offer:11500?"]),
    ("Цена для вас 11 500 ₽, доставка 300 ₽.", ["offer:11500 RUB"]),
    ("For you the price is $ 1,299.00", ["offer:1299.00 USD"]),
    ("We can let you have it for £45.", ["offer:45 GBP"]),
    ("Цена 12 990 руб.", ["offer:12990 RUB?"]),
    ("It costs 500 EUR.", ["offer:500 EUR?"]),
    ("Скидка 500 руб.", ["offer:-500 RUB?"]),
    ("$50 off for you.", ["offer:-50 USD?"]),
    ("Отдам за 12 тыс. руб.", ["offer:12000 RUB"]),
    ("Скидка 10 %, итого 11 691 руб.", ["offer:10%", "offer:11691 RUB"]),
    ("К сожалению, не можем предоставить скидку.", ["decline:"]),
    ("Скидок нет.", ["decline:"]),
    ("Мы не делаем скидок.", ["decline:"]),
    ("Торг неуместен.", ["decline:"]),
    ("Sorry, we cannot offer a discount on this item.", ["decline:"]),
    ("We don't give discounts.", ["decline:"]),
    ("No discounts.", ["decline:"]),
    ("Our prices are fixed.", ["decline:"]),
    ("Unfortunately a discount is not possible.", ["decline:"]),
    ("Нет.", ["decline:?"]),
    ("Скидок не делаем. Но вам дадим 5 %.", ["decline:?", "offer:5%?"]),
    ("Цена и так минимальная.", ["lowest_price:"]),
    ("Это уже минимальная цена.", ["lowest_price:"]),
    ("This is already our lowest price.", ["lowest_price:"]),
    ("Your promo code: SAVE10", ["promo_code:SAVE10"]),
    ("Промокод ЛЕТО10 даёт скидку 10 %.", ["promo_code:ЛЕТО10", "offer:10%"]),
    ("Use code SPRING for 5% off.", ["promo_code:SPRING", "offer:5%"]),
    ("Введите промокод при оформлении заказа.", []),
    ("Доставим бесплатно.", ["free_delivery:"]),
    ("Скидку дать не можем, но доставка бесплатная.", ["decline:", "free_delivery:"]),
    ("Free shipping on orders over $50.", ["free_delivery:?"]),
    ("We offer free delivery.", ["free_delivery:"]),
    ("Бесплатной доставки нет.", []),
    ("Товара нет в наличии.", ["out_of_stock:"]),
    ("This item is out of stock.", ["out_of_stock:"]),
    ("Позвоните нам по номеру +7 (495) 104-83-86.", ["call_us:+74951048386"]),
    ("Please call us at +44 20 7946 0018", ["call_us:+442079460018"]),
    ("Перезвоните, пожалуйста.", ["call_us:"]),
    ("Call us.", ["call_us:"]),
    ("А кто вы?", ["who_are_you:"]),
    ("Who are you and how did you get our address?", ["who_are_you:"]),
    ("Больше не пишите нам.", ["opt_out:"]),
    ("Не пишите нам больше!", ["opt_out:"]),
    ("Пожалуйста, удалите наш адрес из базы.", ["opt_out:"]),
    ("STOP", ["opt_out:"]),
    ("Стоп", ["opt_out:"]),
    ("Please remove us from your list.", ["opt_out:"]),
    ("Unsubscribe", ["opt_out:"]),
    ("Please do not contact us again.", ["opt_out:"]),
    ("To unsubscribe, click here", []),
    ("Чтобы отписаться, перейдите по ссылке", []),
    ("Ваше письмо попало в спам, извините за задержку.", []),
    ("Don't send the money yet.", []),
    ("Не интересно.", ["opt_out:?"]),
    ("Пишите на opt@shop.test", ["new_address:opt@shop.test"]),
    ("Please send your request to sales@shop.test.", ["new_address:sales@shop.test"]),
    (
        "Отправьте запрос на a@shop.test или b@shop.test",
        ["new_address:a@shop.test?", "new_address:b@shop.test?"],
    ),
    ("Я в отпуске до 15.02.2030.", ["out_until:2030-02-15"]),
    ("Я в отпуске до 15.02.", ["out_until:2030-02-15"]),
    ("Буду на месте 20 января.", ["out_until:2030-01-20"]),
    ("Я в отпуске с 10 по 25 января.", ["out_until:2030-01-25"]),
    ("I will be back on Monday.", ["out_until:2030-01-21"]),
    ("Вернусь в понедельник.", ["out_until:2030-01-21"]),
    ("Out of office until January 25th, 2030.", ["out_until:2030-01-25"]),
    ("Back on 5 January", ["out_until:2031-01-05"]),
    ("В каком городе покупатель?", ["question:"]),
    ("Is the buyer ready to pay now?", ["question:"]),
    ("Чайник весит 10 кг.", []),
    ("Спасибо за письмо.", []),
    ("If you like, we can do 5 %.", ["offer:5%"]),
    ("Если вам интересно, дадим 5 %.", ["offer:5%"]),
    ("Без проблем, 5 % дадим.", ["offer:5%"]),
    (
        "We can offer you a discount on the machine you asked about, namely\n10 % off the list price.",
        ["offer:10%"],
    ),
    ("Не более 5 %.", ["offer:5%?"]),
    ("Скидка только для постоянных клиентов.", []),
    ("We can't do 15% but 10% is fine for us, deal?", ["offer:10%?", "question:"]),
    ("Спасибо, принимаем, 5 %.", ["offer:5%"]),
    ("Согласны на 5 %", ["offer:5%"]),
    ("Пришлите, пожалуйста, реквизиты.", []),
    ("Заказ можно оформить на сайте, скидка 3 % для вас.", ["offer:3%"]),
    ("100 % оригинал.", []),
    ("Я на 90 % уверен, что дадим.", []),
    ("Цена окончательная.", ["decline:"]),
    ("Не пишите на этот адрес, пишите на opt@shop.test", ["new_address:opt@shop.test"]),
    ("I am on vacation until 02/03.", ["out_until:2030-03-02?"]),
    ("Стоимость 12 990 руб. с доставкой, для вас 12 000 руб.", ["offer:12000 RUB"]),
)
"""A letter, and what it says: `kind:value`, with a `?` where it is uncertain."""


def shown(intent: Intent) -> str:
    return f"{intent.kind}:{intent.value or ''}{'' if intent.is_certain else '?'}"


@pytest.mark.parametrize(("letter", "expected"), SAID)
def test_a_letter_is_understood(letter: str, expected: list[str]) -> None:
    intents = find_intents(letter, language_of(letter), WRITTEN_ON)
    assert sorted(map(shown, intents)) == sorted(expected)
    for intent in intents:
        assert letter[intent.start :].startswith(intent.evidence)


@pytest.mark.parametrize(
    "letter",
    [
        "Не пишите, лучше позвоните нам.",
        "Больше не пишите на эту почту. Наш новый адрес: opt@shop.test",
        "Please stop sending these. We can do 5 % for this one though.",
        "Не пишите на этот адрес, пишите на opt@shop.test",
        "Does this mean you stop contacting us?",
        "To unsubscribe, click here",
        "Ваше письмо попало в спам.",
        "Не отправляйте предоплату.",
        "Don't send the money yet.",
        "Please stop by our shop.",
    ],
)
def test_nothing_is_stopped_by_words_that_may_mean_something_else(letter: str) -> None:
    stops = [i for i in read_inbound_text(letter).intents if i.kind is IntentKind.OPT_OUT and i.is_certain]
    assert stops == []


@pytest.mark.parametrize(
    "letter",
    [
        "Конкуренты дают 10 %.",
        "10 % is too much for us.",
        "В прошлый раз дали 10 %.",
        "Скидка 10 % на другие товары.",
        "Раньше давали скидку 10 %.",
        "Скидка 10 % на первый заказ.",
        "Рассрочка 0 %, первый взнос 10 %, комиссия 3 %.",
        "Вы хотите 10 %?",
        "Our battery lasts, it is still at 80 %.",
        "Доставка 500 руб.",
        "Минимальный заказ от 5000 руб.",
        "Мы открыты с 10 до 20, заказ 12345.",
    ],
)
def test_no_offer_is_certain_that_may_be_none(letter: str) -> None:
    offers = [i for i in read_inbound_text(letter).intents if i.kind is IntentKind.OFFER and i.is_certain]
    assert offers == []


@pytest.mark.parametrize(
    ("letter", "doubt"),
    [
        ("Would 5 % suit you?", Doubt.QUESTION),
        ("Happy to give you 7% off if you buy three.", Doubt.CONDITION),
        ("Скидка до 10 %.", Doubt.VAGUE),
        ("Цена уже со скидкой 10 %.", Doubt.ALREADY),
        ("Можем дать 5 %. Можем дать 7 %.", Doubt.SEVERAL),
        ("Скидок не делаем. Но вам дадим 5 %.", Doubt.CONTRADICTED),
        ("Можем за 11500", Doubt.NO_CURRENCY),
        ("Скидка 500 руб.", Doubt.SUM_OFF),
    ],
)
def test_an_uncertain_offer_says_why(letter: str, doubt: Doubt) -> None:
    offer = next(i for i in read_inbound_text(letter).intents if i.kind is IntentKind.OFFER)
    assert doubt in offer.doubts


def test_values_are_read_as_what_they_are() -> None:
    percent, price = (
        read_inbound_text(text).intents[0] for text in ("Дадим скидку 7,5 %.", "Отдадим за 11 500 руб.")
    )
    assert percent.percent == Decimal("7.5")
    assert price.price == Money(Decimal(11500), "RUB")


def test_a_day_is_counted_from_when_the_letter_was_written() -> None:
    read = read_inbound(mail("I will be back on Monday.", Date="Wed, 16 Jan 2030 09:00:00 +0300"))
    [away] = read.intents
    assert (away.until, away.is_certain) == (date(2030, 1, 21), True)


def test_a_day_that_is_written_in_two_ways_is_uncertain() -> None:
    [away] = read_inbound(mail("I'll be back on 05/06.", Date="Wed, 16 Jan 2030 09:00:00 +0300")).intents
    assert (away.kind, away.is_certain) == (IntentKind.OUT_UNTIL, False)


@pytest.mark.parametrize(
    "letter",
    [
        "Do not write to old@shop.test any more, write to new@shop.test.",
        "Адрес old@shop.test больше не используется, пишите на new@shop.test.",
        "Please use new@shop.test, old@shop.test is no longer in use.",
    ],
)
def test_the_address_that_is_given_up_is_not_the_new_one(letter: str) -> None:
    moves = [i.value for i in read_inbound_text(letter).intents if i.kind is IntentKind.NEW_ADDRESS]
    assert moves == ["new@shop.test"]


def test_words_over_two_lines_are_one_sentence() -> None:
    letter = (
        "We can offer you a discount on the machine that your buyer wants, namely\n10 % off the list price."
    )
    [offer] = read_inbound_text(letter).intents
    assert (offer.value, offer.evidence, offer.is_certain) == ("10%", letter, True)


def test_the_same_said_twice_is_said_once() -> None:
    letter = "Может быть, 5 %. Да, скидка 5 %."
    [offer] = read_inbound_text(letter).intents
    assert (offer.is_certain, offer.evidence) == (True, "Да, скидка 5 %.")


@given(st.text(max_size=400))
def test_any_words_are_read_and_every_evidence_stands_in_them(letter: str) -> None:
    for intent in find_intents(letter, language_of(letter), WRITTEN_ON):
        assert letter[intent.start :].startswith(intent.evidence)
