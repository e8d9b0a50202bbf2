"""What people ask to be sent: links to come in by."""

from datetime import datetime, timedelta
from uuid import UUID

from discount_broker.accounts.models import Operator
from discount_broker.accounts.operations.staff import (
    add_operator,
    lock_operator,
    new_password_link,
    note_of_staff,
    role_called,
)
from discount_broker.accounts.queries import find_buyer_by_email, find_operator_by_email
from discount_broker.accounts.rules import normal_email
from discount_broker.kernel.errors import IllegalTransition
from discount_broker.kernel.site import site
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.kernel.transaction import transaction
from discount_broker.notifications.catalogue import LoginLink, PasswordLink, StaffInvited
from discount_broker.notifications.operations import notify

LOGIN_LINK_LASTS = timedelta(minutes=30)
INVITATION_LASTS = timedelta(days=3)
PASSWORD_LINK_LASTS = timedelta(hours=2)


def send_login_link(email: str, language: str, now: datetime) -> None:
    """Mail a login link, if the address belongs to a buyer; the caller cannot tell whether it does.

    Raises:
        Refused: `email_invalid`.

    """
    address = normal_email(email)
    with transaction():
        buyer = find_buyer_by_email(address)
        if buyer is None:
            return
        token = issue_token(Purpose.LOGIN, buyer.id, now)
        minutes = int(LOGIN_LINK_LASTS.total_seconds() // 60)
        notify(
            LoginLink(login_url=f"{site().base_url}/login/{token}", valid_minutes=minutes),
            to=address,
            language=language,
            purpose=f"buyer:{buyer.id}:login:{now:%Y%m%d%H%M}",
            now=now,
        )


def invite_operator(
    admin_id: UUID, language: str, now: datetime, *, email: str, name: str, role: str
) -> UUID:
    """Make an account for the desk, and mail a link by which its holder chooses a password.

    Raises:
        Refused: `email_invalid`, `email_taken`, `name_missing`, `role_unknown`.

    """
    with transaction():
        operator = add_operator(email, name, role_called(role), now)
        note_of_staff("operator_invited", operator, now, admin_id, role=role)
        _invite(operator, lock_operator(admin_id), language, now)
        return operator.id


def send_password_link_to(operator_id: UUID, admin_id: UUID, language: str, now: datetime) -> None:
    """Mail an operator a link to choose a password: the invitation again, where they never came in."""
    with transaction():
        operator = lock_operator(operator_id)
        if not operator.is_active:
            raise IllegalTransition("inactive", "password link")
        note_of_staff("password_link_sent", operator, now, admin_id)
        if operator.last_login_at is None:
            _invite(operator, lock_operator(admin_id), language, now)
        else:
            _send_password_link(operator, language, now)


def send_password_link(email: str, language: str, now: datetime) -> None:
    """Mail a link to choose a password, if the address belongs to staff; the caller cannot tell whether.

    Raises:
        Refused: `email_invalid`.

    """
    address = normal_email(email)
    with transaction():
        operator = find_operator_by_email(address)
        if operator is not None:
            note_of_staff("password_link_asked", operator, now, None)
            _send_password_link(operator, language, now)


def _invite(operator: Operator, admin: Operator, language: str, now: datetime) -> None:
    url = _password_url(operator, INVITATION_LASTS, now)
    message = StaffInvited(password_url=url, invited_by=admin.name, valid_days=INVITATION_LASTS.days)
    notify(
        message,
        to=operator.email,
        language=language,
        purpose=f"operator:{operator.id}:invitation:{now:%Y%m%d%H%M%S}",
        now=now,
    )


def _send_password_link(operator: Operator, language: str, now: datetime) -> None:
    url = _password_url(operator, PASSWORD_LINK_LASTS, now)
    hours = int(PASSWORD_LINK_LASTS.total_seconds() // 3600)
    notify(
        PasswordLink(password_url=url, valid_hours=hours),
        to=operator.email,
        language=language,
        purpose=f"operator:{operator.id}:password:{now:%Y%m%d%H%M%S}",
        now=now,
    )


def _password_url(operator: Operator, lasts: timedelta, now: datetime) -> str:
    link_id = new_password_link(operator, lasts, now)
    return f"{site().base_url}/staff/password/{issue_token(Purpose.STAFF_PASSWORD, link_id, now)}"
