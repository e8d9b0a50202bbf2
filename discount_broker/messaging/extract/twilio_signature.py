"""Whether a callback was signed with our Twilio token. Pure."""

import base64
import hmac
from collections.abc import Iterable
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

USUAL_PORTS = {"https": 443, "http": 80}


def is_signed(token: str, url: str, form: Iterable[tuple[str, str]], body: bytes, signature: str) -> bool:
    """Whether `signature` fits the address Twilio called, as it stands on the outside, and what it posted.

    A form is signed with its fields; anything else by the hash of its body, which the address carries.
    """
    claimed = parse_qs(urlsplit(url).query).get("bodySHA256")
    fields = [] if claimed else sorted(set(form))
    if claimed and not hmac.compare_digest(claimed[0], sha256(body).hexdigest()):
        return False
    return any(_same(sign(token, spelling, fields), signature) for spelling in spellings(url))


def sign(token: str, url: str, fields: Iterable[tuple[str, str]] = ()) -> str:
    signed = url + "".join(name + value for name, value in fields)
    return base64.b64encode(hmac.digest(token.encode(), signed.encode(), "sha1")).decode()


def spellings(url: str) -> tuple[str, ...]:
    """The address with and without the port that goes without saying: Twilio signs either."""
    parts = urlsplit(url)
    usual = USUAL_PORTS.get(parts.scheme)
    host = parts.netloc.removesuffix(f":{usual}")
    if parts.port not in (None, usual):
        return (url,)
    return tuple(parts._replace(netloc=netloc).geturl() for netloc in (host, f"{host}:{usual}"))


def _same(expected: str, given: str) -> bool:
    return hmac.compare_digest(expected.encode(), given.encode())
