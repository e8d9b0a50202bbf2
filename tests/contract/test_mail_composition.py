"""Mails as bytes: what a mailbox provider reads, not what the object says."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage

import pytest

from discount_broker.adapters.mail_composition import compose, message_id, one_address
from discount_broker.messaging.ports import FailureReason, OutgoingMessage, PermanentFailure
from tests.contract.test_channels import MESSAGE

NOW = datetime(2030, 1, 14, 9, tzinfo=UTC)
LONG_DOMAIN = "a-rather-long-label.of-a-rather-long-company-name.mail.in.broker.test"
MAIL_DOMAIN = "in.broker.test"


def written(message: OutgoingMessage, mail_domain: str = MAIL_DOMAIN) -> bytes:
    return compose(message, mail_from="requests@broker.test", mail_domain=mail_domain, now=NOW)


def lines_of(content: bytes) -> list[str]:
    return content.partition(b"\r\n\r\n")[0].decode().split("\r\n")


def read(content: bytes) -> EmailMessage:
    mail = message_from_bytes(content, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


@pytest.mark.parametrize("length", [20, 77, 78, 79, 80, 200, 870])
def test_the_button_to_stop_us_survives_however_long_its_address_is(length: int) -> None:
    url = "https://broker.test/stop/" + "x" * length
    content = written(replace(MESSAGE, stop_url=url), LONG_DOMAIN)
    assert f"\r\nList-Unsubscribe: <{url}>\r\n".encode() in content
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in content


def test_long_names_and_domains_neither_fold_nor_encode_an_address() -> None:
    reply_to = "reply+" + "a" * 48 + "@" + LONG_DOMAIN
    to = "orders-and-questions-of-customers@" + LONG_DOMAIN
    name = "Очень длинное имя службы, которая спрашивает магазины о скидках для покупателей"
    message = replace(MESSAGE, to=to, reply_to=reply_to, sender_name=name)
    lines = lines_of(written(message, LONG_DOMAIN))
    assert f"Reply-To: {reply_to}" in lines
    assert f"To: {to}" in lines
    assert f"Message-ID: {message_id(MESSAGE.idempotency_key, LONG_DOMAIN)}" in lines
    assert all(len(line) < 998 for line in lines)
    mail = message_from_bytes(written(message))
    assert str(make_header(decode_header(mail["From"]))) == f"{name} <requests@broker.test>"


def test_an_automatic_mail_says_that_it_is_one_but_keeps_no_bounce_back() -> None:
    lines = lines_of(written(MESSAGE))
    assert "Auto-Submitted: auto-generated" in lines
    assert "X-Auto-Response-Suppress: OOF, AutoReply" in lines


def test_a_mail_that_a_person_sent_does_not_call_itself_automatic() -> None:
    mail = read(written(replace(MESSAGE, by_hand=True)))
    assert mail["Auto-Submitted"] is None
    assert mail["X-Auto-Response-Suppress"] is None
    assert mail["List-Unsubscribe"], "it can be forbidden all the same"


def test_the_id_is_known_before_and_the_same_for_every_attempt() -> None:
    assert message_id("0b54d7f0", MAIL_DOMAIN) == "<0b54d7f0@in.broker.test>"
    for _attempt in range(2):
        assert read(written(MESSAGE))["Message-ID"] == "<0b54d7f0@in.broker.test>"


def test_a_reminder_stands_under_the_request_it_reminds_of() -> None:
    mail = read(written(replace(MESSAGE, in_reply_to="11c0ffee")))
    assert mail["In-Reply-To"] == mail["References"] == "<11c0ffee@in.broker.test>"


def test_an_answer_to_somebody_elses_mail_names_their_id_and_the_thread() -> None:
    message = replace(
        MESSAGE,
        in_reply_to="<theirs.7@shop.test>",
        references=("<first@in.broker.test>", "<theirs.3@shop.test>"),
    )
    content = written(message)
    assert read(content)["In-Reply-To"] == "<theirs.7@shop.test>"
    thread = b"<first@in.broker.test>\r\n <theirs.3@shop.test>\r\n <theirs.7@shop.test>"
    assert b"\r\nReferences: " + thread + b"\r\n" in content


def test_a_long_thread_keeps_its_first_and_its_last_mails() -> None:
    thread = tuple(f"<{n}@shop.test>" for n in range(40))
    mail = read(written(replace(MESSAGE, in_reply_to=thread[-1], references=thread)))
    assert mail["References"].split() == [thread[0], *thread[-9:]]


@pytest.mark.parametrize(
    "theirs",
    [
        "<a@b>\r\nBcc: all@victims.test",
        "<a b@c>",
        "a@b",
        "<" + "a" * 300 + "@b>",
        "<é@b>",
        "<a@b> <c@d>",
        "<a@b>\x00",
    ],
)
def test_a_message_id_that_is_none_is_left_out(theirs: str) -> None:
    mail = read(written(replace(MESSAGE, in_reply_to=theirs, references=(theirs, "<good@shop.test>"))))
    assert mail["In-Reply-To"] is None
    assert mail["References"] == "<good@shop.test>"
    assert mail["Bcc"] is None


def test_complaints_are_summed_up_by_kind_of_message_never_by_person() -> None:
    lines = lines_of(written(replace(MESSAGE, feedback_id="shop_reminder:email"), LONG_DOMAIN))
    assert "Feedback-ID: shop_reminder:email:ru:a-rather-long-l" in lines
    assert "Feedback-ID: mail:shop:ru:in.broker.test" in lines_of(written(MESSAGE))
    hostile = lines_of(written(replace(MESSAGE, feedback_id="a\r\nBcc: b@c.test")))
    assert "Feedback-ID: a--Bcc:-b-c.test:ru:in.broker.test" in hostile


@pytest.mark.parametrize(
    "text",
    [
        "Hello\n" * 9,
        "Здравствуйте!\n" * 90,
        ".\n..\n. dots\n",
        "x" * 5000,
        "A line that ends in blanks   \nand one in a tab\t\nFrom here\n--=_0b54d7f0--\n=3D=\n",
        "Mostly ASCII, with ö and 🚲 and \u00a0 in it\n" * 40,
        "я" * 3000,
        "",
    ],
)
def test_text_and_html_are_seven_bit_in_lines_of_bearable_length(text: str) -> None:
    content = written(replace(MESSAGE, text=text, html=f"<p>{text}</p>"))
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert b"8bit" not in content
    mail = read(content)
    plain, html = mail.get_body(["plain"]), mail.get_body(["html"])
    assert mail.get_content_type() == "multipart/alternative"
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n").strip() == text.strip()
    assert text.strip() in html.get_content().replace("\r\n", "\n")


@pytest.mark.parametrize("start", range(0, 60, 7))
def test_a_long_subject_arrives_with_every_blank_between_its_words(start: int) -> None:
    subject = (
        "x" * start + " We have asked 4 shops: Городской велосипед Norrvik City 3, рама 19″ (R-EA42V)"
    ).strip()
    content = written(replace(MESSAGE, subject=subject))
    assert read(content)["Subject"] == subject
    assert all(len(line) <= 78 for line in lines_of(content) if "utf-8" in line)


@pytest.mark.parametrize(
    "subject",
    ["=?utf-8?q?=0D=0ABcc:_x?=", "Drill =?utf-8?b?0K8=?= 12", "x" * 300, "a " * 200, "Ж" * 300, "", " лес  "],
)
def test_a_subject_is_read_as_it_was_written(subject: str) -> None:
    content = written(replace(MESSAGE, subject=subject, sender_name=subject.strip()))
    unfolded = message_from_bytes(content)["Subject"].replace("\r\n", "")
    assert str(make_header(decode_header(unfolded))).strip() == subject.strip()
    assert all(len(line) <= 998 for line in lines_of(content))


def test_two_attempts_differ_in_nothing_but_their_date() -> None:
    assert written(MESSAGE) == written(MESSAGE)


def test_an_address_of_ours_that_is_none_says_nothing_of_the_recipient() -> None:
    for change in ({"reply_to": "nobody"}, {"sender_name": "Two\nlines"}, {"sender_name": "\ud800"}):
        with pytest.raises(PermanentFailure) as failure:
            written(replace(MESSAGE, **change))
        assert failure.value.reason is FailureReason.OTHER


@pytest.mark.parametrize("field", ["subject", "text", "html", "to", "reply_to", "language", "stop_url"])
def test_half_a_character_is_refused_for_good(field: str) -> None:
    with pytest.raises(PermanentFailure):
        written(replace(MESSAGE, **{field: f"{getattr(MESSAGE, field)}\ud800"}))


@pytest.mark.parametrize("breaks", ["\r\n", "\n", "\r", "\x0b", "\x85", "\u2028", "\x00\n"])
@pytest.mark.parametrize("field", ["subject", "sender_name", "reply_to", "stop_url", "to", "language"])
def test_no_line_break_ever_becomes_a_header(field: str, breaks: str) -> None:
    message = replace(MESSAGE, **{field: f"{getattr(MESSAGE, field)}{breaks}Bcc: all@victims.test"})
    try:
        content = written(message)
    except PermanentFailure:
        return
    assert read(content)["Bcc"] is None
    assert not [line for line in lines_of(content) if line.startswith("Bcc")]


@pytest.mark.parametrize(
    ("address", "in_ascii"),
    [
        ("zakaz@магазин.рф", "zakaz@xn--80aairftm.xn--p1ai"),
        ("zakaz@МАГАЗИН.рф", "zakaz@xn--80aairftm.xn--p1ai"),
        ("info@straße.test", "info@xn--strae-oqa.test"),
        ("заказ@магазин.рф", "заказ@xn--80aairftm.xn--p1ai"),
    ],
)
def test_a_domain_is_written_in_ascii_a_mailbox_as_it_is(address: str, in_ascii: str) -> None:
    assert one_address(address) == in_ascii


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "a@shop.test, b@shop.test",
        "a@b@shop.test",
        "a b@shop.test",
        "a@shop.test\nRCPT TO:<b@shop.test>",
        "я" * 33 + "@shop.test",
        "a" * 65 + "@shop.test",
        "a@" + "b." * 130 + "test",
        "a@-магазин-.рф",
        "a\u200b@shop.test",
    ],
)
def test_what_is_not_one_address_is_a_dead_one(address: str) -> None:
    with pytest.raises(PermanentFailure) as failure:
        one_address(address)
    assert failure.value.reason is FailureReason.ADDRESS_DEAD


def test_an_address_no_mail_can_name_is_a_dead_one() -> None:
    with pytest.raises(PermanentFailure) as failure:
        written(replace(MESSAGE, to="a..b@shop.test"))
    assert failure.value.reason is FailureReason.ADDRESS_DEAD


def test_a_relay_that_renames_mails_is_told_their_name_beside() -> None:
    told = compose(
        MESSAGE,
        mail_from="requests@broker.test",
        mail_domain=MAIL_DOMAIN,
        now=NOW,
        relay="smtp.postmarkapp.com",
    )
    name = message_id(MESSAGE.idempotency_key, MAIL_DOMAIN)
    assert f"X-PM-Metadata-message-id: {name}" in lines_of(told)
    assert b"X-PM-" not in written(MESSAGE)
