"""The team's page, the lead's review, flags and the audit trail, as a browser shows them."""

import csv
import io
import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from discount_broker.accounts.models import Operator, Role
from discount_broker.accounts.operations import note_change
from discount_broker.escalation.models import Call, EscalationCase, LeadReview
from discount_broker.escalation.rules.team import last_weeks
from discount_broker.escalation.status import CallResult, CaseStatus, Ending, LeadDecision
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.shops.models import Correction
from discount_broker.shops.status import DoorSource
from discount_broker.web.desk_review import site_zone
from tests.builders import a_case, a_shop, an_operator, an_outreach, saved
from tests.web.conftest import Browser

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOSTILE = "<script>alert(1)</script>"
TEAM, REVIEW, TRAIL = "/desk/team", "/desk/review", "/desk/trail"


def entered(client: Browser, who: Operator) -> Browser:
    client.set_cookie("zone", "UTC", domain="localhost")
    with client.session_transaction() as session:
        session["_user_id"] = f"operator:{who.id}"
        session["_fresh"] = True
    return client


@pytest.fixture
def olga(now: datetime) -> Operator:
    return an_operator(now, name="Olga")


@pytest.fixture
def vera(now: datetime) -> Operator:
    return an_operator(now, name="Vera", role=Role.LEAD)


@pytest.fixture
def desk(client: Browser, olga: Operator) -> Browser:
    return entered(client, olga)


@pytest.fixture
def lead(client: Browser, vera: Operator) -> Browser:
    return entered(client, vera)


def text_of(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def row_of(page: str, name: str) -> list[str]:
    """The cells of the first row of a table that begins with this name."""
    rows = re.findall(r"<tr[^>]*>\s*<th scope=\"row\">(.*?)</tr>", page, re.DOTALL)
    cells = (re.split(r"</t[hd]>", row) for row in rows)
    plain = ([re.sub(r"<[^>]+>|\s+", " ", cell).strip() for cell in row] for row in cells)
    return next(row[1:-1] for row in plain if row[0].startswith(name))


def a_closed_case(at: datetime, who: Operator, **given: Any) -> EscalationCase:
    return a_case(
        at - DAY,
        **{
            "status": CaseStatus.CLOSED,
            "next_action_at": None,
            "closed_at": at,
            "closed_by_id": who.id,
            "ending": Ending.UNREACHABLE,
            **given,
        },
    )


def flagged(now: datetime, who: Operator, note: str = "Are they a shop?") -> EscalationCase:
    return a_case(now, flagged_at=now, flagged_by_id=who.id, flag_note=note)


def last_week() -> datetime:
    return last_weeks(utcnow(), site_zone(), 2)[0].begins_at + DAY


def fresh(case: EscalationCase) -> EscalationCase:
    db.session.expire_all()
    return db.session.get_one(EscalationCase, case.id)


def decisions() -> list[LeadReview]:
    return db.session.query(LeadReview).order_by(LeadReview.at).all()


class TestRefusals:
    @pytest.mark.parametrize("path", [REVIEW, TRAIL, f"{TRAIL}/trail.csv"])
    def test_an_operator_is_refused_what_is_for_leads(self, desk: Browser, path: str) -> None:
        assert desk.get(path).status_code == 403

    def test_an_operator_cannot_decide(self, desk: Browser, olga: Operator, now: datetime) -> None:
        case = flagged(now, olga)
        assert desk.get(f"{REVIEW}/{case.id}").status_code == 403
        assert desk.press(f"{REVIEW}/{case.id}", decision="well_done").status_code == 403
        assert decisions() == []

    @pytest.mark.parametrize("path", [TEAM, REVIEW, TRAIL, f"{TEAM}/plots/calls.svg"])
    def test_a_stranger_is_asked_who_they_are(self, client: Browser, path: str) -> None:
        assert "/staff/login" in client.get(path).location

    def test_nobody_confirms_what_was_written_to_another(
        self, lead: Browser, olga: Operator, vera: Operator, now: datetime
    ) -> None:
        review = a_word(a_closed_case(now, olga), olga, vera, now)
        assert lead.press(f"{TEAM}/words/{review.id}").status_code == 403
        assert decisions()[0].read_at is None

    def test_the_navigation_shows_leads_more_than_operators(
        self, client: Browser, olga: Operator, vera: Operator
    ) -> None:
        page = text_of(entered(client, olga), TEAM)
        assert 'href="/desk/team"' in page
        assert 'href="/desk/review"' not in page
        page = text_of(entered(client, vera), TEAM)
        assert 'href="/desk/review"' in page
        assert 'href="/desk/trail"' in page


def a_word(
    case: EscalationCase, olga: Operator, vera: Operator, now: datetime, comment: str = "Well."
) -> LeadReview:
    return saved(
        LeadReview(
            case_id=case.id,
            operator_id=olga.id,
            lead_id=vera.id,
            was_flagged=False,
            decision=LeadDecision.DO_OTHERWISE,
            comment=comment,
            seconds=180,
            at=now,
        )
    )


class TestTeam:
    def test_an_operator_sees_themselves_and_the_totals(
        self, desk: Browser, olga: Operator, now: datetime
    ) -> None:
        boris, shop = an_operator(now, name="Boris"), a_shop(now)
        for who, minutes in ((olga, 12), (boris, 30)):
            facts = {"shop_id": shop.id, "result": CallResult.BUSY, "started_at": now - timedelta(seconds=1)}
            saved(Call(operator_id=who.id, minutes=minutes, **facts))
        page = text_of(desk, TEAM)
        assert row_of(page, "Olga") == ["0", "0", "1", "12", "–", "–", "0", "0"]
        assert row_of(page, "Everybody together") == ["0", "0", "2", "42", "–", "–", "0", "0"]
        assert "Boris" not in page

    def test_a_lead_sees_everybody_by_name(self, lead: Browser, olga: Operator, now: datetime) -> None:
        an_operator(now, name="Boris")
        an_operator(now, name="Zoe gone", is_active=False)
        page = text_of(lead, TEAM)
        assert page.index("Boris") < page.index("Olga") < page.index("Vera")
        assert "Zoe gone" not in page

    def test_who_left_stays_in_the_figures_while_they_are_of_these_days(
        self, lead: Browser, now: datetime
    ) -> None:
        a_closed_case(now - timedelta(seconds=1), an_operator(now, name="Zoe", is_active=False))
        assert row_of(text_of(lead, TEAM), "Zoe")[0] == "1"

    def test_without_any_work_there_is_nothing_to_draw(self, desk: Browser) -> None:
        page = text_of(desk, TEAM)
        assert page.count("Nothing to draw yet.") == 5
        assert "<img" not in page.split("The rhythm of the team")[1]

    def test_every_plot_is_a_picture_with_a_table_beside_it(
        self, desk: Browser, olga: Operator, now: datetime
    ) -> None:
        case = a_closed_case(now - timedelta(seconds=1), olga)
        facts = {"minutes": 3, "result": CallResult.CALL_BACK, "started_at": now - HOUR}
        saved(Call(shop_id=case.outreach.shop_id, operator_id=olga.id, cases=[case], **facts))
        page = text_of(desk, TEAM)
        assert "Calls in four weeks: 1, answered: 1." in page
        assert page.count("As a table") == 3
        for name in ("answered", "calls", "cases", "answers", "promises"):
            for size in ("", "?size=narrow"):
                answer = desk.get(f"{TEAM}/plots/{name}.svg{size}")
                assert answer.mimetype == "image/svg+xml"
                drawn = answer.get_data(as_text=True)
                assert "<svg" in drawn
                assert "prefers-color-scheme:dark" in drawn
                assert "kozea.github.io" not in drawn

    def test_there_is_no_other_plot(self, desk: Browser) -> None:
        assert desk.get(f"{TEAM}/plots/salaries.svg").status_code == 404

    def test_what_the_lead_wrote_is_read_and_goes(
        self, desk: Browser, olga: Operator, vera: Operator, now: datetime
    ) -> None:
        case = a_closed_case(now, olga)
        review = a_word(case, olga, vera, now, f"Ask for Ivanova. {HOSTILE}")
        page = text_of(desk, TEAM)
        assert "Your lead wrote" in page
        assert "Ask for Ivanova. &lt;script&gt;" in page
        assert "I have read it" in text_of(desk, f"/desk/cases/{case.id}")
        assert desk.press(f"{TEAM}/words/{review.id}").location == TEAM
        assert decisions()[0].read_at is not None
        assert "Ask for Ivanova" not in text_of(desk, TEAM)
        page = text_of(desk, f"/desk/cases/{case.id}")
        assert "Ask for Ivanova" in page
        assert "I have read it" not in page


class TestFlag:
    def test_an_operator_flags_a_case_and_goes_on(self, desk: Browser, now: datetime) -> None:
        case = a_case(now)
        assert 'id="flag"' in text_of(desk, f"/desk/cases/{case.id}")
        answer = desk.press(f"/desk/cases/{case.id}/flag", note="Is this the same shop?")
        assert answer.location == f"/desk/cases/{case.id}"
        assert fresh(case).flag_note == "Is this the same shop?"
        page = text_of(desk, f"/desk/cases/{case.id}")
        assert "Flagged for the lead" in page
        assert "Is this the same shop?" in page

    def test_an_empty_note_is_asked_for(self, desk: Browser, now: datetime) -> None:
        case = a_case(now)
        answer = desk.press(f"/desk/cases/{case.id}/flag", note=" ")
        assert answer.status_code == 422
        assert "what is not clear" in answer.get_data(as_text=True)

    def test_on_a_case_closed_meanwhile_the_note_is_kept_on_the_page(
        self, desk: Browser, olga: Operator, now: datetime
    ) -> None:
        case = a_closed_case(now, olga)
        answer = desk.press(f"/desk/cases/{case.id}/flag", note="They called <me>.")
        assert answer.status_code == 409
        page = answer.get_data(as_text=True)
        assert "This case has been closed." in page
        assert "They called &lt;me&gt;." in page


class TestReview:
    def test_flagged_cases_and_the_sample_stand_on_one_page(
        self, lead: Browser, olga: Operator, vera: Operator, now: datetime
    ) -> None:
        unclear = flagged(now, olga, "Two names, one phone?")
        sampled, own = a_closed_case(last_week(), olga), a_closed_case(last_week(), vera)
        page = text_of(lead, REVIEW)
        assert "Two names, one phone?" in page
        assert f"{REVIEW}/{unclear.id}" in page
        assert f"{REVIEW}/{sampled.id}" in page
        assert f"{REVIEW}/{own.id}" not in page
        assert "0 of 20 minutes used this week" in page

    def test_with_nothing_to_do_it_says_so(self, lead: Browser) -> None:
        page = text_of(lead, REVIEW)
        assert "Nothing is flagged." in page
        assert "Nobody closed a case in that week." in page

    def test_a_decision_leads_to_the_next_case(self, lead: Browser, olga: Operator, now: datetime) -> None:
        first, second = flagged(now - HOUR, olga), flagged(now, olga)
        page = text_of(lead, f"{REVIEW}/{first.id}")
        assert "Are they a shop?" in page
        opened_at = re.search(r'name="opened_at"[^>]*value="(\d+)"', page)
        assert opened_at is not None
        answer = lead.press(
            f"{REVIEW}/{first.id}",
            decision="do_otherwise",
            comment="Ask for Ivanova.",
            opened_at=str(int(opened_at[1]) - 120),
            seen="0",
        )
        assert answer.location == f"{REVIEW}/{second.id}"
        (review,) = decisions()
        assert (review.operator_id, review.decision) == (olga.id, LeadDecision.DO_OTHERWISE)
        assert 119 <= review.seconds <= 180
        assert "2 of 20 minutes used this week" in text_of(lead, f"{REVIEW}/{second.id}")

    def test_the_last_decision_leads_back_to_the_list(
        self, lead: Browser, olga: Operator, now: datetime
    ) -> None:
        case = flagged(now, olga)
        answer = lead.press(f"{REVIEW}/{case.id}", decision="well_done", seen="0")
        assert answer.location == REVIEW

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({}, "Please choose one of them."),
            ({"decision": "do_otherwise"}, "what should be done otherwise"),
            ({"decision": "talk", "comment": " "}, "what you want to talk about"),
            ({"decision": "close", "comment": "Enough of <it>."}, "Please choose how the case ends."),
            ({"decision": "praise"}, "Not a valid choice"),
        ],
    )
    def test_what_is_missing_is_said_and_nothing_typed_is_lost(
        self, lead: Browser, olga: Operator, now: datetime, typed: dict[str, str], said: str
    ) -> None:
        case = flagged(now, olga)
        answer = lead.press(f"{REVIEW}/{case.id}", seen="0", opened_at="1900000000", **typed)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert said in page
        assert 'value="1900000000"' in page
        assert ("Enough of &lt;it&gt;." in page) == ("Enough" in typed.get("comment", ""))
        assert decisions() == []

    def test_a_lead_closes_a_flagged_case(self, lead: Browser, olga: Operator, now: datetime) -> None:
        case = flagged(now, olga)
        lead.press(f"{REVIEW}/{case.id}", decision="close", ending="no_longer_needed", seen="0")
        assert fresh(case).ending is Ending.NO_LONGER_NEEDED

    def test_the_second_of_two_leads_sees_what_the_first_decided(
        self, client: Browser, olga: Operator, vera: Operator, now: datetime
    ) -> None:
        case, other = flagged(now, olga), an_operator(now, name="Lena", role=Role.LEAD)
        entered(client, vera).press(f"{REVIEW}/{case.id}", decision="well_done", comment="Fine.", seen="0")
        lena = entered(client, other)
        answer = lena.press(f"{REVIEW}/{case.id}", decision="talk", comment="Come and see me.", seen="0")
        page = answer.get_data(as_text=True)
        assert answer.status_code == 409
        assert "Fine." in page
        assert "Come and see me." in page
        # Who decides all the same has the first decision before their eyes now.
        lena.press(f"{REVIEW}/{case.id}", decision="talk", comment="Come and see me.", seen="1")
        assert [review.lead.name for review in decisions()] == ["Vera", "Lena"]

    def test_a_sampled_case_cannot_be_closed_again(
        self, lead: Browser, olga: Operator, now: datetime
    ) -> None:
        case = a_closed_case(last_week(), olga)
        assert 'value="close"' not in text_of(lead, f"{REVIEW}/{case.id}")
        answer = lead.press(f"{REVIEW}/{case.id}", decision="close", ending="declined", seen="0")
        assert answer.status_code == 422
        lead.press(f"{REVIEW}/{case.id}", decision="well_done", seen="0")
        assert "well done" in text_of(lead, REVIEW)

    @pytest.mark.parametrize(("opened_at", "seconds"), [("", 0), ("soon", 0), ("9" * 40, 0), ("0", 900)])
    def test_a_strange_time_of_opening_counts_as_little_or_as_the_most(
        self, lead: Browser, olga: Operator, now: datetime, opened_at: str, seconds: int
    ) -> None:
        case = flagged(now, olga)
        lead.press(f"{REVIEW}/{case.id}", decision="well_done", opened_at=opened_at, seen="0")
        assert decisions()[0].seconds == seconds


def a_trail(now: datetime, who: Operator) -> EscalationCase:
    """Two changes of a case, one of nobody, and a correction of its shop."""
    shop = a_shop(now, "tools.ru", name="=Tools & Co")
    case = a_case(now, an_outreach(now, shop=shop))
    facts = {"case_id": case.id, "shop_id": shop.id}
    note_change("shop_taken", now - 3 * HOUR, who.id, shop_id=shop.id)
    note_change("call_logged", now - 2 * HOUR, who.id, **facts, result="busy", minutes=4)
    note_change("something_new", now - HOUR, None, subject="text:greeting")
    db.session.commit()
    correction = {"what": "name_set", "facts": {"old": "tools.ru", "new": HOSTILE}, "operator_id": who.id}
    saved(Correction(shop_id=shop.id, source=DoorSource.OPERATOR, at=now - 2.5 * HOUR, **correction))
    return case


def told(page: str) -> list[str]:
    return [
        " ".join(re.sub(r"<[^>]+>", " ", part).split())
        for part in re.findall(r"trail-what\">(.*?)</span>", page, re.DOTALL)
    ]


class TestTrail:
    def test_the_newest_stands_first_and_corrections_stand_among_the_rest(
        self, lead: Browser, olga: Operator, now: datetime
    ) -> None:
        case = a_trail(now, olga)
        page = text_of(lead, TRAIL)
        sentences = ["something_new", "a call of 4 min: Busy.", "Changed the name from", "Took the shop"]
        assert [n for line in told(page) for n, said in enumerate(sentences) if said in line] == [0, 1, 2, 3]
        assert HOSTILE not in page
        assert "by itself" in page
        assert case.outreach.discount_request.number in page

    @pytest.mark.parametrize(
        ("asked", "count"),
        [
            ("what=call_logged", 1),
            ("what=shop:name_set", 1),
            ("what=nonsense", 0),
            ("shop=tools.ru", 3),
            ("shop=other.ru", 0),
            ("who={olga}", 3),
            ("who=nobody", 4),
            ("case={number}", 1),
            ("case=R-00000", 0),
            ("day={today}", 4),
            ("day=1999-01-01", 0),
            ("day=someday", 4),
            ("after=~~", 4),
            ("after=x~y~z", 4),
            ("after=999999999999999999999999999999~~", 4),
        ],
    )
    def test_the_trail_is_asked_for_a_part(
        self, lead: Browser, olga: Operator, asked: str, count: int
    ) -> None:
        noon = utcnow().replace(hour=12, minute=0, second=0, microsecond=0)
        case = a_trail(noon, olga)
        facts = {"olga": olga.id, "number": case.outreach.discount_request.number.lower()}
        page = text_of(lead, f"{TRAIL}?" + asked.format(**facts, today=f"{noon:%Y-%m-%d}"))
        assert len(told(page)) == count

    def test_pages_follow_each_other_without_a_gap_or_a_repetition(
        self, lead: Browser, olga: Operator, now: datetime
    ) -> None:
        shop = a_shop(now)
        for n in range(70):
            note_change("text_changed", now - n * HOUR, olga.id, text=f"entry{n:02}")
        db.session.commit()
        for n in range(70):
            # Several of the same moment, as one press of a button leaves them.
            at = now - (n // 7) * HOUR
            facts = {"what": "name_set", "facts": {"old": f"old{n:02}", "new": "x"}, "at": at}
            saved(Correction(shop_id=shop.id, source=DoorSource.OPERATOR, operator_id=olga.id, **facts))
        seen: list[str] = []
        path: str | None = TRAIL
        while path is not None:
            page = text_of(lead, path)
            seen += re.findall(r"entry\d\d|old\d\d", " ".join(told(page)))
            further = re.search(r'rel="next"\s+href="([^"]+)"', page)
            path = further[1].replace("&amp;", "&") if further else None
        assert len(seen) == 140
        assert len(set(seen)) == 140

    def test_the_file_holds_what_the_page_shows_and_no_formulas(
        self, lead: Browser, olga: Operator, now: datetime
    ) -> None:
        a_trail(now, olga)
        answer = lead.get(f"{TRAIL}/trail.csv?shop=tools.ru")
        assert answer.mimetype == "text/csv"
        assert "attachment" in answer.headers["Content-Disposition"]
        head, *rows = csv.reader(io.StringIO(answer.get_data(as_text=True)))
        assert head[:4] == ["time", "who", "key", "what"]
        assert [row[2] for row in rows] == ["call_logged", "shop:name_set", "shop_taken"]
        assert {row[5] for row in rows} == {"'=Tools & Co"}

    def test_a_case_shows_its_own_trail(self, desk: Browser, olga: Operator, now: datetime) -> None:
        case, other = a_trail(now, olga), a_case(now)
        page = text_of(desk, f"/desk/cases/{case.id}")
        assert "Wrote down a call of 4 min: Busy." in page
        assert "Took the shop in hand." in page
        assert "Wrote down a call" not in text_of(desk, f"/desk/cases/{other.id}")
