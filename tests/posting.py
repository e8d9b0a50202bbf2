"""Requests as mail providers make them, signed as theirs are."""

import hmac
import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

MAILGUN_KEY = "key-test"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:mail"
AMAZON = "https://sns.eu-west-1.amazonaws.com"


def mailgun_signature(now: datetime, token: str = "a" * 50, key: str = MAILGUN_KEY) -> dict[str, str]:
    told = str(int(now.timestamp()))
    signature = hmac.new(key.encode(), f"{told}{token}".encode(), "sha256").hexdigest()
    return {"timestamp": told, "token": token, "signature": signature}


def multipart(fields: Mapping[str, str | bytes], boundary: str = "xYzZY") -> tuple[bytes, str]:
    """The body and its content type."""
    parts = [
        b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        % (boundary.encode(), name.encode(), value if isinstance(value, bytes) else value.encode())
        for name, value in fields.items()
    ]
    return b"".join(parts) + b"--%s--\r\n" % boundary.encode(), f"multipart/form-data; boundary={boundary}"


def basic(credentials: str) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(credentials.encode()).decode()}"}


@dataclass(frozen=True)
class Amazon:
    """A signer of SNS: its key, and its certificate as it lies at its address."""

    key: rsa.RSAPrivateKey
    pem: bytes

    @classmethod
    def made(cls, now: datetime, lasts: timedelta = timedelta(days=30)) -> "Amazon":
        key = rsa.generate_private_key(65537, 2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(now - timedelta(days=60))
            .not_valid_after(now + lasts)
            .sign(key, SHA256())
        )
        return cls(key, certificate.public_bytes(Encoding.PEM))

    def notification(self, message: Any, now: datetime, *, version: str = "1", **changed: str) -> bytes:
        told = {
            "Type": "Notification",
            "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
            "TopicArn": TOPIC,
            "Message": message if isinstance(message, str) else json.dumps(message),
            "Timestamp": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "SignatureVersion": version,
            "SigningCertURL": f"{AMAZON}/SimpleNotificationService-x.pem",
        } | changed
        return json.dumps(told | {"Signature": self.signature(told)}).encode()

    def confirmation(self, now: datetime, **changed: str) -> bytes:
        url = f"{AMAZON}/?Action=ConfirmSubscription&Token=t"
        changed = {"Type": "SubscriptionConfirmation", "Token": "t", "SubscribeURL": url} | changed
        return self.notification("You have chosen to subscribe", now, **changed)

    def signature(self, told: Mapping[str, str]) -> str:
        names = ["Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
        text = "".join(f"{name}\n{told[name]}\n" for name in names if name in told)
        hashed = SHA1() if told["SignatureVersion"] == "1" else SHA256()
        return b64encode(self.key.sign(text.encode(), PKCS1v15(), hashed)).decode()


def ses_mail(recipient: str, content: str | None, **receipt: Any) -> dict[str, Any]:
    verdicts = {f"{check}Verdict": {"status": "PASS"} for check in ("spf", "dkim", "dmarc", "spam", "virus")}
    told: dict[str, Any] = {
        "notificationType": "Received",
        "mail": {
            "messageId": "d6iitobk75ur44p8kdnnp7g2n800",
            "source": "sales@shop.example",
            "destination": [recipient],
            "headers": [
                {"name": "From", "value": "sales@shop.example"},
                {"name": "Subject", "value": "Re: R-7K2M9"},
            ],
        },
        "receipt": {"recipients": [recipient], "action": {"type": "SNS"}, **verdicts, **receipt},
    }
    return told if content is None else told | {"content": content}


@dataclass(frozen=True)
class SendgridSigner:
    key: ec.EllipticCurvePrivateKey

    @property
    def public(self) -> str:
        public = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return b64encode(public).decode()

    def headers(self, body: bytes, now: datetime) -> dict[str, str]:
        told = str(int(now.timestamp()))
        signature = self.key.sign(told.encode() + body, ec.ECDSA(SHA256()))
        return {
            "X-Twilio-Email-Event-Webhook-Timestamp": told,
            "X-Twilio-Email-Event-Webhook-Signature": b64encode(signature).decode(),
        }
