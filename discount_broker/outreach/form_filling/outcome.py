"""What became of a form that was sent: told by the server's data, address, page and words, in this order."""

import json
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from discount_broker.discovery.extract.pages.page import decode_page, open_document
from discount_broker.outreach.form_filling.answer_data import read_data
from discount_broker.outreach.form_filling.answer_words import Verdict, verdict_of
from discount_broker.outreach.form_filling.filling import FilledForm

SUCCESS_ADDRESS = re.compile(
    r"success|thank|spasibo|(?<![a-z])sent(?![a-z])|formresult=addok|contact_posted=true|/posted/|danke|merci|gracias",
    re.IGNORECASE,
)
FAILED_ADDRESS = re.compile(r"success=(?:0|false|no|n)\b|unsuccess|error|fail|denied", re.IGNORECASE)
STATUS_BLOCK = re.compile(
    r"alert|notif|notice|message|success|error|status|result|response|thank|warning|mf-ok|answer|flash|toast|info",
    re.IGNORECASE,
)
ERROR_BLOCK = re.compile(r"error|invalid|danger|warning|help-block|fail", re.IGNORECASE)
CHALLENGE = re.compile(
    r"__cf_chl|cf-challenge|ddos-guard|checking your browser|/challenge\b|captcha", re.IGNORECASE
)
MOST_NEW_LINES = 80
"""More new lines than that are another page: only its status blocks and headings count."""


class OutcomeKind(StrEnum):
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    UNCONFIRMED = "unconfirmed"
    ERROR = "error"


@dataclass(frozen=True)
class AnswerPage:
    """What came back, after redirects."""

    url: str
    status: int
    content: bytes
    content_type: str = ""


@dataclass(frozen=True)
class FormOutcome:
    kind: OutcomeKind
    decided_by: str
    """The words, address or datum that decided, as they came."""
    field_messages: dict[str, str] = field(default_factory=dict)
    """What the shop says about single fields, by their names."""


KINDS = {Verdict.GOOD: OutcomeKind.CONFIRMED, Verdict.BAD: OutcomeKind.REFUSED}


def read_outcome(filled: FilledForm, answer: AnswerPage) -> FormOutcome:
    """Whether the shop's server says it took the letter."""
    text = decode_page(answer.content, answer.content_type)
    if said := _read_json(text, answer):
        return said
    if answer.status >= 400:
        return _read_failure(filled, answer, text)
    if _is_success_address(filled, answer):
        return FormOutcome(OutcomeKind.CONFIRMED, answer.url)
    return _read_page(filled, answer, text)


def _read_json(text: str, answer: AnswerPage) -> FormOutcome | None:
    start = text.lstrip()[:1]
    if start not in ("{", "[") and "json" not in answer.content_type:
        return None
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return None
    read = read_data(content)
    kind = KINDS.get(read.verdict, OutcomeKind.UNCONFIRMED)
    if answer.status >= 500:
        kind = OutcomeKind.ERROR
    elif answer.status >= 400 and kind != OutcomeKind.REFUSED:
        kind = OutcomeKind.REFUSED if read.messages else OutcomeKind.ERROR
    return FormOutcome(kind, read.decided_by or text.strip()[:200], read.messages)


def _read_failure(filled: FilledForm, answer: AnswerPage, text: str) -> FormOutcome:
    if answer.status in (400, 409, 422):
        page = _read_page(filled, answer, text)
        if page.kind == OutcomeKind.REFUSED:
            return page
    challenge = CHALLENGE.search(text[:50_000])
    return FormOutcome(OutcomeKind.ERROR, f"{answer.status} {challenge.group() if challenge else ''}".strip())


def _is_success_address(filled: FilledForm, answer: AnswerPage) -> bool:
    def told(url: str) -> str:
        parts = urlsplit(url)
        return f"{parts.path}?{parts.query}#{parts.fragment}"

    before = {
        mark.lower()
        for url in (filled.page_url, filled.action)
        for mark in SUCCESS_ADDRESS.findall(told(url))
    }
    after = {mark.lower() for mark in SUCCESS_ADDRESS.findall(told(answer.url))}
    return bool(after - before) and not FAILED_ADDRESS.search(told(answer.url))


def _read_page(filled: FilledForm, answer: AnswerPage, text: str) -> FormOutcome:
    document = open_document(text, answer.url)
    is_back = _form_is_back(filled, document.tree)
    lines = _new_lines(filled, document)
    judged = [(verdict_of(line), line) for line in lines]
    bad = [line for verdict, line in judged if verdict == Verdict.BAD]
    good = [line for verdict, line in judged if verdict == Verdict.GOOD]
    is_refilled = is_back and _holds_letter(filled, document.tree)
    if bad and (is_refilled or not good):
        return FormOutcome(OutcomeKind.REFUSED, bad[0][:300], _field_messages(document.tree, set(bad)))
    if good:
        return FormOutcome(OutcomeKind.CONFIRMED, good[0][:300])
    if is_refilled:
        return FormOutcome(OutcomeKind.REFUSED, "the form came back as it was filled")
    return FormOutcome(OutcomeKind.UNCONFIRMED, " / ".join(lines)[:300])


def _form_is_back(filled: FilledForm, tree: Any) -> bool:
    names = {name for form in tree.iter("form") for name in form.xpath(".//@name")}
    return bool(filled.form_names) and len(filled.form_names & names) * 2 >= len(filled.form_names)


def _holds_letter(filled: FilledForm, tree: Any) -> bool:
    sent = {" ".join(value.split()) for value in filled.fields.values() if len(value) > 20}
    return any(" ".join("".join(area.itertext()).split()) in sent for area in tree.iter("textarea"))


def _new_lines(filled: FilledForm, document: Any) -> list[str]:
    """What the answer says that the page did not, without the echo of our own letter."""
    echo = " ".join(filled.letter.text.split())
    new = [
        line
        for line in document.lines
        if line.text not in filled.page_lines and line.text not in echo and len(line.text) < 600
    ]
    if len(new) > MOST_NEW_LINES:
        new = [line for line in new if _is_status(line.element)]
    return [line.text for line in new]


def _is_status(element: Any) -> bool:
    for ancestor in (element, *list(element.iterancestors())[:3]):
        if ancestor.tag in ("title", "h1", "h2", "h3") or ancestor.get("role") in ("alert", "status"):
            return True
        if STATUS_BLOCK.search(f"{ancestor.get('class') or ''} {ancestor.get('id') or ''}"):
            return True
    return False


def _field_messages(tree: Any, said: set[str]) -> dict[str, str]:
    """The shop's complaints by the control they stand beside."""
    messages: dict[str, str] = {}
    for element in tree.iter("span", "div", "p", "label", "small", "li", "em", "strong", "td"):
        text = " ".join("".join(element.itertext()).split())
        if text in said:
            around = element.getparent()
            names = (
                around.xpath(".//input[not(@type='hidden')]/@name | .//textarea/@name | .//select/@name")
                if around is not None
                else []
            )
            messages[str(names[0]) if len(names) == 1 else ""] = text[:200]
    return messages
