from statistics import median

import pytest

from discount_broker.escalation.status import CaseReason
from discount_broker.settings import Settings
from tests.real.saved_pages import SavedSite
from tests.real.walk import BUYER, Walk

pytestmark = pytest.mark.real

SERVICE = Settings().service_name
PAGES_PER_SHOP = Settings().pages_per_shop
STATED = {str(reason) for reason in CaseReason}


@pytest.fixture(scope="session")
def asked(walks: list[Walk]) -> list[Walk]:
    return [made for made in walks if made.is_asked]


def test_sixty_real_sites_are_asked_and_twenty_of_them_are_russian(asked: list[Walk]) -> None:
    assert len({made.domain for made in asked}) >= 60
    assert sum(made.is_russian for made in asked) >= 20


def test_no_job_fails_on_a_real_page(walks: list[Walk]) -> None:
    assert {made.domain: made.errors for made in walks if made.errors} == {}


def test_every_shop_gets_a_message_or_becomes_a_case_that_says_why(asked: list[Walk]) -> None:
    left = {made.domain: made.outcome for made in asked if not made.sent and made.case_reason not in STATED}
    assert left == {}


def test_when_every_door_was_tried_people_are_told_what_is_left_to_do(asked: list[Walk]) -> None:
    """The ladder was climbed to its end: only who took a message can have been silent."""
    assert {made.domain for made in asked if made.case_reason not in STATED} == set()
    assert {made.domain for made in asked if bool(made.sent) != (made.case_reason == CaseReason.SILENCE)} == {
        made.domain for made in asked if made.case_reason == CaseReason.OUTCOME_UNKNOWN and made.sent
    }


def test_a_page_that_is_refused_to_the_buyer_says_why(walks: list[Walk]) -> None:
    assert [made.domain for made in walks if not made.is_asked and not made.reading_failure] == []


def test_a_crawl_keeps_its_budget(asked: list[Walk]) -> None:
    over = {
        made.domain: made.pages_of_crawls
        for made in asked
        if max(made.pages_of_crawls, default=0) > PAGES_PER_SHOP
    }
    assert over == {}


def test_where_there_are_doors_three_pages_are_enough(asked: list[Walk]) -> None:
    assert median(sum(made.pages_of_crawls) for made in asked if made.has_doors) <= 3


def test_a_shop_is_crawled_once(asked: list[Walk]) -> None:
    assert {made.domain for made in asked if len(made.pages_of_crawls) != 1} == set()


def test_most_shops_with_a_door_take_a_message(asked: list[Walk]) -> None:
    with_doors = [made for made in asked if made.has_doors]
    assert sum(bool(made.sent) for made in with_doors) > len(with_doors) / 2


def test_a_form_is_sent_once_and_never_again(asked: list[Walk]) -> None:
    for made in asked:
        sent = [post.url for posts in made.posts_of_deliveries for post in posts]
        assert all(len(posts) == 1 for posts in made.posts_of_deliveries), made.domain
        assert len(sent) <= made.form_deliveries, made.domain
        assert len(made.forms) >= made.form_deliveries, made.domain
        assert len(set(sent)) == len(sent), made.domain


def test_the_buyer_is_asked_to_confirm_and_told_who_was_asked(asked: list[Walk]) -> None:
    assert {made.domain: made.told_buyer for made in asked if made.told_buyer < 2} == {}


def test_no_look_alike_gets_a_mail(asked: list[Walk], sites: list[SavedSite]) -> None:
    rejected = {site.domain: site.rejected for site in sites}
    wrong = {made.domain: _recipients(made) & rejected[made.domain] for made in asked}
    assert {domain: addresses for domain, addresses in wrong.items() if addresses} == {}


def test_every_mail_goes_to_one_address_that_was_found(asked: list[Walk]) -> None:
    for made in asked:
        assert _recipients(made) <= {address.lower() for address in made.emails}, made.domain
        assert all(len(recipients) == 1 for recipients, _ in made.mails), made.domain


def test_the_mail_server_took_every_mail_that_is_said_to_be_sent(asked: list[Walk]) -> None:
    for made in asked:
        by_mail = [address for channel, address in made.sent if channel == "email"]
        assert sorted(by_mail) == sorted(recipients[0] for recipients, _ in made.mails), made.domain


def test_every_mail_says_who_asks_and_how_to_stop_it(asked: list[Walk]) -> None:
    for made in asked:
        for _, mail in made.mails:
            body = mail.get_body(("plain",))
            assert body is not None, made.domain
            assert SERVICE in str(mail["From"]), made.domain
            assert SERVICE in body.get_content(), made.domain
            assert "http://broker.test/stop/" in mail["List-Unsubscribe"], made.domain
            assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click", made.domain
            assert BUYER not in mail.as_string(), made.domain


def _recipients(made: Walk) -> set[str]:
    return {address.lower() for recipients, _ in made.mails for address in recipients}
