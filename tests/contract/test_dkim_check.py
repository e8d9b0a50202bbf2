"""DKIM signatures, with keys that lie at a name server."""

from base64 import b64encode

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from discount_broker.adapters.dkim_check import DkimCheck
from tests.contract.name_servers import FAILING, SILENT, Zone, answering

MAIL = b"From: Shop <sales@mail.shop.ru>\r\nTo: r@in.broker.test\r\nSubject: Re\r\n\r\n10 %\r\n"
KEY = rsa.generate_private_key(65537, 2048)
PRIVATE = KEY.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
PUBLIC = b64encode(KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
RECORD = f'"v=DKIM1; k=rsa; p=" "{PUBLIC[:200]}" "{PUBLIC[200:]}"'
ZONE: Zone = {
    f"s1._domainkey.{domain}": {"TXT": [RECORD]} for domain in ("shop.ru", "other.ru", "mail.shop.ru")
}


def signed(content: bytes = MAIL, domain: str = "shop.ru", **given: object) -> bytes:
    header: bytes = dkim.sign(content, b"s1", domain.encode(), PRIVATE, **given)
    return header + content


def check(content: bytes) -> dict[str, str]:
    with answering(ZONE) as server:
        return DkimCheck(server.resolver()).check(content)


@pytest.mark.parametrize("domain", ["shop.ru", "mail.shop.ru"])
def test_a_signature_of_the_same_organisation_proves_the_sender(domain: str) -> None:
    assert check(signed(domain=domain)) == {"dkim": "pass", "domain": "shop.ru", "by": "us"}


def test_the_envelope_written_above_a_mail_breaks_no_signature() -> None:
    assert check(b"Return-Path: <sales@shop.ru>\r\n" + signed())["domain"] == "shop.ru"


def test_a_signature_of_somebody_else_proves_nothing() -> None:
    assert check(signed(domain="other.ru")) == {"dkim": "pass", "by": "us"}


def test_among_many_signatures_that_of_the_sender_is_found() -> None:
    content = signed()
    for _ in range(6):
        content = signed(content, "other.ru")
    assert check(content)["domain"] == "shop.ru"


def test_a_changed_mail_proves_nothing() -> None:
    assert check(signed().replace(b"10 %", b"90 %")) == {"dkim": "fail", "by": "us"}


def test_a_mail_without_a_signature_is_told_from_one_with_a_wrong_one() -> None:
    assert check(MAIL) == {"dkim": "none", "by": "us"}


def test_text_added_below_the_signed_part_proves_nothing() -> None:
    assert "domain" not in check(signed(length=True) + b"90 %\r\n")


def test_a_second_sender_above_the_signed_one_proves_nothing() -> None:
    assert "domain" not in check(b"From: boss@evil.ru\r\n" + signed())


def test_a_signature_with_sha_1_proves_nothing() -> None:
    assert "domain" not in check(signed(signature_algorithm=b"rsa-sha1"))


def test_a_key_that_was_withdrawn_proves_nothing() -> None:
    assert check(signed(domain="gone.ru"))["dkim"] == "fail"


@pytest.mark.parametrize("domain", [SILENT, FAILING])
def test_name_servers_that_do_not_answer_say_nothing_against_a_mail(domain: str) -> None:
    assert check(signed(domain=domain)) == {"dkim": "temperror", "by": "us"}


@pytest.mark.parametrize(
    "signature",
    [
        b"DKIM-Signature: \r\n",
        b"DKIM-Signature: v=1; d=shop.ru\r\n",
        b"DKIM-Signature: v=1; a=rsa-sha256; d=shop.ru; s=s1; h=from; bh=?; b=?\r\n",
        b"DKIM-Signature: v=1; a=x; d=\xff.ru; d=shop.ru; s=s1; h=from; bh=x; b=x\r\n",
        b"DKIM-Signature: v=1; l=-1; a=rsa-sha256; d=shop.ru; s=s1; h=from; bh=x; b=x; t=x\r\n",
    ],
)
def test_a_signature_that_makes_no_sense_breaks_nothing(signature: bytes) -> None:
    assert check(signature + MAIL)["dkim"] in ("fail", "permerror")


def test_bytes_that_are_no_mail_break_nothing() -> None:
    for content in (b"", b"\xff\x00\r\n", b"DKIM-Signature"):
        assert check(content) == {"dkim": "none", "by": "us"}


@pytest.mark.parametrize(
    "content",
    [
        signed(MAIL + b" " * 2_000_000 + b"x\r\n", canonicalize=(b"relaxed", b"simple")),
        signed(MAIL + b"x\r\n" * 4_000_000, canonicalize=(b"relaxed", b"simple")),
        b"Subject: " + b"x\r\n " * 100_000 + b"\r\n" + signed(),
    ],
    ids=["blanks", "size", "headers"],
)
def test_a_mail_made_to_keep_us_busy_is_not_checked(content: bytes) -> None:
    assert check(content) == {"dkim": "policy", "by": "us"}
