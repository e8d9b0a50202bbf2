"""Pages of score-cards: who may see which, what they say, and the shop's right of reply."""

import csv
import io
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from discount_broker.accounts.models import AuditEntry, Role
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.messaging.models import Suppression
from discount_broker.offers.rules import Answer
from discount_broker.offers.status import AnswerKind
from discount_broker.offers.use_cases import submit_answer
from discount_broker.outreach.status import OutreachStatus
from discount_broker.scorecards.models import CardReply
from discount_broker.scorecards.rules import ENOUGH, LEFT_OUT, LONGEST_REPLY, MOST_UNREAD
from discount_broker.scorecards.use_cases import compute_scorecards, say_to_card
from discount_broker.shops.models import Shop, ShopMember
from tests.builders import a_buyer, a_request, a_shop, an_operator, an_outreach, saved
from tests.web.conftest import Browser

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BUYER = "anna@mail.example"


@pytest.fixture
def good(now: datetime) -> Shop:
    """Answered eleven of twelve, twice with a discount."""
    shop = a_shop(now, "tools.com", name="Tools & Sons", language="en")
    buyer = a_buyer(now, email=BUYER)
    for n in range(12):
        at = now - LEFT_OUT - n * DAY
        request = a_request(at, RequestStatus.ASKED, shop=shop, buyer=buyer)
        facts: dict[str, Any] = {"status": OutreachStatus.DECLINED, "answered_at": at + (n + 1) * HOUR}
        if n in (0, 1, 2):
            facts = {"status": OutreachStatus.EXHAUSTED, "exhausted_why": "silence"}
        outreach = an_outreach(at, request, asked_at=at, **facts)
        if n in (0, 1):
            submit_answer(outreach.id, Answer(kind=AnswerKind.PERCENT, percent=Decimal(5 + n)), at + HOUR)
    compute_scorecards(now)
    return shop


@pytest.fixture
def silent(now: datetime) -> Shop:
    shop = a_shop(now, "quiet.com", name="Quiet")
    for n in range(ENOUGH):
        at = now - LEFT_OUT - n * DAY
        request = a_request(at, RequestStatus.ASKED, shop=shop)
        an_outreach(at, request, asked_at=at, status=OutreachStatus.EXHAUSTED, exhausted_why="silence")
    compute_scorecards(now)
    return shop


def member_of(shop: Shop, now: datetime) -> ShopMember:
    return saved(ShopMember(shop_id=shop.id, email=f"boss@{shop.domain}", language="en", proved_at=now))


def enter(client: Browser, kind: str, row_id: object) -> None:
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = f"{kind}:{row_id}", True


def desk(client: Browser, now: datetime, role: Role = Role.OPERATOR) -> None:
    enter(client, "operator", an_operator(now, role=role).id)


class TestForEverybody:
    def test_only_shops_that_answer_well_are_shown(self, client: Browser, good: Shop, silent: Shop) -> None:
        page = client.get("/shops").text
        assert "Tools &amp; Sons" in page
        assert "11 of 12 requests answered" in page
        assert "Quiet" not in page

    @pytest.mark.parametrize("path", ["", "/card.csv", "/plots/months.svg"])
    def test_others_are_not_there_and_nothing_is_revealed(
        self, client: Browser, silent: Shop, path: str
    ) -> None:
        known = client.get(f"/shops/{silent.domain}{path}")
        unknown = client.get(f"/shops/nobody.example{path}")
        assert (known.status_code, unknown.status_code) == (404, 404)
        assert known.text.replace(silent.domain, "") == unknown.text.replace("nobody.example", "")

    def test_the_card_tells_its_cases_its_range_and_its_three_clocks(
        self, client: Browser, good: Shop
    ) -> None:
        page = client.get(f"/shops/{good.domain}").text
        for said in (
            "of 12 requests answered", "it would answer 65 to 99", "A machine says it arrived",
            "never heard",
            "A person answers", "It says yes or no", "5.3% to 5.8%", "Does it answer?", "Wilson",
            "As a table",
        ):  # fmt: skip
            assert said in page, said
        assert BUYER not in page
        assert "R-" not in page, "everybody sees no number of a request"

    @pytest.mark.parametrize("name", ["months", "times", "discounts"])
    @pytest.mark.parametrize("size", ["wide", "narrow"])
    def test_each_plot_is_a_picture_of_its_own(
        self, client: Browser, good: Shop, name: str, size: str
    ) -> None:
        answer = client.get(f"/shops/{good.domain}/plots/{name}.svg?size={size}")
        assert answer.mimetype == "image/svg+xml"
        assert b"<rect" in answer.data

    def test_a_plot_that_is_none_is_not_found(self, client: Browser, good: Shop) -> None:
        assert client.get(f"/shops/{good.domain}/plots/secrets.svg").status_code == 404

    def test_the_table_names_neither_request_nor_minute(self, client: Browser, good: Shop) -> None:
        answer = client.get(f"/shops/{good.domain}/card.csv")
        rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
        assert len(rows) == 12
        assert rows[0]["percent"] == "5.00"
        assert "number" not in rows[0]
        assert all(len(row["asked_on"]) == 10 for row in rows)

    def test_a_shop_that_forbids_us_vanishes_at_once(
        self, client: Browser, good: Shop, now: datetime
    ) -> None:
        saved(Suppression(key=f"shop:{good.domain}", reason="stop_page", created_at=now))
        assert client.get(f"/shops/{good.domain}").status_code == 404
        assert good.domain not in client.get("/shops").text, "the list does not wait for the next computing"

    def test_so_does_one_that_forbids_us_under_another_of_its_names(
        self, client: Browser, good: Shop, now: datetime
    ) -> None:
        a_shop(now, "old-tools.com", merged_into_id=good.id)
        saved(Suppression(key="shop:old-tools.com", reason="stop_page", created_at=now))
        assert client.get(f"/shops/{good.domain}").status_code == 404
        assert good.domain not in client.get("/shops").text

    def test_a_pause_that_has_ended_hides_nobody(self, client: Browser, good: Shop, now: datetime) -> None:
        over = {"until": utcnow() - HOUR, "created_at": now}
        saved(Suppression(key=f"shop:{good.domain}", reason="pause", **over))
        assert good.domain in client.get("/shops").text
        assert client.get(f"/shops/{good.domain}").status_code == 200

    def test_a_stop_of_one_shop_hides_no_other(self, client: Browser, good: Shop, now: datetime) -> None:
        a_shop(now, "other.com")
        for key in ("shop:other.com", "shop:unknown.com", "email:info@tools.com"):
            saved(Suppression(key=key, reason="stop_page", created_at=now))
        assert good.domain in client.get("/shops").text

    @pytest.mark.parametrize(
        ("typed", "is_found"), [("tool", True), ("TOOLS.c", True), ("x", False), ("%", False)]
    )
    def test_a_shop_is_found_by_how_it_begins(
        self, client: Browser, good: Shop, typed: str, is_found: bool
    ) -> None:
        page = client.get("/shops", query_string={"q": typed}).text
        assert ("Tools &amp; Sons" in page) is is_found
        assert f'value="{typed}"' in page, "what was typed is kept"
        assert is_found or "You can ask any shop all the same" in page

    @pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 40, "2"])
    def test_a_page_that_there_is_not_is_an_ordinary_page(
        self, client: Browser, good: Shop, number: str
    ) -> None:
        assert client.get("/shops", query_string={"page": number}).status_code == 200

    def test_a_desk_without_cards_says_so(self, client: Browser) -> None:
        assert "No shop has been asked often enough yet" in client.get("/shops").text


class TestForTheShop:
    def test_it_sees_all_of_it_and_every_case_that_was_counted(
        self, client: Browser, silent: Shop, now: datetime
    ) -> None:
        enter(client, "shop", member_of(silent, now).id)
        page = client.get("/shop/card").text
        assert page.count('<th scope="row">R-') == ENOUGH
        assert "Only you and our team see this card" in page
        table = client.get("/shop/card/cases.csv").text
        assert table.count("R-") == ENOUGH
        assert client.get("/shop/card/plots/times.svg").status_code == 200

    def test_a_shop_of_which_nothing_counts_reads_when_it_will(self, client: Browser, now: datetime) -> None:
        enter(client, "shop", member_of(a_shop(now), now).id)
        assert "no request to your shop is older than three days" in client.get("/shop/card").text
        client.press("/shop/card", words="We are new here.")
        assert "We are new here." in client.get("/shop/card").text, "what it said does not vanish meanwhile"

    @pytest.mark.parametrize("path", ["/shop/card", "/shop/card/cases.csv", "/shop/card/plots/times.svg"])
    def test_nobody_else_sees_it(self, client: Browser, path: str, now: datetime) -> None:
        assert client.get(path).status_code == 302
        enter(client, "buyer", a_buyer(now).id)
        assert client.get(path).status_code == 403

    def test_what_it_says_waits_for_a_lead_and_then_stands_beside_the_card(
        self, client: Browser, good: Shop, now: datetime
    ) -> None:
        enter(client, "shop", member_of(good, now).id)
        answer = client.press("/shop/card", words="We were <b>moving</b> in May.")
        assert answer.status_code == 302
        assert "not read yet" in client.get("/shop/card").text
        assert "moving" not in client.get(f"/shops/{good.domain}").text
        lead = an_operator(now, role=Role.LEAD)
        enter(client, "operator", lead.id)
        reply = db.session.query(CardReply).one()
        assert "Tools &amp; Sons" in client.get("/desk/cards").text
        path = f"/desk/cards/replies/{reply.id}"
        assert "&lt;b&gt;moving" in client.get(path).text
        assert client.press(path, is_public="y", answer="Thank you.").status_code == 302
        page = client.get(f"/shops/{good.domain}").text
        assert "&lt;b&gt;moving" in page
        assert "Thank you." in page
        entry = db.session.query(AuditEntry).one()
        assert (entry.what, entry.operator_id, entry.shop_id) == ("card_reply_published", lead.id, good.id)
        assert "Every reply has been read." in client.get("/desk/cards").text

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [("  ", "Please write what you want to say."), ("x" * (LONGEST_REPLY + 1), "Please be shorter")],
        ids=["nothing", "too much"],
    )
    def test_what_cannot_be_taken_is_said_and_kept(
        self, client: Browser, good: Shop, now: datetime, words: str, sentence: str
    ) -> None:
        enter(client, "shop", member_of(good, now).id)
        answer = client.press("/shop/card", words=words)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert words.strip() in answer.text
        assert db.session.query(CardReply).count() == 0

    def test_a_shop_that_has_said_much_waits_for_our_answer(
        self, client: Browser, good: Shop, now: datetime
    ) -> None:
        member = member_of(good, now)
        for n in range(MOST_UNREAD):
            say_to_card(member.id, f"word {n}", now)
        enter(client, "shop", member.id)
        answer = client.press("/shop/card", words="one more")
        assert answer.status_code == 409
        assert "Three of your replies are still to be read" in answer.text
        assert "one more" in answer.text


class TestAtTheDesk:
    def test_our_team_sees_every_card_with_its_cases(
        self, client: Browser, silent: Shop, now: datetime
    ) -> None:
        desk(client, now)
        page = client.get(f"/desk/cards/{silent.id}").text
        assert page.count('<th scope="row">R-') == ENOUGH
        assert client.get(f"/desk/cards/{silent.id}/cases.csv").text.count("R-") == ENOUGH
        assert client.get(f"/desk/cards/{silent.id}/plots/months.svg").status_code == 200
        assert f"/desk/cards/{silent.id}" in client.get(f"/desk/shops/{silent.id}").text

    def test_a_shop_never_asked_has_a_page_too(self, client: Browser, now: datetime) -> None:
        desk(client, now)
        assert "Nothing counts yet" in client.get(f"/desk/cards/{a_shop(now).id}").text

    def test_a_reply_is_published_or_answered_by_a_lead_only(
        self, client: Browser, good: Shop, now: datetime
    ) -> None:
        reply_id = say_to_card(member_of(good, now).id, "Not so.", now)
        desk(client, now)
        assert client.press(f"/desk/cards/replies/{reply_id}", answer="no").status_code == 403
        assert client.get("/desk/cards/all.csv").status_code == 403
        desk(client, now, Role.LEAD)
        for fields, sentence in (
            ({"answer": " "}, "Please publish it, or tell the shop why not."),
            ({"answer": "x" * (LONGEST_REPLY + 1)}, "Please be shorter"),
        ):
            answer = client.press(f"/desk/cards/replies/{reply_id}", **fields)
            assert answer.status_code == 422
            assert sentence in answer.text
        client.press(f"/desk/cards/replies/{reply_id}", answer="It is so.")
        reply = db.session.query(CardReply).one()
        assert (reply.is_public, reply.answer) == (False, "It is so.")

    def test_all_cards_are_one_file(self, client: Browser, good: Shop, silent: Shop, now: datetime) -> None:
        desk(client, now, Role.LEAD)
        text = client.get("/desk/cards/all.csv").text.lstrip("\ufeff")
        rows = {row["shop"]: row for row in csv.DictReader(io.StringIO(text))}
        assert rows.keys() == {good.domain, silent.domain}
        assert (rows[good.domain]["answered"], rows[good.domain]["is_good"]) == ("11", "1")
        assert rows[silent.domain]["least_share"] == "0.0"

    @pytest.mark.parametrize("path", ["/desk/cards", "/desk/cards/all.csv"])
    def test_a_stranger_is_sent_to_the_door(self, client: Browser, path: str) -> None:
        assert client.get(path).status_code == 302
