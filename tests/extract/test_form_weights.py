import math

from discount_broker.discovery.extract.forms.descriptions import FieldRole, FormKind
from discount_broker.discovery.extract.forms.kinds import REQUEST
from discount_broker.discovery.extract.forms.weights import WEIGHTS, Weights, weights_of

SMALL = Weights(("tea", "coffee"), (0.0, 0.0), {"green": ((0, 2.0),), "black": ((0, 0.5), (1, 1.0))})


def test_the_weights_speak_of_known_kinds_and_roles_only():
    assert set(weights_of("kinds").classes) <= {*FormKind, REQUEST}
    assert set(weights_of("roles").classes) <= {*FieldRole}


def test_the_weights_are_a_small_file_of_signs_and_not_of_texts():
    assert WEIGHTS.stat().st_size < 300_000
    assert all(len(sign) < 60 for what in ("kinds", "roles") for sign in weights_of(what).rows)


def test_chances_add_up_to_one_and_follow_the_weights():
    chances = SMALL.chances({"green", "unheard of"})
    assert math.isclose(sum(chances.values()), 1.0)
    assert chances["tea"] > chances["coffee"]
    assert SMALL.likeliest({"black"}) == "coffee"


def test_the_reasons_are_the_heaviest_signs_for_a_class():
    assert SMALL.reasons({"green", "black"}, "tea", 1) == ["green"]
    assert SMALL.reasons({"green"}, "coffee", 3) == []
