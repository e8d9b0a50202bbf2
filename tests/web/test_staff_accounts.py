import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pyotp
import pytest
from flask import Flask

from discount_broker.accounts.models import Operator, Role, StaffSession
from discount_broker.accounts.queries.staff import list_staff_sessions, pending_secret
from discount_broker.accounts.use_cases import (
    begin_second_factor,
    confirm_second_factor,
    create_operator,
    end_session,
)
from discount_broker.kernel.db import db
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.messaging.models import Delivery
from discount_broker.settings import Settings
from tests.builders import a_buyer
from tests.web.conftest import Browser

PASSWORD = "a sentence of hers"
EMAIL = "olga@desk.example"


@pytest.fixture
def olga(client: Browser, now: datetime) -> UUID:
    return create_operator(EMAIL, "Olga", PASSWORD, Role.OPERATOR, now)


@pytest.fixture
def ada(client: Browser, now: datetime) -> UUID:
    return create_operator("ada@desk.example", "Ada", PASSWORD, Role.ADMIN, now)


@pytest.fixture
def second(app: Flask, client: Browser) -> Browser:
    """Another browser, in another place."""
    made = app.test_client()
    assert isinstance(made, Browser)
    made.environ_base |= {
        "HTTP_ACCEPT_LANGUAGE": "en",
        "REMOTE_ADDR": "203.0.113.1",
        "HTTP_USER_AGENT": "Mozilla/5.0 (iPhone) Safari/604.1",
    }
    return made


def row_of(operator_id: UUID) -> Operator:
    db.session.expire_all()
    return db.session.get_one(Operator, operator_id)


def enter(browser: Browser, operator_id: UUID) -> None:
    answer = browser.press("/staff/login", email=row_of(operator_id).email, password=PASSWORD)
    assert answer.location == "/desk/"


def protect(operator_id: UUID, now: datetime) -> tuple[pyotp.TOTP, list[str]]:
    """A second factor whose next code is good: that of the step before was spent."""
    begin_second_factor(operator_id)
    totp = pyotp.TOTP(pending_secret(operator_id) or "")
    before = now - timedelta(seconds=30)
    return totp, confirm_second_factor(operator_id, totp.at(before), before)


class TestTwoSteps:
    def test_a_right_password_alone_opens_nothing(self, client: Browser, olga: UUID, now: datetime) -> None:
        protect(olga, now)
        answer = client.press("/staff/login", email=row_of(olga).email, password=PASSWORD, next="/desk/mail")
        assert answer.location == "/staff/login/code"
        assert client.get("/desk/").location.startswith("/staff/login")
        assert client.get("/desk/me").status_code == 302
        assert list_staff_sessions(olga, now) == []
        assert client.get("/staff/login/code").status_code == 200

    def test_the_code_opens_what_was_wanted(self, client: Browser, olga: UUID, now: datetime) -> None:
        totp, _ = protect(olga, now)
        client.press("/staff/login", email=row_of(olga).email, password=PASSWORD, next="/desk/mail")
        wrong = client.press("/staff/login/code", code="000000")
        assert wrong.status_code == 422
        assert "wrong, or it was used before" in wrong.text
        assert client.press("/staff/login/code", code=totp.at(now)).location == "/desk/mail"
        assert client.get("/desk/me").status_code == 200

    def test_a_code_somebody_has_read_over_the_shoulder_is_worth_nothing(
        self, client: Browser, second: Browser, olga: UUID, now: datetime
    ) -> None:
        totp, _ = protect(olga, now)
        code = totp.at(now)
        for browser in (client, second):
            browser.press("/staff/login", email=row_of(olga).email, password=PASSWORD)
        assert client.press("/staff/login/code", code=code).location == "/desk/"
        assert second.press("/staff/login/code", code=code).status_code == 422
        assert second.get("/desk/").status_code == 302

    def test_a_recovery_code_opens_once(
        self, client: Browser, second: Browser, olga: UUID, now: datetime
    ) -> None:
        _, codes = protect(olga, now)
        for browser in (client, second):
            browser.press("/staff/login", email=row_of(olga).email, password=PASSWORD)
        assert client.press("/staff/login/code", code=codes[0].upper()).location == "/desk/"
        assert second.press("/staff/login/code", code=codes[0]).status_code == 422
        assert "9 recovery codes are left" in client.get("/desk/me").text

    def test_without_the_first_step_there_is_no_second(self, client: Browser, olga: UUID) -> None:
        assert client.get("/staff/login/code").location == "/staff/login"
        assert client.press("/staff/login/code", code="123456").location == "/staff/login"

    def test_the_second_step_waits_ten_minutes(self, client: Browser, olga: UUID, now: datetime) -> None:
        totp, _ = protect(olga, now)
        client.press("/staff/login", email=row_of(olga).email, password=PASSWORD)
        with client.session_transaction() as session:
            session["halfway"] |= {"since": (now - timedelta(minutes=11)).isoformat()}
        assert client.press("/staff/login/code", code=totp.at(now)).location == "/staff/login"
        assert client.get("/desk/").status_code == 302

    def test_whoever_is_closed_between_the_steps_stays_out(
        self, client: Browser, olga: UUID, now: datetime
    ) -> None:
        totp, _ = protect(olga, now)
        client.press("/staff/login", email=row_of(olga).email, password=PASSWORD)
        row_of(olga).is_active = False
        db.session.commit()
        assert client.press("/staff/login/code", code=totp.at(now)).status_code == 422
        assert client.get("/desk/").status_code == 302


class TestWrongTries:
    def test_an_account_waits_after_five_wherever_they_come_from_and_does_not_tell_whether_it_exists(
        self, settings: Settings, make_app: Callable[[Settings], Flask], olga: UUID
    ) -> None:
        app = make_app(settings)
        app.config.update(WTF_CSRF_ENABLED=False)

        def knock(address: str, password: str, number: int) -> int:
            client = app.test_client()
            client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
            return client.post("/staff/login", data={"email": address, "password": password}).status_code

        nobody = "nobody@desk.example"
        for address in (EMAIL.upper(), nobody):
            assert [knock(address, "a wrong password", n) for n in range(7)] == [422] * 5 + [429] * 2
        assert knock(EMAIL, PASSWORD, 99) == 429, "the right one waits as well"
        another = create_operator(f"b{EMAIL}", "Bob", PASSWORD, Role.OPERATOR, row_of(olga).created_at)
        assert [knock(row_of(another).email, PASSWORD, n) for n in range(7)] == [302] * 7

    def test_wrong_codes_are_counted_for_the_account_too(
        self, client: Browser, olga: UUID, now: datetime
    ) -> None:
        totp, _ = protect(olga, now)
        client.press("/staff/login", email=row_of(olga).email, password=PASSWORD)
        tries = []
        for number in range(6):
            client.environ_base["REMOTE_ADDR"] = f"192.0.2.{100 + number}"
            tries.append(client.press("/staff/login/code", code="000000").status_code)
        assert tries == [422] * 5 + [429]
        assert client.press("/staff/login/code", code=totp.at(now)).status_code == 429

    def test_a_page_that_says_wait_gives_no_password_back(self, client: Browser, olga: UUID) -> None:
        enter(client, olga)
        for _ in range(5):
            client.press("/desk/me/password", known="wrong", password="secret sentence", again="x")
        answer = client.press("/desk/me/password", known=PASSWORD, password="secret sentence", again="x")
        assert answer.status_code == 429
        assert PASSWORD not in answer.text
        assert "secret sentence" not in answer.text


class TestSessions:
    def test_a_browser_signed_out_from_another_one_is_out_at_its_next_page(
        self, client: Browser, second: Browser, olga: UUID, now: datetime
    ) -> None:
        enter(client, olga)
        enter(second, olga)
        page = client.get("/desk/me").text
        assert "Safari, iPhone" in page
        assert "this one" in page
        (other,) = [row for row in list_staff_sessions(olga, now) if row.browser == "Safari, iPhone"]
        with second.session_transaction() as session:
            session["typed"] = "something of hers"
        client.press(f"/desk/me/sessions/{other.id}/end")
        assert second.get("/desk/").location.startswith("/staff/login")
        with second.session_transaction() as session:
            assert "typed" not in session
        assert client.get("/desk/me").status_code == 200

    def test_all_others_are_signed_out_at_once(self, client: Browser, second: Browser, olga: UUID) -> None:
        enter(client, olga)
        enter(second, olga)
        client.press("/desk/me/sessions/end-others")
        assert second.get("/desk/").status_code == 302
        assert "1 other browser is signed out" in client.get("/desk/me").text

    def test_nobody_signs_somebody_else_out(
        self, client: Browser, second: Browser, olga: UUID, ada: UUID, now: datetime
    ) -> None:
        enter(client, olga)
        enter(second, ada)
        (hers,) = list_staff_sessions(ada, now)
        assert client.press(f"/desk/me/sessions/{hers.id}/end").status_code == 404
        assert second.get("/desk/me").status_code == 200

    def test_logging_out_ends_the_session_so_that_a_copied_cookie_is_worth_nothing(
        self, client: Browser, second: Browser, olga: UUID
    ) -> None:
        enter(client, olga)
        cookie = client.get_cookie("broker")
        assert cookie is not None
        second.set_cookie("broker", cookie.value)
        assert second.get("/desk/me").status_code == 200
        client.press("/logout")
        second.set_cookie("broker", cookie.value)
        assert second.get("/desk/me").status_code == 302

    def test_a_cookie_that_names_no_session_is_nobodys(self, client: Browser, olga: UUID) -> None:
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = f"operator:{olga}", True
        assert client.get("/desk/").status_code == 302

    def test_being_used_is_kept_but_a_page_that_renews_itself_is_nobody(
        self, client: Browser, olga: UUID, now: datetime
    ) -> None:
        enter(client, olga)
        (session,) = list_staff_sessions(olga, now)
        session.seen_at = long_ago = now - timedelta(hours=1)
        db.session.commit()
        client.get("/desk/me", headers={"HX-Request": "true"})
        assert db.session.get_one(StaffSession, session.id).seen_at == long_ago
        client.get("/desk/me")
        assert db.session.get_one(StaffSession, session.id).seen_at >= now

    def test_a_new_password_is_asked_for_twice_and_signs_out_the_rest(
        self, client: Browser, second: Browser, olga: UUID
    ) -> None:
        enter(client, olga)
        enter(second, olga)
        typo = client.press("/desk/me/password", known=PASSWORD, password="a new sentence", again="a new")
        assert typo.status_code == 422
        assert "a new sentence" not in typo.text
        wrong = client.press(
            "/desk/me/password", known="no", password="a new sentence", again="a new sentence"
        )
        assert "not your present password" in wrong.text
        done = client.press(
            "/desk/me/password", known=PASSWORD, password="a new sentence", again="a new sentence"
        )
        assert done.location == "/desk/me"
        assert client.get("/desk/me").status_code == 200
        assert second.get("/desk/me").status_code == 302


class TestSettingUp:
    def test_from_my_account_picture_code_and_recovery_codes(
        self, client: Browser, olga: UUID, now: datetime
    ) -> None:
        enter(client, olga)
        assert "data:image/svg+xml" not in client.get("/desk/me").text
        assert row_of(olga).totp_secret is None, "looking makes none"
        client.press("/desk/me/second-factor")
        page = client.get("/desk/me")
        assert "data:image/svg+xml" in page.text
        assert page.headers["Cache-Control"] == "no-store"
        secret = pending_secret(olga)
        assert secret is not None
        assert re.search(r'class="secret">([A-Z2-7 ]+)<', page.text).group(1).replace(" ", "") == secret
        assert client.press("/desk/me/second-factor/confirm", code="000000").status_code == 422
        done = client.press("/desk/me/second-factor/confirm", code=pyotp.TOTP(secret).at(now))
        codes = re.findall(r"<code>([a-z0-9]{5}-[a-z0-9]{5})</code>", done.text)
        assert len(codes) == 10
        assert done.headers["Cache-Control"] == "no-store"
        again = client.get("/desk/me").text
        assert not any(code in again for code in codes), "shown once"
        assert secret not in again.replace(" ", "")

    def test_it_is_turned_off_with_password_and_code(
        self, client: Browser, olga: UUID, now: datetime
    ) -> None:
        enter(client, olga)
        _, codes = protect(olga, now)
        off = "/desk/me/second-factor/off"
        assert client.press(off, password="wrong", code=codes[0]).status_code == 422
        assert client.press(off, password=PASSWORD, code="000000").status_code == 422
        assert client.press(off, password=PASSWORD, code=codes[0]).location == "/desk/me"
        assert row_of(olga).totp_confirmed_at is None

    def test_new_recovery_codes_are_made_with_a_code(
        self, client: Browser, olga: UUID, now: datetime
    ) -> None:
        enter(client, olga)
        totp, _ = protect(olga, now)
        wrong = client.press("/desk/me/second-factor/codes", **{"renew-code": "000000"})
        assert wrong.status_code == 422
        right = client.press("/desk/me/second-factor/codes", **{"renew-code": totp.at(now)})
        assert len(re.findall(r"<code>[a-z0-9]{5}-", right.text)) == 10

    def test_beginning_anew_over_one_in_use_changes_nothing(
        self, client: Browser, olga: UUID, now: datetime
    ) -> None:
        enter(client, olga)
        protect(olga, now)
        kept = row_of(olga).totp_secret
        client.press("/desk/me/second-factor")
        assert row_of(olga).totp_secret == kept

    def test_leads_and_admins_are_urged_to_have_one(
        self, client: Browser, second: Browser, olga: UUID, ada: UUID
    ) -> None:
        enter(client, olga)
        enter(second, ada)
        assert "set up a second factor" not in client.get("/desk/me").text
        assert "set up a second factor" in second.get("/desk/me").text

    def test_where_a_role_must_have_one_nothing_else_opens_before(
        self, app: Flask, client: Browser, olga: UUID, ada: UUID, now: datetime, settings: Settings
    ) -> None:
        app.extensions["settings"] = replace(settings, require_second_factor="lead")
        try:
            enter(client, ada)
            assert client.get("/desk/staff").location == "/desk/me"
            assert client.press("/desk/staff", name="Eve").location == "/desk/me"
            assert "One thing before you go on" in client.get("/desk/me").text
            protect(ada, now)
            assert client.get("/desk/staff").status_code == 200
            client.press("/logout")
            enter(client, olga)
            assert client.get("/desk/stops").status_code == 200, "operators need none here"
        finally:
            app.extensions["settings"] = settings


class TestStaffPage:
    def test_an_admin_invites_and_the_invited_comes_in_by_the_letter(
        self, client: Browser, second: Browser, ada: UUID, now: datetime
    ) -> None:
        enter(client, ada)
        address = "lena@desk.example"
        answer = client.press("/desk/staff", email=address, name="Lena", role="lead")
        operator = db.session.query(Operator).filter_by(email=address).one()
        assert answer.location == f"/desk/staff/{operator.id}"
        assert "has not come in yet" in client.get("/desk/staff").text
        letter = db.session.query(Delivery).filter_by(address=address).one()
        path = re.search(r"/staff/password/\w+", letter.text).group()
        assert "Lena" in second.get(path).text
        assert second.press(path, password="password12", again="password12").status_code == 422
        done = second.press(path, password="her own sentence", again="her own sentence")
        assert done.location == "/staff/login"
        assert second.get("/desk/").status_code == 302, "a link alone logs nobody in"
        assert second.get(path).status_code == 404, "it works once"
        entered = second.press("/staff/login", email=address, password="her own sentence")
        assert entered.location == "/desk/"

    def test_what_was_typed_into_a_refused_invitation_is_kept(self, client: Browser, ada: UUID) -> None:
        enter(client, ada)
        answer = client.press("/desk/staff", email="lena@", name="Lena", role="lead")
        assert answer.status_code == 422
        assert 'value="lena@"' in answer.text
        assert 'value="Lena"' in answer.text

    def test_a_link_for_a_forgotten_password_is_good_for_two_hours(
        self, client: Browser, olga: UUID, now: datetime
    ) -> None:
        email = row_of(olga).email
        known = client.press("/staff/password", email=email)
        unknown = client.press("/staff/password", email="b" + email)
        words = [re.sub(r'name="csrf_token" value="[^"]*"', "", page.text) for page in (known, unknown)]
        assert words[0] == words[1].replace("b" + email, email)
        assert db.session.query(Delivery).count() == 1
        row = row_of(olga)
        path = f"/staff/password/{issue_token(Purpose.STAFF_PASSWORD, row.password_link_id, now)}"
        assert client.get(path).status_code == 200
        row.password_link_until = now - timedelta(minutes=1)
        db.session.commit()
        assert client.get(path).status_code == 410

    def test_an_admin_changes_an_account(self, client: Browser, olga: UUID, ada: UUID) -> None:
        enter(client, ada)
        client.press(f"/desk/staff/{olga}", name="Olga P.", role="lead", extension="214")
        operator = row_of(olga)
        assert (operator.name, operator.role, operator.extension) == ("Olga P.", Role.LEAD, "214")
        refused = client.press(f"/desk/staff/{olga}", name="Olga Q.", role="lead", extension="2;4")
        assert refused.status_code == 422
        assert 'value="Olga Q."' in refused.text

    def test_a_closed_account_is_out_at_once(
        self, client: Browser, second: Browser, olga: UUID, ada: UUID
    ) -> None:
        enter(client, ada)
        enter(second, olga)
        client.press(f"/desk/staff/{olga}/deactivate")
        assert second.get("/desk/").status_code == 302
        assert "closed" in client.get(f"/desk/staff/{olga}").text
        client.press(f"/desk/staff/{olga}/password-link")
        assert db.session.query(Delivery).count() == 0
        client.press(f"/desk/staff/{olga}/reactivate")
        enter(second, olga)

    def test_somebody_is_signed_out_everywhere(
        self, client: Browser, second: Browser, olga: UUID, ada: UUID
    ) -> None:
        enter(client, ada)
        enter(second, olga)
        assert "in 1 browser" in client.get(f"/desk/staff/{olga}").text
        client.press(f"/desk/staff/{olga}/sign-out")
        assert second.get("/desk/stops").status_code == 302
        assert client.get("/desk/staff").status_code == 200

    def test_the_last_admin_stays(self, client: Browser, ada: UUID) -> None:
        enter(client, ada)
        client.press(f"/desk/staff/{ada}/deactivate")
        assert "only admin left" in client.get("/desk/me").text
        refused = client.press(f"/desk/staff/{ada}", name="Ada", role="operator", extension="")
        assert refused.status_code == 422
        assert row_of(ada).role is Role.ADMIN

    def test_a_lost_second_factor_is_taken_away(
        self, client: Browser, second: Browser, olga: UUID, ada: UUID, now: datetime
    ) -> None:
        enter(client, ada)
        protect(olga, now)
        assert "Take the second factor away" in client.get(f"/desk/staff/{olga}").text
        client.press(f"/desk/staff/{olga}/reset-second-factor")
        enter(second, olga)

    def test_an_account_that_is_none_is_not_found(self, client: Browser, ada: UUID) -> None:
        enter(client, ada)
        for act in ("", "/deactivate", "/reactivate", "/reset-second-factor", "/sign-out", "/password-link"):
            assert client.press(f"/desk/staff/{uuid4()}{act}").status_code == 404
        assert client.get(f"/desk/staff/{uuid4()}").status_code == 404


def test_the_desk_shows_nobody_the_links_in_letters_to_others(
    client: Browser, olga: UUID, ada: UUID, now: datetime
) -> None:
    buyer = a_buyer(now, email=row_of(ada).email)
    client.press("/staff/password", email=buyer.email)
    client.press("/login", email=buyer.email)
    tokens = {
        re.search(r"/(?:login|password)/(\w+)", letter.text).group(1) for letter in db.session.query(Delivery)
    }
    assert len(tokens) == 2
    enter(client, olga)
    page = client.get(f"/desk/buyers/{buyer.id}", follow_redirects=True)
    assert page.status_code == 200
    assert "Your login link" in page.text
    assert not any(token in page.text for token in tokens)


def test_a_session_that_was_ended_does_not_keep_a_page_from_being_shown(
    client: Browser, olga: UUID, now: datetime
) -> None:
    enter(client, olga)
    (session,) = list_staff_sessions(olga, now)
    end_session(olga, session.id, now)
    assert client.get("/").status_code == 200
