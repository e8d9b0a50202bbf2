"""Which three of the shops that sell the same thing are asked."""

from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from discount_broker.outreach.rules import AnswerRecord, RivalOption, choose_rivals


def option(
    number: int,
    score: float = 1.0,
    price: int | None = 1000,
    asked: int = 0,
    answered: int = 0,
    *,
    currency: str = "RUB",
) -> RivalOption:
    cost = None if price is None else Decimal(price)
    return RivalOption(UUID(int=number), score, cost, currency, AnswerRecord(asked, answered))


def chosen(*options: RivalOption) -> list[int]:
    return [one.shop_id.int for one in choose_rivals(options, "RUB")]


def test_three_are_chosen_at_most() -> None:
    assert chosen() == []
    assert len(chosen(*[option(n) for n in range(1, 9)])) == 3


def test_all_else_equal_the_cheaper_comes_first() -> None:
    assert chosen(option(1, price=1200), option(2, price=900), option(3, price=1000)) == [2, 3, 1]


def test_all_else_equal_the_surer_match_comes_first() -> None:
    assert chosen(option(1, score=0.7), option(2, score=0.99), option(3, score=0.95)) == [2, 3, 1]


def test_all_else_equal_who_answers_comes_first_and_who_never_does_last() -> None:
    assert chosen(option(1), option(2, asked=9, answered=0), option(3, asked=9, answered=9)) == [3, 1, 2]


def test_a_single_silence_says_less_than_many() -> None:
    assert chosen(option(1, asked=9), option(2, asked=1)) == [2, 1]


def test_a_doubtful_match_is_not_saved_by_a_low_price() -> None:
    assert chosen(option(1, score=0.65, price=800), option(2, score=1.0, price=1000))[0] == 2


def test_much_cheaper_outweighs_a_better_record() -> None:
    assert chosen(option(1, price=500), option(2, price=1000, asked=4, answered=4)) == [1, 2]


def test_a_shop_without_a_price_comes_after_those_with_one() -> None:
    assert chosen(option(1, price=None), option(2, price=1500), option(3, price=1000)) == [3, 2, 1]


def test_shops_abroad_are_compared_among_themselves_and_come_after_those_at_home() -> None:
    abroad = [option(1, price=575, currency="EUR"), option(2, price=559, currency="EUR")]
    assert chosen(*abroad, option(3, price=47000), option(4, price=46000)) == [4, 3, 2]


def test_shops_that_are_alike_are_always_chosen_alike() -> None:
    options = [option(n) for n in range(1, 7)]
    assert choose_rivals(options, "RUB") == choose_rivals(options[::-1], "RUB")


@given(
    st.lists(
        st.builds(
            option,
            st.integers(1, 10**6),
            st.floats(0, 1),
            st.none() | st.integers(0, 10**9),
            st.integers(50, 99),
            st.integers(0, 50),
        ),
        max_size=20,
    )
)
def test_whatever_is_offered_the_best_are_among_it(options: list[RivalOption]) -> None:
    found = choose_rivals(options, "RUB")
    assert len(found) == min(3, len(options))
    assert all(one in options for one in found)
