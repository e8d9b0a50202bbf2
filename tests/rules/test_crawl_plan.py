from discount_broker.discovery.crawl_plan import begin
from discount_broker.discovery.extract.links import ContactLink

PRODUCT = "https://teashop.ru/product/1"
HOME = "https://teashop.ru/"
CONTACTS = "https://teashop.ru/kak-nas-nayti"
ABOUT = "https://teashop.ru/about"


def seen(plan, url, *links, language="ru", has_email=False, has_form=False):
    found = [ContactLink(*link) for link in links]
    return plan.seen(url, found, language=language, has_email=has_email, has_form=has_form)


def test_the_product_page_comes_first():
    assert begin(PRODUCT).next_page() == PRODUCT


def test_the_likeliest_contact_link_is_followed_before_the_home_page():
    plan = seen(begin(PRODUCT), PRODUCT, (ABOUT, 0.55), (CONTACTS, 0.98))
    assert plan.next_page() == CONTACTS


def test_the_home_page_is_read_when_no_link_promises_more():
    assert seen(begin(PRODUCT), PRODUCT, ("https://teashop.ru/dostavka", 0.4)).next_page() == HOME


def test_conventional_paths_come_last_and_in_the_language_of_the_shop():
    plan = seen(seen(begin(PRODUCT), PRODUCT), HOME)
    assert plan.next_page() == "https://teashop.ru/contacts/"
    german = seen(seen(begin(PRODUCT), PRODUCT, language="de"), HOME, language="de")
    assert german.next_page() == "https://teashop.ru/kontakt"


def test_a_page_that_was_refused_is_not_asked_for_again():
    plan = seen(begin(PRODUCT), PRODUCT, (CONTACTS, 0.98)).refused(CONTACTS)
    assert plan.next_page() == HOME


def test_the_walk_ends_with_an_address_and_a_form():
    plan = seen(begin(PRODUCT), PRODUCT, (CONTACTS, 0.98), has_email=True)
    assert plan.next_page() == CONTACTS
    assert seen(plan, CONTACTS, has_form=True).next_page() is None


def test_the_walk_ends_with_an_address_on_the_contact_page_though_there_is_no_form():
    plan = seen(begin(PRODUCT), PRODUCT, (CONTACTS, 0.98))
    assert seen(plan, CONTACTS, (ABOUT, 0.55), has_email=True).next_page() is None


def test_the_walk_ends_when_nothing_is_left_to_try():
    plan, pages = begin(PRODUCT), []
    while (url := plan.next_page()) is not None:
        assert url not in pages
        pages.append(url)
        plan = plan.refused(url)
    assert pages[:2] == [PRODUCT, HOME]
    assert len(pages) < 10
