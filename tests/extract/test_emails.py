import pytest

from discount_broker.discovery.extract.emails.finding import find_emails

URL = "https://teashop.ru/contacts"


def addresses(markup, url=URL):
    return [found.address for found in find_emails(markup, url)]


def cloudflare(address, key=0x42):
    return bytes([key, *(byte ^ key for byte in address.encode())]).hex()


@pytest.mark.parametrize(
    ("markup", "source"),
    [
        ('<a href="mailto:info@teashop.ru?subject=Hi">write</a>', "mailto"),
        ('<a href="mailto:%69nfo%40teashop.ru">write</a>', "mailto"),
        ("<p>Почта: info@teashop.ru.</p>", "text"),
        ("<p>&#105;nfo&#64;teashop&#46;ru</p>", "text"),
        ("<p><span>info</span>@<b>teashop.ru</b></p>", "text"),
        ("<p>info＠teashop.ru</p>", "text"),
        (f'<span data-cfemail="{cloudflare("info@teashop.ru")}">[email protected]</span>', "cfemail"),
        (f'<a href="/cdn-cgi/l/email-protection#{cloudflare("info@teashop.ru")}">x</a>', "cfemail"),
        ("<p>info (at) teashop.ru</p>", "obfuscated"),
        ("<p>info [at] teashop [dot] ru</p>", "obfuscated"),
        ("<p>info собака teashop точка ru</p>", "obfuscated"),
        ('<p style="unicode-bidi: bidi-override; direction: rtl">ur.pohsaet@ofni</p>', "obfuscated"),
        ('<a data-user="info" data-domain="teashop.ru">x</a>', "obfuscated"),
        ('<a href="znvygb:x">vasb@grnfubc.eh</a>', "obfuscated"),
        ("<script>document.write('in'+'fo' + '@' + 'teashop.ru')</script>", "script"),
        ("<script>var a='info'; var b='teashop.ru'; document.write(a + '@' + b);</script>", "script"),
        ("<script>var addy1='&#105;nfo'+'&#64;'; addy1=addy1+'teashop&#46;ru';</script>", "script"),
        (
            "<script>document.write(String.fromCharCode("
            + ",".join(str(ord(letter)) for letter in "info@teashop.ru")
            + "))</script>",
            "script",
        ),
        (
            '<script type="application/ld+json">{"@type":"Store","email":"mailto:info@teashop.ru",}</script>',
            "jsonld",
        ),
        ('<meta itemprop="email" content="info@teashop.ru">', "microdata"),
    ],
)
def test_an_address_is_found_in_every_disguise(markup, source):
    assert [(found.address, found.source) for found in find_emails(markup, URL)] == [
        ("info@teashop.ru", source)
    ]


@pytest.mark.parametrize(
    "markup",
    [
        "<p>npm i tea@1.2.3</p>",
        '<img src="cup@2x.png"><p>cup@2x.png</p>',
        '<input placeholder="you@example.com"><p>name@example.com</p>',
        "<p>user@domain.com</p>",
        "<p>fa7392f08ad44440a81d103b44e5b2aa@sentry.io</p>",
        "<p>605a7baede844d278b89dc95ae0a9123@sentry-next.wixpress.com</p>",
        "<!-- dev@teashop.ru -->",
        "<script>var config = {mail: 'dev@teashop.ru'}</script>",
        "<p>look at teashop.ru</p>",
        "<p>a@b</p>",
        "<p>cup@teashop.nosuchending</p>",
    ],
)
def test_what_only_looks_like_an_address_is_left_alone(markup):
    assert addresses(markup) == []


def test_a_phone_glued_to_an_address_does_not_become_part_of_it():
    assert addresses("<p><span>8-800-100-20-30</span><span>info@teashop.ru</span><b>telegram</b></p>") == [
        "info@teashop.ru"
    ]


def test_an_unknown_ending_is_believed_only_on_the_pages_own():
    markup = "<p>sales@kettles.localhost</p>"
    assert addresses(markup, "http://kettles.localhost:8000/") == ["sales@kettles.localhost"]
    assert addresses(markup, "https://kettles.ru/") == []


def test_orders_come_before_the_press_and_the_own_domain_before_others():
    markup = "<p>press@teashop.ru</p><p>studio@webmakers.ru</p><p>zakaz@teashop.ru</p><p>info@teashop.ru</p>"
    found = addresses(markup)
    assert found[0] == "zakaz@teashop.ru"
    assert found[1] == "info@teashop.ru"
    assert found[-1] == "press@teashop.ru"


def test_the_studio_that_made_the_site_comes_last():
    markup = "<p>shop.tea@mail.ru</p><footer>Разработка сайта: hello@pixels.ru</footer>"
    found = find_emails(markup, URL)
    assert [one.address for one in found] == ["shop.tea@mail.ru", "hello@pixels.ru"]
    assert found[1].confidence < 0.3


def test_the_words_around_an_address_are_kept_as_evidence():
    assert "Отдел продаж" in find_emails("<p>Отдел продаж: info@teashop.ru</p>", URL)[0].snippet


def test_a_long_line_without_any_address_is_read_quickly():
    assert addresses("<p>" + "a." * 200_000 + "</p>") == []
    assert addresses("<p>" + "a (at " * 50_000 + "</p>") == []
