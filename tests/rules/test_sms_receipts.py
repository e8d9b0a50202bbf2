"""What three gateways tell, in their words and in ours."""

from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discount_broker.messaging.extract.sms_receipts import (
    READERS,
    InboundText,
    read_fields,
    read_inbound_text,
    smsc_number,
)
from discount_broker.messaging.extract.twilio_signature import is_signed, sign, spellings
from discount_broker.messaging.status import ReceiptKind

SAMPLE = (
    ("CallSid", "CA1234567890ABCDE"),
    ("Caller", "+14158675309"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
)
"""Twilio's own documented sample."""
NAMES = (
    *("type", "fid", "answer", "at", "from", "text"),
    *("MessageStatus", "MessageSid", "ErrorCode", "From", "Body"),
    *("id", "phone", "status", "ts", "err", "mes"),
)
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
SIGNATURE = "RSOYDt4T1cUTdK1PDd93/VVr8B8="


@pytest.mark.parametrize(
    ("provider", "state", "kind"),
    [
        ("kannel", "1", ReceiptKind.DELIVERED),
        ("kannel", "2", ReceiptKind.FAILED),
        ("kannel", "4", ReceiptKind.ACCEPTED),
        ("kannel", "8", ReceiptKind.ACCEPTED),
        ("kannel", "16", ReceiptKind.FAILED),
        ("twilio", "queued", None),
        ("twilio", "sending", None),
        ("twilio", "sent", ReceiptKind.ACCEPTED),
        ("twilio", "delivered", ReceiptKind.DELIVERED),
        ("twilio", "read", ReceiptKind.READ),
        ("twilio", "undelivered", ReceiptKind.FAILED),
        ("smsc", "-1", None),
        ("smsc", "0", ReceiptKind.ACCEPTED),
        ("smsc", "1", ReceiptKind.DELIVERED),
        ("smsc", "2", ReceiptKind.READ),
        ("smsc", "3", ReceiptKind.FAILED),
        ("smsc", "22", ReceiptKind.HARD_BOUNCE),
        ("smsc", "-3", None),
    ],
)
def test_states_become_kinds_of_receipt(provider: str, state: str, kind: ReceiptKind | None) -> None:
    fields = {"type": state, "MessageStatus": state, "MessageSid": "SM1", "status": state, "id": "7"}
    receipt = READERS[provider](fields)
    assert receipt is not None
    assert receipt.kind is kind
    assert receipt == READERS[provider](fields), "the same told twice has the same name"


def test_an_error_code_tells_a_dead_number_from_a_phone_that_is_off() -> None:
    told = {"MessageStatus": "undelivered", "MessageSid": "SM1"}
    dead, off = (READERS["twilio"]({**told, "ErrorCode": code}) for code in ("30005", "30003"))
    assert dead is not None
    assert off is not None
    assert (dead.kind, off.kind) == (ReceiptKind.HARD_BOUNCE, ReceiptKind.FAILED)


def test_moments_are_read_where_they_are_told() -> None:
    kannel = READERS["kannel"]({"type": "1", "at": "1894608000"})
    smsc = READERS["smsc"]({"id": "7", "phone": "79161234567", "status": "1", "ts": "1894608000"})
    assert kannel is not None
    assert smsc is not None
    assert kannel.at == smsc.at == datetime(2030, 1, 14, 8, 0, tzinfo=UTC)
    assert smsc.phone == "+79161234567"


@given(
    st.sampled_from(sorted(READERS)),
    st.dictionaries(
        st.sampled_from(NAMES),
        st.text(max_size=40),
    ),
)
def test_no_callback_is_too_strange_to_be_read(provider: str, fields: dict[str, str]) -> None:
    receipt = READERS[provider](fields)
    if receipt is not None:
        assert len(receipt.reference) <= 100
        assert len(receipt.detail) <= 200
    heard = read_inbound_text(provider, fields)
    assert heard is None or heard.phone.startswith("+")


@given(st.binary(max_size=300))
def test_no_form_is_too_strange_to_be_read(encoded: bytes) -> None:
    assert isinstance(read_fields(encoded), dict)


@pytest.mark.parametrize(
    ("encoded", "text"),
    [
        (b"from=%2B79160000001&text=%D0%A1%D0%A2%D0%9E%D0%9F&charset=UTF-8", "СТОП"),
        (b"from=%2B79160000001&text=%04!%04%22%04%1E%04%1F&charset=UTF-16BE", "СТОП"),
        (b"from=79160000001&text=%D1%D2%CE%CF", "СТОП"),
        (b"from=0079160000001&text=STOP&charset=no-such-charset", "STOP"),
    ],
)
def test_words_are_read_in_the_charset_they_were_written_in(encoded: bytes, text: str) -> None:
    assert read_inbound_text("kannel", read_fields(encoded)) == InboundText("+79160000001", text)


def test_the_documented_sample_of_twilio_is_signed() -> None:
    assert is_signed("12345", URL, SAMPLE, b"", SIGNATURE)
    assert is_signed("12345", URL, reversed(SAMPLE), b"", SIGNATURE)
    assert not is_signed("12346", URL, SAMPLE, b"", SIGNATURE)
    assert not is_signed("12345", URL.replace("https", "http"), SAMPLE, b"", SIGNATURE)
    assert not is_signed("12345", URL, SAMPLE[1:], b"", SIGNATURE)
    assert not is_signed("12345", URL, SAMPLE, b"", "é")


def test_an_address_is_signed_with_its_port_or_without() -> None:
    assert spellings("https://x.example/a?b=1") == ("https://x.example/a?b=1", "https://x.example:443/a?b=1")
    assert spellings("https://x.example:443/a") == ("https://x.example/a", "https://x.example:443/a")
    assert spellings("http://x.example:8080/a") == ("http://x.example:8080/a",)


def test_a_body_that_is_no_form_is_signed_by_its_hash() -> None:
    body = b'{"MessageStatus": "sent"}'
    url = f"https://x.example/a?bodySHA256={sha256(body).hexdigest()}"
    signature = sign("12345", url)
    assert is_signed("12345", url, SAMPLE, body, signature), "fields of a form play no part"
    assert not is_signed("12345", url, (), body + b" ", signature)


def test_numbers_for_smsc_are_in_its_range_and_stay_the_same() -> None:
    for n in (0, 1, 2_147_483_646, 2_147_483_647, 2**128 - 1):
        assert 1 <= int(smsc_number(UUID(int=n))) <= 2_147_483_647
        assert smsc_number(UUID(int=n)) == smsc_number(UUID(int=n))
