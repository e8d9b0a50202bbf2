"""What the signs of forms and fields weigh: learnt from labelled pages, kept as figures beside the code."""

import json
import math
from collections.abc import Iterable, Set
from dataclasses import dataclass
from functools import cache
from pathlib import Path

WEIGHTS = Path(__file__).with_name("weights.json")
UNIT = 100
"""The file holds hundredths."""


@dataclass(frozen=True)
class Weights:
    """A multinomial logistic model: what each sign adds to each class, in pairs."""

    classes: tuple[str, ...]
    bias: tuple[float, ...]
    rows: dict[str, tuple[tuple[int, float], ...]]

    def sums(self, signs: Set[str]) -> list[float]:
        found = list(self.bias)
        rows = self.rows
        # Few of the signs of a form are known: those that are not cost no more than a look.
        for sign in rows.keys() & signs:
            for place, weight in rows[sign]:
                found[place] += weight
        return found

    def chances(self, signs: Set[str]) -> dict[str, float]:
        """How likely each class is."""
        sums = self.sums(signs)
        highest = max(sums)
        powers = [math.exp(value - highest) for value in sums]
        whole = sum(powers)
        return {name: power / whole for name, power in zip(self.classes, powers, strict=True)}

    def likeliest(self, signs: Set[str]) -> str:
        sums = self.sums(signs)
        return self.classes[sums.index(max(sums))]

    def reasons(self, signs: Iterable[str], name: str, most: int) -> list[str]:
        """The signs that speak most for a class."""
        place = self.classes.index(name)
        weighed = [
            (weight, sign)
            for sign in signs
            for at, weight in self.rows.get(sign, ())
            if at == place and weight > 0
        ]
        return [sign for _, sign in sorted(weighed, key=lambda pair: (-pair[0], pair[1]))[:most]]


@cache
def weights_of(what: str) -> Weights:
    """`kinds` of forms or `roles` of fields."""
    model = json.loads(WEIGHTS.read_text(encoding="utf-8"))[what]
    rows = {
        sign: tuple((place, weight / UNIT) for place, weight in zip(row[::2], row[1::2], strict=True))
        for sign, row in model["weights"].items()
    }
    return Weights(tuple(model["classes"]), tuple(value / UNIT for value in model["bias"]), rows)
