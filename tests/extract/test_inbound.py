"""What incoming mail is and says."""

import random
import time
from email.message import EmailMessage

import pytest

from discount_broker.outreach.inbound import BounceReason, IntentKind, read_inbound, read_inbound_text
from discount_broker.outreach.status import ReplyKind


def mail(text: str, *, html: str = "", sender: str = "Анна <sales@shop.test>", **headers: str) -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = sender, "reply+abc@in.broker.test"
    for name, value in ({"Subject": "Re: Запрос скидки R-7K2M9"} | headers).items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message.as_bytes()


def report(fields: str, *, text: str = "", kind: str = "delivery-status", returned: str = "") -> bytes:
    """A machine's report (RFC 6522) with these fields."""
    return (
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.shop.test (Mail Delivery System)\r\n"
        "To: bounce+abc@in.broker.test\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/report; report-type={kind}; boundary="b"\r\n\r\n'
        f"--b\r\nContent-Type: text/plain\r\n\r\n{text}\r\n"
        f"--b\r\nContent-Type: message/{kind}\r\n\r\nReporting-MTA: dns; mx.shop.test\r\n\r\n{fields}\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\n{returned or 'Subject: x'}\r\n\r\n--b--\r\n"
    ).encode()


FAILED = (
    "Final-Recipient: rfc822; Sales@shop.test\r\nAction: {action}\r\nStatus: {status}\r\n"
    "Diagnostic-Code: smtp; {said}"
)


@pytest.mark.parametrize(
    ("action", "status", "said", "permanent", "is_final", "reason"),
    [
        ("failed", "5.1.1", "550 5.1.1 User unknown", True, True, BounceReason.USER_UNKNOWN),
        ("failed", "5.2.2", "552 5.2.2 Over quota", True, True, BounceReason.MAILBOX_FULL),
        ("failed", "5.1.2", "550 Host unknown", True, True, BounceReason.HOST_UNKNOWN),
        ("failed", "5.7.1", "554 5.7.1 Blocked as spam", True, True, BounceReason.POLICY),
        ("failed", "4.4.7", "connection expired", False, True, BounceReason.EXPIRED),
        ("delayed", "4.4.1", "connection timed out", False, False, BounceReason.EXPIRED),
        ("FAILED", "5.0.0", "550 5.1.1 no such user", True, True, BounceReason.USER_UNKNOWN),
    ],
)
def test_a_delivery_report_says_who_failed_for_good_and_why(
    action: str, status: str, said: str, permanent: bool, is_final: bool, reason: BounceReason
) -> None:
    read = read_inbound(report(FAILED.format(action=action, status=status, said=said)))
    assert read.kind == ReplyKind.BOUNCE
    assert read.bounce is not None
    assert read.bounce.recipients == ("sales@shop.test",)
    assert (read.bounce.permanent, read.bounce.is_final) == (permanent, is_final)
    assert read.bounce.reason == reason


def test_a_bounce_names_the_message_it_is_about() -> None:
    fields = FAILED.format(action="failed", status="5.1.1", said="550 no")
    read = read_inbound(report(fields, returned="Message-ID: <0b54@in.broker.test>\r\nSubject: x"))
    assert read.bounce is not None
    assert read.bounce.original_message_id == "<0b54@in.broker.test>"


def test_a_report_of_success_is_a_receipt() -> None:
    read = read_inbound(report(FAILED.format(action="delivered", status="2.0.0", said="250 OK")))
    assert read.kind == ReplyKind.RECEIPT
    assert read.bounce is None


def test_a_read_receipt_and_an_abuse_report_are_told_apart() -> None:
    read = read_inbound(
        report("Disposition: manual-action/MDN-sent; displayed", kind="disposition-notification")
    )
    assert read.kind == ReplyKind.RECEIPT
    abuse = read_inbound(
        report("Feedback-Type: abuse\r\nOriginal-Rcpt-To: sales@shop.test", kind="feedback-report")
    )
    assert abuse.kind == ReplyKind.COMPLAINT


QMAIL = """Hi. This is the qmail-send program at mx.shop.test.

<sales@shop.test>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Return-Path: <x@y.test>
"""


@pytest.mark.parametrize(
    ("text", "permanent", "reason"),
    [
        (
            QMAIL,
            True,
            BounceReason.USER_UNKNOWN,
        ),
        (
            "Не удалось доставить письмо на адрес sales@shop.test.\n550 Такого пользователя не существует\n",
            True,
            BounceReason.USER_UNKNOWN,
        ),
        ("Your message to sales@shop.test has been delayed.\nWill be retried for 2 more days.", False, None),
    ],
)
def test_a_bounce_without_a_report_is_read_from_its_words(
    text: str, permanent: bool, reason: BounceReason | None
) -> None:
    headers = {"Subject": "failure notice", "Return_Path": "<>"}
    read = read_inbound(mail(text, sender="MAILER-DAEMON@mx.shop.test", **headers))
    assert read.kind == ReplyKind.BOUNCE
    assert read.bounce is not None
    assert read.bounce.recipients == ("sales@shop.test",)
    assert read.bounce.permanent == permanent
    assert reason in (None, read.bounce.reason)


@pytest.mark.parametrize(
    ("text", "headers", "kind"),
    [
        ("Да, можем дать 10 %.", {}, ReplyKind.HUMAN),
        ("Да, можем дать 10 %.", {"Auto_Submitted": "no"}, ReplyKind.HUMAN),
        ("Буду позже.", {"Auto_Submitted": "auto-replied"}, ReplyKind.AUTO_REPLY),
        ("Спасибо за письмо.", {"X_Autoreply": "yes"}, ReplyKind.AUTO_REPLY),
        ("Я в отпуске до 15.02.", {"Subject": "Автоответ: Запрос"}, ReplyKind.AUTO_REPLY),
        ("I am out of the office until Monday.", {"Subject": "Out of Office: x"}, ReplyKind.AUTO_REPLY),
        ("I'm away.", {"Subject": "Automatic reply: x"}, ReplyKind.AUTO_REPLY),
        (
            "Здравствуйте! Ваше обращение №48213 зарегистрировано. Мы ответим в течение дня.",
            {"Auto_Submitted": "auto-replied"},
            ReplyKind.ACKNOWLEDGEMENT,
        ),
        ("Your request (#4821) has been received and is being reviewed.", {}, ReplyKind.ACKNOWLEDGEMENT),
        ("We received your order list, the price can be 10 % lower.", {}, ReplyKind.HUMAN),
        ("Спасибо за обращение! Отвечаем сразу: можем дать скидку 5 %.", {}, ReplyKind.HUMAN),
        (
            "We tried to deliver, it was rejected. 500 rub. each.",
            {"Subject": "Re: delivery"},
            ReplyKind.HUMAN,
        ),
    ],
)
def test_programs_and_people_are_told_apart(text: str, headers: dict[str, str], kind: ReplyKind) -> None:
    assert read_inbound(mail(text, **headers)).kind == kind


@pytest.mark.parametrize(
    ("body", "text", "signature"),
    [
        (
            (
                "Добрый день!\nДадим 7 %.\n\n-- \nАнна\n\n"
                "12 января 2030 г., 10:15 пользователь Скидка <r@b.test> написал:\n> Привет"
            ),
            "Добрый день!\nДадим 7 %.",
            "--\nАнна",
        ),
        ("Нет.\n\nпн, 14 янв. 2030 г. в 12:00, Скидка <r@b.test>:\n\n> Здравствуйте", "Нет.", ""),
        ('Нет.\n\n14.01.2030, 12:00, "Скидка" <r@b.test>:\nЗдравствуйте', "Нет.", ""),
        ("Да\n\n-----Исходное сообщение-----\nОт: x\nОтправлено: вчера", "Да", ""),
        (
            (
                "Yes, 5 %.\n\nFrom: Broker <r@b.test>\nSent: Monday, January 14, 2030 9:00 AM\n"
                "To: Sales\nSubject: Request\n\nHello"
            ),
            "Yes, 5 %.",
            "",
        ),
        ("OK\n\nOn Mon, Jan 14, 2030 at 9:00 AM Broker <r@b.test>\nwrote:\n\n> Hello", "OK", ""),
        ("> Can you give 10 %?\nYes.\n> Until when?\nFriday.", "Yes.\nFriday.", ""),
        (
            "Готовы дать 5 %.\n\nС уважением,\nИван Петров\nтел. 123",
            "Готовы дать 5 %.",
            "С уважением,\nИван Петров\nтел. 123",
        ),
        ("Да.\n\nОтправлено с iPhone", "Да.", "Отправлено с iPhone"),
        ("Вот список:\n- чайник\n- чашка", "Вот список:\n- чайник\n- чашка", ""),
        ("On Monday we are closed. We wrote you: 10 %.", "On Monday we are closed. We wrote you: 10 %.", ""),
    ],
)
def test_a_reply_is_what_the_person_wrote(body: str, text: str, signature: str) -> None:
    read = read_inbound_text(body)
    assert (read.reply_text, read.signature) == (text, signature)


def test_a_reply_in_html_loses_its_quote() -> None:
    message = EmailMessage()
    message["From"] = "sales@shop.test"
    message.set_content(
        "<div>Дадим <b>10&nbsp;%</b></div><script>x</script>"
        '<div class="gmail_quote">On Monday Broker wrote:<blockquote>Hello</blockquote></div>',
        subtype="html",
    )
    read = read_inbound(message.as_bytes())
    assert read.reply_text == "Дадим 10 %"
    assert read.language == "ru"


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("Можем предложить скидку 7,5 %.", IntentKind.OFFER, "7.5%"),
        ("For you the price is $ 1,299.00", IntentKind.OFFER, "1299.00 USD"),
        ("Отдадим за 11 500 руб.", IntentKind.OFFER, "11500 RUB"),
        ("We can do 10% off.", IntentKind.OFFER, "10%"),
        ("К сожалению, не можем предоставить скидку.", IntentKind.DECLINE, None),
        ("Скидок нет.", IntentKind.DECLINE, None),
        ("Sorry, we cannot offer a discount on this item.", IntentKind.DECLINE, None),
        ("Позвоните нам по номеру +7 (495) 123-45-67.", IntentKind.CALL_US, "+7 (495) 123-45-67"),
        ("А кто вы?", IntentKind.WHO_ARE_YOU, None),
        ("Who are you and how did you get our address?", IntentKind.WHO_ARE_YOU, None),
        ("Больше не пишите нам.", IntentKind.OPT_OUT, None),
        ("STOP", IntentKind.OPT_OUT, None),
        ("Please remove us from your list.", IntentKind.OPT_OUT, None),
        ("Пишите на opt@shop.test", IntentKind.NEW_ADDRESS, "opt@shop.test"),
        ("Я в отпуске до 15.02.2030.", IntentKind.OUT_UNTIL, "15.02.2030"),
        ("I will be back on Monday.", IntentKind.OUT_UNTIL, "Monday"),
        ("В каком городе покупатель?", IntentKind.QUESTION, None),
    ],
)
def test_an_answer_is_understood(text: str, kind: IntentKind, value: str | None) -> None:
    intents = {intent.kind: intent for intent in read_inbound_text(text).intents}
    assert intents[kind].value == value
    assert intents[kind].evidence in text


@pytest.mark.parametrize(
    "text",
    [
        "Не можем дать скидку 10 %.",
        "Вы просили 10 %, это много.",
        "Can you take two pieces for 10% off?",
        "Спасибо за письмо.",
        "Чайник весит 10 кг.",
    ],
)
def test_nothing_is_taken_for_an_offer_that_is_none(text: str) -> None:
    assert IntentKind.OFFER not in {intent.kind for intent in read_inbound_text(text).intents}


def test_a_shop_named_like_a_mail_server_is_a_shop() -> None:
    assert (
        read_inbound(mail("Yes, 550 rub.", sender="Bounce House <hi@bouncehouse.test>")).kind
        == ReplyKind.HUMAN
    )
    assert read_inbound(b"Subject: hi\r\n\r\nIt costs 500 rub.").kind == ReplyKind.HUMAN


def test_the_conversation_is_found_by_what_the_mail_answers() -> None:
    read = read_inbound(
        mail("Да", In_Reply_To="<2@b.test>", References="<1@b.test> <2@b.test>", Message_ID="<9@s.test>")
    )
    assert read.references == ("<2@b.test>", "<1@b.test>")
    assert (read.message_id, read.sender) == ("<9@s.test>", "sales@shop.test")
    assert read.subject == "Re: Запрос скидки R-7K2M9"


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
def test_a_letter_made_to_take_long_is_read_at_once(line: str) -> None:
    started = time.perf_counter()
    read_inbound_text("Нет\n" + line * (200_000 // len(line)) + "\nда")
    read_inbound_text(line * (200_000 // len(line)))
    assert time.perf_counter() - started < 5
