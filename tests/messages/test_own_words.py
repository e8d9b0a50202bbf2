"""The words of leads: every default can be edited, and, saved as it is, says what it said before."""

import pytest

from discount_broker.messaging.rendering import LOCALES, TEMPLATES, Context, Rendered, Renderer, Wording
from discount_broker.messaging.rules.texts import flaws_in
from discount_broker.messaging.status import ChannelKind

from .samples import SAMPLES, SITE
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
