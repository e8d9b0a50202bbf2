"""Whether two offers are the same product: ours beside two plain comparisons, on one set of pairs."""

import importlib
import itertools
import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from zlib import crc32

from discount_broker.discovery.extract.products.prices import read_hint
from discount_broker.discovery.extract.rivals.matching import Goods, fold, match_products

CORPORA = Path(__file__).resolve().parents[1].joinpath("..", "shared", "corpora")
PAIRS = Path(__file__).with_name("rival_pairs.jsonl")
SETS = ("products", "ru_products")
MONITORS = re.compile(r"^cs2023/(\d+)_")
"""Rows of a price comparison: the number says which product several shops sell."""


@dataclass(frozen=True)
class Pair:
    product: Goods
    candidate: Goods
    same: bool
    kind: str
    row: str

    @property
    def is_unseen(self) -> bool:
        """A third of the products was not looked at while the rules were written."""
        return crc32(self.row.encode()) % 3 == 0


@dataclass
class Score:
    found: int = 0
    wrong: int = 0
    missed: int = 0
    right: int = 0

    def add(self, *, same: bool, said: bool) -> None:
        self.found += same and said
        self.wrong += said and not same
        self.missed += same and not said
        self.right += same == said

    @property
    def precision(self) -> float:
        return self.found / max(1, self.found + self.wrong)

    @property
    def recall(self) -> float:
        return self.found / max(1, self.found + self.missed)

    @property
    def f1(self) -> float:
        return 2 * self.found / max(1, 2 * self.found + self.wrong + self.missed)


Judge = Callable[[Goods, Goods], bool]


def run() -> None:
    if not CORPORA.is_dir():
        print("  skipped: the products are not here (../shared/corpora beside the repository)")
        return
    pairs = list(all_pairs())
    same = sum(pair.same for pair in pairs)
    products = len({pair.row for pair in pairs})
    print(f"  {len(pairs)} pairs of {products} products made by hand, {same} of them the same product")
    print(f"  {'':40}{'precision':>10}{'recall':>8}{'F1':>7}{'F1 unseen':>11}{'µs a pair':>11}")
    for name, judge in _judges(pairs).items():
        _print_judge(name, judge, pairs)
    _print_kinds(pairs)
    _print_speed(pairs)


def _judges(pairs: list[Pair]) -> dict[str, Judge]:
    judges: dict[str, Judge] = {"this project": _ours, "titles alike but for case and marks": _alike}
    try:
        fuzz: Any = importlib.import_module("rapidfuzz.fuzz")
    except ImportError:
        print("  rapidfuzz is not installed: .venv/bin/pip install -r benchmarks/requirements.txt")
        return judges
    ratios = [fuzz.token_set_ratio(_plain(p.product), _plain(p.candidate)) for p in pairs]

    def f1_from(least: int) -> float:
        score = Score()
        for pair, ratio in zip(pairs, ratios, strict=True):
            score.add(same=pair.same, said=ratio >= least)
        return score.f1

    best = max(range(50, 100, 5), key=f1_from)
    judges[f"rapidfuzz token_set_ratio ≥ {best} (its best)"] = lambda product, candidate: bool(
        fuzz.token_set_ratio(_plain(product), _plain(candidate)) >= best
    )
    return judges


def _ours(product: Goods, candidate: Goods) -> bool:
    return match_products(product, [candidate])[0].same


def _alike(product: Goods, candidate: Goods) -> bool:
    return _plain(product) == _plain(candidate)


def _plain(goods: Goods) -> str:
    return " ".join(re.findall(r"\w+", fold(goods.title)))


def _print_judge(name: str, judge: Judge, pairs: list[Pair]) -> None:
    whole, unseen = Score(), Score()
    began = time.perf_counter()
    said = [judge(pair.product, pair.candidate) for pair in pairs]
    microseconds = 1e6 * (time.perf_counter() - began) / len(pairs)
    for pair, is_same in zip(pairs, said, strict=True):
        whole.add(same=pair.same, said=is_same)
        if pair.is_unseen:
            unseen.add(same=pair.same, said=is_same)
    print(
        f"  {name:40}{whole.precision:10.3f}{whole.recall:8.3f}{whole.f1:7.3f}{unseen.f1:11.3f}"
        f"{microseconds:11.0f}"
    )


def _print_kinds(pairs: list[Pair]) -> None:
    """Of each kind of pair, how many are judged rightly."""
    kinds: dict[tuple[bool, str], Score] = defaultdict(Score)
    for pair in pairs:
        kinds[pair.same, pair.kind].add(same=pair.same, said=_ours(pair.product, pair.candidate))
    print("  by kind, this project: right of all")
    for (same, kind), score in sorted(kinds.items(), key=lambda item: (not item[0][0], item[0][1])):
        total = score.found + score.missed if same else score.right + score.wrong
        print(f"    {'same ' if same else 'other'} {kind:12}{score.right:4} of {total}")


def _print_speed(pairs: list[Pair]) -> None:
    """One product beside 300 candidates whose titles were never read before."""
    candidates = [
        replace(pair.candidate, id=str(number), title=f"{pair.candidate.title} {number}x")
        for number, pair in zip(range(300), itertools.cycle(pairs), strict=False)
    ]
    began = time.process_time()  # others may be at work on this machine
    match_products(pairs[0].product, candidates)
    milliseconds = 1000 * (time.process_time() - began)
    print(f"  300 candidates of one product, none read before: {milliseconds:.1f} ms")


def all_pairs() -> Iterator[Pair]:
    """The pairs written by hand, and those that a price comparison gives."""
    rows = {row["id"]: row for name in SETS for row in _rows(name)}
    with PAIRS.open(encoding="utf-8") as lines:
        for written in map(json.loads, lines):
            row = rows.get(written["row"])
            if row is not None:
                yield from _written_pairs(row, written)
    yield from _compared_pairs(rows.values())


def _rows(name: str) -> Iterator[dict[str, Any]]:
    with (CORPORA / name / "open" / "products.jsonl").open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _written_pairs(row: dict[str, Any], written: dict[str, Any]) -> Iterator[Pair]:
    product = _goods_of_row(row)
    named = {key: written[key] for key in ("title", "brand", "model") if key in written}
    product = replace(product, **named, **_price_in(written))
    for number, candidate in enumerate(written["candidates"]):
        told = {key: candidate[key] for key in ("brand", "model", "gtin") if key in candidate}
        goods = Goods(id=str(number), title=candidate["title"], **told, **_price_in(candidate))
        yield Pair(product, goods, candidate["same"], candidate["kind"], written["row"])


def _price_in(described: dict[str, Any]) -> dict[str, Any]:
    if "price" not in described:
        return {}
    amount, _, currency = described["price"].partition(" ")
    return {"price": Decimal(amount), "currency": currency}


def _compared_pairs(rows: Iterable[dict[str, Any]]) -> Iterator[Pair]:
    """Offers of one product in two shops, and offers of two products, as the price comparison lists them."""
    offers = [(match[1], row) for row in rows if (match := MONITORS.match(row["id"]))]
    told = [(number, row["id"], _goods_of_row(row)) for number, row in offers]
    told = [(number, name, goods) for number, name, goods in told if len(goods.title) > 12]
    for (one, name, product), (other, _, candidate) in itertools.combinations(told, 2):
        if one == other:
            yield Pair(product, candidate, same=True, kind="compared", row=f"monitor {one}")
        elif crc32(f"{name}{candidate.title}".encode()) % 3 == 0:  # a third: they outnumber the rest
            yield Pair(product, candidate, same=False, kind="compared", row=f"monitor {one}")


def _goods_of_row(row: dict[str, Any]) -> Goods:
    """A row as its shop and its annotators describe it."""
    truth = row["truth"]
    parts = [part for part in row["structured"].values() if isinstance(part, dict)]
    names = [truth.get("title"), *(part.get("name") or part.get("title") for part in parts)]
    brand = next((b for b in (_first(truth.get("brand")), *(p.get("brand") for p in parts)) if b), None)
    price, currency = _first(truth.get("price")), read_hint(_first(truth.get("currency")))
    return Goods(
        id=row["id"],
        title=next((name for name in names if isinstance(name, str) and name), ""),
        brand=brand if isinstance(brand, str) and "://" not in brand else None,
        gtin=_first(truth.get("gtin")),
        price=Decimal(price) if price and currency else None,
        currency=currency,
    )


def _first(value: Any) -> Any:
    return (value[0] if value else None) if isinstance(value, list) else value
