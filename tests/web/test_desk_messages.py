"""The pages on which leads edit the words of messages."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from flask import Flask

from discount_broker.accounts.models import AuditEntry, Operator
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.escalation.models import Promise
from discount_broker.escalation.status import PromiseKind
from discount_broker.kernel.db import db
from discount_broker.messaging.models import Delivery, MessageText
from discount_broker.messaging.queries.texts import TextKey, count_text_uses
from discount_broker.messaging.rendering import LOCALES, renderer
from discount_broker.messaging.status import ChannelKind
from discount_broker.notifications.catalogue import LoginLink, Message
from discount_broker.notifications.operations import notify
from discount_broker.outreach.models import Letter, Step
from discount_broker.outreach.status import LetterAuthor, OutreachStatus
from discount_broker.web.desk_messages_names import meaning_of
from discount_broker.web.desk_messages_preview import preview_of
from discount_broker.web.desk_messages_words import TITLES
from tests.builders import a_case, a_request, a_shop, an_operator, an_outreach, saved
from tests.web.conftest import Browser

LOGIN = "/desk/messages/login_link/email/en"
OFFER = "/desk/messages/offer_made/email/en"
TEXT = "/desk/messages/offer_made/sms/en"
BODY = "Press this to come in:\n{{ login_url }}\n"
EXAMPLES = (
    "Tools and More",
    "Cordless drill driver, 12 V",
    "R-7K2M9",
    "carrying case",
    "Galway",
    "anna@mail",
)
"""What stands in the examples."""
TYPED = {"subject": "Come in", "body": BODY, "note": "shorter", "based_on": "0", "act": "save"}


def signed_in(client: Browser, operator: Operator) -> Browser:
    client.set_cookie("zone", "UTC", domain="localhost")
    with client.session_transaction() as session:
        session["_user_id"] = f"operator:{operator.id}"
        session["_fresh"] = True
    return client


@pytest.fixture
def lead(client: Browser, now: datetime) -> Browser:
    return signed_in(client, an_operator(now, name="Lena", role="lead", email="lena@desk.example"))


def count() -> int:
    return db.session.query(MessageText).count()


def a_mail(now: datetime) -> Delivery:
    """The next mail of this kind, as the program sends it."""
    said = LoginLink(login_url="http://broker.test/login/abc", valid_minutes=30)
    queued = notify(said, to="anna@mail.example", language="en", purpose=f"test:{uuid4()}", now=now)
    db.session.commit()
    assert queued is not None
    return queued


class TestWhoMay:
    @pytest.mark.parametrize("path", ["/desk/messages", LOGIN])
    def test_nobody_but_leads_comes_in(self, client: Browser, now: datetime, path: str) -> None:
        assert client.get(path).status_code == 302
        operator = signed_in(client, an_operator(now))
        assert operator.get(path).status_code == 403
        assert operator.press(LOGIN, **TYPED).status_code == 403
        assert operator.press(f"{LOGIN}/restore/0").status_code == 403
        assert count() == 0

    @pytest.mark.parametrize(
        "path",
        [
            "nothing/email/en",
            "login_link/sms/en",
            "login_link/email/fr",
            "login_link/pigeon/en",
            "_own/email/en",
        ],
    )
    def test_what_there_is_not_is_not_found(self, lead: Browser, path: str) -> None:
        assert lead.get(f"/desk/messages/{path}").status_code == 404
        assert lead.press(f"/desk/messages/{path}", **TYPED).status_code == 404


def test_every_message_has_a_title_and_every_name_a_meaning(app: Flask) -> None:
    assert {str(message) for message in Message} - set(TITLES) == set()
    names = set[str]()
    for message in Message:
        for channel in ChannelKind:
            if renderer().has(message, channel):
                words = renderer().default(message, channel, "ru").vocabulary
                names |= words.names | {part for each in words.lists for part in each.parts}
    with app.test_request_context():
        unknown = {name for name in names if not meaning_of(name)}
    assert unknown == set(), "say what they are in desk_messages_names.py"


class TestReading:
    def test_every_message_stands_on_one_page_in_both_languages(self, lead: Browser) -> None:
        page = lead.get("/desk/messages").text
        for message in Message:
            for channel in ChannelKind:
                for language in LOCALES if renderer().has(message, channel) else ():
                    assert f"/desk/messages/{message}/{channel}/{language}" in page

    @pytest.mark.parametrize("language", LOCALES)
    def test_every_editor_opens_with_the_default_as_a_text(self, lead: Browser, language: str) -> None:
        for message in Message:
            for channel in ChannelKind:
                if renderer().has(message, channel):
                    answer = lead.get(f"/desk/messages/{message}/{channel}/{language}")
                    assert answer.status_code == 200, (message, channel)
                    assert "cannot be said" not in answer.text
                    assert 'id="flaws"' not in answer.text

    def test_the_words_are_tried_on_a_real_request_and_nothing_changes(
        self, lead: Browser, now: datetime
    ) -> None:
        request = a_request(now, RequestStatus.ASKED, shop=a_shop(now, name="Drill Hall"))
        an_outreach(now, request)
        typed = {"subject": "News", "body": "{{ shop }} and {{ number }}:\n{{ follow_url }}", "based_on": "0"}
        page = lead.press(OFFER, **typed, act="preview", case=request.number.lower()).text
        assert f"With the facts of {request.number}" in page
        assert f"Drill Hall and {request.number}" in page
        assert "/r/" not in page.split('id="preview"')[1], "no link into the buyer's page"
        assert count() == 0

    def test_of_a_real_case_everything_is_its_own_and_what_it_has_not_is_named(
        self, lead: Browser, now: datetime
    ) -> None:
        request = a_request(
            now,
            RequestStatus.ASKED,
            shop=a_shop(now, name="Drill Hall", emails=("a@hall.ru",)),
            note="In blue.",
        )
        outreach = an_outreach(now, request, status=OutreachStatus.ASKED, asked_at=now, next_step_at=now)
        call = f"/desk/messages/shop_will_call/email/en?case={request.number}"
        before = lead.get(call).text
        assert f"{request.number} has none of the following, so an example of it stands here" in before
        assert "by when the shop promised to call" in before
        facts = {"kind": PromiseKind.CALL_SHOP, "made_at": now, "due_at": now + timedelta(days=3)}
        saved(Promise(outreach_id=outreach.id, **facts))
        assert "has none of the following" not in lead.get(call).text
        said = lead.get(f"/desk/messages/shop_request/email/en?case={request.number}").text
        shown = said.split('id="preview"')[1].split("</section>")[0]
        for words in EXAMPLES:
            assert words not in shown, words
        assert "In blue." in shown

    def test_the_last_letter_of_the_case_is_tried_where_a_message_passes_one_on(
        self, lead: Browser, now: datetime
    ) -> None:
        request = a_request(
            now, RequestStatus.ASKED, shop=a_shop(now, name="Drill Hall", emails=("a@hall.ru",))
        )
        outreach = an_outreach(now, request, status=OutreachStatus.ASKED, asked_at=now, next_step_at=now)
        for text, author, minute in (
            ("First.", "shop", 1),
            ("Which colour?", "shop", 2),
            ("Blue.", "buyer", 3),
        ):
            at = now + timedelta(minutes=minute)
            saved(Letter(outreach_id=outreach.id, author=LetterAuthor(author), text=text, created_at=at))
        for message, words in (("shop_letter", "Which colour?"), ("buyer_question", "Blue.")):
            page = lead.get(f"/desk/messages/{message}/email/en?case={request.number}").text
            assert words in page.split('id="preview"')[1], message
            assert "has none of the following" not in page

    def test_every_message_can_be_said_on_a_case_and_what_is_not_its_own_has_a_name(
        self, app: Flask, now: datetime
    ) -> None:
        request = a_request(now, RequestStatus.ASKED, shop=a_shop(now, name="Drill Hall"))
        an_outreach(now, request)
        for message in Message:
            for channel in (each for each in ChannelKind if renderer().has(message, each)):
                with app.test_request_context():
                    shown = preview_of(TextKey(message, channel, "en"), None, request.number)
                    assert shown.rendered.failure == "", (message, channel)
                    assert shown.is_found
                    assert shown.number or not shown.made_up
                    assert all(" " in each for each in shown.made_up), (message, shown.made_up)

    def test_a_message_that_is_about_no_request_says_so(self, lead: Browser, now: datetime) -> None:
        number = a_request(now, RequestStatus.ASKED).number
        page = lead.get(f"/desk/messages/login_link/email/en?case={number}").text
        assert "This message says nothing of a request, so these are the facts of an example." in page

    def test_without_such_a_request_an_example_stands_in_and_says_so(self, lead: Browser) -> None:
        page = lead.get(f"{OFFER}?case=R-00000").text
        assert "No request has the number R-00000" in page
        assert "Tools and More has made you an offer." in page

    def test_the_mail_is_shown_in_a_frame_that_may_do_nothing_with_its_one_style_allowed(
        self, lead: Browser
    ) -> None:
        answer = lead.get(OFFER)
        assert 'sandbox="" srcdoc="' in answer.text
        policy = answer.headers["Content-Security-Policy"]
        assert "style-src 'self' 'sha256-" in policy
        assert "unsafe" not in policy
        assert "style=" not in answer.text.split('srcdoc="')[1].split('"></iframe>')[0]

    def test_a_text_message_shows_what_it_takes_on_the_air(self, lead: Browser) -> None:
        page = lead.press(TEXT, body="News of {{ shop }} " + "я" * 150, act="preview", based_on="0").text
        assert "Unicode, 70 signs a part" in page
        assert "It takes more than two parts" in page


class TestChanging:
    def test_the_next_message_says_what_was_saved_and_keeps_the_version(
        self, lead: Browser, now: datetime
    ) -> None:
        page = lead.get(lead.press(LOGIN, **TYPED).location).text
        assert "Saved as version 1" in page
        assert "Version 1 · Lena" in page
        assert "shorter" in page
        assert "<ins>" in page
        assert "<del>" in page
        sent = a_mail(now)
        assert (sent.subject, sent.text_version) == ("Come in", 1)
        assert sent.text.startswith("Press this to come in:\nhttp://broker.test/login/abc\n")
        assert "somebody asked for a login link" in sent.text, "the frame stays ours"
        assert "button-link" in (sent.html or "")
        assert [entry.what for entry in db.session.query(AuditEntry)] == ["message_text_changed"]
        assert "sent once" in lead.get("/desk/messages").text

    def test_the_default_comes_back(self, lead: Browser, now: datetime) -> None:
        lead.press(LOGIN, **TYPED)
        page = lead.get(lead.press(f"{LOGIN}/restore/0").location).text
        assert "The words of the program count again, as version 2." in page
        assert a_mail(now).text_version == 0
        page = lead.get(lead.press(f"{LOGIN}/restore/1").location).text
        assert "Version 1 counts again, as version 3." in page
        assert a_mail(now).text_version == 3
        assert lead.press(f"{LOGIN}/restore/9").status_code == 404

    def test_the_default_saved_as_it_is_makes_no_version(self, lead: Browser) -> None:
        default = renderer().default("login_link", ChannelKind.EMAIL, "en")
        assert default.subject is not None
        typed = {**TYPED, "subject": default.subject.source, "body": default.body.source}
        assert "Nothing was changed" in lead.get(lead.press(LOGIN, **typed).location).text
        assert count() == 0

    def test_a_version_somebody_saved_meanwhile_is_shown_before_it_is_replaced(self, lead: Browser) -> None:
        lead.press(LOGIN, **TYPED)
        mine = {**TYPED, "body": f"Mine\n\n{BODY}"}
        answer = lead.press(LOGIN, **mine)
        assert answer.status_code == 409
        assert "What Lena saved meanwhile" in answer.text
        assert "Mine" in answer.text
        assert "Press this to come in" in answer.text
        assert lead.press(LOGIN, **{**mine, "based_on": "1"}).status_code == 302
        assert count() == 2

    @pytest.mark.parametrize(
        ("given", "why"),
        [
            ({"body": "Hello,\n{{ logn_url }}\n"}, "there is no “logn_url”. Did you mean “login_url”"),
            ({"body": "Hello, come in."}, "“{{ login_url }}” is missing: the link by which one logs in."),
            ({"body": "{% if valid_minutes %}\nIn:\n{{ login_url }}\n{% endif %}"}, "outside of conditions"),
            ({"body": BODY + "{{ login_url.x }}"}, "there is no “login_url.x”"),
            ({"body": BODY + "{% include 'x' %}"}, "Line 3: this cannot stand here"),
            ({"body": BODY + "{% if x"}, "is not finished"),
            ({"body": "  \n "}, "Please write something."),
            ({"body": BODY + "x" * 6001}, "longer than 6000 letters"),
            ({"subject": ""}, "Please give it a subject."),
            ({"subject": "{{ nobody }}"}, "In the subject: Line 1: there is no “nobody”."),
            ({"note": "x" * 201}, "longer than 200"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_said_or_must_be_said_is_told_and_nothing_typed_is_lost(
        self, lead: Browser, given: dict[str, str], why: str
    ) -> None:
        answer = lead.press(LOGIN, **{**TYPED, **given})
        assert answer.status_code == 422
        assert why in answer.text
        assert given.get("note", "shorter") in answer.text
        assert count() == 0

    @pytest.mark.parametrize("odd", ["", "-1", "x", "9" * 30, "٣"])
    def test_an_odd_version_in_the_form_is_no_version_to_replace(self, lead: Browser, odd: str) -> None:
        assert lead.press(LOGIN, **{**TYPED, "based_on": odd}).status_code == 409

    def test_what_a_lead_writes_is_text_and_no_markup(self, lead: Browser, now: datetime) -> None:
        lead.press(LOGIN, **{**TYPED, "body": f"<script>alert(1)</script> <b>Hi</b> all\n\n{BODY}"})
        html = a_mail(now).html or ""
        assert "<script" not in html
        assert "&lt;b&gt;Hi&lt;/b&gt;" in html


class TestTrial:
    def test_a_test_goes_to_the_lead_alone_and_counts_as_no_message(self, lead: Browser) -> None:
        answer = lead.press(LOGIN, **{**TYPED, "act": "trial"})
        assert "A test is on its way to lena@desk.example" in answer.text
        (sent,) = db.session.query(Delivery)
        assert (sent.address, sent.by_hand, sent.template) == ("lena@desk.example", True, "trial")
        assert sent.text.startswith("Press this to come in:")
        assert not [key for key, _ in count_text_uses() if key.message in {*Message}]
        assert count() == 0

    def test_what_cannot_be_said_is_not_mailed(self, lead: Browser) -> None:
        answer = lead.press(LOGIN, **{**TYPED, "body": "{{ nothing }}", "act": "trial"})
        assert answer.status_code == 422
        assert db.session.query(Delivery).count() == 0


class TestBroken:
    def test_a_version_that_cannot_be_said_stops_no_mail_and_is_shown_to_leads(
        self, lead: Browser, now: datetime
    ) -> None:
        broken = MessageText(
            message="login_link",
            channel=ChannelKind.EMAIL,
            language="en",
            version=1,
            subject="x",
            body="{% if",
        )
        db.session.add(broken)
        db.session.commit()
        sent = a_mail(now)
        assert sent.text_version == 0
        assert "http://broker.test/login/abc" in sent.text
        assert "cannot be said" in lead.get("/desk/messages").text
        page = lead.get(LOGIN).text
        assert "This version could not be said" in page
        lead.press(LOGIN, **{**TYPED, "based_on": "1"})
        assert "cannot be said" not in lead.get("/desk/messages").text


def test_the_thread_of_a_case_names_the_version_a_message_was_said_with(lead: Browser, now: datetime) -> None:
    shop = a_shop(now, emails=("info@drills.example",))
    outreach = an_outreach(now, a_request(now, RequestStatus.ASKED, shop=shop))
    sent = a_mail(now)
    sent.text_version = 4
    db.session.add(
        Step(outreach=outreach, number=1, contact_point=shop.contact_points[0], delivery=sent, taken_at=now)
    )
    db.session.commit()
    page = lead.get(f"/desk/cases/{a_case(now, outreach).id}").text
    assert "In the words of version 4 of the message “Login link”" in page
    assert LOGIN in page
