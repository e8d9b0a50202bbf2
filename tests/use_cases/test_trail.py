"""What has changed since a page was opened."""

from datetime import datetime

import pytest

from discount_broker.accounts.operations import note_change
from discount_broker.accounts.queries import list_changes_since, newest_change
from discount_broker.kernel.transaction import transaction
from tests.builders import a_case, an_operator, an_outreach

pytestmark = pytest.mark.usefixtures("app")


def test_what_others_changed_of_a_case_or_its_shop_is_told_and_nothing_else(now: datetime) -> None:
    case, neighbour = a_case(now), a_case(now)
    shop_id = case.outreach.shop_id
    other = a_case(now, an_outreach(now, shop=case.outreach.shop))
    me, anna = an_operator(now).id, an_operator(now).id
    assert newest_change(case.id, shop_id) == 0
    with transaction():
        note_change("case_snoozed", now, anna, case_id=case.id, shop_id=shop_id)
    seen = newest_change(case.id, shop_id)
    assert seen > 0
    with transaction():
        note_change("call_logged", now, anna, case_id=case.id, shop_id=shop_id)
        note_change("shop_taken", now, anna, shop_id=shop_id)
        note_change("promise_broken", now, case_id=case.id, shop_id=shop_id)
        note_change("case_flagged", now, me, case_id=case.id, shop_id=shop_id)
        note_change("case_closed", now, anna, case_id=other.id, shop_id=shop_id)
        note_change("case_closed", now, anna, case_id=neighbour.id, shop_id=neighbour.outreach.shop_id)
    changes = list_changes_since(case.id, shop_id, seen, me)
    assert [change.what for change in changes] == ["call_logged", "shop_taken", "promise_broken"]
    assert newest_change(case.id, shop_id) == seen + 4
    assert list_changes_since(case.id, shop_id, newest_change(case.id, shop_id), me) == []
