"""From the facts of a message to its subject, text and HTML in the reader's language."""

import dataclasses
import logging
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Protocol

import css_inline
from jinja2 import Environment

from discount_broker.kernel.site import Site
from discount_broker.messaging.extract.segments import as_sent, measure
from discount_broker.messaging.rendering.defaults import BODIES, Default, read_default
from discount_broker.messaging.rendering.environments import (
    FOLDERS,
    LOCALES,
    TEMPLATES,
    TRANSLATIONS,
    environment_of,
    translations_of,
)
from discount_broker.messaging.rendering.phrases import cleaned, clip, one_line, wrapped
from discount_broker.messaging.rendering.wording import OwnWords, Wording
from discount_broker.messaging.status import ChannelKind

log = logging.getLogger(__name__)
LONGEST_SUBJECT = 150
MOST_PARTS = 2
"""What a text may take on the air; a title is cut until it fits."""
ROOMS = (60, 40, 30, 24, 18, 12, 0)
"""Letters left to a title, from generous to none."""


FindOwn = Callable[[str, ChannelKind, str], Wording | None]


@dataclasses.dataclass(frozen=True)
class Rendered:
    message: str
    language: str
    subject: str
    text: str
    html: str | None
    text_version: int = 0
    """The lead's version it was said with; 0 for the words the program comes with."""
    failed_version: int = 0
    """The lead's version that could not be said, so that the default stepped in."""
    failure: str = ""


class Context(Protocol):
    """The facts of one message: a frozen dataclass that says which message it is for."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def message(self) -> str: ...


class Renderer:
    """Renders from one folder of templates and one of translations.

    The facts come from other people's pages: they are escaped in HTML, and everywhere
    cut down to one line of visible characters, so that a product title can neither add a
    header, nor a paragraph, nor turn the text around.

    With `own`, a lead's version, its words take the place of the default's; where they cannot be said,
    the default is: no message waits for a text to be mended.
    """

    def __init__(self, templates: Path = TEMPLATES, translations: Path = TRANSLATIONS) -> None:
        self._templates, self._translations = templates, translations
        self._inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
        self._environments: dict[str, Environment] = {}
        self._defaults: dict[tuple[str, ChannelKind, str], Default] = {}
        self.find_own: FindOwn = lambda _message, _channel, _language: None
        """The lead's version that counts now; `create_app` says where those are kept."""

    def mail(
        self,
        context: Context,
        language: str,
        site: Site,
        *,
        news_url: str = "",
        own: Wording | None = None,
        is_shown: bool = False,
    ) -> Rendered:
        """Render a mail; `news_url` is where its buyer chooses which news come. `is_shown`: on a page."""
        scope = scope_of(context, language, site, news_url=news_url, is_shown=is_shown)
        return self._said(context, ChannelKind.EMAIL, language, scope, own)

    def form_text(
        self, context: Context, language: str, site: Site, *, own: Wording | None = None
    ) -> Rendered:
        """Render the short plain text for a shop's feedback form; its lines are the form's to break."""
        scope = scope_of(context, language, site)
        return self._said(context, ChannelKind.WEB_FORM, language, scope, own)

    def sms(
        self,
        context: Context,
        language: str,
        site: Site,
        *,
        link: str,
        is_first: bool,
        own: Wording | None = None,
    ) -> Rendered:
        """Render a text for a phone: one line, its titles cut to fit and its link never."""
        scope = scope_of(context, language, site, link=link, is_first=is_first)
        return self._said(context, ChannelKind.SMS, language, scope, own)

    def default(self, message: str, channel: ChannelKind, language: str) -> Default:
        """The words the program comes with, as a text that can be edited."""
        key = (str(message), channel, language)
        if key not in self._defaults:
            self._defaults[key] = read_default(self._environment(language), self._translations, *key)
        return self._defaults[key]

    def has(self, message: str, channel: ChannelKind) -> bool:
        """Whether there are words for this message over this channel."""
        return (self._templates / BODIES[channel].format(message)).exists()

    def prepare(self) -> None:
        """Compile every template for every language now, where it would be done again and again later."""
        for language in LOCALES:
            environment = self._environment(language)
            for name in environment.list_templates():
                if name.startswith(FOLDERS):
                    environment.get_template(name)

    def _said(
        self,
        context: Context,
        channel: ChannelKind,
        language: str,
        scope: dict[str, Any],
        own: Wording | None,
    ) -> Rendered:
        """The lead's words where there are any and they can be said, else the default."""
        plain = Rendered(context.message, language, "", "", None)
        say = WAYS[channel]
        if own is None:
            return say(self, plain, scope, None)
        try:
            words = OwnWords(
                self._environment(language), self.default(context.message, channel, language), own
            )
            return dataclasses.replace(say(self, plain, scope, words), text_version=own.version)
        except Exception as trouble:
            why = f"{type(trouble).__name__}: {trouble}"
            log.error("version %s of %s cannot be said: %s", own.version, context.message, why)
            said = say(self, plain, scope, None)
            return dataclasses.replace(said, failed_version=own.version, failure=why)

    def _mail(self, plain: Rendered, scope: dict[str, Any], own: OwnWords | None) -> Rendered:
        folder, subject = f"email/{plain.message}", self._subject(plain, scope, own)
        scope = {**scope, "subject": subject}
        text = own.mail_text(scope) if own else self._fill(f"{folder}/body.txt", scope)
        html = own.mail_page(scope) if own else self._fill(f"{folder}/body.html", scope)
        # A page that shows a mail keeps its styles in one place, which it can name; a mail needs them inline.
        styled = html if scope["is_shown"] else self._inliner.inline(html)
        return dataclasses.replace(plain, subject=subject, text=wrapped(text), html=styled)

    def _form(self, plain: Rendered, scope: dict[str, Any], own: OwnWords | None) -> Rendered:
        text = own.form_text(scope) if own else self._fill(f"form/{plain.message}.txt", scope)
        subject = self._subject(plain, scope, own)
        return dataclasses.replace(plain, subject=subject, text=wrapped(text, line=None))

    def _sms(self, plain: Rendered, scope: dict[str, Any], own: OwnWords | None) -> Rendered:
        text = ""
        for room in ROOMS:
            roomy = {**scope, "room": room}
            said = own.sms(roomy) if own else self._fill(f"sms/{plain.message}.txt", roomy)
            text = as_sent(one_line(said))
            if measure(text).parts <= MOST_PARTS:
                break
        return dataclasses.replace(plain, text=text)

    def _subject(self, plain: Rendered, scope: dict[str, Any], own: OwnWords | None) -> str:
        said = own.subject(scope) if own else self._fill(f"email/{plain.message}/subject.txt", scope)
        return clip(one_line(said), LONGEST_SUBJECT)

    def _fill(self, name: str, scope: dict[str, Any]) -> str:
        return self._environment(scope["language"]).get_template(name).render(**scope)

    def _environment(self, language: str) -> Environment:
        if language not in self._environments:
            translations = translations_of(self._translations, language)
            self._environments[language] = environment_of(self._templates, translations, language)
        return self._environments[language]


WAYS: dict[ChannelKind, Callable[[Renderer, Rendered, dict[str, Any], OwnWords | None], Rendered]] = {
    ChannelKind.EMAIL: Renderer._mail,
    ChannelKind.WEB_FORM: Renderer._form,
    ChannelKind.SMS: Renderer._sms,
}


def scope_of(context: Context, language: str, site: Site, **more: object) -> dict[str, Any]:
    """What every template is given."""
    facts = {"m": cleaned(context), "site": site, "language": language, "zone": site.time_zone}
    return {**facts, "room": 0, "macros": {}, **more}


@cache
def renderer() -> Renderer:
    """Share one renderer of the program's own templates."""
    return Renderer()


def render_mail(context: Context, language: str, site: Site, *, news_url: str = "") -> Rendered:
    own = renderer().find_own(context.message, ChannelKind.EMAIL, language)
    return renderer().mail(context, language, site, news_url=news_url, own=own)


def render_form_text(context: Context, language: str, site: Site) -> Rendered:
    own = renderer().find_own(context.message, ChannelKind.WEB_FORM, language)
    return renderer().form_text(context, language, site, own=own)


def render_sms(context: Context, language: str, site: Site, *, link: str, is_first: bool) -> Rendered:
    own = renderer().find_own(context.message, ChannelKind.SMS, language)
    return renderer().sms(context, language, site, link=link, is_first=is_first, own=own)
