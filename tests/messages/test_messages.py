"""Every message in both languages: its files, its snapshot, and what must stand in it."""

import re
from dataclasses import replace
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from discount_broker.messaging.rendering import TEMPLATES, TRANSLATIONS, Context, Rendered, Renderer
from discount_broker.notifications.catalogue import FORM_MESSAGES, DigestLine, Message, ShopDeclined, Terms
from discount_broker.offers.status import GIVES

from .samples import (
    CONTACT,
    DESK_LETTER,
    DIGEST,
    LETTER,
    NEWS,
    QUESTION,
    REMINDER,
    REQUEST,
    SAMPLES,
    SHOP_MESSAGES,
    SITE,
    TERMS,
    with_title,
)

SNAPSHOTS = Path(__file__).parent / "snapshots"
LANGUAGES = ("en", "ru")
ENGLISH_WORD = re.compile(r"\b(the|you|your|shop|offer|request|buyer|answer)\b", re.IGNORECASE)


def name(value: object) -> str:
    return str(getattr(value, "message", value))


def check_snapshot(rendered: Rendered, file: Path, *, renews: bool) -> None:
    said = f"Subject: {rendered.subject}\n\n{rendered.text}"
    if renews:
        SNAPSHOTS.mkdir(exist_ok=True)
        file.write_text(said, "utf-8")
    assert file.exists(), "a new message: look at it with pytest tests/messages --renew-snapshots"
    assert said == file.read_text("utf-8")


def test_every_message_has_a_sample() -> None:
    assert {sample.message for sample in SAMPLES} == set(Message)


def test_every_message_has_its_templates_and_none_is_left_over() -> None:
    expected = {
        f"{message}/{part}" for message in Message for part in ("subject.txt", "body.txt", "body.html")
    }
    found = {path.relative_to(TEMPLATES / "email").as_posix() for path in (TEMPLATES / "email").glob("*/*")}
    assert found == expected
    assert {path.stem for path in (TEMPLATES / "form").glob("[!_]*.txt")} == FORM_MESSAGES


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sample", SAMPLES, ids=name)
def test_a_message_says_what_it_said_when_it_was_last_looked_at(
    sample: Context, language: str, renderer: Renderer, renews_snapshots: bool
) -> None:
    rendered = renderer.mail(sample, language, SITE)
    check_snapshot(rendered, SNAPSHOTS / f"{sample.message}.{language}.txt", renews=renews_snapshots)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sample", [REQUEST, REMINDER, QUESTION, DESK_LETTER], ids=name)
def test_a_form_text_says_what_it_said_when_it_was_last_looked_at(
    sample: Context, language: str, renderer: Renderer, renews_snapshots: bool
) -> None:
    rendered = renderer.form_text(sample, language, SITE)
    assert rendered.html is None
    check_snapshot(rendered, SNAPSHOTS / f"form.{sample.message}.{language}.txt", renews=renews_snapshots)


def test_every_sentence_of_a_message_has_its_russian_with_the_same_placeholders() -> None:
    with (TRANSLATIONS / "ru" / "LC_MESSAGES" / "messages.po").open("rb") as written:
        russian = read_po(written, locale="ru")
    for folder in ("email", "form"):
        found = extract_from_dir(TEMPLATES / folder, [("**.*", "jinja2")])
        for _file, _line, said, _comments, _context in found:
            sentence = russian.get(said)
            assert sentence is not None, f"not in the catalogue: {said}"
            words = [sentence.string] if isinstance(sentence.string, str) else sentence.string
            assert all(words), f"not translated: {said}"
            assert not sentence.fuzzy, f"not looked at: {said}"
            assert not list(sentence.check(russian)), f"other placeholders: {said}"


@pytest.mark.parametrize("sample", SAMPLES, ids=name)
def test_no_english_is_left_in_a_russian_message(sample: Context, renderer: Renderer) -> None:
    in_russian = renderer.mail(replace(sample, **_without_words_of_people(sample)), "ru", SITE)
    assert not ENGLISH_WORD.findall(re.sub(r"https?://\S+", "", in_russian.subject + in_russian.text))


def _without_words_of_people(sample: Context) -> dict[str, object]:
    russian = {
        "note": "Синюю.",
        "terms": replace(TERMS, text="Самовывоз"),
        "words": ("Здравствуйте!", "", "Есть синяя?"),
        "subject": "",
        "lines": (DigestLine(headline="Мы позвонили в магазин", url="https://discounts.example/r/x"),),
    }
    return {field: value for field, value in russian.items() if field in vars(sample)}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sample", SHOP_MESSAGES, ids=name)
def test_a_shop_is_told_who_writes_where_its_address_was_found_how_to_answer_and_how_to_stop_us(
    sample: Context, language: str, renderer: Renderer
) -> None:
    rendered = renderer.mail(sample, language, SITE)
    assert rendered.html is not None
    reply, found = {
        "en": ("reply to this e-mail", "We found your address on 20\u00a0November\u00a02026"),
        "ru": ("ответьте на это письмо", "Ваш адрес мы нашли 20\u00a0ноября\u00a02026"),
    }[language]
    for part in (rendered.text.replace("\n", " "), unescape(rendered.html)):
        assert SITE.service_name in part
        assert SITE.operator_name in part
        assert found in part
        assert "https://tools.example/contacts" in part
        assert (LETTER["offer_url"] if hasattr(sample, "offer_url") else DIGEST.waiting_url) in part
        assert reply in part
        assert LETTER["stop_url"] in part


@pytest.mark.parametrize("sample", [REQUEST, REMINDER, DIGEST], ids=name)
def test_a_shop_is_led_to_another_day_and_to_somebody_else_by_a_link_for_each_request(
    sample: Context, renderer: Renderer
) -> None:
    rendered = renderer.mail(sample, "en", SITE)
    requests = sample.requests if hasattr(sample, "requests") else (sample,)
    for part in (rendered.text, unescape(rendered.html or "")):
        for ask in requests:
            assert f"{ask.offer_url}?answer=later#answer-later" in part
            assert f"{ask.offer_url}?answer=forward#answer-forward" in part


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sample", [REQUEST, REMINDER], ids=name)
def test_a_form_text_tells_the_same(sample: Context, language: str, renderer: Renderer) -> None:
    text = renderer.form_text(sample, language, SITE).text
    for said in (SITE.service_name, SITE.operator_name, "https://tools.example/contacts", "R-7K2M9"):
        assert said in text
    for link in (LETTER["offer_url"], LETTER["reply_address"], LETTER["stop_url"]):
        assert f"\n{link}\n" in text, "links stand whole on a line of their own"
    assert len(text) < 2000, "feedback forms often refuse more"


def test_nobody_reads_punycode(renderer: Renderer) -> None:
    """Names in Cyrillic are told in Cyrillic; what is pressed leads where it led."""
    product = replace(REQUEST.product, url="https://xn--80aairftm.xn--p1ai/catalog/1")
    contact = replace(CONTACT, email="anna@xn--80a1acny.xn--p1ai")
    asked = replace(
        REQUEST, product=product, contact=contact, found_at="https://xn--80aairftm.xn--p1ai/contacts"
    )
    mail, form = renderer.mail(asked, "ru", SITE), renderer.form_text(asked, "ru", SITE)
    shown = re.sub(r'href="[^"]*"', "", mail.html or "")
    for text in (mail.text.replace("/shop/claim?shop=xn--80aairftm.xn--p1ai", ""), form.text, shown):
        assert "xn--" not in text
        assert "магазин.рф" in text
        assert "anna@почта.рф" in text
    assert 'href="https://xn--80aairftm.xn--p1ai/catalog/1"' in (mail.html or "")


@pytest.mark.parametrize("sample", [REQUEST, REMINDER], ids=name)
def test_a_shop_learns_nothing_of_the_buyer_that_was_not_given(sample: Context, renderer: Renderer) -> None:
    silent = _everything(sample, renderer)
    for known in (CONTACT.email, CONTACT.phone, CONTACT.best_time):
        assert known not in silent
    telling = _everything(replace(sample, contact=replace(CONTACT, email="")), renderer)
    assert CONTACT.email not in telling
    assert CONTACT.phone in telling


def _everything(sample: Context, renderer: Renderer) -> str:
    mail, form = renderer.mail(sample, "en", SITE), renderer.form_text(sample, "en", SITE)
    return f"{mail.subject}{mail.text}{mail.html}{form.text}"


@pytest.mark.parametrize("kind", sorted(GIVES))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_offer_has_its_words(kind: str, language: str, renderer: Renderer) -> None:
    offer = next(sample for sample in SAMPLES if sample.message is Message.OFFER_MADE)
    terms = Terms(
        kind=kind, percent=TERMS.percent, final_price=TERMS.final_price, valid_until=TERMS.valid_until
    )
    label = {"en": "Offer", "ru": "Предложение"}[language]
    text = renderer.mail(replace(offer, terms=terms), language, SITE).text
    assert re.search(rf"^  {label}: \w.+$", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("waiting", "said"),
    [
        (0, "Все магазины, в которые мы обратились, ответили."),
        (1, "Ещё 1 магазин пока не ответил."),
        (2, "Ещё 2 магазина пока не ответили."),
        (5, "Ещё 5 магазинов пока не ответили."),
        (21, "Ещё 21 магазин пока не ответил."),
    ],
)
def test_russian_counts_shops_as_russians_do(waiting: int, said: str, renderer: Renderer) -> None:
    declined = ShopDeclined(**NEWS, shop="Дрель", shops_waiting=waiting)
    assert said in " ".join(renderer.mail(declined, "ru", SITE).text.split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sample", SAMPLES, ids=name)
def test_text_parts_are_tidy(sample: Context, language: str, renderer: Renderer) -> None:
    lines = renderer.mail(sample, language, SITE).text.split("\n")
    assert not [line for line in lines if line != line.rstrip()]
    assert not [line for line in lines if len(line) > 76 and "://" not in line]
    assert not [line for line in lines if "://" in line and " " in line]
    assert not [pair for pair in pairwise(lines) if pair == ("", "")]


@pytest.mark.parametrize("sample", [s for s in SAMPLES if "product" in vars(s)], ids=name)
def test_a_hostile_title_stays_one_line_of_text(sample: Context, renderer: Renderer) -> None:
    title = (
        "Drill\r\nBcc: all@victims.example\u202e\u200b\x00 <script>alert(1)</script><img src=x onerror=y> "
        + "long " * 99
    )
    rendered = renderer.mail(with_title(sample, title), "en", SITE)
    assert rendered.html is not None
    assert "<script" not in rendered.html
    assert "<img" not in rendered.html
    assert "&lt;script&gt;" in rendered.html
    for part in (rendered.subject, rendered.text, rendered.html):
        assert not set("\r\x00\u202e\u200b") & set(part)
    assert "\n" not in rendered.subject
    assert "\nBcc" not in rendered.text
    assert len(rendered.subject) <= 150
    assert "long " * 40 not in rendered.text, "clipped"
