"""E-mail addresses as people type them. Pure."""

from email_validator import EmailNotValidError, validate_email

from discount_broker.kernel.errors import Refused

FREE_SERVICES = (
    "gmail.com mail.ru yandex.ru ya.ru bk.ru list.ru inbox.ru rambler.ru internet.ru yandex.by "
    "yandex.kz ukr.net i.ua tut.by yahoo.com hotmail.com outlook.com live.com icloud.com aol.com "
    "msn.com gmx.de gmx.net gmx.at web.de t-online.de freenet.de orange.fr wanadoo.fr free.fr "
    "laposte.net btinternet.com googlemail.com proton.me protonmail.com seznam.cz wp.pl o2.pl "
    "libero.it abv.bg yandex.com yandex.ua vk.com narod.ru mail.com me.com mac.com ymail.com "
    "hotmail.de hotmail.fr outlook.de outlook.fr live.ru zoho.com fastmail.com"
)
FREE_MAIL = frozenset(FREE_SERVICES.split())
"""Domains at which anybody may have a mailbox: an address there says nothing of where its owner works."""


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
