import pytest
from hypothesis import given
from hypothesis import strategies as st

from discount_broker.discovery.extract.pages.page import (
    SEPARATOR,
    decode_page,
    frame_urls,
    inner_text,
    open_document,
    refresh_target,
)
from discount_broker.discovery.extract.pages.tags import cut_endless_tags

HOSTILE = [
    "",
    "   ",
    "\x00\x01\x02\xff",
    "<div>" * 100_000,
    "<a href='http://[::1' >x</a>" * 50,
    "<table><form><tr><td><input></form></table><form",
    '<?xml version="1.0" encoding="windows-1251"?><p>x</p>',
    "<script>" + "'a'+" * 5_000 + "'@b.ru'</script>",
    "a@" * 20_000,
    "1 " * 50_000,
    "<!-- " + "<b>" * 1_000,
    "<p>" * 400_000,
    "<i>x</i>" * 200_000,
    "x" * 5_000_000,
]


def test_the_header_decides_over_the_meta_tag():
    content = '<meta charset="utf-8"><p>Магазин на диване</p>'.encode("cp1251")
    assert "Магазин" in decode_page(content, "text/html; charset=windows-1251")


def test_a_page_in_windows_1251_without_any_declaration_is_readable():
    content = "<p>Мы продаём чайники и самовары по всей стране</p>".encode("cp1251")
    assert "чайники и самовары" in decode_page(content)


def test_koi8_r_is_told_from_windows_1251():
    content = "<p>Мы продаём чайники и самовары по всей стране</p>".encode("koi8-r")
    assert "чайники и самовары" in decode_page(content)


def test_a_meta_tag_that_lies_about_utf_8_is_not_believed():
    content = '<meta charset="windows-1251"><p>Чайник</p>'.encode()
    assert "Чайник" in decode_page(content)


def test_a_byte_order_mark_decides_over_everything():
    content = "\ufeff<p>Чайник</p>".encode("utf-16")
    assert "Чайник" in decode_page(content, "text/html; charset=windows-1251")


@pytest.mark.parametrize("charset", ["utf-16", "utf-16le", "utf-32", "unicode_escape", "punycode"])
def test_a_meta_tag_that_names_what_its_page_cannot_be_in_is_not_believed(charset):
    page = f'<meta charset="{charset}"><p>info\\u0040shop.example, sales@shop.example</p>  '
    assert decode_page(page.encode()) == page


def test_a_few_wrong_bytes_do_not_turn_a_page_into_another_charset():
    content = "<p>Größe wählen</p>".encode() + b"\xff" + ("ä" * 2_000).encode()
    assert "Größe wählen" in decode_page(content, "text/html; charset=utf-8")


@pytest.mark.parametrize("markup", HOSTILE, ids=range(len(HOSTILE)))
def test_any_markup_gives_a_page(markup):
    document = open_document(markup, "https://shop.example/")
    assert isinstance(document.text, str)
    assert all(line.element is not None for line in document.lines)
    assert document.language


def test_inline_tags_do_not_break_a_line_and_blocks_do():
    document = open_document("<p>one<b>two</b></p><div>three<br>four</div>", "https://shop.example/")
    assert [line.text for line in document.lines] == ["onetwo", "three", "four"]


def test_a_line_knows_the_element_its_first_words_stand_in():
    document = open_document(
        "<style>p{}</style><div> <p><script>1</script><b>one</b> two</p>three<i>!</i></div>",
        "https://shop.example/",
    )
    assert [(line.text, line.element.tag) for line in document.lines] == [("one two", "b"), ("three!", "div")]
    assert document.lines[1].separated.split(SEPARATOR) == ["three", "!"]


def test_a_place_of_the_text_leads_to_its_line():
    document = open_document("<p>one</p><p>two</p><p>three</p>", "https://shop.example/")
    assert [document.line_at(place).text for place in (0, 3, 4, document.text.index("r"))] == [
        "one",
        "one",
        "two",
        "three",
    ]


def test_a_page_that_holds_our_own_marks_is_read_all_the_same():
    document = open_document(f"<p>{SEPARATOR * 3}one</p><p>two&#xfdd1;three</p>", "https://shop.example/")
    assert [line.text for line in document.lines] == ["one", "two", "three"]
    assert all(line.element is not None for line in document.lines)


PIECES = [*"<>/abp &;#x=\"' \u200b\ufdd0\ufdd1@é", "<p>", "</p>", "<script>", "</script>", "<b>", "&#xfdd0;"]


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_every_line_of_any_page_has_its_element(markup):
    document = open_document(markup, "https://shop.example/")
    assert all(line.element is not None and line.text for line in document.lines)
    assert document.text == "\n".join(line.text for line in document.lines)


def test_scripts_and_styles_are_no_text():
    document = open_document("<p>seen<script>hidden</script></p><style>p{}</style>", "https://shop.example/")
    assert document.text == "seen"
    assert inner_text(document.tree.find(".//p")) == "seen"


@pytest.mark.parametrize(
    ("markup", "language"),
    [
        ('<html lang="de"><p>Kontakt</p>', "de"),
        ('<meta property="og:locale" content="fr_FR"><p>Bonjour</p>', "fr"),
        ("<html lang='en'><p>Интернет-магазин чайников с доставкой по всей стране в любой город</p>", "ru"),
        ("<p>Інтернет-магазин чайників із доставкою по всій країні у будь-яке місто</p>", "uk"),
        ("<p>" + "die Lieferung ist für Sie und mit der Post von uns " * 4 + "</p>", "de"),
        ("<p>tea</p>", "en"),
    ],
)
def test_the_language_is_that_of_the_words_before_that_of_the_markup(markup, language):
    assert open_document(markup, "https://shop.example/").language == language


def test_a_refresh_names_the_next_page():
    markup = '<meta http-equiv="Refresh" content="0; URL=\'/new\'">'
    assert refresh_target(markup, "https://shop.example/old") == "https://shop.example/new"
    assert refresh_target("<p>stay</p>", "https://shop.example/old") is None


def test_frames_are_found_and_scripts_in_their_place_are_not():
    markup = '<frameset><frame src="main.htm"><frame src="javascript:void(0)"></frameset>'
    assert frame_urls(markup, "https://shop.example/") == ["https://shop.example/main.htm"]


def test_links_are_resolved_against_the_base_of_the_page():
    document = open_document('<base href="/shop/"><a href="tea">x</a>', "https://shop.example/a/b")
    assert document.resolve("tea") == "https://shop.example/shop/tea"


@pytest.mark.parametrize("parts", ["a%d=x ", "a%d ", 'a%d=">"', "a%d = 'x<' "])
def test_a_tag_keeps_its_first_attributes_and_loses_those_without_end(parts):
    endless = "".join(parts % number for number in range(100_000))
    (box, after) = open_document(f"<p>x</p><div {endless}>one</div><i>two</i>", "https://shop.example/").tree[
        0
    ][1:]
    assert "a0" in box.attrib
    assert "a99999" not in box.attrib
    assert (box.text, after.text) == ("one", "two")


def test_long_scripts_texts_and_pictures_within_tags_are_no_endless_tags():
    markup = f"<img src='{'x' * 20_000}'><script>{'a = b; ' * 9_000}</script><p>{'word ' * 9_000}</p>"
    assert cut_endless_tags(markup) == markup
