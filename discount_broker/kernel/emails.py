"""E-mail addresses as people type them. Pure."""

from email_validator import EmailNotValidError, validate_email

from discount_broker.kernel.errors import Refused


def normal_email(text: str) -> str:
    """The address in its one spelling (lower case, IDNA where needed).

    Raises:
        Refused: `email_invalid`.

    """
    try:
        found = validate_email(text.strip(), check_deliverability=False, test_environment=True, strict=True)
    except EmailNotValidError:
        raise Refused("email_invalid", "email") from None
    return (found.ascii_email or found.normalized).lower()
