"""The buyers at the desk: finding one, the card, wishes that move calls, and what leads alone may do."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from markupsafe import escape

from discount_broker.accounts.models import AuditEntry, Buyer, Role
from discount_broker.accounts.queries.cards import card_of, list_lead_rules, list_notes, list_wishes
from discount_broker.accounts.status import ContactWishKind, Standing
from discount_broker.discount_requests.status import Outcome, RequestStatus
from discount_broker.escalation.models import Promise
from discount_broker.escalation.operations import make_promise
from discount_broker.escalation.status import PromiseKind
from discount_broker.escalation.use_cases.buyers import CardSaid, change_card
from discount_broker.kernel.db import db
from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.status import OutreachStatus
from tests.builders import a_buyer, a_case, a_product, a_request, a_shop, an_operator, an_outreach
from tests.fakes import FakeChannel
from tests.web.conftest import Browser
from tests.web.test_desk_shops import HOSTILE, logged_in, text_of

DAY = timedelta(days=1)


@pytest.fixture
def desk(client: Browser, now: datetime) -> Browser:
    return logged_in(client, now)


@pytest.fixture
def lead(client: Browser, now: datetime) -> Browser:
    return logged_in(client, now, Role.LEAD)


@pytest.fixture
def texts(app: Flask) -> Iterator[FakeChannel]:
    """A gateway, where tests have none."""
    site, gateway = app.extensions["site"], FakeChannel()
    app.extensions["site"] = replace(site, sends_texts=True, sms_sender="+79990000000")
    app.extensions["channels"][ChannelKind.SMS] = gateway
    yield gateway
    app.extensions["site"] = site


def asked(now: datetime, buyer: Buyer | None = None, **given: object) -> Outreach:
    facts = {"phone": "+7 916 123-45-67", "wants_texts": True, "best_time": "не звонить с 13 до 15", **given}
    shop = a_shop(now, name="Drills")
    product = a_product(now, shop, category=["Tools"])
    request = a_request(now, RequestStatus.ASKED, buyer=buyer or a_buyer(now), product=product, **facts)
    return an_outreach(now, request, status=OutreachStatus.ASKED, asked_at=now, next_step_at=now + DAY)


def buyer_of(outreach: Outreach) -> UUID:
    assert outreach.discount_request.buyer_id is not None
    return outreach.discount_request.buyer_id


def place_of(buyer_id: UUID) -> str:
    return f"/desk/buyers/{buyer_id}"


class TestFinding:
    def test_the_newest_stand_first_and_the_older_ones_on_the_next_page(
        self, desk: Browser, now: datetime
    ) -> None:
        for n in range(30):
            a_buyer(now - n * DAY, email=f"b{n:02}@mail.example")
        first = text_of(desk, "/desk/buyers")
        assert "b00@mail.example" in first
        assert "b24@mail.example" in first
        assert "b25@mail.example" not in first
        place = first.split('href="/desk/buyers?after=')[1].split('"')[0].replace("&amp;", "&")
        second = text_of(desk, f"/desk/buyers?after={place}")
        assert "b25@mail.example" in second
        assert "b24@mail.example" not in second
        edge = f"0001-01-01T00:00:00%2B14:00_{place.partition('_')[2]}"
        assert "b00@mail.example" in text_of(desk, f"/desk/buyers?after={edge}")

    @pytest.mark.parametrize("sought", ["vera@mail.example", "VERA@", "8 (916) 123-45-67", "9161234567"])
    def test_one_buyer_alone_is_opened_at_once(self, sought: str, desk: Browser, now: datetime) -> None:
        a_buyer(now)
        vera = a_buyer(now, email="vera@mail.example", phone="+7 916 123-45-67")
        answer = desk.get("/desk/buyers", query_string={"q": sought})
        assert answer.location == place_of(vera.id)

    def test_the_number_of_a_request_finds_its_buyer(self, desk: Browser, now: datetime) -> None:
        outreach = asked(now)
        number = outreach.discount_request.number
        assert desk.get("/desk/buyers", query_string={"q": number.lower()}).location == place_of(
            buyer_of(outreach)
        )

    @pytest.mark.parametrize("sought", ["nobody@mail.example", "%", "_", "R-", "12", HOSTILE, "٣٣٣٣٣"])
    def test_what_nobody_is_known_by_is_said_so(self, sought: str, desk: Browser, now: datetime) -> None:
        a_buyer(now)
        page = desk.get("/desk/buyers", query_string={"q": sought})
        assert page.status_code == 200
        assert "Nobody is known by" in page.text
        assert HOSTILE not in page.text

    @pytest.mark.parametrize("place", ["x", "2030-01-01_x", f"2030-01-01T00:00:00_{UUID(int=7)}", "_"])
    def test_a_place_that_nobody_can_read_is_the_beginning(
        self, place: str, desk: Browser, now: datetime
    ) -> None:
        a_buyer(now, email="first@mail.example")
        assert "first@mail.example" in text_of(desk, f"/desk/buyers?after={place}")


PLACES = ("", "/card", "/wishes", "/notes", "/letters", "/merge", "/export", "/erase")


class TestRefusals:
    @pytest.mark.parametrize("path", PLACES)
    def test_nobody_sees_or_changes_a_card_who_is_not_of_the_desk(
        self, path: str, client: Browser, now: datetime
    ) -> None:
        buyer = a_buyer(now)
        place = place_of(buyer.id) + path
        assert "/staff/login" in client.press(place).location if path else client.get(place).location
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = f"buyer:{buyer.id}", True
        answer = client.press(place) if path else client.get(place)
        assert answer.status_code == 403
        assert client.get("/desk/buyers").status_code == 403
        assert db.session.query(AuditEntry).count() == 0

    def test_an_operator_can_neither_end_the_wish_nor_stop_the_mail_of_another_buyer(
        self, desk: Browser, now: datetime
    ) -> None:
        outreach, other = asked(now), a_buyer(now)
        place = place_of(buyer_of(outreach))
        desk.press(f"{place}/wishes", kind="write_only")
        desk.press(f"{place}/letters", means="mail", about=str(outreach.id), text="Still waiting?")
        (wish,), mail = list_wishes(buyer_of(outreach)), db.session.query(Delivery).one()
        assert desk.press(f"{place_of(other.id)}/wishes/{wish.id}/end").status_code == 404
        assert desk.press(f"{place_of(other.id)}/letters/{mail.id}/undo").status_code == 404
        assert len(list_wishes(buyer_of(outreach))) == 1


class TestCard:
    def test_it_shows_what_the_team_knows(self, desk: Browser, now: datetime) -> None:
        origin = {"via": "form", "referrer": "forum.example", "campaign": "spring"}
        outreach = asked(now, note=HOSTILE, origin=origin, outcome=Outcome.BOUGHT)
        page = text_of(desk, place_of(buyer_of(outreach)))
        assert "our form, from forum.example, campaign spring" in page
        assert outreach.discount_request.number in page
        assert "Tools" in page
        assert "bought with the discount" in page
        assert "by the country of their phone" in page or "by the shop they last asked about" in page
        assert HOSTILE not in page

    def test_what_is_written_on_it_is_kept(self, desk: Browser, now: datetime) -> None:
        buyer = a_buyer(now)
        said = {
            "standing": "difficult",
            "standing_reason": "shouts",
            "zone": "Asia/Tokyo",
            "birthday": "1990-02-03",
        }
        desk.press(f"{place_of(buyer.id)}/card", **said)
        assert card_of(buyer.id).standing is Standing.DIFFICULT
        page = text_of(desk, place_of(buyer.id))
        assert "shouts" in page
        assert "as it stands on the card" in page

    def test_a_standing_without_a_reason_is_refused_and_nothing_typed_is_lost(
        self, desk: Browser, now: datetime
    ) -> None:
        buyer = a_buyer(now)
        answer = desk.press(f"{place_of(buyer.id)}/card", standing="loyal", lead_type="friend of the house")
        assert answer.status_code == 422
        assert "Please say why" in answer.text
        assert "friend of the house" in answer.text

    def test_what_a_colleague_wrote_meanwhile_is_told_before_it_is_overwritten(
        self, desk: Browser, now: datetime
    ) -> None:
        buyer_id, colleague = a_buyer(now).id, an_operator(now).id
        typed = {"standing": "difficult", "standing_reason": "shouts", "seen": card_of(buyer_id).seen}
        loyal = CardSaid(standing=Standing.LOYAL, standing_reason="bought four times")
        change_card(buyer_id, loyal, colleague, now)
        answer = desk.press(f"{place_of(buyer_id)}/card", **typed)
        assert answer.status_code == 409
        for shown in ("A colleague has changed this card", "shouts", "bought four times"):
            assert shown in answer.text
        assert card_of(buyer_id).standing is Standing.LOYAL
        db.session.expire_all()
        typed["seen"] = card_of(buyer_id).seen
        assert f'value="{escape(typed["seen"])}"' in answer.text
        desk.press(f"{place_of(buyer_id)}/card", **typed)
        db.session.expire_all()
        assert card_of(buyer_id).standing is Standing.DIFFICULT

    def test_a_note_is_kept_with_its_author(self, desk: Browser, now: datetime) -> None:
        buyer = a_buyer(now)
        desk.press(f"{place_of(buyer.id)}/notes", text=f"kind {HOSTILE}")
        page = text_of(desk, place_of(buyer.id))
        assert "Olga" in page
        assert HOSTILE not in page
        assert desk.press(f"{place_of(buyer.id)}/notes", text=" ").status_code == 422
        assert len(list_notes(buyer.id)) == 1

    def test_the_card_of_nobody_is_not_found_and_that_of_an_erased_one_is_gone(
        self, desk: Browser, now: datetime
    ) -> None:
        assert desk.get(place_of(uuid4())).status_code == 404
        gone = a_buyer(now, erased_at=now)
        assert desk.get(place_of(gone.id)).status_code == 410
        assert desk.press(f"{place_of(gone.id)}/notes", text="hello").status_code == 404

    def test_a_merged_card_leads_to_the_one_that_is_kept(self, desk: Browser, now: datetime) -> None:
        kept = a_buyer(now)
        other = a_buyer(now, merged_into_id=kept.id)
        assert desk.get(place_of(other.id)).location == place_of(kept.id)


class TestWishes:
    def test_words_are_read_and_one_press_keeps_what_they_mean(self, desk: Browser, now: datetime) -> None:
        buyer_id = buyer_of(asked(now))
        page = desk.press(f"{place_of(buyer_id)}/wishes", act="read", words="asleep 13:00 to 15:00")
        assert page.status_code == 200
        assert "No calls and no SMS from 13:00 to 15:00" in page.text
        assert list_wishes(buyer_id) == []
        fields = {"words": "asleep", "kind": "quiet_hours", "begins": "13:00", "ends": "15:00"}
        desk.press(f"{place_of(buyer_id)}/wishes", **fields)
        (kept,) = list_wishes(buyer_id)
        assert (kept.from_minute, kept.until_minute, kept.words) == (780, 900, "asleep")

    def test_what_the_buyer_wrote_in_a_request_stands_beside(self, desk: Browser, now: datetime) -> None:
        page = text_of(desk, place_of(buyer_of(asked(now))))
        assert "не звонить с 13 до 15" in page

    def test_words_that_say_nothing_plain_open_the_form(self, desk: Browser, now: datetime) -> None:
        buyer = a_buyer(now)
        page = desk.press(f"{place_of(buyer.id)}/wishes", act="read", words="a pleasant person")
        assert "Nothing plain was found" in page.text
        assert "a pleasant person" in page.text

    def test_a_wish_moves_a_planned_call_and_says_so(self, desk: Browser, now: datetime) -> None:
        outreach = asked(now)
        a_case(now, outreach)
        tomorrow = (now + DAY).date()
        with transaction():
            make_promise(outreach, PromiseKind.CALL_BUYER, now + DAY, now, "Anna")
        buyer_id = buyer_of(outreach)
        fields = {"kind": "not_on", "on_day": _there(now + DAY).isoformat(), "words": "not tomorrow"}
        answer = desk.press(f"{place_of(buyer_id)}/wishes", **fields)
        page = text_of(desk, answer.location)
        assert "One planned call was put off." in page
        assert db.session.query(Promise).one().due_at.date() >= tomorrow

    @pytest.mark.parametrize(
        "fields",
        [
            {"kind": "quiet_hours", "begins": "13:00"},
            {"kind": "quiet_hours", "begins": "25:00", "ends": "26:00"},
            {"kind": "not_on"},
            {"kind": "not_on", "on_day": "1999-01-01"},
            {"kind": "nonsense"},
        ],
    )
    def test_half_a_wish_is_refused_and_nothing_typed_is_lost(
        self, fields: dict[str, str], desk: Browser, now: datetime
    ) -> None:
        buyer = a_buyer(now)
        answer = desk.press(f"{place_of(buyer.id)}/wishes", words="in her own words", **fields)
        assert answer.status_code == 422
        assert "in her own words" in answer.text
        assert list_wishes(buyer.id) == []

    def test_a_wish_ends_by_one_press(self, desk: Browser, now: datetime) -> None:
        buyer = a_buyer(now)
        desk.press(f"{place_of(buyer.id)}/wishes", kind="write_only")
        (wish,) = list_wishes(buyer.id)
        assert wish.kind is ContactWishKind.WRITE_ONLY
        desk.press(f"{place_of(buyer.id)}/wishes/{wish.id}/end")
        assert list_wishes(buyer.id) == []


def _there(at: datetime) -> date:
    """The day in Moscow, where the shop of these tests is."""
    return (at + timedelta(hours=3)).date()


class TestWriting:
    def test_a_mail_is_in_the_history_and_can_be_taken_back(self, desk: Browser, now: datetime) -> None:
        outreach = asked(now)
        place = place_of(buyer_of(outreach))
        desk.press(f"{place}/letters", means="mail", about=str(outreach.id), text="Are you still waiting?")
        mail = db.session.query(Delivery).one()
        assert (mail.address, mail.by_hand) == (outreach.discount_request.buyer.email, True)  # type: ignore[union-attr]
        assert "Are you still waiting?" in text_of(desk, place)
        answer = desk.press(f"{place}/letters/{mail.id}/undo")
        assert db.session.get_one(Delivery, mail.id).status is DeliveryStatus.STOPPED
        assert ">Are you still waiting?</textarea>" in text_of(desk, answer.location)

    def test_an_sms_shows_its_parts_before_it_leaves(
        self, desk: Browser, texts: FakeChannel, now: datetime
    ) -> None:
        outreach = asked(now)
        place = place_of(buyer_of(outreach))
        fields = {"means": "sms", "about": str(outreach.id), "text": "The shop calls you at six."}
        look = desk.press(f"{place}/letters", act="look", **fields)
        assert "One part on the air." in look.text
        assert db.session.query(Delivery).count() == 0
        desk.press(f"{place}/letters", act="send", **fields)
        desk.press(f"{place}/letters", act="send", **fields)
        text = db.session.query(Delivery).one()
        assert (text.channel, text.address) == (ChannelKind.SMS, "+79161234567")
        assert "The shop calls you at six." in text.text

    def test_a_canned_text_is_put_into_the_form_with_the_facts_of_the_request(
        self, desk: Browser, now: datetime
    ) -> None:
        outreach = asked(now)
        place = place_of(buyer_of(outreach))
        canned = text_of(desk, place).split('<option value="mail:buyer_')[1].split('"')[0]
        fields = {
            "means": "mail",
            "about": str(outreach.id),
            "text": "Hello!",
            "canned": f"mail:buyer_{canned}",
        }
        page = desk.press(f"{place}/letters", act="begin", **fields).text
        written = page.split('<textarea id="text"')[1].split(">", 1)[1].split("</textarea>")[0]
        assert written.startswith("Hello!")
        assert len(written) > 40
        for odd in ("", "mail:shop_thank_you", "script:first_call", "x:y", "mail:"):
            fields["canned"] = odd
            assert desk.press(f"{place}/letters", act="begin", **fields).status_code == 200
        assert db.session.query(Delivery).count() == 0

    def test_no_sms_leaves_without_consent(self, desk: Browser, texts: FakeChannel, now: datetime) -> None:
        outreach = asked(now, wants_texts=False)
        place = place_of(buyer_of(outreach))
        answer = desk.press(f"{place}/letters", means="sms", about=str(outreach.id), text="hello there")
        assert answer.status_code == 422
        assert "has not agreed to SMS" in answer.text
        assert "hello there" in answer.text

    def test_nobody_writes_about_the_request_of_another_buyer(self, desk: Browser, now: datetime) -> None:
        mine, theirs = asked(now), asked(now)
        place = f"{place_of(buyer_of(mine))}/letters"
        assert desk.press(place, means="mail", about=str(theirs.id), text="hello").status_code == 404
        assert desk.press(place, means="mail", about=str(theirs.id), text="x", act="look").status_code == 404
        assert desk.press(place, means="mail", about="nonsense", text="hello").status_code == 422
        assert desk.press(place, means="mail", about=str(mine.id), text=" ").status_code == 422
        assert db.session.query(Delivery).count() == 0


class TestLead:
    @pytest.mark.parametrize(
        "path", ["merge", "export", "erase", "merge?other=x@mail.example", "../../lead-rules"]
    )
    def test_an_operator_is_refused(self, path: str, desk: Browser, now: datetime) -> None:
        place = f"{place_of(a_buyer(now).id)}/{path}".replace("buyers/", "buyers/", 1)
        if path.startswith(".."):
            place = "/desk/lead-rules"
        assert desk.get(place).status_code == 403
        assert desk.press(place.partition("?")[0]).status_code == 403

    def test_two_cards_are_merged_after_a_look(self, lead: Browser, now: datetime) -> None:
        kept, other = a_buyer(now, email="new@mail.example"), a_buyer(now, email="old@mail.example")
        asked(now, other)
        place = f"{place_of(kept.id)}/merge"
        page = text_of(lead, f"{place}?other=old@mail.example")
        assert "1 request moves." in page
        lead.press(place, other="old@mail.example")
        assert db.session.get_one(Buyer, other.id).merged_into_id == kept.id
        assert lead.press(place, other="old@mail.example").status_code == 409
        assert lead.press(place, other="nobody@mail.example").status_code == 404

    @pytest.mark.parametrize(("form", "kind"), [("json", "application/json"), ("csv", "text/csv")])
    def test_everything_known_is_taken_away_as_a_file_and_noted(
        self, form: str, kind: str, lead: Browser, now: datetime
    ) -> None:
        outreach = asked(now, note="=HYPERLINK(1)")
        buyer_id = buyer_of(outreach)
        place = f"{place_of(buyer_id)}/export"
        text_of(lead, place)
        answer = lead.press(place, form=form)
        assert answer.content_type.startswith(kind)
        assert "attachment" in answer.headers["Content-Disposition"]
        for said in (outreach.discount_request.number, "не звонить с 13 до 15", "HYPERLINK"):
            assert said in answer.text
        assert form == "json" or ",=HYPERLINK" not in answer.text
        assert db.session.query(AuditEntry).filter_by(what="buyer_exported").count() == 1

    def test_an_erasure_wants_the_address_typed(self, lead: Browser, now: datetime) -> None:
        buyer_id = buyer_of(asked(now, a_buyer(now, email="vera@mail.example")))
        place = f"{place_of(buyer_id)}/erase"
        assert "1 open request is withdrawn first" in text_of(lead, place)
        assert lead.press(place, address="vera").status_code == 422
        assert "Erased." in text_of(lead, lead.press(place, address="vera@mail.example").location)
        assert lead.get(place_of(buyer_id)).status_code == 410

    def test_rules_are_tried_before_they_count(self, lead: Browser, now: datetime) -> None:
        asked(now)
        asked(now, origin={"campaign": "spring"})
        seen = text_of(lead, "/desk/lead-rules").split('name="seen" value="')[1].split('"')[0]
        rules = {
            "seen": seen,
            "r0-place": "2",
            "r0-lead_type": "everybody else",
            "r1-place": "1",
            "r1-lead_type": "from spring",
            "r1-campaign": "spring",
        }
        tried = lead.press("/desk/lead-rules", act="try", **rules)
        assert "from spring: 1" in tried.text
        assert "everybody else: 1" in tried.text
        assert list_lead_rules() == []
        lead.press("/desk/lead-rules", act="save", **rules)
        assert [rule.lead_type for rule in list_lead_rules()] == ["from spring", "everybody else"]
        overtaken = lead.press("/desk/lead-rules", act="save", **rules)
        assert overtaken.status_code == 409
        assert "A colleague has changed the rules meanwhile" in overtaken.text

    @pytest.mark.parametrize(
        "wrong", [{"r0-campaign": "x"}, {"r0-lead_type": "x", "r0-requests_at_least": "many"}]
    )
    def test_a_rule_that_cannot_be_is_refused_and_nothing_typed_is_lost(
        self, wrong: dict[str, str], lead: Browser, now: datetime
    ) -> None:
        answer = lead.press("/desk/lead-rules", act="save", seen="0@", **wrong)
        assert answer.status_code == 422
        assert f'value="{list(wrong.values())[-1]}"' in answer.text

    def test_the_kind_of_lead_stands_on_the_card(self, lead: Browser, now: datetime) -> None:
        lead.press("/desk/lead-rules", **{"seen": "0@", "r0-lead_type": "tool lover", "r0-category": "tools"})
        assert "tool lover" in text_of(lead, place_of(buyer_of(asked(now))))
