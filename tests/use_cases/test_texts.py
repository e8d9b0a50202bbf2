"""Texts of the desk: appended, never changed; the highest version counts."""

from datetime import datetime

import pytest
from flask import Flask

from discount_broker.accounts.models import AuditEntry, Operator
from discount_broker.escalation.models import DeskText
from discount_broker.escalation.queries.texts import (
    TextName,
    find_text,
    get_text,
    list_canned,
    list_texts,
    list_versions,
    render_text,
    script_texts,
)
from discount_broker.escalation.status import TextKind
from discount_broker.escalation.use_cases.texts import Wording, restore_text, retire_text, save_text
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import NotFound, Refused
from tests.builders import an_operator
from tests.use_cases.race import race

pytestmark = pytest.mark.usefixtures("app")

FIRST_CALL = TextName(TextKind.SCRIPT, "first_call", "en")
THANKS = TextName(TextKind.MAIL, "shop_thank_you", "en")


@pytest.fixture
def lead(now: datetime) -> Operator:
    return an_operator(now, name="Lena", role="lead")


def test_the_desk_begins_with_what_came_with_the_program(now: datetime) -> None:
    text = get_text(FIRST_CALL)
    assert (text.version, text.author) == (0, "")
    assert "a drill" in render_text(text, {"product": "a drill"})
    assert [each.key for each in list_canned(TextKind.SMS, "ru")] == [
        "buyer_still_waiting", "buyer_thank_you", "buyer_shop_asks"
    ]  # fmt: skip


def test_a_change_is_a_new_version_and_counts_at_once(lead: Operator, now: datetime) -> None:
    assert save_text(FIRST_CALL, Wording(body="Hello, {{ shop }}!", note="shorter"), lead.id, now) == 1
    assert save_text(FIRST_CALL, Wording(body="Hi, {{ shop }}!\r\n", based_on=1), lead.id, now) == 2
    text = script_texts("en")["first_call"]
    assert (text.body, text.author, text.version) == ("Hi, {{ shop }}!\n", "Lena", 2)
    assert [each.version for each in list_versions(FIRST_CALL)] == [2, 1, 0]
    assert list_versions(FIRST_CALL)[1].note == "shorter"
    assert script_texts("ru")["first_call"].version == 0
    entries = db.session.query(AuditEntry).order_by(AuditEntry.id).all()
    assert [(each.what, each.facts["version"]) for each in entries] == [
        ("text_changed", 1),
        ("text_changed", 2),
    ]


def test_the_same_words_again_change_nothing(lead: Operator, now: datetime) -> None:
    assert save_text(FIRST_CALL, Wording(body="Hello!"), lead.id, now) == 1
    assert save_text(FIRST_CALL, Wording(body="Hello!\n", based_on=0), lead.id, now) == 1
    assert db.session.query(DeskText).count() == 1


@pytest.mark.parametrize(
    ("name", "wording", "code"),
    [
        (FIRST_CALL, Wording(body="{{ shopp }}"), "text_has_flaws"),
        (FIRST_CALL, Wording(body=" \n \x00"), "text_empty"),
        (THANKS, Wording(title=" ", body="Hello"), "text_title_missing"),
        (THANKS._replace(key="nobody"), Wording(title="New", body="Hello"), "text_key_odd"),
        (THANKS._replace(key="shop_<b>"), Wording(title="New", body="Hello"), "text_key_odd"),
        (THANKS, Wording(title="Thanks", body="Hello", based_on=3), "text_changed_meanwhile"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_changes(
    name: TextName, wording: Wording, code: str, lead: Operator, now: datetime
) -> None:
    with pytest.raises(Refused) as refused:
        save_text(name, wording, lead.id, now)
    assert refused.value.code == code
    assert db.session.query(DeskText).count() == 0


def test_an_unknown_situation_or_language_is_not_found(lead: Operator, now: datetime) -> None:
    for name in (FIRST_CALL._replace(key="shop_new"), FIRST_CALL._replace(language="fr")):
        with pytest.raises(NotFound):
            save_text(name, Wording(body="Hello"), lead.id, now)


def test_a_change_that_somebody_else_made_meanwhile_is_not_overwritten(lead: Operator, now: datetime) -> None:
    save_text(FIRST_CALL, Wording(body="Hello!"), lead.id, now)
    with pytest.raises(Refused) as refused:
        save_text(FIRST_CALL, Wording(body="Good day!", based_on=0), lead.id, now)
    assert refused.value.code == "text_changed_meanwhile"
    assert get_text(FIRST_CALL).body == "Hello!\n"


def test_an_older_version_comes_back_as_a_new_one(lead: Operator, now: datetime) -> None:
    first = get_text(FIRST_CALL).body
    save_text(FIRST_CALL, Wording(body="Hello!"), lead.id, now)
    assert restore_text(FIRST_CALL, 0, lead.id, now) == 2
    assert get_text(FIRST_CALL).body == first
    with pytest.raises(NotFound):
        restore_text(FIRST_CALL, 7, lead.id, now)


def test_an_older_version_with_a_name_that_is_gone_does_not_come_back(lead: Operator, now: datetime) -> None:
    old = DeskText(kind=TextKind.SCRIPT, key="first_call", language="en", version=1, body="{{ gone }}")
    db.session.add(old)
    db.session.commit()
    save_text(FIRST_CALL, Wording(body="Hello!", based_on=1), lead.id, now)
    with pytest.raises(Refused):
        restore_text(FIRST_CALL, 1, lead.id, now)


def test_a_new_canned_text_is_offered_in_its_language_until_it_is_retired(
    lead: Operator, now: datetime
) -> None:
    name = TextName(TextKind.MAIL, "shop_holidays", "en")
    save_text(name, Wording(title="Holidays", body="{{ service }}: see you in May."), lead.id, now)
    assert "shop_holidays" in [text.key for text in list_canned(TextKind.MAIL, "en")]
    assert "shop_holidays" not in [text.key for text in list_canned(TextKind.MAIL, "ru")]
    for _ in range(2):
        retire_text(name, lead.id, now)
    assert "shop_holidays" not in [text.key for text in list_canned(TextKind.MAIL, "en")]
    assert [text.version for text in list_versions(name)] == [2, 1]
    assert name in [text.name for text in list_texts()]
    # To save it again is to offer it again.
    save_text(
        name, Wording(title="Holidays", body="{{ service }}: see you in May.", based_on=2), lead.id, now
    )
    assert find_text(name) in list_canned(TextKind.MAIL, "en")


def test_what_to_say_in_a_situation_cannot_be_retired(lead: Operator, now: datetime) -> None:
    with pytest.raises(NotFound):
        retire_text(FIRST_CALL, lead.id, now)


def test_of_two_leads_who_save_at_once_one_is_told_of_the_other(
    app: Flask, lead: Operator, now: datetime
) -> None:
    lead_id = lead.id
    results = race(
        app,
        lambda: save_text(FIRST_CALL, Wording(body="Mine"), lead_id, now),
        lambda: save_text(FIRST_CALL, Wording(body="Theirs"), lead_id, now),
    )
    (refused,) = [result for result in results if isinstance(result, Refused)]
    assert refused.code == "text_changed_meanwhile"
    assert 1 in results
    assert [text.version for text in list_versions(FIRST_CALL)] == [1, 0]
