from datetime import datetime, timedelta
from uuid import UUID

import pyotp
import pytest
from flask import Flask

from discount_broker.accounts.models import AuditEntry, Operator, Role, StaffSession
from discount_broker.accounts.queries.staff import (
    find_staff_session,
    get_operator_by_link,
    list_accounts,
    list_staff_sessions,
    pending_secret,
)
from discount_broker.accounts.use_cases import (
    begin_second_factor,
    change_operator,
    change_password,
    check_code,
    check_password,
    choose_password,
    confirm_second_factor,
    create_operator,
    deactivate_operator,
    end_other_sessions,
    end_session,
    note_seen,
    reactivate_operator,
    renew_recovery_codes,
    reset_second_factor,
    sign_in,
    sweep_sessions,
    turn_off_second_factor,
)
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import IllegalTransition, NotFound, Refused, TokenExpired
from discount_broker.messaging.models import Delivery
from discount_broker.notifications.use_cases import (
    invite_operator,
    send_password_link,
    send_password_link_to,
)
from tests.use_cases.race import race

PASSWORD = "a sentence of hers"
STEP = timedelta(seconds=30)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def olga(app: Flask, now: datetime) -> UUID:
    return create_operator("olga@desk.example", "Olga", PASSWORD, Role.OPERATOR, now)


@pytest.fixture
def ada(app: Flask, now: datetime) -> UUID:
    return create_operator("ada@desk.example", "Ada", PASSWORD, Role.ADMIN, now)


def operator_of(operator_id: UUID) -> Operator:
    db.session.expire_all()
    return db.session.get_one(Operator, operator_id)


def begun(operator_id: UUID, now: datetime) -> UUID:
    session_id = sign_in(operator_id, "Firefox/140.0 (Linux)", "203.0.113.77", now)
    assert session_id is not None
    return session_id


def protected(operator_id: UUID, now: datetime) -> tuple[pyotp.TOTP, list[str]]:
    """A second factor that is in use; the code of this moment is spent."""
    begin_second_factor(operator_id)
    secret = pending_secret(operator_id)
    assert secret is not None
    totp = pyotp.TOTP(secret)
    return totp, confirm_second_factor(operator_id, totp.at(now), now)


def noted(operator_id: UUID) -> list[str]:
    query = db.session.query(AuditEntry).filter_by(subject=f"operator:{operator_id}")
    return [entry.what for entry in query.order_by(AuditEntry.id)]


def last_letter() -> Delivery:
    found = db.session.query(Delivery).order_by(Delivery.created_at.desc(), Delivery.id).first()
    assert found is not None
    return found


class TestSecondFactor:
    def test_it_is_asked_for_only_after_a_code_has_proved_that_the_phone_knows_it(
        self, olga: UUID, now: datetime
    ) -> None:
        begin_second_factor(olga)
        assert operator_of(olga).totp_confirmed_at is None
        with pytest.raises(Refused, match="code_wrong"):
            confirm_second_factor(olga, "000000", now)
        assert operator_of(olga).totp_confirmed_at is None
        codes = confirm_second_factor(olga, pyotp.TOTP(pending_secret(olga) or "").at(now), now)
        assert operator_of(olga).totp_confirmed_at == now
        assert len(set(codes)) == 10
        assert pending_secret(olga) is None, "nobody is shown it again"
        assert noted(olga)[-1] == "second_factor_on"

    def test_a_code_counts_once_also_the_one_it_was_set_up_with(self, olga: UUID, now: datetime) -> None:
        totp, _ = protected(olga, now)
        assert not check_code(olga, totp.at(now), now)
        assert check_code(olga, totp.at(now + STEP), now + STEP)
        assert not check_code(olga, totp.at(now + STEP), now + STEP)
        assert not check_code(olga, totp.at(now), now + STEP), "nor one from before it"

    def test_two_browsers_that_send_the_same_code_at_once_have_one_winner(
        self, app: Flask, olga: UUID, now: datetime
    ) -> None:
        totp, codes = protected(olga, now)
        code, later = totp.at(now + STEP), now + STEP
        assert sorted(race(app, *[lambda: check_code(olga, code, later)] * 3)) == [False, False, True]
        assert sorted(race(app, *[lambda: check_code(olga, codes[0], later)] * 3)) == [False, False, True]

    def test_a_recovery_code_opens_once_however_it_is_written(self, olga: UUID, now: datetime) -> None:
        _, codes = protected(olga, now)
        assert check_code(olga, codes[3].upper().replace("-", " "), now)
        assert not check_code(olga, codes[3], now)
        assert check_code(olga, codes[4], now)
        assert noted(olga)[-2:] == ["recovery_code_used"] * 2
        assert len(operator_of(olga).recovery_codes) == 8

    def test_neither_the_secret_nor_a_recovery_code_stands_in_the_database(
        self, olga: UUID, now: datetime
    ) -> None:
        begin_second_factor(olga)
        secret = pending_secret(olga)
        assert secret is not None
        assert secret not in (operator_of(olga).totp_secret or "")
        codes = confirm_second_factor(olga, pyotp.TOTP(secret).at(now), now)
        kept = " ".join(operator_of(olga).recovery_codes)
        assert not any(code in kept or code.replace("-", "") in kept for code in codes)

    def test_with_another_key_of_the_installation_no_code_fits_and_nothing_breaks(
        self, app: Flask, olga: UUID, now: datetime
    ) -> None:
        totp, codes = protected(olga, now)
        kept = app.config["SECRET_KEY"]
        app.config["SECRET_KEY"] = "another key, and long enough as well"
        try:
            assert not check_code(olga, totp.at(now + STEP), now + STEP)
            assert not check_code(olga, codes[0], now)
        finally:
            app.config["SECRET_KEY"] = kept

    def test_a_set_up_factor_cannot_be_replaced_by_beginning_anew(self, olga: UUID, now: datetime) -> None:
        protected(olga, now)
        with pytest.raises(Refused, match="factor_known"):
            begin_second_factor(olga)

    def test_turning_it_off_needs_password_and_code(self, olga: UUID, now: datetime) -> None:
        totp, _ = protected(olga, now)
        later = now + STEP
        with pytest.raises(Refused, match="password_not_yours"):
            turn_off_second_factor(olga, "not her password", totp.at(later), later)
        with pytest.raises(Refused, match="code_wrong"):
            turn_off_second_factor(olga, PASSWORD, totp.at(now), later)
        turn_off_second_factor(olga, PASSWORD, totp.at(later), later)
        operator = operator_of(olga)
        assert (operator.totp_secret, operator.totp_confirmed_at, operator.recovery_codes) == (None, None, [])

    def test_new_recovery_codes_need_the_phone_and_make_the_old_ones_worthless(
        self, olga: UUID, now: datetime
    ) -> None:
        totp, codes = protected(olga, now)
        with pytest.raises(Refused, match="code_wrong"):
            renew_recovery_codes(olga, codes[0], now)
        fresh = renew_recovery_codes(olga, totp.at(now + STEP), now + STEP)
        assert not check_code(olga, codes[0], now)
        assert check_code(olga, fresh[0], now)

    def test_an_admin_takes_it_away_and_signs_them_out_everywhere(
        self, olga: UUID, ada: UUID, now: datetime
    ) -> None:
        protected(olga, now)
        session_id = begun(olga, now)
        reset_second_factor(olga, ada, now)
        assert operator_of(olga).totp_secret is None
        assert find_staff_session(session_id, now) is None
        assert noted(olga)[-1] == "second_factor_reset"


class TestSessions:
    def test_a_session_tells_browser_and_network(self, olga: UUID, now: datetime) -> None:
        begun(olga, now)
        (session,) = list_staff_sessions(olga, now)
        assert (session.browser, session.address) == ("Firefox, Linux", "203.0.113.…")
        assert noted(olga) == ["operator_created", "signed_in"]

    def test_use_is_kept_at_most_once_a_minute(self, olga: UUID, now: datetime) -> None:
        session_id = begun(olga, now)
        note_seen(session_id, now + MINUTE / 2)
        assert db.session.get_one(StaffSession, session_id).seen_at == now
        note_seen(session_id, now + MINUTE)
        assert db.session.get_one(StaffSession, session_id).seen_at == now + MINUTE

    def test_one_that_nobody_uses_ends_and_a_busy_one_after_a_week(self, olga: UUID, now: datetime) -> None:
        session_id = begun(olga, now)
        assert find_staff_session(session_id, now + timedelta(hours=11)) is not None
        assert find_staff_session(session_id, now + timedelta(hours=12)) is None
        for hour in range(1, 7 * 24):
            note_seen(session_id, now + timedelta(hours=hour))
        assert find_staff_session(session_id, now + timedelta(days=7, hours=-1)) is not None
        assert find_staff_session(session_id, now + timedelta(days=7)) is None

    def test_the_sweep_ends_what_is_over_and_forgets_what_ended_long_ago(
        self, olga: UUID, now: datetime
    ) -> None:
        session_id = begun(olga, now)
        later = now + timedelta(hours=13)
        kept = begun(olga, later)
        sweep_sessions(later)
        assert db.session.get_one(StaffSession, session_id).ended_at == later
        sweep_sessions(later + timedelta(days=30))
        db.session.expire_all()
        assert [row.id for row in db.session.query(StaffSession)] == [kept]

    def test_one_is_ended_from_another_and_nobody_ends_somebody_elses(
        self, olga: UUID, ada: UUID, now: datetime
    ) -> None:
        here, there = begun(olga, now), begun(olga, now)
        with pytest.raises(NotFound):
            end_session(ada, there, now)
        end_session(olga, there, now)
        assert find_staff_session(there, now) is None
        assert find_staff_session(here, now) is not None

    def test_all_others_are_ended_at_once(self, olga: UUID, ada: UUID, now: datetime) -> None:
        here, hers = begun(olga, now), begun(ada, now)
        for _ in range(3):
            begun(olga, now)
        assert end_other_sessions(olga, here, now) == 3
        assert [row.id for row in list_staff_sessions(olga, now)] == [here]
        assert find_staff_session(hers, now) is not None

    def test_a_new_password_ends_the_other_sessions(self, olga: UUID, now: datetime) -> None:
        here, there = begun(olga, now), begun(olga, now)
        with pytest.raises(Refused, match="password_not_yours"):
            change_password(olga, "not her password", "another sentence", now, keep=here)
        with pytest.raises(Refused, match="password_short"):
            change_password(olga, PASSWORD, "short", now, keep=here)
        assert find_staff_session(there, now) is not None
        change_password(olga, PASSWORD, "another sentence", now, keep=here)
        assert find_staff_session(here, now) is not None
        assert find_staff_session(there, now) is None
        assert check_password("olga@desk.example", PASSWORD) is None
        assert check_password("olga@desk.example", "another sentence") is not None

    def test_a_closed_account_is_out_at_once_and_cannot_come_back(
        self, olga: UUID, ada: UUID, now: datetime
    ) -> None:
        session_id = begun(olga, now)
        deactivate_operator(olga, ada, now)
        assert find_staff_session(session_id, now) is None
        assert check_password("olga@desk.example", PASSWORD) is None
        assert sign_in(olga, "", "", now) is None
        assert not check_code(olga, "123456", now)
        reactivate_operator(olga, ada, now)
        assert find_staff_session(session_id, now) is None, "the old browser stays out"
        assert begun(olga, now)
        assert noted(olga)[-3:] == ["operator_deactivated", "operator_reactivated", "signed_in"]


class TestAdmins:
    def test_the_last_admin_can_neither_be_closed_nor_made_less(self, ada: UUID, now: datetime) -> None:
        with pytest.raises(Refused, match="last_admin"):
            deactivate_operator(ada, ada, now)
        with pytest.raises(Refused, match="last_admin"):
            change_operator(ada, ada, now, name="Ada", role="lead", extension="")
        with pytest.raises(Refused, match="last_admin"):
            create_operator("ada@desk.example", "Ada", PASSWORD, Role.LEAD, now)
        assert operator_of(ada).role is Role.ADMIN

    def test_two_admins_who_take_each_other_away_at_once_leave_one(
        self, app: Flask, ada: UUID, now: datetime
    ) -> None:
        bob = create_operator("bob@desk.example", "Bob", PASSWORD, Role.ADMIN, now)
        results = race(
            app, lambda: deactivate_operator(ada, bob, now), lambda: deactivate_operator(bob, ada, now)
        )
        assert sorted(str(result) for result in results) == ["None", "last_admin"]
        assert operator_of(ada).is_active is not operator_of(bob).is_active

    def test_name_role_and_extension_are_changed_and_the_trail_tells_by_whom(
        self, olga: UUID, ada: UUID, now: datetime
    ) -> None:
        change_operator(olga, ada, now, name="  Olga   P. ", role="lead", extension=" 2 14")
        operator = operator_of(olga)
        assert (operator.name, operator.role, operator.extension) == ("Olga P.", Role.LEAD, "214")
        entries = db.session.query(AuditEntry).filter_by(operator_id=ada).order_by(AuditEntry.id).all()
        assert [entry.what for entry in entries] == ["operator_changed", "role_changed"]
        assert entries[-1].facts == {"name": "Olga P.", "was": "operator", "role": "lead"}

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ({"name": " "}, "name_missing"),
            ({"role": "owner"}, "role_unknown"),
            ({"extension": "214;rm"}, "extension_wrong"),
            ({"extension": "1" * 21}, "extension_wrong"),
        ],
    )
    def test_what_makes_no_sense_is_refused(
        self, olga: UUID, ada: UUID, now: datetime, given: dict[str, str], code: str
    ) -> None:
        facts = {"name": "Olga", "role": "operator", "extension": "", **given}
        with pytest.raises(Refused, match=code):
            change_operator(olga, ada, now, **facts)


class TestLinks:
    def test_an_invited_operator_chooses_a_password_by_the_link_in_the_letter(
        self, ada: UUID, now: datetime
    ) -> None:
        operator_id = invite_operator(ada, "en", now, email="Lena@desk.example", name="Lena", role="lead")
        operator = operator_of(operator_id)
        assert last_letter().address == "lena@desk.example"
        link_id = operator.password_link_id
        assert link_id is not None
        choose_password(link_id, "her own sentence", now + timedelta(days=2))
        assert check_password("lena@desk.example", "her own sentence") is not None
        with pytest.raises(NotFound):
            choose_password(link_id, "a second time", now + timedelta(days=2))
        assert noted(operator_id) == ["operator_invited", "password_changed"]

    def test_an_invitation_ends_after_three_days(self, ada: UUID, now: datetime) -> None:
        operator_id = invite_operator(ada, "en", now, email="l@desk.example", name="Lena", role="lead")
        link_id = operator_of(operator_id).password_link_id
        assert link_id is not None
        with pytest.raises(TokenExpired):
            choose_password(link_id, "her own sentence", now + timedelta(days=3))
        send_password_link_to(operator_id, ada, "en", now + timedelta(days=4))
        fresh = operator_of(operator_id).password_link_id
        assert fresh not in (None, link_id)
        assert "account for the desk" in last_letter().subject, "an invitation again, not a new password"

    def test_a_newer_link_replaces_the_one_before(self, olga: UUID, now: datetime) -> None:
        send_password_link("olga@desk.example", "en", now)
        first = operator_of(olga).password_link_id
        assert first is not None
        send_password_link("Olga@desk.example", "en", now + MINUTE)
        with pytest.raises(NotFound):
            get_operator_by_link(first, now + MINUTE)

    def test_a_refused_password_leaves_the_link_good(self, olga: UUID, now: datetime) -> None:
        send_password_link("olga@desk.example", "en", now)
        link_id = operator_of(olga).password_link_id
        assert link_id is not None
        with pytest.raises(Refused, match="password_common"):
            choose_password(link_id, "password123", now)
        session_id = begun(olga, now)
        choose_password(link_id, "another sentence", now)
        assert find_staff_session(session_id, now) is None, "whoever else was in is out"

    def test_an_unknown_address_and_one_of_somebody_who_left_get_no_letter(
        self, olga: UUID, ada: UUID, now: datetime
    ) -> None:
        deactivate_operator(olga, ada, now)
        send_password_link("olga@desk.example", "en", now)
        send_password_link("nobody@desk.example", "en", now)
        assert db.session.query(Delivery).count() == 0
        with pytest.raises(IllegalTransition):
            send_password_link_to(olga, ada, "en", now)

    def test_nobody_is_invited_twice(self, olga: UUID, ada: UUID, now: datetime) -> None:
        with pytest.raises(Refused, match="email_taken"):
            invite_operator(ada, "en", now, email="OLGA@desk.example", name="Olga", role="lead")


def test_an_account_made_at_the_server_may_lose_its_second_factor_there(olga: UUID, now: datetime) -> None:
    protected(olga, now)
    create_operator("olga@desk.example", "Olga", PASSWORD, Role.OPERATOR, now)
    assert operator_of(olga).totp_confirmed_at is not None
    create_operator("olga@desk.example", "Olga", PASSWORD, Role.OPERATOR, now, without_second_factor=True)
    assert operator_of(olga).totp_confirmed_at is None


def test_everybody_stands_in_the_list_with_when_they_were_seen(olga: UUID, ada: UUID, now: datetime) -> None:
    begun(olga, now)
    deactivate_operator(olga, ada, now)
    assert [(entry.operator.name, entry.seen_at) for entry in list_accounts()] == [
        ("Ada", None),
        ("Olga", now),
    ]
