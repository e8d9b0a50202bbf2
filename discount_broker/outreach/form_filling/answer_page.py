"""Reads the page that came after a form: what is new on it, what it looks like, whether the form is back."""

import re
from collections.abc import Iterable
from typing import Any

from discount_broker.discovery.extract.forms.descriptions import FieldRole, FoundForm
from discount_broker.discovery.extract.forms.finding import find_forms
from discount_broker.discovery.extract.pages.page import Document, open_document
from discount_broker.outreach.form_filling.answer_fields import field_messages
from discount_broker.outreach.form_filling.answer_words import (
    STALE,
    Verdict,
    says_it_was_taken,
    verdict_of,
)
from discount_broker.outreach.form_filling.answers import AnswerPage, FormOutcome, OutcomeKind
from discount_broker.outreach.form_filling.drafts import FilledForm
from discount_broker.outreach.form_filling.sight import is_in_a_window, shown_lines

STATUS_BLOCK = re.compile(
    r"alert|notif|notice|message|success|error|status|result|response|thank|warning|mf-ok|answer|flash|toast|info",
    re.IGNORECASE,
)
LOOKS_GOOD = re.compile(
    r"(?:alert|messages?|notif\w*|notice|form|response|result|status|toast|wpcf7\w*|mail)[\w-]*?[-_]{1,2}"
    r"(?:success|sent|ok)(?![a-z])|(?:^|\s)(?:success|sent|notetext)(?:\s|$)|success[-_]?(?:message|msg|text|box|block)"
    r"|mf-ok",
    re.IGNORECASE,
)
LOOKS_BAD = re.compile(
    r"(?:alert|messages?|notif\w*|notice|form|response|result|status|toast|text|field|input|wpcf7\w*)[\w-]*?[-_]{1,2}"
    r"(?:errors?|danger|invalid|failed|failure)(?![a-z])|(?:^|\s)(?:errors?|errortext|invalid|is-invalid|has-error)"
    r"(?:\s|$)|error[-_]?(?:message|msg|text|box|block|list)|field-validation-error",
    re.IGNORECASE,
)
MOST_NEW_LINES = 80
"""More new lines than that are another page: only its status blocks and headings count."""
SHORT_PAGE = 30
"""A page of no more lines is the answer itself, whatever stood on the page before."""
LONGEST_LINE = 600
SHORT_LINE = 120
HEADINGS = ("title", "h1", "h2")
NOTICE = re.compile(
    r"(?:^|[\s_-])(?:alert|notif\w*|notice|flash|toast|messages?|system-message\w*|status|errors?|success)(?:$|[\s_-])",
    re.IGNORECASE,
)
LONGEST_MARK = 300
CLIMBED = 3


def read_page(filled: FilledForm, answer: AnswerPage, text: str) -> FormOutcome:
    document = open_document(text, answer.url)
    back = form_back(filled, find_forms(text, answer.url))
    lines = shown_lines(document)
    new = _new_lines(filled, lines)
    is_other = len(new) > MOST_NEW_LINES or (len(lines) > SHORT_PAGE and 2 * len(new) > len(lines))
    judge = _verdict_on_another_page if is_other else _verdict
    lines = [line for line in new if _is_status(line.element)] if is_other else new
    judged = [(judge(line), line) for line in lines]
    bad = [line for verdict, line in judged if verdict == Verdict.BAD]
    good = [line.text for verdict, line in judged if verdict == Verdict.GOOD]
    is_refilled = back is not None and _holds_letter(filled, document.tree)
    if bad and (is_refilled or not good):
        return _refused(back, document, [line.text for line in bad])
    if good:
        return FormOutcome(OutcomeKind.CONFIRMED, good[0][:300])
    if is_refilled:
        kind = OutcomeKind.CAPTCHA if _asks_captcha(back) else OutcomeKind.REFUSED
        return FormOutcome(kind, "the form came back as it was filled")
    return FormOutcome(OutcomeKind.UNCONFIRMED, " / ".join(line.text for line in lines)[:300])


def _refused(back: FoundForm | None, document: Document, said: list[str]) -> FormOutcome:
    """What the page complains of; a captcha that was not there before is one thing to complain of."""
    if _asks_captcha(back):
        return FormOutcome(OutcomeKind.CAPTCHA, said[0][:300])
    is_stale = back is not None and any(STALE.search(line) for line in said)
    return FormOutcome(
        OutcomeKind.REFUSED, said[0][:300], field_messages(document.tree, said), is_stale=is_stale
    )


def _asks_captcha(back: FoundForm | None) -> bool:
    if back is None:
        return False
    return back.captcha is not None or any(each.role == FieldRole.CAPTCHA for each in back.fields)


def form_back(filled: FilledForm, forms: Iterable[FoundForm]) -> FoundForm | None:
    """The form that was sent, on the page that came back."""
    sent = filled.form_names
    shared = [(len(sent & {each.name for each in form.fields}), form) for form in forms]
    count, best = max(shared, key=lambda pair: pair[0], default=(0, None))
    return best if sent and count * 2 >= len(sent) else None


def _holds_letter(filled: FilledForm, tree: Any) -> bool:
    sent = {" ".join(value.split()) for value in filled.fields.values() if len(value) > 20}
    return any(" ".join("".join(area.itertext()).split()) in sent for area in tree.iter("textarea"))


def _new_lines(filled: FilledForm, lines: list[Any]) -> list[Any]:
    """What the answer says that the page did not, without the echo of our own letter."""
    echo = " ".join(filled.letter.text.split())
    return [
        line
        for line in lines
        if line.text not in filled.page_lines and line.text not in echo and len(line.text) < LONGEST_LINE
    ]


def _is_status(element: Any) -> bool:
    for box in _boxes(element):
        if box.tag in ("title", "h1", "h2", "h3") or box.get("role") in ("alert", "status"):
            return True
        if STATUS_BLOCK.search(_marks(box)):
            return True
    return False


def _verdict_on_another_page(line: Any) -> Verdict:
    """What only this page may say: its own words of welcome, and windows that lie ready, say nothing."""
    said = verdict_of(line.text)
    if said == Verdict.SILENT or is_in_a_window(line.element):
        return Verdict.SILENT
    is_notice = any(
        box.get("role") in ("alert", "status") or NOTICE.search(_marks(box)) for box in _boxes(line.element)
    )
    is_heading = said == Verdict.GOOD and line.element.tag in HEADINGS and len(line.text) < SHORT_LINE
    return said if is_notice or is_heading or says_it_was_taken(line.text) else Verdict.SILENT


def _verdict(line: Any) -> Verdict:
    """By the words; where they are of a language we do not know, by what their box is called."""
    said = verdict_of(line.text)
    if said != Verdict.SILENT or len(line.text) < 3:
        return said
    marks = [_marks(box) for box in _boxes(line.element) if box.tag not in ("body", "html", "form")]
    if any(LOOKS_BAD.search(mark) for mark in marks):
        return Verdict.BAD
    return Verdict.GOOD if any(LOOKS_GOOD.search(mark) for mark in marks) else Verdict.SILENT


def _boxes(element: Any) -> list[Any]:
    return [element, *list(element.iterancestors())[:CLIMBED]]


def _marks(box: Any) -> str:
    return f"{box.get('class') or ''} {box.get('id') or ''}"[:LONGEST_MARK]
