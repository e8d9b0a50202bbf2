"""Which e-mail addresses can be right. Pure."""

from difflib import get_close_matches

from email_validator import EmailNotValidError, validate_email

from discount_broker.kernel.errors import Refused

COMMON_DOMAINS = (
    "gmail.com", "mail.ru", "yandex.ru", "ya.ru", "bk.ru", "list.ru", "inbox.ru", "rambler.ru", "icloud.com",
    "hotmail.com", "outlook.com", "yahoo.com", "proton.me", "protonmail.com", "gmx.de", "gmx.net", "web.de",
)  # fmt: skip
"""Mail services most people use: a domain a slip away from one of them is probably a slip."""


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


def suggested_email(address: str) -> str | None:
    """What the writer probably meant, when the domain looks like a slip of a common one."""
    local, _, domain = address.partition("@")
    if domain in COMMON_DOMAINS:
        return None
    close = get_close_matches(domain, COMMON_DOMAINS, n=1, cutoff=0.84)
    return f"{local}@{close[0]}" if close else None
