"""Whatever bytes come in, they are read as something. How soon, `python -m benchmarks mail` says."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discount_broker.outreach.inbound import read_inbound, read_inbound_text
from discount_broker.outreach.status import ReplyKind
from tests.extract.hostile_mails import HUGE, MEGABYTE, with_file
from tests.extract.inbound_mails import FAILED, mail, report


@pytest.mark.parametrize("name", HUGE)
def test_a_mail_made_to_take_long_is_read_to_its_end(name: str) -> None:
    assert read_inbound(HUGE[name]()).kind in ReplyKind


def test_a_large_file_hides_neither_the_words_nor_its_size() -> None:
    read = read_inbound(with_file(18 * MEGABYTE))
    assert read.reply_text == "5 % for you"
    assert [(file.name, file.size) for file in read.attachments] == [("p.pdf", 18 * MEGABYTE)]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff\xfe",
        b"Content-Type: text/plain; charset=no-such-thing\r\n\r\n\xef\xf0\xe8\xe2\xe5\xf2",
        b"Subject: =?utf-8?b?!!!?=\r\nFrom: =?x?q?=ff?= <\r\n\r\nhi",
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" * 2,
        b"Content-Transfer-Encoding: base64\r\n\r\n%%%%",
        b"From: MAILER-DAEMON@x\r\nContent-Type: message/delivery-status\r\n\r\nFinal-Recipient",
        b"Content-Type: text/html\r\n\r\n<?xml version='1.0' encoding='utf-16'?><p>hi",
        b"Content-Type: text/html\r\n\r\n" + b"<div>" * 20_000,
        b"To: " + b"a@b.c, " * 5_000 + b"\r\n\r\nhi",
        b"".join(
            b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(3000)
        ),
        b"Content-Type: message/rfc822\r\n\r\n" * 3000,
    ],
)
def test_any_bytes_are_read_as_something(content: bytes) -> None:
    assert read_inbound(content).kind in ReplyKind


def test_damaged_mail_never_stops_the_reader() -> None:
    chance = random.Random(7)
    whole = report(FAILED.format(action="failed", status="5.1.1", said="550 no"), text="<a@b.test>: unknown")
    for _ in range(300):
        damaged = bytearray(whole)
        for _ in range(chance.randrange(1, 30)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        assert read_inbound(bytes(damaged)).kind in ReplyKind


@pytest.mark.parametrize(
    "line",
    ["On ", "> ", "12.01.2030 ", "-" * 50 + "\n", "From: ", "a" * 200 + "@", " \t", "On 1 " * 30 + "\n"],
)
def test_a_hostile_body_is_read_to_its_end(line: str) -> None:
    """A pattern that backtracks over these would take hours, not milliseconds."""
    read_inbound_text(line * (150_000 // len(line)))
    read_inbound(
        mail(
            "x\n" + (line * (100_000 // len(line)))[:90_000],
            sender="MAILER-DAEMON@x.test",
            Subject="failure notice",
        )
    )


@pytest.mark.parametrize(
    "line", ["\n", "--\n", "> \n", "_" * 20 + "\n\n", "a\n\n\n\n", "От:\n", "On 1.1.2030\n"]
)
def test_a_letter_made_to_take_long_is_read_to_its_end(line: str) -> None:
    read_inbound_text("Нет\n" + line * (200_000 // len(line)) + "\nда")
    read_inbound_text(line * (200_000 // len(line)))


PIECES = st.sampled_from(
    [
        b"\r\n",
        b"\n",
        b"--b",
        b"--b--",
        b"Content-Type: multipart/mixed; boundary=b",
        b"Content-Type: message/rfc822",
        b"Content-Type: message/delivery-status",
        b"Content-Type: text/html; charset=utf-7",
        b"Content-Transfer-Encoding: base64",
        b"Final-Recipient: rfc822; a@b.test",
        b"From: MAILER-DAEMON@x.test",
        b"Subject: =?koi8-r?b?/w==?= failure notice",
        b"Date: Thu, 10 Jan 2030 12:00:00 +0300",
        b"> quoted",
        b"On 1.1.2030 a@b.test wrote:",
        "скидка 5 % до 15.02".encode(),
        b"R-7K2M9",
        b"=?utf-8?q?=0D=0A?=",
        b"\xff\xfe\x00",
        b"<div><blockquote>",
    ]
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(PIECES, st.binary(max_size=20)), max_size=40).map(b"\r\n".join))
def test_no_bytes_stop_the_reader(content: bytes) -> None:
    read = read_inbound(content)
    assert read.kind in ReplyKind
    assert "\n" not in read.subject + read.sender
    assert len(read.attachments) <= 20


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=2_000))
def test_noise_is_read_as_something(content: bytes) -> None:
    assert read_inbound(content).kind in ReplyKind


ODD = st.sampled_from(
    [
        "name",
        "*",
        "0",
        "1",
        "=",
        ";",
        '"',
        "'",
        "utf-8",
        "%FF",
        "\\",
        "(",
        ")",
        "=?",
        "?b?",
        "?q?",
        "?=",
        "YW",
        "<",
        ">",
        "@",
    ]
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(["Subject", "From", "To", "Date", "Content-Type", "Content-Disposition", "References"]),
    st.data(),
)
def test_no_header_stops_the_reader(name: str, data: st.DataObject) -> None:
    value = "".join(data.draw(st.lists(st.one_of(ODD, st.text(max_size=3)), max_size=30)))
    read = read_inbound(f"{name}: application/pdf; {value}\r\n\r\nhi".encode("utf-8", "replace"))
    assert read.kind in ReplyKind


@pytest.mark.parametrize("word", ["=?utf-8?b?", "=?utf-8?b?YWJjZ?=", "=?utf-8?q?a?=", "=?x?b?====?="])
def test_coded_words_that_are_damaged_are_shown_as_they_stand(word: str) -> None:
    assert read_inbound(f"Subject: {word * 500}\r\n\r\nhi".encode()).subject
