"""Currencies as people write them, and the ISO 4217 codes they mean."""

import re
from functools import lru_cache
from itertools import pairwise

from discount_broker.discovery.extract.vocabulary import words

CODES = words(
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTC "
    "BTN BWP BYN BYR BZD CAD CDF CHF CLP CNY COP CRC CUC CUP CVE CZK DEM DJF DKK DOP DZD EEK EGP "
    "ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD "
    "IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LTL LVL LYD "
    "MAD MDL MGA MKD MMK MNT MOP MRO MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR "
    "PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RUR RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL "
    "SOS SRD SSP STD STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS "
    "VEF VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMK ZMW ZWL"
)

_WRITTEN = """
USD us$ $us usd$ u$s us·$ ¢ доллар долларов доллара
CAD ca$ c$ can$ cad$ cdn$
AUD au$ a$ aud$ au·$
NZD nz$ nzd$
HKD hk$
SGD s$ sgd$
TWD nt$ nt
MXN mx$ mex$ mxn$
BRL r$
ARS ar$
CLP cl$
COP co$ col$
UYU $u
BOB bs $b
CUC cuc$
DOP rd$
JMD j$
MOP mop$
TTD tt$
BZD bz$
TOP t$
NAD n$
WST ws$
BBD bds$
BND bn$
CVE cv$ esc esc.
GYD gy$ g$
ZWL z$
USD $
EUR € euro euros eurs евро
GBP £ ￡ gbp£ pound pounds stg фунтов
EGP e£ ج.م جنيه
SYP sy£ ل.س
LBP lb£ ل.ل
TRY ₺ tl ₤
CNY cn¥ 元 yuan 人民币 圆 圓 юаней rmb
JPY 円 yen jp¥ ¥ ￥ иен
RUB ₽ руб руб. рубль рубля рублей rub. р р. rbl рублях ք
UAH ₴ грн грн. hrn гривен
KZT ₸ тг тг. тенге тңг
BYN бел.руб br
ETB ብር
RWF r₣ frw
UZS сум so'm so‘m so’m sʻ soʻm
KGS сом som с
BGN лв лв. lv
RSD дин дин. din dinara динара динар din.
MKD ден ден.
BAM км km
PLN zł zl złotych
CZK kč kc
HUF ft huf.
RON lei leu l
ALL lek
HRK kn
SEK kr kr. kronor
NOK nkr
DKK dkk. dkr
CHF sfr fr fr. ₣ sfr. franc francs
AZN ₼ ман ман.
GTQ q
AMD ֏ դր դր. драм
GEL ₾ ლ ლარი lari лари
ILS ₪ nis ש"ח ש״ח ש'ח
INR ₹ rs. rs inr. re र
PKR ₨
LKR රු ரூ
BDT ৳ টকা
NPR नेरू
BTN nu nu.
MVR rf
AFN ؋
IDR rp rp.
MYR rm
THB ฿ บาท
VND ₫ đ vnđ
LAK ₭
KHR ៛
PHP ₱ p
MNT ₮
KRW ₩ ￦ 원
ZMW zk k
MMK ks
MWK mk
MZN mt mtn
KES ksh kshs
TZS tsh
UGX ush
ZAR r
SZL e
GMD d
NGN ₦
GHS ₵ gh₵
SLL sl le
XAF fcfa cfa xaf.
GNF fg gfr
BIF fbu
DJF fdj
ERN nfk ናቕፋ
MGA ar
AOA kwz
MRU um
LYD ld ل.د د.ل
STN db
CRC ₡
PAB b/. b/
PEN s/. s/
PYG ₲ gs gs.
HTG g
HNL hnl.
AWG ƒ
VUV vt
IRR تومان ریال ﷼
SAR ر.س ريال
QAR ر.ق
OMR ر.ع
YER ر.ي
AED د.إ درهم dh dhs
MAD د.م
KWD د.ك kd دينار
JOD د.أ د.ا
BHD د.ب bd
IQD ع.د د.ع id
TND د.ت dt
DZD د.ج دج da
SDG ج.س
BTC ₿ ƀ
SCR sr
ISK íkr
MUR ₨.
NIO c$n
"""

_NEVER_ALONE = words(
    "p k q r e d l g c t n a s z id um le ar sl da sr bs re nt mt ks km bd rf all try top cup "
    "sos mad gel pen php bob mop std mur bam ron nad lak kes ang ars cad dop gip her pab mga "
    "som stg esc dem"
)
"""Signs so short, or so much like words, that they count only right beside a number."""


def _table() -> dict[str, str]:
    table: dict[str, str] = {}
    for row in _WRITTEN.strip().splitlines():
        code, *signs = row.split()
        for sign in signs:
            table.setdefault(sign.replace("·", " "), code)
    return table | {code.lower(): code for code in CODES} | {"rur": "RUB", "byr": "BYN"}


SIGNS = _table()
_SHARED_DOLLAR = words("USD CAD AUD NZD SGD HKD TWD MXN ARS CLP COP UYU DOP BBD BSD NAD TTD")
_SHARED = {
    "$": _SHARED_DOLLAR,
    "£": frozenset(["GBP", "EGP", "LBP", "SYP", "GIP"]),
    "¥": frozenset({"JPY", "CNY"}),
    "kr": frozenset(["SEK", "NOK", "DKK", "ISK"]),
    "kr.": frozenset(["SEK", "NOK", "DKK", "ISK"]),
    "rs": frozenset(["INR", "PKR", "LKR", "NPR", "MUR"]),
    "br": frozenset({"BYN", "ETB"}),
    "руб": frozenset({"RUB", "BYN"}),
    "руб.": frozenset({"RUB", "BYN"}),
    "р": frozenset({"RUB", "BYN"}),
    "р.": frozenset({"RUB", "BYN"}),
    "fr": frozenset({"CHF", "XAF", "XOF", "XPF"}),
    "сом": frozenset({"KGS", "UZS"}),
    "lei": frozenset({"RON", "MDL"}),
}
"""Signs of several countries: the page's own currency decides between them."""


def _pattern(signs: list[str]) -> re.Pattern[str]:
    """For text in lower case. Letters must not continue as a word; other signs may stand against anything."""
    longest_first = sorted(signs, key=len, reverse=True)
    words, marks = (
        [sign for sign in longest_first if sign[0].isalpha() == is_word] for is_word in (True, False)
    )
    initials = re.escape("".join(sorted({sign[0] for sign in words})))
    word_parts = "|".join(re.escape(sign) + (r"(?![^\W\d_])" if sign[-1].isalpha() else "") for sign in words)
    mark_parts = "|".join(re.escape(sign) + (r"(?![^\W\d_])" if sign[-1].isalpha() else "") for sign in marks)
    return re.compile(rf"(?<![^\W\d_])(?=[{initials}])(?:{word_parts})|{mark_parts}")


ANY_SIGN = _pattern(list(SIGNS))
SURE_SIGN = _pattern([sign for sign in SIGNS if sign not in _NEVER_ALONE])


def code_of(sign: str, hint: str | None = None) -> str | None:
    """The ISO code of one sign; `hint` is the code that the surroundings speak of."""
    key = sign.strip().lower()
    if hint and hint in _SHARED.get(key, ()):
        return hint
    return SIGNS.get(key) or SIGNS.get(key.rstrip("."))


@lru_cache(maxsize=4096)
def find_currency(text: str, hint: str | None = None) -> str | None:
    """The first currency named in a text; a code beside a bare dollar sign decides which dollar."""
    found = [match.group() for match in SURE_SIGN.finditer(text.lower())]
    for first, second in pairwise(found):
        codes = {code_of(first), code_of(second)}
        if "$" in (first, second) and len(codes) > 1 and (exact := (codes - {"USD", None}) & _SHARED_DOLLAR):
            return exact.pop()
    return next((code for sign in found if (code := code_of(sign, hint))), None)


_MARKS = [sign for sign in SIGNS if not any(letter.isalnum() for letter in sign) and sign != "¢"]
_CODES_IN_TEXT = words(
    "eur usd gbp chf sek nok dkk pln czk huf ron bgn inr cad aud nzd sgd hkd twd aed sar zar rub rur uah "
    "kzt byn ils jpy cny krw brl mxn thb vnd idr myr hrk rsd"
)
"""Codes that are seldom anything else; `CVE`, `TOP` and `TND` are words and numbers of other trades."""
_WORDS_BEFORE = words(
    "us$ a$ au$ c$ ca$ nz$ hk$ s$ nt$ mx$ r$ rs rs. euro eur. nis kr kr. fr. rp rp. rm zł tl sfr руб руб."
)
_WORDS_AFTER = words(
    "euro euros евро доллар долларов руб руб. рубль рубля рублей р р. rub. грн грн. гривен тг тг. тенге "
    "kr kr. kronor zł zl złotych kč kc tl lei leu лв лв. kn сум сом бел.руб din дин дин. ден ден. "
    "元 円 원 nis fr."
)
_FOREIGN = [sign for sign in SIGNS if sign[0] > "\u04ff" and sign not in _MARKS and len(sign) > 1]
"""Written in letters of which no other word of the page is likely to be made: Arabic, Hebrew, Georgian, …"""
_BEFORE = sorted({*_MARKS, *_FOREIGN, *_CODES_IN_TEXT, *_WORDS_BEFORE}, key=len, reverse=True)
_AFTER = sorted({*_MARKS, *_FOREIGN, *_CODES_IN_TEXT, *_WORDS_AFTER}, key=len, reverse=True)
BEFORE_NUMBER = {
    mark: tuple(sign for sign in _BEFORE if sign.endswith(mark)) for mark in {sign[-1] for sign in _BEFORE}
}
"""Signs that make a number of running text a price when they stand right before it, by their last letter."""
AFTER_NUMBER = re.compile(
    "|".join(re.escape(sign) + (r"(?![^\W\d_])" if sign[-1].isalpha() else "") for sign in _AFTER)
)
"""The same for right behind it."""
NEAR_NUMBER = tuple(
    frozenset(sign[part] for sign in signs)
    for signs, part in ((_BEFORE, slice(-2, None)), (_AFTER, slice(0, 2)))
)
"""The two characters, or the only one, of each sign that come next to the number."""
