"""Signed links."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask

from discount_broker.kernel.errors import NotFound, TokenExpired
from discount_broker.kernel.tokens import CROCKFORD, RFC_4648, Purpose, issue_token, read_token

MADE_AT = datetime(2030, 1, 14, 9, 0, 30, tzinfo=UTC)
OUTREACH = UUID("7d444840-9dc0-11d1-b245-5ffdce74fad2")


@pytest.fixture(autouse=True)
def _installation() -> Iterator[None]:
    app = Flask(__name__)
    app.config["SECRET_KEY"] = "a secret"
    with app.app_context():
        yield


def token(purpose: Purpose = Purpose.OFFER) -> str:
    return issue_token(purpose, OUTREACH, MADE_AT)


@pytest.mark.parametrize("purpose", Purpose)
def test_a_token_opens_what_it_was_made_for_and_nothing_else(purpose: Purpose) -> None:
    assert read_token(purpose, token(purpose), MADE_AT) == OUTREACH
    for other in set(Purpose) - {purpose}:
        with pytest.raises(NotFound):
            read_token(other, token(purpose), MADE_AT)


def test_the_same_facts_give_the_same_token() -> None:
    assert token() == issue_token(Purpose.OFFER, OUTREACH, MADE_AT.replace(second=59))
    assert token() != issue_token(Purpose.OFFER, uuid4(), MADE_AT)


def test_a_token_fits_into_the_local_part_of_an_address() -> None:
    assert len(f"bounce+{token(Purpose.BOUNCE)}") <= 64
    assert token().isalnum()
    assert token() == token().lower()


@pytest.mark.parametrize("spoilt", [str.upper, str.title, lambda t: f"  {t}\n"])
def test_case_and_blanks_do_not_matter(spoilt: object) -> None:
    assert callable(spoilt)
    assert read_token(Purpose.OFFER, spoilt(token()), MADE_AT) == OUTREACH


@pytest.mark.parametrize("typed_as", ["oiv", "OIV", "oLu", "olv"])
def test_letters_that_look_like_digits_are_taken_for_them(typed_as: str) -> None:
    for _ in range(200):
        subject = uuid4()
        typed = issue_token(Purpose.OFFER, subject, MADE_AT).translate(str.maketrans("01v", typed_as))
        assert read_token(Purpose.OFFER, typed, MADE_AT) == subject


def test_a_token_has_no_look_alikes() -> None:
    for _ in range(200):
        assert not set("oilu") & set(issue_token(Purpose.REPLY, uuid4(), MADE_AT))


def test_a_token_of_the_plain_base32_of_before_still_opens() -> None:
    old = token().translate(str.maketrans(CROCKFORD, RFC_4648))
    for typed in (old, old.upper(), old.translate(str.maketrans("olb", "018"))):
        assert read_token(Purpose.OFFER, typed, MADE_AT) == OUTREACH


def test_one_changed_letter_anywhere_spoils_it() -> None:
    for at in range(len(token())):
        other = "a" if token()[at] != "a" else "c"
        with pytest.raises(NotFound):
            read_token(Purpose.OFFER, token()[:at] + other + token()[at + 1 :], MADE_AT)


@pytest.mark.parametrize(
    "typed", ["", "x", "токен", "=" * 48, "a" * 48, "9" * 48, "a" * 4000, "\0" * 48, "a-b_c" * 9]
)
def test_what_is_no_token_is_not_found(typed: str) -> None:
    with pytest.raises(NotFound):
        read_token(Purpose.OFFER, typed, MADE_AT)


def test_a_cut_or_lengthened_token_is_not_found() -> None:
    for typed in (token()[:-1], token()[:-8], token() + "a", token() + token()):
        with pytest.raises(NotFound):
            read_token(Purpose.OFFER, typed, MADE_AT)


def test_a_token_is_too_old_only_where_an_age_is_asked_for() -> None:
    age = timedelta(minutes=30)
    assert read_token(Purpose.LOGIN, token(Purpose.LOGIN), MADE_AT + timedelta(minutes=29), age) == OUTREACH
    with pytest.raises(TokenExpired):
        read_token(Purpose.LOGIN, token(Purpose.LOGIN), MADE_AT + timedelta(minutes=31), age)
    assert read_token(Purpose.OFFER, token(), MADE_AT + timedelta(days=3650)) == OUTREACH


def test_another_installations_token_is_not_found() -> None:
    ours = token()
    elsewhere = Flask(__name__)
    elsewhere.config["SECRET_KEY"] = "another secret"
    with elsewhere.app_context(), pytest.raises(NotFound):
        read_token(Purpose.OFFER, ours, MADE_AT)
