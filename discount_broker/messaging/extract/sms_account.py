"""Which gateway sends our texts, read from one address. Pure."""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
PROVIDERS = {"kannel": "http", "kannels": "https", "twilio": "https", "smsc": "https", "folder": "file"}
"""Scheme in the settings, and the one on the wire."""
SHAPE = (
    "an SMS gateway is written kannel://user:password@host:13013, twilio://sid:token@api.twilio.com, "
    "smsc://login:password@smsc.ru or, for a demonstration, folder:///path"
)


@dataclass(frozen=True)
class SmsAccount:
    """Our account at one gateway."""

    provider: str
    """`kannel`, `twilio`, `smsc` or `folder`."""
    place: str
    """Address of its server without a path, or the folder."""
    user: str = ""
    password: str = field(default="", repr=False)


def read_account(url: str) -> SmsAccount:
    """Read the setting. Services of others are spoken to over TLS; a stand-in on this machine need not.

    Raises:
        ValueError: it is none; the message says what it should look like.

    """
    parts = urlsplit(url)
    scheme = PROVIDERS.get(parts.scheme)
    if scheme is None:
        raise ValueError(SHAPE)
    if scheme == "file":
        return SmsAccount("folder", unquote(parts.path))
    host, port = parts.hostname, parts.port  # a port that is no number is a ValueError of its own
    if not host or not parts.username or not parts.password:
        raise ValueError(SHAPE)
    if host in THIS_MACHINE and parts.scheme != "kannels":
        scheme = "http"
    name = f"[{host}]" if ":" in host else host
    return SmsAccount(
        provider=parts.scheme.removesuffix("s") if parts.scheme == "kannels" else parts.scheme,
        place=f"{scheme}://{name}:{port}" if port else f"{scheme}://{name}",
        user=unquote(parts.username),
        password=unquote(parts.password),
    )
