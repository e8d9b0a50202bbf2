"""Pages of responsiveness checks: the checklist, the report for the shop, and the way to stop us."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from discount_broker.checks.models import ResponseCheck
from discount_broker.checks.rules import ENOUGH_SHOPS, LONGEST_NOTE
from discount_broker.checks.status import CheckReason, CheckStatus
from discount_broker.checks.use_cases import draw_round, take_answer
from discount_broker.kernel.db import db
from discount_broker.kernel.tokens import Purpose
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.outreach.use_cases import read_mail, receive_mail
from discount_broker.scorecards.models import ScoreCard
from discount_broker.shops.models import Shop, ShopMember
from discount_broker.shops.queries import is_stopped
from discount_broker.shops.status import ContactState
from discount_broker.web.limits import WRONG_LINKS
from tests.builders import a_buyer, a_shop, an_operator, saved
from tests.web.conftest import Browser

HOUR = timedelta(hours=1)
HOSTILE = '#import "x" *b* $x$ <b>Лавка</b> \\ "quoted" ]] #sys.inputs'
Link = Callable[[Purpose, UUID], str]


@pytest.fixture
def shop(now: datetime) -> Shop:
    return a_shop(
        now, "tools.com", name="Tools", emails=("info@tools.com",), language="en", wants_checks_since=now
    )


@pytest.fixture
def check(shop: Shop, now: datetime) -> ResponseCheck:
    draw_round(now)
    return db.session.query(ResponseCheck).one()


@pytest.fixture
def desk(client: Browser, now: datetime) -> Browser:
    enter(client, "operator", an_operator(now).id)
    return client


def enter(client: Browser, kind: str, row_id: object) -> None:
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = f"{kind}:{row_id}", True


def done(now: datetime, shop: Shop, hours: int | None = 3, round_: str = "2029-12-b") -> ResponseCheck:
    asked_at = now - timedelta(days=9)
    return saved(
        ResponseCheck(
            shop_id=shop.id, round=round_, reason=CheckReason.ASKED_FOR, status=CheckStatus.DONE,
            question="delivery", drawn_at=asked_at, asked_at=asked_at, done_at=now,
            answered_at=asked_at + hours * HOUR if hours is not None else None,
            findings={"alive": True, "complete": True if hours is not None else None},
        )
    )  # fmt: skip


def test_from_the_list_to_the_report(desk: Browser, check: ResponseCheck, shop: Shop, now: datetime) -> None:
    page = desk.get("/desk/checks").text
    assert "Tools" in page
    assert "asked to be checked" in page
    path = f"/desk/checks/{check.id}"
    assert "Send the question" in desk.get(path).text
    assert desk.press(f"{path}/ask").status_code == 302
    delivery = db.session.query(Delivery).one()
    delivery.status, delivery.sent_at, delivery.due_at = DeliveryStatus.SENT, now, None
    db.session.commit()
    mail_id = receive_mail(
        delivery.reply_to, b"From: a@tools.com\r\n\r\nTwo days, <b>free</b>.\r\n", now + HOUR
    )
    read_mail(mail_id, now)
    take_answer(mail_id, now)
    page = desk.get(path).text
    assert "Two days, &lt;b&gt;free&lt;/b&gt;." in page
    assert "1 hour" in page
    wrong = desk.press(path, act="finish", note="asked twice")
    assert wrong.status_code == 422
    assert "Please say whether the answer was complete." in wrong.text
    assert "asked twice" in wrong.text, "what was typed is kept"
    assert desk.press(path, act="finish", complete="yes").status_code == 302
    report = desk.get(f"{path}/report.pdf")
    assert report.mimetype == "application/pdf"
    assert report.data.startswith(b"%PDF")
    assert "1 check is done" in desk.get("/desk/checks").text


def test_the_checklist_is_blind_to_the_card(
    desk: Browser, check: ResponseCheck, shop: Shop, now: datetime
) -> None:
    saved(
        ScoreCard(
            shop_id=shop.id,
            asked=87,
            answered=43,
            offered=2,
            promises_made=0,
            promises_kept=0,
            computed_at=now,
        )
    )
    page = desk.get(f"/desk/checks/{check.id}").text
    words = re.sub(r"<[^>]*>", " ", page)  # what one reads: tokens and ids in the tags hold any digits
    assert "87" not in words
    assert "43" not in words
    assert f"/desk/cards/{shop.id}" not in page
    assert f"/desk/shops/{shop.id}" not in page


def test_an_operator_sees_through_which_door_it_goes_and_why_the_last_one_failed(
    desk: Browser, check: ResponseCheck
) -> None:
    path = f"/desk/checks/{check.id}"
    assert "info@tools.com" in desk.get(path).text
    check.findings = {"why_not": "form_gone", "tried": []}
    db.session.commit()
    assert "The form is not on its page any more. The next door is tried now." in desk.get(path).text
    check.status = CheckStatus.DROPPED
    db.session.commit()
    assert "Nothing is held against the shop" in desk.get(path).text


def test_a_question_that_cannot_be_asked_says_why(desk: Browser, check: ResponseCheck, shop: Shop) -> None:
    shop.contact_points[0].state = ContactState.DEAD
    db.session.commit()
    answer = desk.press(f"/desk/checks/{check.id}/ask")
    assert answer.status_code == 409
    assert "This shop has no e-mail address and no form left" in answer.text
    assert desk.press(f"/desk/checks/{check.id}/drop").status_code == 302
    assert desk.press(f"/desk/checks/{check.id}/ask").status_code == 409
    assert "Nobody is to be checked now." in desk.get("/desk/checks").text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"act": "finish"}, "Nothing has come yet."),
        ({"act": "finish", "called_at": "2999-01-01T10:00"}, "This time is still to come."),
        ({"act": "keep", "called_at": "2020-01-01T10:00"}, "before the question left"),
        ({"act": "keep", "called_at": "yesterday"}, "Not a valid datetime value"),
        ({"act": "keep", "note": "x" * (LONGEST_NOTE + 1)}, "Please be shorter"),
        ({"act": "keep", "complete": "perhaps"}, "Not a valid choice"),
    ],
    ids=["nothing came", "ahead", "before", "no time", "too long", "no choice"],
)
def test_what_cannot_be_noted_is_said_beside_its_field(
    desk: Browser, check: ResponseCheck, fields: dict[str, str], sentence: str
) -> None:
    desk.press(f"/desk/checks/{check.id}/ask")
    answer = desk.press(f"/desk/checks/{check.id}", **fields)
    assert answer.status_code == 422
    assert sentence in answer.text


@pytest.mark.parametrize("path", ["", "/{id}", "/{id}/report.pdf"])
def test_nobody_but_our_team_sees_the_list(
    client: Browser, check: ResponseCheck, path: str, now: datetime
) -> None:
    path = "/desk/checks" + path.format(id=check.id)
    assert client.get(path).status_code == 302
    enter(client, "buyer", a_buyer(now).id)
    assert client.get(path).status_code == 403


def test_there_is_no_report_of_a_check_that_is_not_done(
    desk: Browser, check: ResponseCheck, link: Link
) -> None:
    assert desk.get(f"/desk/checks/{check.id}/report.pdf").status_code == 404
    assert desk.get(f"/check/{link(Purpose.CHECK_REPORT, check.id)}").status_code == 404


class TestReport:
    def test_it_stands_alone_while_too_few_were_checked(
        self, client: Browser, shop: Shop, link: Link, now: datetime
    ) -> None:
        page = client.get(f"/check/{link(Purpose.CHECK_REPORT, done(now, shop).id)}").text
        assert "Too few shops were checked to compare you with them." in page
        assert "3 hours" in page
        assert "The middle shop" not in page

    def test_it_is_compared_with_all_that_were_checked(
        self, client: Browser, shop: Shop, link: Link, now: datetime
    ) -> None:
        mine = done(now, shop)
        for n in range(ENOUGH_SHOPS - 1):
            done(now, a_shop(now), hours=None if n == 0 else 20 + n)
        page = client.get(f"/check/{link(Purpose.CHECK_REPORT, mine.id)}").text
        assert "Compared with 5 shops that were checked" in page
        assert "all: 4 of 5" in page
        assert "The middle shop" in page

    def test_a_hostile_name_is_words_and_not_markup(
        self, client: Browser, shop: Shop, link: Link, now: datetime
    ) -> None:
        shop.name, shop.language = HOSTILE, "ru"
        db.session.commit()
        path = f"/check/{link(Purpose.CHECK_REPORT, done(now, shop).id)}"
        sheet = client.get(f"{path}/report.pdf")
        assert sheet.data.startswith(b"%PDF")
        assert sheet.data.count(b"/Type /Page\n") + sheet.data.count(b"/Type/Page/") <= 1, "one page"
        assert "&lt;b&gt;Лавка&lt;/b&gt;" in client.get(path).text

    def test_the_shop_finds_it_on_its_own_page(self, client: Browser, shop: Shop, now: datetime) -> None:
        done(now, shop)
        member = saved(ShopMember(shop_id=shop.id, email="boss@tools.com", language="en", proved_at=now))
        enter(client, "shop", member.id)
        page = client.get("/shop/card").text
        path = page.split('href="/check/')[1].split('"')[0]
        assert client.get(f"/check/{path}").status_code == 200

    def test_it_says_through_which_door_it_was_asked(
        self, client: Browser, shop: Shop, link: Link, now: datetime
    ) -> None:
        check = done(now, shop)
        check.contact_point_id = shop.contact_points[0].id
        db.session.commit()
        assert (
            "by e-mail to info@tools.com" in client.get(f"/check/{link(Purpose.CHECK_REPORT, check.id)}").text
        )

    def test_the_shop_reads_why_it_could_not_be_checked(
        self, client: Browser, shop: Shop, now: datetime
    ) -> None:
        check = done(now, shop)
        check.status, check.done_at, check.findings = CheckStatus.DROPPED, None, {"why_not": "captcha"}
        shop.contact_points[0].state = ContactState.DEAD
        db.session.commit()
        member = saved(ShopMember(shop_id=shop.id, email="boss@tools.com", language="en", proved_at=now))
        enter(client, "shop", member.id)
        page = client.get("/shop/card").text
        assert "our question did not reach you, and nothing is held against you." in page
        assert "we never solve one" in page
        assert "We cannot check you now" in client.get("/shop/about").text

    @pytest.mark.parametrize("purpose", [Purpose.CHECK, Purpose.CHECK_STOP, Purpose.OFFER])
    def test_a_link_for_something_else_opens_nothing(
        self, client: Browser, shop: Shop, link: Link, now: datetime, purpose: Purpose
    ) -> None:
        assert client.get(f"/check/{link(purpose, done(now, shop).id)}").status_code == 404


class TestStopping:
    def test_the_link_in_the_letter_stops_us_by_a_press(
        self, client: Browser, check: ResponseCheck, shop: Shop, link: Link
    ) -> None:
        path = f"/check/{link(Purpose.CHECK_STOP, check.id)}/stop"
        assert "Shall we stop?" in client.get(path).text
        assert not is_stopped(shop), "a look changes nothing"
        assert "Done. We have stopped" in client.press(path).text
        assert is_stopped(shop)

    def test_a_mail_program_presses_it_by_itself(
        self, client: Browser, check: ResponseCheck, shop: Shop, link: Link
    ) -> None:
        path = f"/check/{link(Purpose.CHECK_STOP, check.id)}/stop"
        assert client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
        assert is_stopped(shop)

    def test_a_press_from_elsewhere_stops_nothing(
        self, client: Browser, check: ResponseCheck, shop: Shop, link: Link
    ) -> None:
        assert client.post(f"/check/{link(Purpose.CHECK_STOP, check.id)}/stop").status_code == 400
        assert not is_stopped(shop)


@pytest.mark.parametrize("at", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_a_moment_at_the_ends_of_the_calendar_is_refused(
    at: str, desk: Browser, check: ResponseCheck, now: datetime
) -> None:
    path = f"/desk/checks/{check.id}"
    desk.press(f"{path}/ask")
    for field in ("called_at", "call_promised_at"):
        assert desk.press(path, act="keep", **{field: at}).status_code == 422


def test_a_note_to_a_report_changes_nothing_else_in_it(desk: Browser, shop: Shop, now: datetime) -> None:
    dead = done(now, shop, hours=None)
    dead.findings = {"alive": False, "complete": None}
    db.session.commit()
    assert desk.press(f"/desk/checks/{dead.id}", act="keep", note="A typing error").status_code == 302
    db.session.expire_all()
    assert (dead.note, dead.findings["alive"]) == ("A typing error", False)


@pytest.mark.parametrize(("page", "host"), [("", 7), ("/report.pdf", 8), ("/stop", 9)])
def test_whoever_guesses_links_is_slowed_down(
    page: str, host: int, client: Browser, check: ResponseCheck
) -> None:
    most = int(WRONG_LINKS.split()[0])
    here = {"REMOTE_ADDR": f"198.51.100.{host}"}
    codes = [client.get(f"/check/{'a' * n}{page}", environ_base=here).status_code for n in range(1, most + 2)]
    assert (set(codes[:most]), codes[most]) == ({404}, 429)
