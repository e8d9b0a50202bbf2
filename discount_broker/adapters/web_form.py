"""A shop's own feedback form as a channel: read afresh, filled as a visitor would, sent once."""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from discount_broker.discovery.extract.forms.descriptions import FoundForm
from discount_broker.discovery.extract.forms.finding import best_contact_form, find_forms
from discount_broker.discovery.extract.pages.links import find_contact_links
from discount_broker.discovery.extract.pages.page import decode_page, open_document
from discount_broker.discovery.ports import AnswerLost, Fetcher, FetchRefused, Page, RefusedWhy, Visit
from discount_broker.messaging.ports import (
    DeliveryFailure,
    FailureReason,
    OutcomeUnknown,
    OutgoingMessage,
    PermanentFailure,
    Receipt,
    TemporaryFailure,
)
from discount_broker.outreach.form_filling import (
    AnswerPage,
    CannotFill,
    FilledForm,
    FormOutcome,
    Letter,
    OutcomeKind,
    fill_form,
    page_charset,
    read_outcome,
)

MOST_HOPS = 4
LONGEST_VALUE = 1000
LONGEST_PAGE_TEXT = 2000
LINK = re.compile(r"https?://[^\s<>\"]+")
COME_AGAIN = {408, 425, 429, 503}
"""Answers that say: nothing was taken, try later."""
OUTCOMES = {
    FailureReason.CAPTCHA: "captcha",
    FailureReason.SCRIPT_ONLY: "script_only",
    FailureReason.FORM_GONE: "not_found",
    FailureReason.REFUSED: "refused",
}


@dataclass(frozen=True)
class FormReport:
    """What came of one form, for people to read."""

    outcome: str
    """`confirmed`, `refused`, `unconfirmed`, `captcha`, `script_only`, `not_found` or `error`."""
    evidence: dict[str, Any] = field(default_factory=dict)


class WebFormChannel:
    """Sends messages through the form on the page that `message.to` names."""

    def __init__(self, fetcher: Fetcher, *, service_name: str, phone: str = "") -> None:
        self.fetcher, self.service_name, self.phone = fetcher, service_name, phone

    def send(self, message: OutgoingMessage) -> Receipt:
        letter = Letter(
            name=message.sender_name or self.service_name,
            email=message.reply_to,
            phone=self.phone,
            subject=message.subject,
            text=message.text,
            link=_answer_link(message),
        )
        evidence = self._send(message.to, letter, hops=0)
        return Receipt(message.idempotency_key, evidence)

    def send_form(self, url: str, letter: Letter) -> FormReport:
        """Send a letter through the form at `url`, or through the one nearest by."""
        try:
            return FormReport("confirmed", self._send(url, letter, hops=MOST_HOPS))
        except OutcomeUnknown as unknown:
            return FormReport("unconfirmed", {**unknown.evidence, "why": str(unknown)})
        except DeliveryFailure as failure:
            outcome = OUTCOMES.get(failure.reason, "error")
            return FormReport(outcome, {**failure.evidence, "why": str(failure)})

    def _send(self, url: str, letter: Letter, hops: int) -> dict[str, Any]:
        visit = self.fetcher.visit()
        page, form = self._find_form(visit, url, hops)
        evidence: dict[str, Any] = {"page": page.url}
        try:
            charset = page_charset(page.content, page.content_type)
            filled = fill_form(_text(page), page.url, charset, form, letter)
        except CannotFill as cannot:
            raise PermanentFailure(str(cannot), cannot.reason, evidence) from None
        evidence |= {"action": filled.action, "fields": _clipped(filled.fields)}
        answer = _submit(visit, filled, evidence)
        outcome = read_outcome(
            filled, AnswerPage(answer.url, answer.status, answer.content, answer.content_type)
        )
        evidence |= _seen(answer, outcome)
        _judge(outcome, answer.status, evidence)
        return evidence

    def _find_form(self, visit: Visit, url: str, hops: int) -> tuple[Page, FoundForm]:
        start = _read(visit, url)
        if form := best_contact_form(find_forms(_text(start), start.url)):
            return start, form
        for link in find_contact_links(_text(start), start.url)[:hops]:
            try:
                page = _read(visit, link.url)
            except DeliveryFailure:
                continue
            if form := best_contact_form(find_forms(_text(page), page.url)):
                return page, form
        raise PermanentFailure("no contact form here", FailureReason.FORM_GONE, {"page": start.url})


def _read(visit: Visit, url: str) -> Page:
    try:
        page = visit.get(url)
    except FetchRefused as refused:
        raise _not_reached(refused) from refused
    if page.status < 400:
        return page
    evidence = {"page": page.url, "status": page.status}
    if page.status in (404, 410):
        raise PermanentFailure("the page is gone", FailureReason.FORM_GONE, evidence)
    if page.status >= 500 or page.status in COME_AGAIN:
        raise TemporaryFailure(f"the page answered {page.status}", evidence=evidence)
    raise PermanentFailure(f"the page answered {page.status}", FailureReason.REFUSED, evidence)


def _not_reached(refused: FetchRefused, what: str = "the page was not read") -> DeliveryFailure:
    evidence = {"page": refused.url, "refused": refused.why}
    if not refused.is_final:
        return TemporaryFailure(f"{what}: {refused.why}", evidence=evidence)
    reason = FailureReason.REFUSED if refused.why == RefusedWhy.ROBOTS else FailureReason.OTHER
    return PermanentFailure(f"{what}: {refused.why}", reason, evidence)


def _submit(visit: Visit, filled: FilledForm, evidence: dict[str, Any]) -> Page:
    """Send once. What may have been taken is never sent again by itself."""
    if filled.method == "get":
        try:
            return visit.get(filled.action)
        except FetchRefused as refused:
            raise OutcomeUnknown(f"no answer: {refused.why}", evidence=evidence) from refused
    try:
        return visit.post(filled.action, filled.body, filled.content_type, filled.page_url)
    except AnswerLost as lost:
        raise OutcomeUnknown(f"sent, but no answer came: {lost.why}", evidence=evidence) from lost
    except FetchRefused as refused:
        failure = _not_reached(refused, "the form was not sent")
        failure.evidence |= evidence
        raise failure from refused


def _judge(outcome: FormOutcome, status: int, evidence: dict[str, Any]) -> None:
    """Raise what the outcome means for the ladder; nothing when the letter was taken."""
    why = f"{status}: {outcome.decided_by}"
    match outcome.kind:
        case OutcomeKind.CONFIRMED:
            return
        case OutcomeKind.REFUSED:
            raise PermanentFailure(why, FailureReason.REFUSED, evidence)
        case OutcomeKind.ERROR if status in COME_AGAIN:
            raise TemporaryFailure(why, evidence=evidence)
        case OutcomeKind.ERROR if status < 500:
            raise PermanentFailure(why, FailureReason.OTHER, evidence)
        case _:
            # A server that broke down while it worked may have sent the letter before.
            raise OutcomeUnknown(why, evidence=evidence)


def _seen(answer: Page, outcome: FormOutcome) -> dict[str, Any]:
    seen: dict[str, Any] = {
        "status": answer.status,
        "answer url": answer.url,
        "decided by": outcome.decided_by,
        "answer": _readable(_text(answer), answer.url)[:LONGEST_PAGE_TEXT],
    }
    return seen | ({"field messages": outcome.field_messages} if outcome.field_messages else {})


def _readable(text: str, url: str) -> str:
    """What a person would see of the answer: the words of a page, data without its escapes."""
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except (ValueError, RecursionError):
        return open_document(text, url).text


def _clipped(fields: dict[str, str]) -> dict[str, str]:
    return {name: value[:LONGEST_VALUE] for name, value in fields.items()}


def _text(page: Page) -> str:
    return decode_page(page.content, page.content_type)


def _answer_link(message: OutgoingMessage) -> str:
    """The link of ours by which the shop answers: it must survive a short form."""
    ours = urlsplit(message.stop_url).netloc
    links = [link for link in LINK.findall(message.text) if link != message.stop_url]
    return min(
        (link for link in links if ours and urlsplit(link).netloc == ours and urlsplit(link).path.strip("/")),
        key=len,
        default="",
    )
