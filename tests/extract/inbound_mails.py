"""Builds the mails that the readers of mail are tried on."""

from email.message import EmailMessage


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
