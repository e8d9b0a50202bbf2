"""Signs mail so that its recipient can tell that it is ours (DKIM, RFC 6376 and 8463)."""

import base64
import re
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from pathlib import Path

import dkim
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from discount_broker.adapters.mail_composition import one_address
from discount_broker.messaging.ports import PermanentFailure
from discount_broker.settings import WrongSetting

SMALLEST_RSA = 2048
SELECTOR = re.compile(
    r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*", re.IGNORECASE
)
SIGNED = (
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "reply-to",
    "in-reply-to",
    "references",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "auto-submitted",
    "feedback-id",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "content-language",
)
"""Each is named once more than it stands in the mail: nobody can add a second one on the way. One-click
unsubscribe counts only where both of its headers are signed (RFC 8058 §3.1)."""


@dataclass(frozen=True)
class DkimSigner:
    """Puts a signature in front of a mail."""

    domain: str
    selector: str
    algorithm: str
    key: bytes = field(repr=False)
    """As dkimpy takes it: PEM of PKCS#1, or the Ed25519 seed in base64."""

    def __call__(self, content: bytes) -> bytes:
        headers = BytesHeaderParser().parsebytes(content)
        named = [name for name in SIGNED for _ in range(len(headers.get_all(name, [])) + 1)]
        signature: bytes = dkim.sign(
            content,
            self.selector.encode(),
            self.domain.encode(),
            self.key,
            canonicalize=(b"relaxed", b"relaxed"),
            signature_algorithm=self.algorithm.encode(),
            include_headers=[name.encode() for name in named],
        )
        return signature + content


def load_signer(key_file: str, selector: str, mail_from: str) -> DkimSigner:
    """Read the key; its public half stands in the DNS at `<selector>._domainkey.<domain of mail_from>`.

    Raises:
        WrongSetting: it cannot be used, and why.

    """
    if not SELECTOR.fullmatch(selector):
        raise WrongSetting(
            "BROKER_DKIM_SELECTOR must be the name of the public key in the DNS, like broker2030"
        )
    algorithm, key = _read_key(key_file)
    return DkimSigner(_domain_of(mail_from), selector.lower(), algorithm, key)


def _domain_of(mail_from: str) -> str:
    try:
        return one_address(mail_from).rpartition("@")[2].lower()
    except PermanentFailure:
        raise WrongSetting(
            "BROKER_MAIL_FROM must be one e-mail address, like requests@discounts.example"
        ) from None


def _read_key(key_file: str) -> tuple[str, bytes]:
    try:
        written = Path(key_file).read_bytes()
    except OSError as trouble:
        raise _wrong(key_file, f"cannot be read ({trouble.strerror or type(trouble).__name__})") from None
    try:
        key = load_pem_private_key(written, password=None)
    except TypeError:
        raise _wrong(key_file, "is locked with a password; the service has nobody to ask for it") from None
    except (ValueError, UnsupportedAlgorithm):
        raise _wrong(key_file, "holds no private key in PEM") from None
    if isinstance(key, Ed25519PrivateKey):
        return "ed25519-sha256", base64.b64encode(key.private_bytes_raw())
    if not isinstance(key, RSAPrivateKey):
        raise _wrong(key_file, "is neither an RSA nor an Ed25519 key")
    if key.key_size < SMALLEST_RSA:
        raise _wrong(key_file, f"has {key.key_size} bits; mailbox providers want {SMALLEST_RSA}")
    return "rsa-sha256", key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())


def _wrong(key_file: str, why: str) -> WrongSetting:
    return WrongSetting(f"BROKER_DKIM_KEY: {key_file} {why}")
