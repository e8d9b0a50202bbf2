"""Servers that answer as text gateways do: their shapes, their errors, their traps."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

from discount_broker.adapters.sms import KannelSms, SmscSms, TwilioSms
from discount_broker.messaging.extract.sms_account import SmsAccount, read_account
from discount_broker.messaging.ports import Channel, OutcomeUnknown, TemporaryFailure
from tests.fakes import Answer, Asked

PASSWORD = "a pass:word/that+nobody may see"
PRICE = Decimal("2.50")
PHONE = "+15005550006"


def receipt_url(provider: str, key: str) -> str:
    return f"https://broker.test/in/sms/{provider}/receipt/{key}"


def as_json(value: object, status: int = 200, **headers: str) -> Answer:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Answer(json.dumps(value).encode(), status, "application/json", named)


@dataclass(frozen=True)
class Heard:
    """A text as it would reach the phone."""

    to: str
    text: str
    sender: str
    fields: Mapping[str, str]


class GatewayServer:
    """What all have in common: they note what they took, and can be told to answer otherwise."""

    answer: Answer | None = None
    hangs_up = False
    """Takes the message, and the line is cut before the answer."""

    def __init__(self) -> None:
        self.taken: list[Heard] = []

    def __call__(self, asked: Asked) -> Answer:
        if self.answer is not None:
            return self.answer
        said = self.speak(asked)
        if self.hangs_up:
            raise ConnectionError
        return said

    def speak(self, asked: Asked) -> Answer:
        raise NotImplementedError


class KannelServer(GatewayServer):
    scheme = "kannel"
    lost_answer: type[Exception] = OutcomeUnknown
    refusal = Answer(b"Number(s) has/have been denied by white- and/or black-lists.", 403, "text/html")
    busy = Answer(b"Temporal failure, try again later.", 503, "text/html")
    wrong_login = Answer(b"Authorization failed for sendsms", 403, "text/html")

    def speak(self, asked: Asked) -> Answer:
        query = urlsplit(asked.url).query
        fields = _fields(query)
        if (asked.path, fields["username"], fields["password"]) != ("/cgi-bin/sendsms", "market", PASSWORD):
            return self.wrong_login
        # What is not UTF-8 by word of the sender is UTF-16 where coding is 2.
        default = "utf-16-be" if fields.get("coding") == "2" else "utf-8"
        raw = parse_qs(query, encoding="latin-1")["text"][0].encode("latin-1")
        text = raw.decode(fields.get("charset", default), "replace")
        # A space parts numbers; a plus that was not escaped is one.
        for number in fields["to"].split(" "):
            self.taken.append(Heard(number, text, fields.get("from", ""), fields))
        return Answer(b"0: Accepted for delivery", 202, "text/html")

    @staticmethod
    def make(account: SmsAccount, seconds: float = 5) -> Channel:
        return KannelSms(account, sender="Market", price=PRICE, receipt_url=receipt_url, seconds=seconds)


def twilio_error(code: int, status: int = 400) -> Answer:
    told = f"https://www.twilio.com/docs/errors/{code}"
    return as_json({"code": code, "message": f"Error {code}", "more_info": told, "status": status}, status)


class TwilioServer(GatewayServer):
    scheme = "twilio"
    lost_answer: type[Exception] = OutcomeUnknown
    refusal = twilio_error(21610)
    busy = twilio_error(20429, 429)
    wrong_login = twilio_error(20003, 401)
    status = "queued"

    def speak(self, asked: Asked) -> Answer:
        login = base64.b64decode(asked.headers["authorization"].removeprefix("Basic ")).decode()
        if login != f"market:{PASSWORD}":
            return self.wrong_login
        assert (asked.method, asked.path) == ("POST", "/2010-04-01/Accounts/market/Messages.json")
        assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
        fields = _fields(asked.body.decode())
        sender = fields.get("From") or fields["MessagingServiceSid"]
        self.taken.append(Heard(fields["To"], fields["Body"], sender, fields))
        return as_json(
            {
                "sid": f"SM{len(self.taken):032x}",
                "account_sid": "market",
                "status": self.status,
                "num_segments": "1",
                "price": None,
                "price_unit": "USD",
                "error_code": None,
                "error_message": None,
                "to": fields["To"],
                "from": sender,
                "body": fields["Body"],
            },
            201,
        )

    @staticmethod
    def make(account: SmsAccount, seconds: float = 5) -> Channel:
        return TwilioSms(
            account, sender="+15005550006", price=PRICE, receipt_url=receipt_url, seconds=seconds
        )


def smsc_error(code: int, said: str = "error") -> Answer:
    return as_json({"error": said, "error_code": code})


class SmscServer(GatewayServer):
    scheme = "smsc"
    lost_answer: type[Exception] = TemporaryFailure
    """It can be asked afterwards, so that the next try does no harm."""
    refusal = smsc_error(6, "message is denied")
    busy = smsc_error(4, "ip is blocked")
    wrong_login = smsc_error(2, "authorise error")
    hangs_up = False

    def speak(self, asked: Asked) -> Answer:
        charset = _fields(asked.body.decode("latin-1")).get("charset", "windows-1251")
        fields = _fields(asked.body.decode("latin-1"), charset)
        if (fields["login"], fields["psw"]) != ("market", PASSWORD):
            return self.wrong_login
        if fields.get("fmt") != "3":
            return Answer(b"OK - 1 SMS, ID - 5", 200, "text/plain")
        known = {(heard.to, heard.fields["id"]): heard for heard in self.taken}
        if asked.path == "/sys/status.php":
            return self._status(known.get((fields["phone"], fields["id"])))
        assert asked.path == "/sys/send.php"
        self.taken.append(Heard(fields["phones"], fields["mes"], fields.get("sender", ""), fields))
        return as_json({"id": int(fields["id"]), "cnt": 1, "cost": "2.3"})

    def __call__(self, asked: Asked) -> Answer:
        if self.hangs_up and asked.path == "/sys/status.php":
            return self.speak(asked)  # asking does no harm; it is the sending that goes wrong
        return super().__call__(asked)

    def _status(self, heard: Heard | None) -> Answer:
        if heard is None:
            return as_json({"status": -3, "phone": "", "id": 0})
        return as_json({"status": 0, "last_date": "14.01.2030 12:00:00", "last_timestamp": 1_894_608_000})

    @staticmethod
    def make(account: SmsAccount, seconds: float = 5) -> Channel:
        return SmscSms(account, sender="Market", price=PRICE, seconds=seconds)


SERVERS: tuple[Callable[[], Any], ...] = (KannelServer, TwilioServer, SmscServer)


def account_at(scheme: str, place: str, password: str = PASSWORD) -> SmsAccount:
    escaped = password.replace(":", "%3A").replace("/", "%2F").replace("+", "%2B").replace(" ", "%20")
    return read_account(f"{scheme}://market:{escaped}@{place}")


def _fields(query: str, charset: str = "utf-8") -> dict[str, str]:
    read = parse_qs(query, keep_blank_values=True, encoding=charset, errors="replace")
    return {name: values[0] for name, values in read.items()}
