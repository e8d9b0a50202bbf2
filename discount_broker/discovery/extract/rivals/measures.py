"""Measures and packs in titles: 27 inches and 68.6 cm are one, 128 GB and 256 GB are not."""

import re
from collections.abc import Sequence

Measures = tuple[tuple[str, tuple[float, ...]], ...]
"""What is measured, and how much of it."""
UNITS: dict[str, tuple[str, float]] = {
    **dict.fromkeys(("mm", "мм"), ("length", 1.0)),
    **dict.fromkeys(("cm", "см"), ("length", 10.0)),
    **dict.fromkeys(("m", "м"), ("length", 1000.0)),
    **dict.fromkeys(("in", "inch", "inches", "zoll", "дюйм", "дюйма", "дюймов", '"'), ("length", 25.4)),
    **dict.fromkeys(("ft", "feet"), ("length", 304.8)),
    **dict.fromkeys(("ml", "мл"), ("volume", 1.0)),
    "cl": ("volume", 10.0),
    **dict.fromkeys(
        ("l", "л", "litre", "liter", "litres", "liters", "литр", "литра", "литров"), ("volume", 1e3)
    ),
    **dict.fromkeys(("m3", "м3"), ("volume", 1e6)),
    **dict.fromkeys(("fl oz", "fl. oz", "fl.oz"), ("volume", 29.57)),
    **dict.fromkeys(("mg", "мг"), ("mass", 0.001)),
    **dict.fromkeys(("g", "г", "гр", "gr"), ("mass", 1.0)),
    **dict.fromkeys(("kg", "кг"), ("mass", 1000.0)),
    **dict.fromkeys(("oz", "ounce", "ounces"), ("mass", 28.35)),
    **dict.fromkeys(("lb", "lbs"), ("mass", 453.6)),
    **dict.fromkeys(("mb", "мб"), ("storage", 0.001)),
    **dict.fromkeys(("gb", "гб"), ("storage", 1.0)),
    **dict.fromkeys(("tb", "тб"), ("storage", 1000.0)),
    **dict.fromkeys(("w", "вт", "watt", "watts", "ватт"), ("power", 1.0)),
    **dict.fromkeys(("kw", "квт"), ("power", 1000.0)),
    **dict.fromkeys(("v", "в", "volt"), ("voltage", 1.0)),
    **dict.fromkeys(("mah", "мач", "ма*ч"), ("charge", 1.0)),
    **dict.fromkeys(("ah", "ач"), ("charge", 1000.0)),
    **dict.fromkeys(("hz", "гц"), ("frequency", 1.0)),
    **dict.fromkeys(("khz", "кгц"), ("frequency", 1e3)),
    **dict.fromkeys(("mhz", "мгц"), ("frequency", 1e6)),
    **dict.fromkeys(("ghz", "ггц"), ("frequency", 1e9)),
    **dict.fromkeys(("ms", "мс", "nit", "nits", "dpi", "rpm", "bar", "бар", "fps", "mp", "мп"), ("", 0.0)),
}
"""Unit to what it measures and how much of it; the last ones are no trait to tell products by."""
_UNIT = "|".join(sorted(map(re.escape, UNITS), key=len, reverse=True))
MEASURE = re.compile(
    rf"(?<![\w.-])(\d+(?:\.\d+)?(?:\s?[x×х*]\s?\d+(?:\.\d+)?){{0,3}})[\s-]?({_UNIT})(?![\w*])(?!\s*1\b)"
)
NETWORK = re.compile(r"(?<!\w)[345]g(?!\w)")
_PIECES = (
    r"шт\w*|pcs?|pieces?|stuck|stk|st|tlg|teilig|uds?|unidades|unidad|count|ct|packs?|pk|предмет\w*|szt|ks"
)
DIGIT = re.compile(r"\d")
PACK = re.compile(
    rf"(?<![\w.])(\d{{1,4}})[\s-]{{0,2}}(?:{_PIECES})(?!\w)"
    r"|(?<![\w.])(\d{1,3})\s?er[\s-]?(?:set|pack)\w*"
    r"|(?:pack|set|box|упаковка|набор|комплект)[\s-](?:of|из|по)?\s?(\d{1,4})(?![\w.])(?!\s?(?:in|дюйм))"
    r"|(?<![\w.])(\d{1,3})x\s(?=[a-zа-я])"
)
RATIO = re.compile(
    r"(?<![\w.])(?:(?:\d{4}|[6-9]\d\d)\s?[x×х*]\s?\d{3,4}|\d{1,2}:\d{1,2}|\d{3,}:1)(?:\s?(?:px|pixels?|пикс\w*))?(?!\w)"
)
"""Resolutions and ratios: neither number stands for itself."""
HAS_RATIO = re.compile(r"\d(?:\s?[x×х*]\s?\d|:\d)")
EXACT = frozenset({"storage", "charge"})
"""What is measured in whole units; elsewhere a size in inches and one in centimetres differ by rounding."""


def without_measures(text: str) -> tuple[str, Measures, set[str]]:
    """The text with its measures cut out, the measures, and the bare figures they were written with."""
    found: dict[str, list[float]] = {}
    figures: set[str] = set()

    def take(match: re.Match[str]) -> str:
        if NETWORK.fullmatch(match.group()):
            return match.group()
        kind, factor = UNITS[match.group(2)]
        for figure in re.findall(r"\d+(?:\.\d+)?", match.group(1)):
            figures.add(number_of(figure))
            if kind:
                found.setdefault(kind, []).append(float(figure) * factor)
        return " "

    bare = MEASURE.sub(take, RATIO.sub(" ", text) if HAS_RATIO.search(text) else text)
    return bare, tuple((kind, tuple(values)) for kind, values in found.items()), figures


def without_pack(text: str) -> tuple[int | None, str]:
    match = PACK.search(text) if DIGIT.search(text) else None
    if match is None:
        return None, text
    count = int(next(group for group in match.groups() if group))
    return count if count > 1 else None, f"{text[: match.start()]} {text[match.end() :]}"


def number_of(figure: str) -> str:
    """`2.0` and `2` are one, `027` is `27`."""
    whole = figure.rstrip("0").rstrip(".") if "." in figure else figure
    return whole.lstrip("0") or "0"


def measures_differ(first: Measures, second: Measures) -> bool:
    """Each says a measure of one kind that the other does not: 128 GB against 256 GB, 1 l against 5 l."""
    others = dict(second)
    return any(
        kind in others and not _within(kind, values, others[kind]) and not _within(kind, others[kind], values)
        for kind, values in first
    )


def measures_shared(first: Measures, second: Measures) -> list[str]:
    """What both measure alike."""
    others = dict(second)
    return [kind for kind, values in first if kind in others and _within(kind, values, others[kind])]


def _within(kind: str, values: Sequence[float], others: Sequence[float]) -> bool:
    share = 0.002 if kind in EXACT else 0.026
    return all(any(abs(value - other) <= share * max(value, other) for other in others) for value in values)
