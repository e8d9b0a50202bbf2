"""Reads what a shop offers or refuses: percentages, prices, codes, free delivery."""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice

from discount_broker.kernel.money import Money, is_discount, is_sum
from discount_broker.outreach.inbound.intents import Intent, IntentKind, said
from discount_broker.outreach.inbound.sentences import ALREADY, Doubt, Sentence, is_negative

PERCENT = re.compile(
    r"(?<![\d.,/])(\d{1,2}(?:[.,]\d{1,2})?)[ \u00a0]?(?:%|процент\w*|percent\b|per cent\b|pct\b)",
    re.IGNORECASE,
)
RANGE = re.compile(r"\d\s?(?:%\s?)?(?:[-–—]|до|to|или|or)\s?$", re.IGNORECASE)
NO_DISCOUNT = re.compile(
    r"ндс|\bvat\b|налог|\btax\b|предоплат|аванс|комисси|рассрочк|кредит|годовых|заряд|хлоп|состав|уверен"
    r"|гарант|cotton|\bsure\b|deposit|upfront|interest|\bapr\b|конкурент|competitor|у других|battery"
    r"|commission|prepay|фото|рейтинг|отзыв|wool|влажн",
    re.IGNORECASE,
)
"""A percentage of something else."""
GIVES = re.compile(
    r"скид|предлож|предлага|\bмож(?:ем|но|ет)|\bмогу|готов|отда[дём]|дадим|\bдам\b|да[её]м|предостав|сдела"
    r"|уступ|снизи|для вас|вам |получится|выйдет|устроит|подойд[её]т|соглас|принима|максимум|максимальн"
    r"|\bок\b|discount|offer|\bcan\b|could|happy to|reduce|\boff\b|\bdeal\b|suit|work for you|accept|agree"
    r"|give|lower|maximum|at most|\bgrant|\bok(?:ay)?\b|\byes\b|\bда\b",
    re.IGNORECASE,
)
REQUESTED = re.compile(
    r"(?:вы|покупател\w+|клиент\w*) (?:просили|просите|хотите|хотели|хочет|запросили|запрашива\w+|указали)"
    r"|просите|(?:you|buyer|customer|client) (?:asked|requested|want|wanted|wish|ask)|requested"
    r"|your request (?:of|for)|желаем\w+|вместо|instead of|asking for",
    re.IGNORECASE,
)
PRICE = re.compile(
    r"(?<![\d.,/-])(?:(?P<before>[$€£₽₸₴]|usd|eur"
    r"|gbp)[ \u00a0]?)?(?P<amount>\d{1,3}(?:[ \u00a0\u202f.,']\d{3})+(?:[.,]\d{2})?"
    r"|\d{2,8}(?:[.,]\d{2})?)(?P<thousand>[ \u00a0]?(?:т\.?\s?р\b\.?|тыс\.?|k\b))?[ \u00a0]?(?P<after>₽"
    r"|руб\w*|р(?:\.|\b)|rub\b|rur\b|usd\b|eur\b|gbp\b|[$€£]|euros?\b|dollars?\b|тенге|₸|kzt\b|грн\w*|₴"
    r"|бел\. ?руб\w*|byn\b)?(?![\d%])",
    re.IGNORECASE,
)
CURRENCIES = (
    ("бел", "BYN"),
    ("byn", "BYN"),
    ("₽", "RUB"),
    ("р", "RUB"),
    ("ru", "RUB"),
    ("$", "USD"),
    ("us", "USD"),
    ("do", "USD"),
    ("€", "EUR"),
    ("eu", "EUR"),
    ("£", "GBP"),
    ("gb", "GBP"),
    ("те", "KZT"),
    ("₸", "KZT"),
    ("kz", "KZT"),
    ("гр", "UAH"),
    ("₴", "UAH"),
)
FOR_YOU = re.compile(
    r"отда[дём]\w* |(?:можем|могу|готовы|получится|сделаем|сделаю|дадим|уступим|продадим)\b.{0,40}\b(?:за"
    r"|по|до)\b|для вас|вам (?:по|за)|со скидкой|с уч[её]том скидки|итого|наша цена|предлагаем|предложить"
    r"|спец\w*цен|(?:can|could|will|'ll|happy to|able to|willing to)\b.{0,40}\b(?:for|at|to)\b|for you"
    r"|your price|special price|after (?:the )?discount|discounted price|price match|match (?:the|this"
    r"|that|it)|with (?:the|a|your) discount|we accept|accept\b|offer\b",
    re.IGNORECASE,
)
IS_PRICE = re.compile(
    r"\bцен[аыуеой]|стоит|стоимость|обойд[её]тся|выйдет|\bза\b|price|costs?\b|\bfor\b|\bat\b", re.I
)
OTHER_SUM = re.compile(
    r"достав|deliver|shipping|postage|самовывоз|предоплат|deposit|upfront|комисси|\bfee\b|штраф|за отзыв"
    r"|бонус|кэшб|cash ?back|points|балл|было|раньше|\bwas\b|previous|обычн|regular|розничн|конкурент"
    r"|дешевле чем|у других",
    re.IGNORECASE,
)
LOWER_BOUND = re.compile(r"(?:\bот|свыше|более|больше|from|over|above|more than|at least)\s*$", re.IGNORECASE)
SUM_OFF = re.compile(
    r"(?:скидк\w+(?: в| на| —| -|:)?|минус|снизим на|уступ\w+|discount(?: of)?|minus|save|take|knock"
    r"|reduce by|less)\s*$",
    re.IGNORECASE,
)
OFF_BEHIND = re.compile(r"^\s*(?:off\b|скидк|discount|дешевле|cheaper|less\b)", re.IGNORECASE)
DECLINES = re.compile(
    r"(?:не можем|не сможем|не могу|не готовы|не имеем возможности|невозможно|не да[её]м|не дадим"
    r"|не предоставля\w+|нет возможности|не предусмотрен\w*|не делаем|не сделаем"
    r"|не получится).{0,50}(?:скид|цен|предостав|предлож|снизить|уступ|торг|дешевле)"
    r"|скид\w+.{0,40}(?:не (?:будет|да|предост|дела|сдела|предусм|действу|распростран|смож|мож|получ"
    r"|возмож|провод)|нет\b|невозможн|отсутств)|(?:нет|без|никаких) скид|торг\w* (?:не|нет|неумест)"
    r"|цен[аы] (?:окончательн|фиксированн|твёрд|тверд|не (?:обсужда|снижа|меня))|не снижаем"
    r"|вынуждены отказать|вынужден отказать|(?:cannot|can ?not|can.t|unable to|not able to|do(?:es)? not"
    r"|don.t|won.t|no longer|not in a position to|not allowed to).{0,60}(?:discount|lower|price match"
    r"|reduc|offer (?:you )?(?:a |any )?(?:discount|lower|reduction|better)|cheaper|negotiat)"
    r"|\bno (?:further |additional |more )?(?:discount|reduction)s?\b|price(?:s)? (?:is|are) (?:final|firm"
    r"|fixed|not negotiable)|must decline|have to decline|discount.{0,30}(?:not (?:possible|available"
    r"|applicable|offered)|unavailable|impossible)|not possible to (?:give|offer|reduce|lower|discount)"
    r"|non[- ]negotiable",
    re.IGNORECASE,
)
LOWEST = re.compile(
    r"(?:уже |и так |самая |наша |по )(?:\w+ ){0,2}(?:минимальн|низк|лучш|себестоимост|предельн)\w*"
    r"|минимальн\w+ цен|цен\w+ (?:уже |и так )?(?:\w+ ){0,2}(?:минимальн|предельн|ниже рынка)"
    r"|ниже (?:уже )?(?:некуда|не может)|дешевле (?:уже )?(?:не|некуда)|(?:already|our|the"
    r"|is) (?:\w+ ){0,2}(?:lowest|best|rock[- ]bottom) (?:possible )?price|(?:lowest|best) (?:possible "
    r"|available )?price (?:we|already|possible)|price is already|already (?:reduced|discounted|on sale"
    r"|the lowest)|at cost\b|cannot go (?:any )?lower|no margin",
    re.IGNORECASE,
)
PROMO = re.compile(
    r"(?:промо-?\s?код\w*|купон\w*|код\w? (?:скидки|купона)|promo(?:tional)?[- ]?code|coupon(?: code)?"
    r"|discount code|voucher(?: code)?|(?:use|enter|apply|with) (?:the )?code)\W{1,4}(?:is |— |- "
    r"|на скидку |для вас |для скидки )?\W{0,3}((?=[\w-]*[A-ZА-Я0-9])[A-Za-zА-Яа-я0-9][\w-]{2,19})",
    re.IGNORECASE,
)
CODE = re.compile(r"(?=.*[A-ZА-Я\d])[A-ZА-Я0-9_-]{3,20}|(?=.*\d)[\w-]{3,20}")
FREE_DELIVERY = re.compile(
    r"бесплатн\w+ (?:\w+ ){0,2}достав|достав\w+ (?:\w+ ){0,3}(?:бесплатн|в подарок|за наш сч[её]т)"
    r"|free (?:\w+ )?(?:shipping|delivery|postage)|(?:shipping|delivery|postage) (?:\w+ ){0,3}(?:free"
    r"|on us|included)|deliver\w* (?:\w+ ){0,4}(?:for )?free|ship\w* (?:\w+ ){0,3}(?:for )?free",
    re.IGNORECASE,
)
OUT_OF_STOCK = re.compile(
    r"нет в наличии|отсутству\w+ (?:в наличии|на складе)|нет на складе|(?:товар|модель"
    r"|позиция)\w* (?:\w+ )?(?:закончил|распродан|снят)\w*|снят\w* с (?:производства|продажи)|распродан"
    r"|out of stock|sold out|not in stock|discontinued|no longer (?:available|sold|produced|stocked)"
    r"|unavailable|don.t (?:have|stock) (?:it|this)",
    re.IGNORECASE,
)
FEW_WORDS = 5
MOST_NUMBERS = 20
"""Of one sentence: more is a price list."""
NEAR = 30
"""Letters to each side of a number that say what it is a number of."""


def read_offers(sentence: Sentence) -> Iterator[Intent]:
    """What this sentence offers or refuses."""
    declined = DECLINES.search(sentence.text)
    numbers = [*_percents(sentence), *_prices(sentence)]
    if declined and not any(intent.kind is IntentKind.DECLINE for intent in numbers):
        yield said(IntentKind.DECLINE, None, sentence, _question_only(sentence))
    yield from numbers
    yield from _gifts(sentence)


def _gifts(sentence: Sentence) -> Iterator[Intent]:
    text = sentence.text
    if LOWEST.search(text):
        yield said(IntentKind.LOWEST_PRICE, None, sentence, _question_only(sentence))
    if (promo := PROMO.search(text)) and CODE.fullmatch(promo.group(1)):
        yield said(IntentKind.PROMO_CODE, promo.group(1), sentence, _question_only(sentence))
    if free := FREE_DELIVERY.search(text):
        is_denied = sentence.is_negated(*sentence.clause(free.start()))
        if not is_denied:
            yield said(IntentKind.FREE_DELIVERY, None, sentence)
    if OUT_OF_STOCK.search(text):
        yield said(IntentKind.OUT_OF_STOCK, None, sentence, _question_only(sentence))


def _question_only(sentence: Sentence) -> tuple[Doubt, ...]:
    return (Doubt.QUESTION,) if sentence.is_question else ()


def _percents(sentence: Sentence) -> Iterator[Intent]:
    for found in islice(PERCENT.finditer(sentence.text), MOST_NUMBERS):
        percent = Decimal(found.group(1).replace(",", "."))
        start, end = sentence.clause(found.start())
        near = sentence.text[max(start, found.start() - NEAR) : min(end, found.end() + NEAR)]
        if not is_discount(percent) or NO_DISCOUNT.search(near):
            continue
        before = sentence.text[start : found.start()]
        if REQUESTED.search(before):
            continue
        intent = said(IntentKind.OFFER, f"{percent.normalize():f}%", sentence)
        if is_negative(f"{before} {sentence.text[found.end() : end]}"):
            yield said(IntentKind.DECLINE, intent.value, sentence, _question_only(sentence))
        elif GIVES.search(sentence.text) or len(sentence.text.split()) <= FEW_WORDS:
            yield _with_percent(intent, percent, before, sentence)


def _with_percent(intent: Intent, percent: Decimal, before: str, sentence: Sentence) -> Intent:
    doubts = []
    if RANGE.search(before):
        doubts.append(Doubt.VAGUE)
    if ALREADY.search(sentence.text):
        doubts.append(Doubt.ALREADY)
    return Intent(
        intent.kind, intent.value, intent.evidence, intent.start, intent.doubts, percent=percent
    ).doubted(*doubts)


def _prices(sentence: Sentence) -> Iterator[Intent]:
    for found in islice(PRICE.finditer(sentence.text), MOST_NUMBERS):
        start, end = sentence.clause(found.start())
        before, behind = sentence.text[start : found.start()], sentence.text[found.end() : end]
        if _is_no_price(found, before, behind):
            continue
        is_for_you = FOR_YOU.search(sentence.text[start:end]) is not None
        currency = _currency(found)
        if (currency or is_for_you) and (money := _money(found, currency)):
            if is_negative(f"{before} {behind}"):
                yield said(IntentKind.DECLINE, _shown(money), sentence, _question_only(sentence))
            elif is_for_you or IS_PRICE.search(before) or len(sentence.text.split()) <= FEW_WORDS:
                yield _with_price(money, before, behind, sentence, is_for_you=is_for_you)


def _is_no_price(found: re.Match[str], before: str, behind: str) -> bool:
    if LOWER_BOUND.search(before) or REQUESTED.search(before):
        return True
    has_currency = found["before"] or found["after"]
    near = before[-NEAR:] + " " + behind[:NEAR]
    # Without a currency a number must at least look like a sum: not a count, a year, a phone.
    return OTHER_SUM.search(near) is not None or (
        not has_currency and not _is_bare_sum(found, before, behind)
    )


def _is_bare_sum(found: re.Match[str], before: str, behind: str) -> bool:
    amount = re.sub(r"\D", "", found["amount"])
    is_priced = re.search(r"\b(?:за|по|for|at)\s*$", before, re.IGNORECASE) is not None
    return is_priced and len(amount) >= 3 and re.match(r"\s*(?:$|[.!;,)])", behind) is not None


def _with_price(money: Money, before: str, behind: str, sentence: Sentence, *, is_for_you: bool) -> Intent:
    doubts = list(sentence.doubts)
    is_off = SUM_OFF.search(before) is not None or OFF_BEHIND.match(behind) is not None
    if is_off:
        doubts.append(Doubt.SUM_OFF)
    elif not is_for_you:
        # "It costs 500": perhaps that is what it costs everybody.
        doubts.append(Doubt.VAGUE)
    if not money.currency:
        doubts.append(Doubt.NO_CURRENCY)
    if ALREADY.search(sentence.text):
        doubts.append(Doubt.ALREADY)
    value = f"-{_shown(money)}" if is_off else _shown(money)
    is_price = bool(money.currency) and not is_off
    kept = tuple(dict.fromkeys(doubts))
    price = money if is_price else None
    return Intent(IntentKind.OFFER, value, sentence.words, sentence.start, kept, price=price)


def _shown(money: Money) -> str:
    return f"{money.amount:f} {money.currency}".strip()


def _currency(found: re.Match[str]) -> str:
    sign = (found["before"] or found["after"] or "").lower()
    if not sign and found["thousand"] and found["thousand"].strip().lower().startswith("т"):
        return "RUB" if "р" in found["thousand"].lower() else ""
    return next((code for begins, code in CURRENCIES if sign and sign.startswith(begins)), "")


def _money(found: re.Match[str], currency: str) -> Money | None:
    digits = re.sub(r"[ \u00a0\u202f']", "", found["amount"])
    digits = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", digits).replace(",", ".")
    amount = Decimal(digits) * (1000 if found["thousand"] else 1)
    return Money(amount, currency) if is_sum(amount) else None
