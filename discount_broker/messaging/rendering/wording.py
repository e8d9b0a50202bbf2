"""A lead's words put into the frame of their message: as text, and as the page of a mail."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jinja2 import Environment

from discount_broker.messaging.rendering.defaults import Default
from discount_broker.messaging.rendering.phrases import clip, one_line
from discount_broker.messaging.rules.texts import Block, BlockKind, fill, laid_out, unquoted

LONGEST_HEADING = 140
LONGEST_PREVIEW = 120
LEAST_WORDS_OF_HEADING = 3
"""Fewer are a greeting."""


@dataclass(frozen=True)
class Wording:
    """One version of the words of a message."""

    version: int
    subject: str
    body: str


@dataclass(frozen=True)
class OwnWords:
    """Says what a lead wrote, in the frame that cannot be edited."""

    environment: Environment
    default: Default
    wording: Wording
    _known: dict[object, dict[str, object]] = field(default_factory=dict)
    """Facts in words, by the room there is for them: a mail says them twice."""

    def subject(self, scope: Mapping[str, Any]) -> str:
        own = self.default.subject.facts(scope) if self.default.subject else {}
        facts = {name: _in_subject(fact) for name, fact in {**self._facts(scope), **own}.items()}
        return one_line(fill(self.wording.subject, facts))

    def text(self, scope: Mapping[str, Any]) -> str:
        """The body alone, as plain text."""
        return unquoted(self._filled(scope))

    def mail_text(self, scope: Mapping[str, Any]) -> str:
        return self._framed(
            "email/_own.txt", scope, f"email/{self.default.message}/body.txt", self.text(scope)
        )

    def mail_page(self, scope: Mapping[str, Any]) -> str:
        """The body as HTML: every word is escaped by the template that lays it out."""
        blocks = laid_out(self._filled(scope))
        heading = _take_heading(blocks)
        said = [" ".join(block.lines) for block in blocks if block.kind is BlockKind.PARAGRAPH]
        more = {
            "heading": heading,
            "blocks": blocks,
            "preview_words": clip(next(iter(said), heading), LONGEST_PREVIEW),
            "base_url": scope["site"].base_url,
        }
        frame = f"email/{self.default.message}/body.html"
        return self._framed("email/_own.html", {**scope, **more}, frame, "")

    def form_text(self, scope: Mapping[str, Any]) -> str:
        return self._framed("form/_own.txt", scope, "", self.text(scope))

    def sms(self, scope: Mapping[str, Any]) -> str:
        return self._framed("sms/_own.txt", scope, "", one_line(self.text(scope)))

    def _filled(self, scope: Mapping[str, Any]) -> str:
        return fill(self.wording.body, self._facts(scope))

    def _facts(self, scope: Mapping[str, Any]) -> dict[str, object]:
        room = scope["room"]
        if room not in self._known:
            self._known[room] = self.default.facts(scope)
        return self._known[room]

    def _framed(self, template: str, scope: Mapping[str, Any], frame: str, words: str) -> str:
        return self.environment.get_template(template).render(**scope, frame=frame, words=words.strip("\n"))


def _in_subject(fact: object) -> object:
    """As one line; what can only be asked about stays what it is."""
    return one_line(unquoted(fact)) if type(fact) is str else fact


def _take_heading(blocks: list[Block]) -> str:
    """The first sentence that is more than a greeting, where it stands alone and is not long."""
    for number, block in enumerate(blocks):
        if block.kind is not BlockKind.PARAGRAPH:
            return ""
        words = " ".join(block.lines)
        if len(words.split()) >= LEAST_WORDS_OF_HEADING:
            if len(words) > LONGEST_HEADING or len(block.lines) > 1:
                return ""
            del blocks[number]
            return words
    return ""
