"""What receipts amount to, in whatever order and however often they come."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from discount_broker.messaging.rules import Heard, fate_of
from discount_broker.messaging.status import DeliveryEvent, FailureReason, ReceiptKind

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
K = ReceiptKind
receipts = st.builds(
    Heard,
    kind=st.sampled_from(ReceiptKind),
    at=st.integers(0, 50).map(lambda minutes: NOON + timedelta(minutes=minutes)),
    detail=st.sampled_from(["", "250 ok", "550 no such user"]),
)


@given(st.lists(receipts, max_size=8), st.randoms(use_true_random=False), st.integers(1, 3))
def test_order_and_repetition_change_nothing(heard: list[Heard], random: object, times: int) -> None:
    shuffled = heard * times
    random.shuffle(shuffled)  # type: ignore[attr-defined] - hypothesis gives `object` for it
    assert fate_of(shuffled) == fate_of(heard)


def test_a_bounce_after_delivered_still_counts() -> None:
    late = Heard(K.HARD_BOUNCE, NOON + timedelta(hours=1), "550")
    fate = fate_of([Heard(K.DELIVERED, NOON), late])
    assert (fate.event, fate.failure) == (DeliveryEvent.BOUNCED, FailureReason.ADDRESS_DEAD)
    assert fate.delivered_at == NOON


def test_our_own_bad_name_is_not_held_against_the_address() -> None:
    assert fate_of([Heard(K.POLICY_BOUNCE, NOON)]).failure is FailureReason.POLICY


def test_a_complaint_says_nothing_of_the_way() -> None:
    assert fate_of([Heard(K.COMPLAINT, NOON)]).event is None
