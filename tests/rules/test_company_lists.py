"""Doors and companies in whatever way people and lists write them: one spelling, or a reason."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discount_broker.kernel.errors import Refused
from discount_broker.shops.extract.companies import read_company
from discount_broker.shops.extract.directory import (
    BadEntry,
    DirectoryError,
    Entry,
    decode,
    read_csv,
    read_json,
)
from discount_broker.shops.extract.spelling import normal_value, phone_digits
from discount_broker.shops.rules import country_of
from discount_broker.shops.status import ContactKind

EMAIL, PHONE, FORM, MESSENGER = (
    ContactKind.EMAIL,
    ContactKind.PHONE,
    ContactKind.FORM,
    ContactKind.MESSENGER,
)
WORDS = st.text(max_size=60) | st.sampled_from(
    [
        "a@b.ru",
        "+7 495 123-45-67",
        "tools.ru",
        "http://",
        "//",
        "xn--",
        "telegram:",
        "١٢٣",
        "@",
        ",",
        ";",
        '"',
    ]
)


@pytest.mark.parametrize(
    ("kind", "typed", "country", "kept"),
    [
        (EMAIL, " mailto:Sales@Tools.RU ", None, "sales@tools.ru"),
        (EMAIL, "info@xn--e1afmdcpgieg6g.xn--p1ai", None, "info@инструменты.рф"),
        (PHONE, "8-800-555-35-35", "RU", "+78005553535"),
        (PHONE, "8 (495) 123 45 67", None, "+74951234567"),
        (PHONE, "0049 30 901820", "DE", "+4930901820"),
        (PHONE, "030 901820", "DE", "+4930901820"),
        (PHONE, "7 495 123-45-67", "US", "+74951234567"),
        (FORM, "tools.ru/contacts?utm_source=x#form", None, "https://tools.ru/contacts"),
        (MESSENGER, "viber:8 916 123-45-67", "RU", "viber:+79161234567"),
        (MESSENGER, "telegram:@tools", None, "telegram:tools"),
    ],
)
def test_two_spellings_of_one_door_are_one(
    kind: ContactKind, typed: str, country: str | None, kept: str
) -> None:
    assert normal_value(kind, typed, country) == kept
    assert normal_value(kind, kept, country) == kept


@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    [
        (EMAIL, "  ", "value_missing"),
        (EMAIL, "a@b", "email_invalid"),
        (PHONE, "12345", "phone_unclear"),
        (PHONE, "call us", "phone_unclear"),
        (FORM, "ftp://tools.ru", "link_not_web"),
        (FORM, "tools", "link_missing"),
        (MESSENGER, "pigeon:coo", "messenger_unclear"),
        (MESSENGER, "telegram:a b", "messenger_unclear"),
        (MESSENGER, "telegram:", "messenger_unclear"),
    ],
)
def test_what_is_no_door_is_refused_with_a_reason(kind: ContactKind, typed: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        normal_value(kind, typed, None)
    assert (refused.value.code, refused.value.field) == (code, "value")


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("8 (495) 123-45-67", ["84951234567", "4951234567"]),
        ("+49 30 / 901820", ["4930901820"]),
        ("0049 30 901820", ["004930901820", "4930901820"]),
        ("123", []),
        ("sales 1234", []),
        ("GSR 12V-15", []),
    ],
)
def test_a_number_is_searched_by_the_digits_that_every_spelling_has(typed: str, digits: list[str]) -> None:
    assert phone_digits(typed) == digits


@given(kind=st.sampled_from(ContactKind), text=WORDS, country=st.sampled_from([None, "RU", "DE", "??"]))
def test_no_typing_breaks_it_and_what_is_kept_is_kept_again(
    kind: ContactKind, text: str, country: str | None
) -> None:
    try:
        kept = normal_value(kind, text, country)
    except Refused:
        return
    assert normal_value(kind, kept, country) == kept


@given(content=st.binary(max_size=300) | WORDS.map(str.encode))
def test_no_file_breaks_the_readers(content: bytes) -> None:
    for read in (read_csv, read_json):
        try:
            entries = [*read("domain,email,phone\n" + decode(content))]
        except DirectoryError:
            continue
        for entry in entries:
            if isinstance(entry, Entry):
                read_company(entry, country_of)


@given(
    record=st.dictionaries(st.sampled_from(["web", "email", "phone", "webform", "name", "sources"]), WORDS)
)
@settings(max_examples=200)
def test_no_record_breaks_the_reading_and_no_address_is_invented(record: dict[str, str]) -> None:
    for entry in read_json(json.dumps([record])):
        if isinstance(entry, BadEntry):
            continue
        company, _ = read_company(entry, country_of)
        if company is not None:
            emails = [door.value for door in company.doors.values() if door.kind is EMAIL]
            assert all("@" in record.get("email", "") for _ in emails)


@pytest.mark.parametrize(
    "content",
    [
        "domain,email\n" + "tools.ru," + "a" * 2_000_000,
        "domain,email\n" + "tools.ru,a@b.ru\n" * 120_000,
        'domain,email\n"' + "," * 2_000_000,
        "[" + ",".join(['{"web": "tools.ru"}'] * 100_000) + "]",
        '{"web": "tools.ru"}\n' * 100_000,
    ],
)
def test_a_long_file_is_read_to_its_end(content: str) -> None:
    assert [*(read_json(content) if content[0] in "[{" else read_csv(content))]
