"""What stands in a text for a phone: who writes, what is new, the link; and never more than two parts."""

from dataclasses import replace
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from discount_broker.messaging.extract.segments import Encoding, measure
from discount_broker.messaging.rendering import LOCALES, Renderer
from discount_broker.notifications.catalogue import (
    OfferConfirmed,
    OfferMade,
    PromiseCheck,
    ShopWillCall,
    Terms,
)
from tests.messages.samples import CONTACT, NEWS, PRODUCT, SITE, SOON, TERMS

TWO_WAY = replace(SITE, sends_texts=True, sms_sender="+79990000000")
ONE_WAY = replace(SITE, sends_texts=True, sms_sender="Broker")
LINK = "https://discounts.example/t/7k2m9abcdefgh"
TEXTS = (
    OfferMade(**NEWS, shop="Tools and More", terms=TERMS),
    ShopWillCall(**NEWS, shop="Tools and More", call_by=SOON, calls_buyer=True),
    ShopWillCall(**NEWS, shop="Tools and More", call_by=SOON, calls_buyer=False),
    OfferConfirmed(**NEWS, shop="Tools and More", terms=TERMS, shared=CONTACT),
    PromiseCheck(**NEWS, shop="Tools and More", promised_for=SOON, check_url=""),
)
LONG = "Дрель-шуруповёрт аккумуляторная «Bosch» GSR 12V-15 FC с двумя батареями, кейсом и насадками " * 3
WORST = (
    *(replace(text, shop=LONG, product=replace(PRODUCT, title=LONG)) for text in TEXTS),
    *(
        replace(TEXTS[0], shop=LONG, terms=Terms(kind=kind, valid_until=SOON))
        for kind in ("free_delivery", "bonus", "gift", "add_item", "lowest")
    ),
)  # fmt: skip
IN_RUSSIAN = {
    "%(shop)s offers: %(offer)s.": "%(shop)s: %(offer)s.",
    "%(percent)s off": "скидка %(percent)s",
    "free delivery": "бесплатная доставка",
    "bonus points": "бонусные баллы",
    "a gift with it": "подарок к покупке",
    "cheaper with another item": "дешевле с другим товаром",
    "already the lowest price": "дешевле не бывает",
    "%(shop)s will call you by %(moment)s.": "%(shop)s позвонит вам до %(moment)s.",
    "%(shop)s will call us by %(moment)s.": "%(shop)s ответит нам до %(moment)s.",
    "Show %(number)s at %(shop)s: %(offer)s.": "%(shop)s: покажите номер %(number)s, %(offer)s.",
    "Did %(shop)s call you?": "%(shop)s: вам позвонили?",
    "Text STOP to end.": "Отписка: СТОП.",
    "See it or stop:": "Отписка там же:",
}
"""As the templates suggest it to whoever translates them."""


@pytest.fixture(scope="module")
def russian(tmp_path_factory: pytest.TempPathFactory) -> Renderer:
    folder = tmp_path_factory.mktemp("ru")
    catalogue = Catalog("ru")
    for said, meant in IN_RUSSIAN.items():
        catalogue.add(said, meant)
    target = folder / "ru" / "LC_MESSAGES" / "messages.mo"
    target.parent.mkdir(parents=True)
    with target.open("wb") as binary:
        write_mo(binary, catalogue)
    return Renderer(translations=Path(folder))


def say(
    renderer: Renderer, text: object, language: str = "en", site: object = TWO_WAY, **more: object
) -> str:
    facts = {"link": LINK, "is_first": True, **more}
    return renderer.sms(text, language, site, **facts).text  # type: ignore[arg-type]


def test_texts_say_what_is_new(renderer: Renderer) -> None:
    said = [say(renderer, text, is_first=False) for text in TEXTS]
    drill = "Bosch GSR 12V-15 FC cordless drill driver"
    assert said == [
        f"Discount Broker: Tools and More offers: 7.5% off. {drill}. {LINK}",
        f"Discount Broker: Tools and More will call you by 24 Nov, 15:00 (Moscow). R-7K2M9. {LINK}",
        f"Discount Broker: Tools and More will call us by 24 Nov, 15:00 (Moscow). R-7K2M9. {LINK}",
        f"Discount Broker: Show R-7K2M9 at Tools and More: 7.5% off. {drill}. {LINK}",
        f"Discount Broker: Did Tools and More call you? R-7K2M9. {LINK}",
    ]


@pytest.mark.parametrize("text", TEXTS + WORST, ids=lambda text: type(text).__name__)
@pytest.mark.parametrize("site", [TWO_WAY, ONE_WAY], ids=["two-way", "one-way"])
def test_no_text_takes_more_than_two_parts(
    text: object, site: object, renderer: Renderer, russian: Renderer
) -> None:
    written = [say(renderer, text, language, site) for language in LOCALES]
    for said in (*written, say(russian, text, "ru", site)):
        assert measure(said).parts <= 2, said
        assert said.endswith(f" {LINK}"), "the link is never cut, and no sign sticks to it"
        assert said.startswith("Discount Broker: ")


def test_the_first_text_says_how_to_stop_in_the_way_that_works(renderer: Renderer) -> None:
    text = TEXTS[0]
    assert "Text STOP to end." in say(renderer, text)
    assert "STOP" not in say(renderer, text, site=ONE_WAY), "a name cannot be answered"
    assert f"See it or stop: {LINK}" in say(renderer, text, site=ONE_WAY)
    assert "stop" not in say(renderer, text, is_first=False).lower()


def test_a_russian_text_is_readable(russian: Renderer) -> None:
    made = replace(TEXTS[0], shop="Дрель", product=replace(PRODUCT, title="Шуруповёрт Bosch GSR 12V-15 FC"))
    said = say(russian, made, "ru")
    assert said.startswith("Discount Broker: Дрель: скидка 7,5 %. Шуруповёрт Bosch GSR")
    assert "СТОП" in said
    assert "\u00a0" not in said


def test_a_plain_text_stays_in_the_cheap_alphabet(renderer: Renderer) -> None:
    named = replace(TEXTS[0], product=replace(PRODUCT, title="Bosch «GSR» – 12V… “FC”"))
    assert measure(say(renderer, named)).encoding is Encoding.GSM7


def test_a_hostile_title_stays_in_its_line(renderer: Renderer) -> None:
    hostile = "Drill\r\n\u202eBuy at\x00 https://evil.example/x now"
    said = say(renderer, replace(TEXTS[0], product=replace(PRODUCT, title=hostile)))
    assert not set("\r\n\u202e\x00") & set(said)
