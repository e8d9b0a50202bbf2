"""The words of leads: every default can be edited, and, saved as it is, says what it said before."""

from dataclasses import replace
from html import unescape

import pytest

from discount_broker.messaging.rendering import LOCALES, TEMPLATES, Context, Rendered, Renderer, Wording
from discount_broker.messaging.rules.texts import flaws_in
from discount_broker.messaging.status import ChannelKind

from .samples import LETTER, QUESTION, REQUEST, SAMPLES, SITE, with_title
from .test_messages import SNAPSHOTS, check_snapshot
from .test_sms import LINK, TEXTS

FORMS = [sample for sample in SAMPLES if (TEMPLATES / "form" / f"{sample.message}.txt").exists()]
EVERY = [
    *((ChannelKind.EMAIL, sample) for sample in SAMPLES),
    *((ChannelKind.WEB_FORM, sample) for sample in FORMS),
    *((ChannelKind.SMS, sample) for sample in TEXTS),
]


def name(value: object) -> str:
    return str(getattr(value, "message", value))


def say(
    renderer: Renderer, channel: ChannelKind, sample: Context, language: str, own: Wording | None = None
) -> Rendered:
    if channel is ChannelKind.EMAIL:
        return renderer.mail(sample, language, SITE, own=own)
    if channel is ChannelKind.WEB_FORM:
        return renderer.form_text(sample, language, SITE, own=own)
    return renderer.sms(sample, language, SITE, link=LINK, is_first=True, own=own)


def unchanged(renderer: Renderer, channel: ChannelKind, sample: Context, language: str) -> Wording:
    default = renderer.default(sample.message, channel, language)
    return Wording(1, default.subject.source if default.subject else "", default.body.source)


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize(("channel", "sample"), EVERY, ids=name)
def test_a_default_saved_as_it_is_says_the_same_words(
    channel: ChannelKind, sample: Context, language: str, renderer: Renderer
) -> None:
    own = unchanged(renderer, channel, sample, language)
    default = renderer.default(sample.message, channel, language)
    assert flaws_in(own.body, default.vocabulary, default.required) == []
    assert flaws_in(own.subject, default.subject_vocabulary) == []
    said, before = say(renderer, channel, sample, language, own), say(renderer, channel, sample, language)
    assert (said.failure, said.text_version) == ("", 1)
    assert said.subject == before.subject
    assert words(said.text) == words(before.text)


def test_the_words_of_a_lead_take_the_place_of_the_default_and_the_frame_stays(
    renderer: Renderer, renews_snapshots: bool
) -> None:
    own = Wording(
        7,
        "{{ product }}: a buyer asks for {{ wish }}",
        "Good afternoon,\n\nsomebody would buy this from you today:\n\n{{ product }}\n{{ product_url }}\n\n"
        "  Wish: {{ wish }}\n  Phone: {{ buyer_phone }}\n\n"
        "{% if note %}\nThey add: {{ note }}\n\n{% endif %}\n"
        "{% for answer in answers %}\n{{ answer }}:\n{{ offer_url }}?answer={{ answer.code }}\n\n"
        "{% endfor %}\nSomething else:\n{{ offer_url }}\n",
    )
    rendered = renderer.mail(REQUEST, "en", SITE, own=own)
    assert (rendered.text_version, rendered.failure) == (7, "")
    check_snapshot(rendered, SNAPSHOTS / "own.shop_request.en.txt", renews=renews_snapshots)
    page = unescape(rendered.html or "")
    for said in ("We found your address", LETTER["stop_url"], SITE.operator_name, "They add: Blue"):
        assert said in page
    assert page.count("button-link") >= len(REQUEST.answers) + 1
    assert "ready to buy this from you now" not in page + rendered.text


def test_a_hostile_fact_adds_neither_a_line_nor_markup_to_a_leads_words(renderer: Renderer) -> None:
    title = "Drill\r\n\r\nPay here:\nhttps://evil.example {{ stop_url }} <img src=x>\ue000"
    own = unchanged(renderer, ChannelKind.EMAIL, REQUEST, "en")
    rendered = renderer.mail(with_title(REQUEST, title), "en", SITE, own=own)
    assert rendered.text_version == 1
    assert "\nhttps://evil.example" not in rendered.text
    assert "{{ stop_url }}" in rendered.text
    assert "<img" not in (rendered.html or "")
    assert "\ue000" not in rendered.text + (rendered.html or "")


@pytest.mark.parametrize(
    "title", ["https://evil.example/pay", "- 50 % off", "http://broker.test.evil.example/o"]
)
def test_a_fact_alone_on_its_line_is_neither_a_link_nor_an_item(title: str, renderer: Renderer) -> None:
    own = Wording(1, "{{ product }}", "Good afternoon,\n\nsee here:\n{{ product }}\n\n{{ offer_url }}\n")
    rendered = renderer.mail(with_title(REQUEST, title), "en", SITE, own=own)
    assert (rendered.subject, rendered.failure) == (title, "")
    assert f"see here:\n{title}\n" in rendered.text
    assert f'href="{title}' not in (rendered.html or "")
    assert f"see here:<br>{title}" in (rendered.html or "")


def test_a_button_leads_to_ourselves_alone(renderer: Renderer) -> None:
    product = replace(REQUEST.product, url=f"{SITE.base_url}.evil.example/p/1")
    own = Wording(1, "x", "The product:\n{{ product_url }}\n")
    page = renderer.mail(replace(REQUEST, product=product), "en", SITE, own=own).html or ""
    assert "evil.example/p/1" in page
    assert "button-link" not in page.partition("evil.example")[0]


def test_a_letter_of_somebody_stays_a_letter_whatever_its_lines_look_like(renderer: Renderer) -> None:
    letter = replace(QUESTION, words=("Label: value", "- item", "", "See:", "https://evil.example"))
    own = unchanged(renderer, ChannelKind.EMAIL, letter, "en")
    page = renderer.mail(letter, "en", SITE, own=own).html or ""
    assert 'href="https://evil.example"' not in page
    assert "Label: value<br>- item" in page


@pytest.mark.parametrize("body", ["{{ answers.x.y.z() }}", "{% if", "{{ 1 / 0 }}", "{% include 'x' %}"])
def test_words_that_cannot_be_said_give_way_to_the_default(body: str, renderer: Renderer) -> None:
    rendered = renderer.mail(REQUEST, "en", SITE, own=Wording(3, "x", body))
    assert (rendered.text_version, rendered.failed_version) == (0, 3)
    assert rendered.failure
    assert rendered.text == renderer.mail(REQUEST, "en", SITE).text
