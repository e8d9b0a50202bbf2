"""Which conversation a mail belongs to: clues in, a decision or guesses out."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discount_broker.outreach.matching import (
    Candidate,
    Clues,
    MatchedBy,
    Sign,
    WrittenToken,
    decide,
    delivery_ids,
    find_original,
    find_tokens,
    guess,
)
from discount_broker.outreach.matching.guessing import alike, one_slip

NOW = datetime(2030, 1, 14, 9, tzinfo=UTC)
TOKEN = "mfrggzdfmztwq2lknnwg23tpobyxe43uov3ho6dzpiydcmrt"
DELIVERY = UUID("0d4a1b6e-1f0e-4a52-9a51-6b6d3f2d9a11")


def a_candidate(number: str = "R-7K2M9", domain: str = "tools.ru", **given: Any) -> Candidate:
    facts = {
        "outreach_id": uuid4(),
        "shop_id": uuid4(),
        "number": number,
        "shop_name": domain,
        "product": "Bosch GSR 12V-15 cordless drill",
        "domains": frozenset({domain}),
        "addresses": frozenset({f"info@{domain}"}),
        "asked_at": NOW - timedelta(days=1),
    }
    return Candidate(**{**facts, **given})


def clues(sender: str = "", *numbers: str, text: str = "", **given: Any) -> Clues:
    domain = sender.rpartition("@")[2]
    return Clues(**{"sender": sender, "domain": domain, "numbers": numbers, "text": text, "at": NOW, **given})


def test_a_token_is_found_in_every_shape_servers_give_an_address() -> None:
    for address in (
        f"reply+{TOKEN}@in.broker.test",
        f"Reply+{TOKEN.upper()}@IN.BROKER.TEST",
        f"reply%2B{TOKEN}@in.broker.test",
        f"reply-{TOKEN}@in.broker.test",
        f"SRS0=ab12=XY=in.broker.test=reply+{TOKEN}@forwarder.example",
        f"prvs=1234567890=reply+{TOKEN}@in.broker.test",
    ):
        assert find_tokens([address]) == (WrittenToken("reply", TOKEN),), address


@pytest.mark.parametrize(
    "address", ["info@in.broker.test", "reply+abc@in.broker.test", "", f"reply+{TOKEN}x@in.broker.test"]
)
def test_what_is_no_token_is_none(address: str) -> None:
    assert find_tokens([address]) == ()


def test_the_token_of_the_envelope_comes_before_those_of_the_headers() -> None:
    other = "b" * 48
    found = find_tokens([f"bounce+{other}@in.broker.test", f"reply+{TOKEN}@in.broker.test"])
    assert found == (WrittenToken("bounce", other), WrittenToken("reply", TOKEN))


def test_a_message_id_of_ours_carries_its_delivery() -> None:
    ids = [
        f"<{DELIVERY}@in.broker.test>",
        f"{DELIVERY}@In.Broker.Test",
        "<20300114.1@tools.ru>",
        f"<{uuid4()}@tools.ru>",
        "<no-number@in.broker.test>",
        "",
    ]
    assert delivery_ids(ids, "in.broker.test") == (DELIVERY,)


def test_a_report_shows_the_message_it_is_about() -> None:
    report = (
        "From: postmaster@tools.ru\r\nContent-Type: multipart/report; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        f"Return-Path: <bounce+{TOKEN}@in.broker.test>\r\n"
        f"Message-ID: <{DELIVERY}@in.broker.test>\r\n\r\n--b--\r\n"
    )
    original = find_original(report.encode())
    assert find_tokens(original.addresses) == (WrittenToken("bounce", TOKEN),)
    assert delivery_ids(original.message_ids, "in.broker.test") == (DELIVERY,)
    assert not original.was_read


@pytest.mark.parametrize(("said", "was_read"), [("displayed", True), ("deleted", False)])
def test_a_read_receipt_says_whether_anybody_read_it(said: str, was_read: bool) -> None:
    receipt = (
        "From: sales@tools.ru\r\nContent-Type: multipart/report; boundary=b;"
        " report-type=disposition-notification\r\n\r\n"
        "--b\r\nContent-Type: message/disposition-notification\r\n\r\n"
        f"Final-Recipient: rfc822; sales@tools.ru\r\nOriginal-Message-ID: <{DELIVERY}@in.broker.test>\r\n"
        f"Disposition: manual-action/MDN-sent-manually; {said}\r\n\r\n--b--\r\n"
    )
    original = find_original(receipt.encode())
    assert delivery_ids(original.message_ids, "in.broker.test") == (DELIVERY,)
    assert original.was_read is was_read


def test_a_number_counts_with_a_sender_of_the_shop_that_was_asked() -> None:
    asked, other = a_candidate(), a_candidate("R-7K2M9", "garden.ru")
    decided = decide(clues("anna@tools.ru", "R-7K2M9"), [asked, other])
    assert decided == (asked, MatchedBy.NUMBER)


def test_a_number_counts_although_its_shop_has_answered_before() -> None:
    answered = a_candidate(is_awaited=False)
    assert decide(clues("anna@tools.ru", "R-7K2M9"), [answered]) == (answered, MatchedBy.NUMBER)


def test_a_number_from_a_stranger_decides_nothing() -> None:
    assert decide(clues("anna@elsewhere.example", "R-7K2M9"), [a_candidate()]) is None


def test_a_number_of_somebody_elses_request_decides_nothing() -> None:
    own, others = a_candidate("R-22222"), a_candidate("R-7K2M9", "garden.ru")
    assert decide(clues("anna@tools.ru", "R-7K2M9"), [own, others]) is None


def test_the_domain_of_a_shop_counts_where_exactly_one_answer_is_awaited() -> None:
    awaited, done = a_candidate(), a_candidate("R-22222", is_awaited=False)
    assert decide(clues("anna@tools.ru"), [awaited, done]) == (awaited, MatchedBy.SENDER)


def test_between_two_there_is_no_decision() -> None:
    shop_id = uuid4()
    two = [a_candidate(number, shop_id=shop_id) for number in ("R-22222", "R-33333")]
    assert decide(clues("anna@tools.ru"), two) is None
    assert decide(clues("anna@tools.ru", "R-22222", "R-33333"), two) is None
    assert decide(clues("anna@tools.ru", learnt_shop_id=shop_id), two) is None


def test_free_mail_says_nothing_of_a_shop_but_its_very_address_does() -> None:
    knives = a_candidate(domain="knives.ru", addresses=frozenset({"knives@mail.ru"}))
    assert decide(clues("other@mail.ru", domain=""), [knives]) is None
    assert decide(clues("knives@mail.ru", domain=""), [knives]) == (knives, MatchedBy.SENDER)


def test_a_persons_word_goes_before_a_domain() -> None:
    one, other = a_candidate(domain="tools.ru"), a_candidate(domain="garden.ru")
    known = clues("anna@tools.ru", learnt_shop_id=other.shop_id)
    assert decide(known, [one, other]) == (other, MatchedBy.LEARNT)


@given(order=st.permutations(range(6)), numbers=st.sets(st.sampled_from(["R-22222", "R-33333", "R-44444"])))
def test_a_decision_does_not_hang_on_the_order_of_what_is_known(order: list[int], numbers: set[str]) -> None:
    known = [
        a_candidate(number, domain, outreach_id=UUID(int=place), shop_id=UUID(int=100 + len(domain)))
        for place, (number, domain) in enumerate(
            product(["R-22222", "R-33333", "R-44444"], ["tools.ru", "a.ru"])
        )
    ]
    letter = clues("anna@tools.ru", *sorted(numbers))
    shuffled = [known[place] for place in order]
    assert decide(letter, shuffled) == decide(letter, [*known, *known])
    assert guess(letter, shuffled) == guess(letter, known)


def test_guesses_come_with_reasons_and_the_best_is_first() -> None:
    likely = a_candidate(shop_name="Tools and More")
    named = a_candidate("R-7K2N9", "garden.ru", product="Garden hose 20 m", asked_at=None)
    nothing = a_candidate("R-ZZZZZ", "books.ru", product="Cookbook", asked_at=NOW)
    letter = clues(
        "anna@tools-shop.com", "R-7K2M8", text="Re: Bosch GSR 12V-15 cordless drill\nTools and More, Anna"
    )
    guesses = guess(letter, [nothing, named, likely])
    assert [each.outreach_id for each in guesses] == [likely.outreach_id]
    signs = {sign for sign, _ in guesses[0].reasons}
    assert signs == {
        Sign.NUMBER_ALIKE,
        Sign.DOMAIN_ALIKE,
        Sign.SHOP_NAMED,
        Sign.PRODUCT_NAMED,
        Sign.ASKED_LATELY,
    }
    assert 0.7 < guesses[0].score < 1


def test_that_it_was_asked_lately_is_no_reason_alone() -> None:
    assert guess(clues("somebody@elsewhere.example", text="Hello"), [a_candidate()]) == []


@pytest.mark.parametrize(
    ("one", "other"), [("R-7K2M9", "R-7K2N9"), ("7K2M9", "7KM29"), ("7K2M9", "7K2M"), ("tools", "toools")]
)
def test_one_slip_is_told(one: str, other: str) -> None:
    assert one_slip(one, other)
    assert one_slip(other, one)


@pytest.mark.parametrize(("one", "other"), [("R-7K2M9", "R-7K2M9"), ("7K2M9", "9K2M7"), ("abc", "ab1d2")])
def test_two_slips_are_no_slip(one: str, other: str) -> None:
    assert not one_slip(one, other)


def test_domains_are_alike_by_their_names_not_by_chance() -> None:
    assert alike("tools.ru", "tools.com")
    assert alike("tools.ru", "tools-outlet.ru")
    assert not alike("abc.ru", "abc.com")
    assert not alike("tools.ru", "gardens.ru")
