"""Mails made to cost whoever reads them time or memory, up to the 25 MB that are taken in."""

import base64
from collections.abc import Callable

from tests.extract.inbound_mails import mail, report

MEGABYTE = 1_000_000


def nested(levels: int) -> bytes:
    heads = (f'Content-Type: multipart/mixed; boundary="{n}"\r\n\r\n--{n}\r\n' for n in range(levels))
    return "".join(heads).encode() + b"Content-Type: text/plain\r\n\r\nhi"


def many_parts(count: int) -> bytes:
    return b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * count + b"--b--"


def carried(levels: int) -> bytes:
    content = b"Subject: x\r\n\r\nhi"
    for _ in range(levels):
        coded = base64.encodebytes(content)
        content = b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n" + coded
    return content


def with_file(size: int) -> bytes:
    coded = base64.encodebytes(b"x" * size)
    return (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n5 % for you\r\n--b\r\n"
        b"Content-Type: application/pdf; name=p.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + coded
        + b"\r\n--b--\r\n"
    )


HUGE: dict[str, Callable[[], bytes]] = {
    "a hundred thousand parts": lambda: many_parts(100_000),
    "two million empty parts": lambda: (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\n" * 2_000_000
    ),
    "three thousand levels": lambda: nested(3_000),
    "levels that all end far below": lambda: nested(15) + b"\r\nx" * 8 * MEGABYTE,
    "mails in mails": lambda: b"Content-Type: message/rfc822\r\n\r\n" * 3_000,
    "mails in mails in base64": lambda: carried(15),
    "a file of 18 MB": lambda: with_file(18 * MEGABYTE),
    "25 MB of text": lambda: b"Subject: x\r\n\r\n" + b"hello there " * 2 * MEGABYTE,
    "25 MB of one line": lambda: b"Subject: x\r\n\r\n" + b"a" * 25 * MEGABYTE,
    "25 MB of headers": lambda: b"X-A: b\r\n" * 3 * MEGABYTE,
    "one header of 25 MB": lambda: b"To: " + b"a@b.test, " * 2_500_000 + b"\r\n\r\nhi",
    "a header of many lines": lambda: b"To: a@b.test\r\n" + b" x\r\n" * 5 * MEGABYTE + b"\r\nhi",
    "elements in elements": lambda: b"Content-Type: text/html\r\n\r\n" + b"<div>" * 5 * MEGABYTE,
    "entities without end": lambda: b"Content-Type: text/html\r\n\r\n" + b"&lt;" * 5 * MEGABYTE,
    "brackets of JSON": lambda: b"X-Amz-Sns-Message-Id: 1\r\n\r\n" + b"[" * MEGABYTE,
    "addresses without end": lambda: mail(
        "a@b.test " * 100_000, sender="MAILER-DAEMON@x.test", Subject="failure"
    ),
    "numbers without end": lambda: mail("скидка 5 % за 500 руб. " * 100_000),
    "boundaries that nearly match": lambda: (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b \t \t x\r\n" * 2 * MEGABYTE
    ),
    "quoted-printable of nothing": lambda: (
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=\r\n" * 8_000_000
    ),
    "a report without end": lambda: report(
        "Final-Recipient: rfc822; a@b.test\r\nAction: failed\r\n" * 300_000
    ),
    "a subject of coded words": lambda: b"Subject: " + b"=?utf-8?q?a?= " * MEGABYTE + b"\r\n\r\nhi",
}
