from discount_broker.scorecards.rules import PromiseOutcome, PromiseRecord, promise_record_of

HOUR = 3600


def test_promises_are_kept_late_or_broken_and_lateness_has_a_median() -> None:
    outcomes = [
        PromiseOutcome(is_kept=True, late_by=None),
        PromiseOutcome(is_kept=True, late_by=0),
        PromiseOutcome(is_kept=True, late_by=HOUR),
        PromiseOutcome(is_kept=True, late_by=24 * HOUR),
        PromiseOutcome(is_kept=False, late_by=None),
    ]
    record = promise_record_of(outcomes)
    assert record == PromiseRecord(
        promises_made=5, promises_kept=1, promises_late=3, median_late_seconds=HOUR
    )


def test_who_promised_nothing_was_late_with_nothing() -> None:
    assert promise_record_of([]) == PromiseRecord(0, 0, 0, None)
