"""What people ask to be sent, and to be sent no more."""

from datetime import datetime, timedelta

from discount_broker.accounts.queries import find_buyer_by_email
from discount_broker.accounts.rules import normal_email
from discount_broker.kernel.site import site
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.extract.stop_words import says_stop
from discount_broker.messaging.operations import suppress
from discount_broker.notifications.catalogue import LoginLink
from discount_broker.notifications.operations import notify

LOGIN_LINK_LASTS = timedelta(minutes=30)
LONGEST_CAUSE = 300


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


def hear_text(phone: str, words: str, provider: str, now: datetime) -> bool:
    """Take a text from a phone: a stop counts at once and for good, anything else is not for us.

    Nothing is answered, for an answer would cost, and after a stop it would be one text too many.
    Returns whether it was a stop.
    """
    if not says_stop(words):
        return False
    cause = f"{provider}: {words.strip()[:LONGEST_CAUSE]}"
    with transaction():
        suppress(f"phone:{phone}", reason="sms", cause=cause, now=now)
    return True


def stop_texts(phone: str, cause: str, now: datetime) -> None:
    """Text this phone never again: its owner pressed the button."""
    with transaction():
        suppress(f"phone:{phone}", reason="page", cause=cause, now=now)
