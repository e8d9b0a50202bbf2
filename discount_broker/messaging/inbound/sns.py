"""Amazon SNS: what a notification is signed with, and whether it is of our topic."""

import re
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.x509 import Certificate, load_pem_x509_certificate

from discount_broker.messaging.inbound.parcel import NotAuthentic, NotReadable, Parcel, iso_moment

AMAZON = re.compile(r"sns\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?")
HASHES = {"1": SHA1, "2": SHA256}
NOTIFICATION, CONFIRMATION = "Notification", "SubscriptionConfirmation"
SIGNED = {
    NOTIFICATION: ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    CONFIRMATION: ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    "UnsubscribeConfirmation": (
        "Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type",
    ),
}  # fmt: skip
TOLD_FOR, AHEAD = timedelta(days=24), timedelta(minutes=5)
"""A notification is repeated for up to 23 days under the time at which it was first published."""

ReadCertificate = Callable[[str], bytes]
"""Gets the PEM at an address that was found to be Amazon's.

Raises:
    NotAuthentic: it cannot be had now.

"""


@dataclass(frozen=True)
class Notification:
    """A message of our topic that Amazon signed."""

    kind: str
    message_id: str
    message: str
    subscribe_url: str = ""


def check(
    parcel: Parcel, topics: tuple[str, ...], read_certificate: ReadCertificate, now: datetime
) -> Notification:
    """The notification, once its signature is found to be Amazon's and its topic ours.

    A valid signature does not prove the topic: anybody can have one of their own. So the topic is
    looked at first, and nothing is fetched for anybody else's.

    Raises:
        NotAuthentic, NotReadable

    """
    told = parcel.json()
    if not isinstance(told, dict) or not all(isinstance(value, str) for value in _signed(told).values()):
        raise NotReadable("no notification of SNS")
    _check_topic(told, parcel, topics)
    _check_time(told, now)
    _check_signature(told, read_certificate(certificate_url(told)), now)
    subscribe_url = str(told.get("SubscribeURL", ""))
    if subscribe_url and not amazons(subscribe_url):
        raise NotAuthentic("subscription elsewhere")
    return Notification(told["Type"], told["MessageId"], told["Message"], subscribe_url)


def string_to_sign(told: dict[str, Any]) -> bytes:
    return "".join(f"{name}\n{value}\n" for name, value in _signed(told).items()).encode()


def certificate_url(told: dict[str, Any]) -> str:
    """Where the signer's certificate lies.

    Raises:
        NotAuthentic: not at Amazon's.

    """
    url = amazons(told.get("SigningCertURL"))
    if not url.endswith(".pem"):
        raise NotAuthentic("certificate from elsewhere")
    return url


def amazons(url: object) -> str:
    """The address, if it is one of SNS over https and nothing but that; else nothing."""
    try:
        parts = urlsplit(str(url or ""))
        is_plain = parts.port in (None, 443) and "@" not in parts.netloc and "\\" not in str(url)
    except ValueError:
        return ""
    is_theirs = parts.scheme == "https" and AMAZON.fullmatch(parts.hostname or "") is not None
    return parts.geturl() if is_theirs and is_plain else ""


def _signed(told: dict[str, Any]) -> dict[str, Any]:
    """The signed fields in their order; a subject only where there is one."""
    names = SIGNED.get(str(told.get("Type")), ("Type",))
    return {name: told.get(name) for name in names if name != "Subject" or told.get(name) is not None}


def _check_topic(told: dict[str, Any], parcel: Parcel, topics: tuple[str, ...]) -> None:
    if (
        told["Type"] not in SIGNED
        or parcel.headers.get("x-amz-sns-message-type", told["Type"]) != told["Type"]
    ):
        raise NotAuthentic("header and body disagree")
    if told["TopicArn"] not in topics:
        raise NotAuthentic("another topic")


def _check_time(told: dict[str, Any], now: datetime) -> None:
    if not now - TOLD_FOR <= iso_moment(told["Timestamp"]) <= now + AHEAD:
        raise NotAuthentic("signed too long ago, or by a clock that is ahead")


def _check_signature(told: dict[str, Any], pem: bytes, now: datetime) -> None:
    hashed = HASHES.get(str(told.get("SignatureVersion")))
    if hashed is None:
        raise NotAuthentic("unknown version of the signature")
    try:
        certificate = load_pem_x509_certificate(pem)
        signature = b64decode(str(told.get("Signature")), validate=True)
        _rsa_key(certificate).verify(signature, string_to_sign(told), PKCS1v15(), hashed())
    except (ValueError, InvalidSignature):
        raise NotAuthentic("wrong signature") from None
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        raise NotAuthentic("certificate out of date")


def _rsa_key(certificate: Certificate) -> RSAPublicKey:
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey):
        raise ValueError("not a key of RSA")  # noqa: TRY004 - said of what came, not of our code
    return key
