"""What an incoming mail says of itself: whom it went to, what it answers, what hangs on it."""

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from discount_broker.outreach.inbound import Attachment, read_attachment, read_inbound, read_inbound_text
from tests.extract.inbound_mails import mail


def test_the_conversation_is_found_by_what_the_mail_answers() -> None:
    read = read_inbound(
        mail("Да", In_Reply_To="<2@b.test>", References="<1@b.test> <2@b.test>", Message_ID="<9@s.test>")
    )
    assert read.references == ("<2@b.test>", "<1@b.test>")
    assert (read.message_id, read.sender) == ("<9@s.test>", "sales@shop.test")
    assert read.subject == "Re: Запрос скидки R-7K2M9"


def test_every_address_it_went_to_is_read_what_servers_noted_first() -> None:
    content = (
        b"To: =?utf-8?b?0JHRgNC+0LrQtdGA?= <Reply+ABC@in.broker.test>, two@x.test\r\nCc: three@x.test\r\n"
        b"X-Original-To: four@in.broker.test\r\nDelivered-To: five@in.broker.test\r\n"
        b"Envelope-To: six@in.broker.test\r\nResent-To: seven@x.test\r\n\r\nhi"
    )
    assert read_inbound(content).recipients == (
        "five@in.broker.test",
        "four@in.broker.test",
        "six@in.broker.test",
        "seven@x.test",
        "reply+abc@in.broker.test",
        "two@x.test",
        "three@x.test",
    )


@pytest.mark.parametrize(
    ("line", "sender", "domain"),
    [
        ("Anna <Sales@Mail.Shop.co.uk>", "sales@mail.shop.co.uk", "shop.co.uk"),
        ('"boss@bank.test" <anna@shop.ru>', "anna@shop.ru", "shop.ru"),
        ("boss@bank.test via desk <desk@crm.shop.ru>", "desk@crm.shop.ru", "shop.ru"),
        ("anna@shop.ru (boss@bank.test)", "anna@shop.ru", "shop.ru"),
        ("=?utf-8?b?0JDQvdC90LA=?= <anna@shop.ru>", "anna@shop.ru", "shop.ru"),
        ("nobody", "", ""),
        ("<>", "", ""),
    ],
)
def test_the_sender_is_the_address_and_never_the_name(line: str, sender: str, domain: str) -> None:
    read = read_inbound(f"From: {line}\r\n\r\nhi".encode())
    assert (read.sender, read.sender_domain) == (sender, domain)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("По запросу R-7K2M9 даём 5 %", ("R-7K2M9",)),
        ("r-7k2m9", ("R-7K2M9",)),
        ("Р-7К2М9 русскими буквами", ("R-7K2M9",)),
        ("R–7K2M9 и R 7K2M8", ("R-7K2M9", "R-7K2M8")),
        ("R7K2M9", ("R-7K2M9",)),
        ("> ваш номер R-7K2M9", ("R-7K2M9",)),
        ("R-7K2U9", ("R-7K2V9",)),
        ("R-ABCDE", ("R-ABCDE",)),
        ("r-shape, R-класс, R-7K2M0, R-7K2M9X, FR-7K2M9", ()),
    ],
)
def test_the_number_of_a_request_is_found_however_it_was_typed(text: str, numbers: tuple[str, ...]) -> None:
    assert read_inbound_text(text).numbers == numbers


def test_the_number_in_the_subject_counts() -> None:
    assert read_inbound(mail("Да", Subject="Re: R-8M3N4")).numbers == ("R-8M3N4",)


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("Thu, 10 Jan 2030 12:00:00 +0300", datetime(2030, 1, 10, 9, tzinfo=UTC)),
        ("Thu, 10 Jan 2030 12:00:00 -0000", datetime(2030, 1, 10, 12, tzinfo=UTC)),
        ("yesterday", None),
        ("Thu, 99 Jan 99999 12:00:00 +9999", None),
    ],
)
def test_the_date_is_read_where_there_is_one(written: str, date: datetime | None) -> None:
    assert read_inbound(f"Date: {written}\r\n\r\nhi".encode()).date == date


def test_attachments_are_listed_and_can_be_taken_out() -> None:
    message = EmailMessage()
    message.set_content("Прайс во вложении")
    message.add_attachment(b"%PDF" * 100, maintype="application", subtype="pdf", filename="Прайс лист.pdf")
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="../../etc/passwd")
    message.add_attachment("a,b", subtype="csv", filename="prices.csv")
    read = read_inbound(message.as_bytes())
    assert read.reply_text == "Прайс во вложении"
    assert read.attachments == (
        Attachment("Прайс лист.pdf", "application/pdf", 400, 1),
        Attachment("passwd", "image/png", 4, 2),
        Attachment("prices.csv", "text/csv", 4, 3),
    )
    assert read_attachment(message.as_bytes(), 1) == b"%PDF" * 100
    assert read_attachment(message.as_bytes(), 0) is None
    assert read_attachment(message.as_bytes(), 9) is None


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("C:\\docs\\price.pdf", "price.pdf"),
        ("a\u202etxt.exe", "atxt.exe"),
        ("..hidden", "hidden"),
        ("<script>.html", "_script_.html"),
        ("x" * 300 + ".pdf", "x" * 91 + ".pdf"),
        ("", "part-2.png"),
    ],
)
def test_names_of_attachments_are_safe_to_show_and_to_save(name: str, shown: str) -> None:
    message = EmailMessage()
    message.set_content("hi")
    message.add_attachment(b"x", maintype="image", subtype="png", filename=name or None)
    assert read_inbound(message.as_bytes()).attachments[0].name == shown


def test_no_more_than_twenty_attachments_are_listed() -> None:
    message = EmailMessage()
    message.set_content("hi")
    for number in range(30):
        message.add_attachment(b"x", maintype="image", subtype="png", filename=f"{number}.png")
    assert len(read_inbound(message.as_bytes()).attachments) == 20


def test_a_mail_that_hangs_on_a_mail_is_one_file() -> None:
    inner, outer = EmailMessage(), EmailMessage()
    inner.set_content("inner")
    inner.add_attachment(b"x", maintype="image", subtype="png", filename="inner.png")
    outer.set_content("outer")
    outer.add_attachment(inner)
    read = read_inbound(outer.as_bytes())
    assert read.reply_text == "outer"
    assert [file.content_type for file in read.attachments] == ["message/rfc822"]


@pytest.mark.parametrize(
    ("raw", "charset"),
    [
        ("Скидка пять процентов".encode("windows-1251"), "windows-1251"),
        ("Скидка пять процентов".encode("windows-1251"), ""),
        ("Скидка пять процентов".encode("windows-1251"), "iso-8859-1"),
        ("Скидка пять процентов".encode("windows-1251"), "utf-8"),
        ("Скидка пять процентов".encode("windows-1251"), "no-such-thing"),
        ("Скидка пять процентов".encode("koi8-r"), ""),
        ("Скидка пять процентов".encode(), "us-ascii"),
        ("Скидка пять процентов".encode(), "punycode"),
        ("Скидка пять процентов".encode(), ""),
        ("Скидка пять процентов".encode("utf-16"), "utf-16"),
    ],
)
def test_a_wrong_charset_is_seen_through(raw: bytes, charset: str) -> None:
    content = b"Content-Type: text/plain; charset=" + charset.encode() + b"\r\n\r\n" + raw
    assert read_inbound(content).reply_text == "Скидка пять процентов"


def test_line_breaks_hidden_in_a_header_stay_within_it() -> None:
    read = read_inbound(b"Subject: =?utf-8?q?Hi=0D=0ABcc=3A_all=40x.test?=\r\nFrom: a@b.test\r\n\r\nhi")
    assert read.subject == "Hi Bcc: all@x.test"
    assert read.recipients == ()


@pytest.mark.parametrize(
    "content",
    [
        b"   \r\n\t\r\nSubject: Price\r\nFrom: anna@shop.ru\r\n\r\n5 %",
        b"From anna@shop.ru Thu Jan 10 12:00:00 2030\nSubject: Price\nFrom: anna@shop.ru\n\n5 %",
        b"Subject:Price\r\nFrom:anna@shop.ru\r\n\r\n5 %",
        b"SUBJECT : Price\r\nfrom:\r\n anna@shop.ru\r\n\r\n5 %",
        b"Subject: Price\r\nFrom: anna@shop.ru\r\n5 %",
        b"Subject: Price\r\nFrom: anna@shop.ru\r\nX-\xff: \xfe\r\n\r\n5 %",
    ],
)
def test_headers_are_found_however_they_are_set(content: bytes) -> None:
    read = read_inbound(content)
    assert (read.subject, read.sender, read.reply_text[-3:]) == ("Price", "anna@shop.ru", "5 %")
