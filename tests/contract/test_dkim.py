"""Signatures as a mailbox provider checks them."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from discount_broker.adapters.dkim_signing import DkimSigner, load_signer
from discount_broker.adapters.mail_composition import compose
from discount_broker.adapters.smtp import SmtpChannel
from discount_broker.messaging.ports import OutgoingMessage
from discount_broker.settings import WrongSetting
from tests.contract.mail_servers import WordyRelay, wordily_relaying
from tests.contract.test_channels import MESSAGE

MAIL_FROM = "requests@broker.test"
PrivateKey = rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey


def rsa_key(size: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, size)


def in_file(
    folder: Path,
    key: PrivateKey,
    form: PrivateFormat = PrivateFormat.PKCS8,
    lock: KeySerializationEncryption | None = None,
) -> str:
    path = folder / "dkim.pem"
    path.write_bytes(key.private_bytes(Encoding.PEM, form, lock or NoEncryption()))
    return str(path)


@dataclass
class Installation:
    """A signer, and the DNS record an administrator would publish for it."""

    signer: DkimSigner
    record: bytes

    def finds(self, name: bytes, timeout: float = 5) -> bytes | None:
        return self.record if name.rstrip(b".") == b"broker2030._domainkey.broker.test" else None

    def accepts(self, content: bytes) -> bool:
        return bool(dkim.verify(content, dnsfunc=self.finds))


def with_rsa(folder: Path, form: PrivateFormat) -> Installation:
    key = rsa_key()
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    signer = load_signer(in_file(folder, key, form), "broker2030", MAIL_FROM)
    return Installation(signer, b"v=DKIM1; k=rsa; p=" + base64.b64encode(public))


def with_ed25519(folder: Path) -> Installation:
    key = ed25519.Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    signer = load_signer(in_file(folder, key), "broker2030", MAIL_FROM)
    return Installation(signer, b"v=DKIM1; k=ed25519; p=" + base64.b64encode(public))


@pytest.fixture(
    scope="module",
    params=[
        lambda folder: with_rsa(folder, PrivateFormat.PKCS8),
        lambda folder: with_rsa(folder, PrivateFormat.TraditionalOpenSSL),
        with_ed25519,
    ],
    ids=["rsa", "rsa in the old form", "ed25519"],
)
def installation(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    make: Callable[[Path], Installation] = request.param
    return make(tmp_path_factory.mktemp("keys"))


def written(message: OutgoingMessage = MESSAGE) -> bytes:
    now = datetime(2030, 1, 14, 9, tzinfo=UTC)
    return compose(message, mail_from=MAIL_FROM, mail_domain="in.broker.test", now=now)


def signed_names(content: bytes) -> list[str]:
    signature = content.partition(b"\r\n\r\n")[0].split(b"h=")[1].partition(b";")[0]
    return [name.strip().lower() for name in signature.decode().split(":")]


def test_a_signed_mail_is_believed(installation: Installation) -> None:
    content = installation.signer(written())
    assert content.startswith(b"DKIM-Signature: ")
    assert installation.accepts(content)
    head = content.partition(b"\r\nFrom:")[0]
    assert b"c=relaxed/relaxed" in head
    assert b"d=broker.test" in head, "the domain of From: that is what DMARC compares"


def test_the_signature_covers_the_button_to_stop_us(installation: Installation) -> None:
    names = signed_names(installation.signer(written()))
    assert {"from", "list-unsubscribe", "list-unsubscribe-post", "feedback-id", "reply-to"} <= set(names)
    long = replace(MESSAGE, stop_url="https://broker.test/stop/" + "x" * 800)
    assert installation.accepts(installation.signer(written(long)))


@pytest.mark.parametrize(
    ("said", "forged"),
    [
        (b"List-Unsubscribe: <https://broker.test", b"List-Unsubscribe: <https://thief.test"),
        (b"List-Unsubscribe-Post: List-Unsubscribe=One-Click", b"List-Unsubscribe-Post: no"),
        (b"Reply-To: reply+abc", b"Reply-To: other+abc"),
        (b"To: sales@shop.test", b"To: other@shop.test"),
        (b"Content-Type: multipart/alternative", b"Content-Type: multipart/mixed"),
        (b"\r\n\r\n--", b"\r\n\r\nBuy now!\r\n--"),
    ],
)
def test_a_mail_that_was_changed_is_not_believed(
    installation: Installation, said: bytes, forged: bytes
) -> None:
    content = installation.signer(written())
    assert content.count(said) >= 1
    assert not installation.accepts(content.replace(said, forged, 1))


@pytest.mark.parametrize("name", ["From", "Subject", "Reply-To", "List-Unsubscribe", "Content-Type"])
def test_a_second_header_of_a_kind_cannot_be_slipped_in(installation: Installation, name: str) -> None:
    content = installation.signer(written())
    assert not installation.accepts(f"{name}: thief@thief.test\r\n".encode() + content)
    assert not installation.accepts(content.replace(b"\r\n\r\n", f"\r\n{name}: x@y\r\n\r\n".encode(), 1))


def test_what_a_relay_may_do_on_the_way_does_no_harm(installation: Installation) -> None:
    content = installation.signer(written())
    assert installation.accepts(b"Received: from a by b\r\nX-Spam: no\r\n" + content + b"\r\n\r\n")
    assert installation.accepts(content.replace(b"Subject: ", b"SUBJECT:   ", 1))


@pytest.mark.parametrize(
    "change",
    [
        {"to": "заказ@магазин.рф"},
        {"html": None},
        {"stop_url": ""},
        {"by_hand": True, "in_reply_to": "<a@shop.test>"},
        {"text": "Конец\n\n\n", "html": "<p>" + "ж " * 5000},
    ],
)
def test_every_kind_of_mail_can_be_signed(installation: Installation, change: dict[str, object]) -> None:
    assert installation.accepts(installation.signer(written(replace(MESSAGE, **change))))


def test_the_signature_stands_what_the_relay_hears(installation: Installation) -> None:
    text = ".\n..\n.dots at the beginning of lines\n"
    with wordily_relaying(WordyRelay()) as relay:
        channel = SmtpChannel(
            relay.url, mail_from=MAIL_FROM, mail_domain="in.broker.test", sign=installation.signer
        )
        channel.send(replace(MESSAGE, text=text))
    assert installation.accepts(relay.mails[0])


def test_another_key_in_the_dns_convinces_nobody(installation: Installation, tmp_path: Path) -> None:
    is_rsa = installation.signer.algorithm.startswith("rsa")
    other = with_rsa(tmp_path, PrivateFormat.PKCS8) if is_rsa else with_ed25519(tmp_path)
    assert not other.accepts(installation.signer(written()))


def locked(folder: Path) -> str:
    return in_file(folder, ed25519.Ed25519PrivateKey.generate(), lock=BestAvailableEncryption(b"secret"))


def public_half(folder: Path) -> str:
    path = folder / "public.pem"
    key = ed25519.Ed25519PrivateKey.generate().public_key()
    path.write_bytes(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return str(path)


def nonsense(folder: Path) -> str:
    (folder / "nonsense.pem").write_bytes(
        b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n\xff"
    )
    return str(folder / "nonsense.pem")


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda folder: str(folder / "nowhere.pem"), "cannot be read"),
        (str, "cannot be read"),
        (nonsense, "holds no private key in PEM"),
        (public_half, "holds no private key in PEM"),
        (locked, "is locked with a password"),
        (lambda folder: in_file(folder, rsa_key(1024)), "has 1024 bits"),
        (lambda folder: in_file(folder, ec.generate_private_key(ec.SECP256R1())), "neither an RSA nor"),
    ],
    ids=["missing", "a folder", "nonsense", "public half", "locked", "short", "elliptic"],
)
def test_a_key_that_cannot_sign_is_refused_before_anything_is_sent(
    tmp_path: Path, make: Callable[[Path], str], why: str
) -> None:
    with pytest.raises(WrongSetting, match=f"BROKER_DKIM_KEY: .*{why}"):
        load_signer(make(tmp_path), "broker2030", MAIL_FROM)


@pytest.mark.parametrize("selector", ["", "a b", "-a", "a.", "a\r\nb", "х"])
def test_a_selector_that_is_no_name_is_refused(tmp_path: Path, selector: str) -> None:
    key = in_file(tmp_path, ed25519.Ed25519PrivateKey.generate())
    with pytest.raises(WrongSetting, match="BROKER_DKIM_SELECTOR"):
        load_signer(key, selector, MAIL_FROM)


def test_without_a_domain_to_sign_for_there_is_no_signature(tmp_path: Path) -> None:
    key = in_file(tmp_path, ed25519.Ed25519PrivateKey.generate())
    with pytest.raises(WrongSetting, match="BROKER_MAIL_FROM"):
        load_signer(key, "broker2030", "nobody")
