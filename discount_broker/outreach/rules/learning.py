"""How likely a door answers, learnt without being fooled by luck. Pure.

The estimator is a beta-binomial mean that is shrunk in steps: what doors of one kind do everywhere
is the expectation for a country, that for a door of which nothing is known, and only the door's own
cases move it from there. One answer out of one lifts a door, but not above one with nine out of ten
(Gelman et al., Bayesian Data Analysis, chapter 5).
"""

from dataclasses import dataclass

GUESS = 0.2
"""The share of letters that a person answers, before anything is known."""
CASES_OF_A_GUESS = 10
"""How many cases of its own weigh as much as what a wider circle has shown."""
CASES_OF_A_DOOR = 4
"""A door is trusted on its own sooner: staff and habits differ more between shops than between countries."""


@dataclass(frozen=True)
class Cases:
    """Letters that had their time, and those of them that a person answered."""

    asked: int = 0
    answered: int = 0


def chance_of(own: Cases, country: Cases, everywhere: Cases) -> float:
    """How likely a door answers the next letter.

    Args:
        own: letters through this very door.
        country: letters through doors of its kind at shops of its country.
        everywhere: letters through doors of its kind.

    """
    expected = _shrunk(everywhere, GUESS, CASES_OF_A_GUESS)
    expected = _shrunk(country, expected, CASES_OF_A_GUESS)
    return _shrunk(own, expected, CASES_OF_A_DOOR)


def _shrunk(seen: Cases, expected: float, weight: int) -> float:
    return (seen.answered + expected * weight) / (seen.asked + weight)
