"""The words of messages: versions are added, the newest counts, in every process and at little cost."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from discount_broker.accounts.models import AuditEntry, Operator
from discount_broker.escalation.use_cases.message_texts import (
    TypedText,
    restore_message_text,
    save_message_text,
    send_trial,
)
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import NotFound, Refused
from discount_broker.kernel.site import site
from discount_broker.messaging.models import Delivery, MessageText
from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.queries.texts import TextKey, chosen_text, count_text_uses, list_newest_texts
from discount_broker.messaging.rendering import Rendered, render_mail
from discount_broker.notifications.catalogue import LoginLink
from tests.builders import an_operator
from tests.use_cases.race import race

pytestmark = pytest.mark.usefixtures("app")

KEY = TextKey("login_link", ChannelKind.EMAIL, "en")
SAID = LoginLink(login_url="https://broker.test/login/abc", valid_minutes=30)


@pytest.fixture
def lead(now: datetime) -> Operator:
    return an_operator(now, name="Lena", role="lead")


def typed(words: str, based_on: int = 0) -> TypedText:
    return TypedText(subject="Come in", body=f"{words}\n\nHere:\n{{{{ login_url }}}}", based_on=based_on)


def said() -> tuple[str, int]:
    rendered = render_mail(SAID, "en", site())
    return rendered.text.split("\n")[0], rendered.text_version


@contextmanager
def statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def listen(*given: object) -> None:
        seen.append(str(given[2]))

    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)


def test_the_newest_version_is_said_and_each_is_kept(lead: Operator, now: datetime) -> None:
    assert save_message_text(KEY, typed("One"), lead.id, now) == 1
    assert save_message_text(KEY, typed("Two", 1), lead.id, now) == 2
    assert said() == ("Two", 2)
    assert restore_message_text(KEY, 1, lead.id, now) == 3
    assert said() == ("One", 3)
    assert restore_message_text(KEY, 0, lead.id, now) == 4
    assert said()[1] == 0
    assert db.session.query(MessageText).count() == 4
    assert list_newest_texts()[KEY].is_default
    assert [entry.what for entry in db.session.query(AuditEntry).order_by(AuditEntry.at)].count(
        "message_text_restored"
    ) == 2


def test_another_language_and_channel_keep_their_words(lead: Operator, now: datetime) -> None:
    save_message_text(KEY, typed("One"), lead.id, now)
    assert chosen_text("login_link", ChannelKind.EMAIL, "ru") is None
    assert render_mail(SAID, "ru", site()).text_version == 0


def test_words_that_say_what_they_said_make_no_version(lead: Operator, now: datetime) -> None:
    save_message_text(KEY, typed("One"), lead.id, now)
    assert save_message_text(KEY, typed("One\r"), lead.id, now) == 1
    assert db.session.query(MessageText).count() == 1


@pytest.mark.parametrize(
    "key",
    [
        TextKey("login_link", ChannelKind.SMS, "en"),
        TextKey("login_link", ChannelKind.EMAIL, "fr"),
        TextKey("../desk", ChannelKind.EMAIL, "en"),
    ],
    ids=lambda key: f"{key.message} {key.channel} {key.language}",
)
def test_there_are_no_words_for_what_is_never_sent(key: TextKey, lead: Operator, now: datetime) -> None:
    with pytest.raises(NotFound):
        save_message_text(key, typed("One"), lead.id, now)


def test_a_version_that_never_was_cannot_come_back(lead: Operator, now: datetime) -> None:
    for version in (0, 3):
        with pytest.raises(NotFound):
            restore_message_text(KEY, version, lead.id, now)


def test_of_two_leads_at_once_one_is_told(app: Flask, lead: Operator, now: datetime) -> None:
    lead_id = lead.id
    outcomes = race(
        app, *(lambda words=words: save_message_text(KEY, typed(words), lead_id, now) for words in ("A", "B"))
    )
    (refused,) = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert refused.code == "text_changed_meanwhile"
    assert 1 in outcomes
    assert db.session.query(MessageText).count() == 1


def test_a_burst_asks_once_whether_anything_is_new_and_reads_the_words_once(
    lead: Operator, now: datetime
) -> None:
    save_message_text(KEY, typed("One"), lead.id, now)
    db.session.rollback()
    with statements() as seen:
        for _ in range(50):
            assert said() == ("One", 1)
    assert len(seen) == 2
    db.session.rollback()
    with statements() as seen:
        for _ in range(50):
            said()
    assert len(seen) == 1, "the words are known already"


def test_a_version_another_process_wrote_is_said_from_the_next_transaction_on(
    lead: Operator, now: datetime
) -> None:
    save_message_text(KEY, typed("One"), lead.id, now)
    assert said() == ("One", 1)
    db.session.rollback()
    with db.engine.connect() as elsewhere:
        facts = {**KEY._asdict(), "version": 2, "subject": "x", "body": "Two\n\n{{ login_url }}"}
        later = {"made_at": now + timedelta(seconds=1), "is_default": False, "note": "", "failure": ""}
        elsewhere.execute(MessageText.__table__.insert().values(**facts, **later))  # type: ignore[attr-defined]
        elsewhere.commit()
    assert said() == ("Two", 2)


def test_a_test_goes_to_who_asked_and_is_counted_as_no_message(lead: Operator, now: datetime) -> None:
    rendered = render_mail(SAID, "en", site())
    address = send_trial(rendered, lead.id, now)
    send_trial(rendered, lead.id, now)
    sent = db.session.query(Delivery).all()
    assert [delivery.address for delivery in sent] == [address, address]
    assert all(delivery.by_hand for delivery in sent)
    assert {key.message for key, _ in count_text_uses()} == {"trial"}


def test_a_test_for_somebody_who_left_is_not_sent(lead: Operator, now: datetime) -> None:
    lead.is_active = False
    db.session.commit()
    with pytest.raises(NotFound):
        send_trial(Rendered("login_link", "en", "x", "x", None), lead.id, now)
