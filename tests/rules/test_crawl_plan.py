import pytest

from discount_broker.discovery.crawl_plan import Errand, Plan, Sight, Step, begin, language_root, page_key
from discount_broker.discovery.extract.pages.links import ContactLink

PRODUCT = "https://teashop.ru/product/1"
HOME = "https://teashop.ru/"
CONTACTS = "https://teashop.ru/kak-nas-nayti"
FEEDBACK = "https://teashop.ru/feedback"
ABOUT = "https://teashop.ru/about"


def seen(plan: Plan, *links: tuple[str, float], language: str = "ru", **found: bool) -> Plan:
    step = next_of(plan)
    known = [ContactLink(*link) for link in links]
    return plan.seen(step, Sight(url=step.url, links=known, language=language, **found))


def next_of(plan: Plan) -> Step:
    step = plan.next_step()
    assert step is not None
    return step


def missed(plan: Plan, **how: bool) -> Plan:
    return plan.missed(next_of(plan), **how)


def walk(plan: Plan) -> list[str]:
    """The pages asked for when there is none at all."""
    pages = []
    while (step := plan.next_step()) is not None:
        assert step.url not in pages
        pages.append(step.url)
        plan = plan.missed(step)
    return pages


def test_the_product_page_comes_first() -> None:
    assert begin(PRODUCT).next_step() == Step(PRODUCT, Errand.START)


def test_the_likeliest_contact_link_is_followed_before_the_home_page() -> None:
    assert next_of(seen(begin(PRODUCT), (ABOUT, 0.55), (CONTACTS, 0.98))).url == CONTACTS


def test_the_home_page_is_read_when_no_link_promises_more() -> None:
    plan = seen(begin(PRODUCT), ("https://teashop.ru/dostavka", 0.4))
    assert next_of(plan).url == HOME
    assert next_of(missed(plan)).url == "https://teashop.ru/dostavka"


def test_of_links_that_promise_little_two_are_followed() -> None:
    plan = missed(seen(begin(PRODUCT), *[(f"{HOME}{n}", 0.4) for n in range(5)]))
    plan = seen(seen(plan))
    assert next_of(plan).errand is Errand.GUESS


def test_conventional_paths_come_last_and_in_the_language_of_the_shop() -> None:
    plan = seen(seen(begin(PRODUCT)))
    assert plan.next_step() == Step("https://teashop.ru/contacts/", Errand.GUESS)
    german = seen(seen(begin(PRODUCT), language="de"))
    assert next_of(german).url == "https://teashop.ru/kontakt"


def test_paths_that_are_usual_for_the_software_of_the_shop_come_before_those() -> None:
    plan = begin(PRODUCT)
    plan = plan.seen(next_of(plan), Sight(url=PRODUCT, usual=("/page/contacts",), language="ru"))
    assert next_of(seen(plan)).url == "https://teashop.ru/page/contacts"


def test_a_page_that_was_refused_is_not_asked_for_again() -> None:
    assert next_of(missed(seen(begin(PRODUCT), (CONTACTS, 0.98)))).url == HOME


def test_a_good_address_is_worth_one_more_page_when_a_link_is_sure_to_lead_to_a_form() -> None:
    plan = seen(begin(PRODUCT), (CONTACTS, 0.98), (FEEDBACK, 0.9), has_email=True)
    assert next_of(plan).url == CONTACTS
    assert seen(plan).next_step() is None
    assert missed(plan).next_step() is None


@pytest.mark.parametrize("form", ["has_form", "has_hard_form"])
def test_the_walk_ends_with_an_address_and_a_form(form: str) -> None:
    plan = seen(begin(PRODUCT), (CONTACTS, 0.98), has_email=True, **{form: True})
    assert plan.next_step() is None


def test_the_walk_ends_with_a_good_address_when_links_are_unsure() -> None:
    assert seen(begin(PRODUCT), (ABOUT, 0.55), has_email=True).next_step() is None


def test_the_walk_ends_with_an_address_on_the_contact_page_though_there_is_no_form() -> None:
    plan = seen(begin(PRODUCT), (CONTACTS, 0.98), (FEEDBACK, 0.9))
    assert seen(plan, has_email=True).next_step() is None


@pytest.mark.parametrize("door", ["has_form", "has_hard_form", "has_doubtful_email"])
def test_a_door_that_is_not_the_best_is_worth_two_more_pages(door: str) -> None:
    plan = seen(begin(PRODUCT), (CONTACTS, 0.98), (FEEDBACK, 0.9), (ABOUT, 0.7), **{door: True})
    assert next_of(plan).url == CONTACTS
    assert next_of(seen(plan)).url == FEEDBACK
    assert seen(seen(plan)).next_step() is None


def test_pages_that_showed_doors_before_come_first_and_may_be_enough() -> None:
    plan = begin(PRODUCT, known=[CONTACTS, FEEDBACK])
    assert next_of(plan) == Step(CONTACTS, Errand.LINK, 1.0)
    assert seen(plan, has_email=True, has_form=True).next_step() is None
    assert next_of(missed(plan)).url == FEEDBACK
    assert next_of(missed(missed(plan))).url == PRODUCT


def test_a_sitemap_is_read_when_no_link_promises_anything() -> None:
    plan = seen(begin(PRODUCT)).knowing(["https://teashop.ru/sitemap.xml"])
    assert next_of(plan).url == HOME
    plan = seen(plan)
    assert plan.next_step() == Step("https://teashop.ru/sitemap.xml", Errand.SITEMAP)
    plan = plan.saw_sitemap(
        next_of(plan), [], ["https://teashop.ru/pages.xml", "https://teashop.ru/goods.xml"]
    )
    assert plan.next_step() == Step("https://teashop.ru/pages.xml", Errand.SITEMAP)
    plan = plan.saw_sitemap(next_of(plan), [ContactLink(CONTACTS, 0.9)], [])
    assert next_of(plan).url == CONTACTS
    assert next_of(missed(plan)).errand is Errand.GUESS


def test_a_sitemap_is_left_alone_where_links_tell_the_way() -> None:
    plan = seen(begin(PRODUCT), (CONTACTS, 0.98)).knowing(["https://teashop.ru/sitemap.xml"])
    assert "https://teashop.ru/sitemap.xml" not in walk(plan)


def test_three_wrong_guesses_are_enough() -> None:
    pages = walk(seen(seen(begin(PRODUCT))))
    assert len(pages) == 3


def test_the_walk_ends_when_nothing_is_left_to_try() -> None:
    pages = walk(begin(PRODUCT))
    assert pages[:2] == [PRODUCT, HOME]
    assert len(pages) <= 5


def test_a_site_that_shows_robots_nothing_is_left_alone() -> None:
    plan = missed(begin(PRODUCT), is_shut=True)
    assert missed(plan, is_shut=True).next_step() is None
    assert seen(plan, (CONTACTS, 0.9)).next_step() is not None


def test_a_walk_that_is_over_goes_nowhere() -> None:
    assert seen(begin(PRODUCT), (CONTACTS, 0.98)).over().next_step() is None


def test_links_to_one_page_in_other_languages_are_one_link() -> None:
    plan = seen(
        begin(PRODUCT), ("https://teashop.ru/en/contacts", 0.98), ("https://teashop.ru/contacts/", 0.9)
    )
    assert next_of(plan).url == "https://teashop.ru/en/contacts"
    assert next_of(missed(plan)).url == HOME


def test_a_link_into_another_language_promises_less() -> None:
    plan = seen(begin(PRODUCT), ("https://teashop.ru/en/contacts", 0.98), (ABOUT, 0.7))
    assert next_of(plan).url == ABOUT
    english = seen(
        begin("https://teashop.ru/en/product/1"), ("https://teashop.ru/en/contacts", 0.98), (ABOUT, 0.7)
    )
    assert next_of(english).url == "https://teashop.ru/en/contacts"


@pytest.mark.parametrize(
    "other",
    [
        "http://teashop.ru/contacts",
        "https://www.teashop.ru/contacts/",
        "https://m.teashop.ru/contacts",
        "https://TEASHOP.ru/contacts#map",
        "https://teashop.ru/contacts/index.php",
        "https://teashop.ru/contacts/?utm_source=x",
        "https://teashop.ru/en/contacts",
        "https://teashop.ru/ru-RU/contacts/",
        "https://teashop.ru/contacts?lang=en",
        "https://teashop.ru:443/contacts",
    ],
)
def test_a_page_has_one_name_under_all_its_addresses(other: str) -> None:
    assert page_key(other) == page_key("https://teashop.ru/contacts")


@pytest.mark.parametrize(
    "other",
    [
        "https://teashop.ru/contact",
        "https://help.teashop.ru/contacts",
        "https://teashop.ru/contacts?city=2",
        "https://teashop.ru:8080/contacts",
        "https://teashop.com/contacts",
        "https://teashop.ru/xx/contacts",
    ],
)
def test_other_pages_have_other_names(other: str) -> None:
    assert page_key(other) != page_key("https://teashop.ru/contacts")


@pytest.mark.parametrize("nonsense", ["", "not a link", "http://[::1", "https:///x"])
def test_what_is_no_address_has_a_name_all_the_same(nonsense: str) -> None:
    assert page_key(nonsense) == nonsense
    assert language_root(nonsense) == ""


def test_pages_that_differ_in_numbers_alone_are_not_read_for_ever() -> None:
    days = [(f"https://teashop.ru/calendar/2030/{day}", 0.9) for day in range(1, 30)]
    plan = seen(begin(PRODUCT), *days, (CONTACTS, 0.6))
    asked = []
    while not asked or asked[-1] != CONTACTS:
        asked.append(next_of(plan).url)
        plan = seen(plan, *days)
    assert len(asked) == 3
