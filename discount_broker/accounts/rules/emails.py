"""Which e-mail addresses can be right. Pure."""

from difflib import get_close_matches

from discount_broker.kernel.emails import normal_email

__all__ = ["COMMON_DOMAINS", "normal_email", "suggested_email"]

COMMON_DOMAINS = (
    "gmail.com", "mail.ru", "yandex.ru", "ya.ru", "bk.ru", "list.ru", "inbox.ru", "rambler.ru", "icloud.com",
    "hotmail.com", "outlook.com", "yahoo.com", "proton.me", "protonmail.com", "gmx.de", "gmx.net", "web.de",
)  # fmt: skip
"""Mail services most people use: a domain a slip away from one of them is probably a slip."""


def suggested_email(address: str) -> str | None:
    """What the writer probably meant, when the domain looks like a slip of a common one."""
    local, _, domain = address.partition("@")
    if domain in COMMON_DOMAINS:
        return None
    close = get_close_matches(domain, COMMON_DOMAINS, n=1, cutoff=0.84)
    return f"{local}@{close[0]}" if close else None
