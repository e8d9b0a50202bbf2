"""Sends a filled form and hears the answer: once, and once more only where nothing can have been taken."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from discount_broker.adapters.web_form.evidence import clipped, seen
from discount_broker.adapters.web_form.finding import COME_AGAIN, is_same_site, not_reached, text_of
from discount_broker.adapters.web_form.pauses import Pause, seconds_to_fill
from discount_broker.discovery.extract.pages.page import open_document, refresh_target
from discount_broker.discovery.ports import AnswerLost, FetchRefused, Page, RefusedWhy, Visit
from discount_broker.messaging.ports import (
    FailureReason,
    OutcomeUnknown,
    PermanentFailure,
    TemporaryFailure,
)
from discount_broker.outreach.form_filling import (
    AnswerPage,
    FilledForm,
    FormOutcome,
    OpenForm,
    OutcomeKind,
    Recipe,
    confirmation_of,
    read_outcome,
    second_try,
    shown_lines,
)

SURELY_NOT_SENT = {
    RefusedWhy.ROBOTS,
    RefusedWhy.PRIVATE_ADDRESS,
    RefusedWhy.PORT,
    RefusedWhy.NOT_WEB,
    RefusedWhy.NAME_UNKNOWN,
    RefusedWhy.BUDGET,
}
"""Refused before anything left."""


@dataclass
class Exchange:
    """One walk of a letter through one form; the evidence grows with it."""

    visit: Visit
    form: OpenForm
    recipe: Recipe
    pause: Pause
    evidence: dict[str, Any] = field(default_factory=dict)

    def carry(self, filled: FilledForm) -> None:
        """Send and return if the shop says that it took the letter.

        Raises:
            PermanentFailure, TemporaryFailure, OutcomeUnknown

        """
        outcome, answer = self._send(filled)
        if confirmation := confirmation_of(filled, outcome, answer):
            outcome, answer = self._confirm(confirmation)
        elif again := second_try(self.form, filled, outcome, answer, self.recipe):
            self._remember_first_try()
            outcome, answer = self._send(again)
        self._judge(outcome, answer)

    def _remember_first_try(self) -> None:
        keys = ("fields", "decided by", "field messages")
        self.evidence["first try"] = {key: self.evidence.pop(key) for key in keys if key in self.evidence}

    def _send(self, filled: FilledForm) -> tuple[FormOutcome, AnswerPage]:
        self.evidence |= {"action": filled.action, "fields": clipped(filled.fields)}
        self.pause(seconds_to_fill(filled.letter.text))
        for name, value in filled.cookies.items():
            self.visit.keep_cookie(filled.action, name, value)
        before = self.visit.cookies(filled.page_url)
        answer = self._heard(self._submit(filled), before)
        outcome = self._read(filled, answer)
        if outcome.kind == OutcomeKind.UNCONFIRMED and (moved := self._moved_on(filled, answer)):
            answer = self._heard(moved, before)
            outcome = self._read(filled, answer)
        if self._is_anybodys_page(answer):
            outcome = self._read(self._with_usual_lines(filled, answer), answer)
        self.evidence |= seen(answer, outcome)
        return outcome, answer

    def _confirm(self, confirmation: FilledForm) -> tuple[FormOutcome, AnswerPage]:
        """Press the button of the second page. The letter is on its way: nothing may be begun anew."""
        self.evidence["confirmed"] = "the form showed the letter once more"
        try:
            return self._send(confirmation)
        except (PermanentFailure, TemporaryFailure) as failure:
            raise OutcomeUnknown(f"shown once more: {failure}", evidence=self.evidence) from failure

    def _heard(self, page: Page, before: dict[str, str]) -> AnswerPage:
        now = self.visit.cookies(page.url)
        fresh = {name: value for name, value in now.items() if before.get(name) != value}
        return AnswerPage(
            page.url, page.status, page.content, page.content_type, fresh, page.headers, page.wait
        )

    def _read(self, filled: FilledForm, answer: AnswerPage) -> FormOutcome:
        return self.recipe.reads(filled, answer) or read_outcome(filled, answer)

    def _is_anybodys_page(self, answer: AnswerPage) -> bool:
        """The shop led on to a page that every visitor may open: what always stands there proves nothing."""
        document, place = self.form.document, _bare(answer.url)
        if answer.status != HTTPStatus.OK or place in (_bare(document.url), _bare(self.evidence["action"])):
            return False
        linked = {document.resolve(anchor.href).partition("#")[0] for anchor in document.anchors}
        return answer.url.partition("#")[0] in linked or place == _bare(document.resolve("/"))

    def _with_usual_lines(self, filled: FilledForm, answer: AnswerPage) -> FilledForm:
        """The same, knowing what the page says when it is opened again; a notice is shown once."""
        try:
            again = self.visit.get(answer.url)
        except FetchRefused:
            return filled
        usual = {line.text for line in shown_lines(open_document(text_of(again), again.url))}
        return replace(filled, page_lines=filled.page_lines | usual)

    def _moved_on(self, filled: FilledForm, answer: AnswerPage) -> Page | None:
        """The page a browser would be shown at once in the place of the answer."""
        page = Page(answer.url, answer.status, answer.content, answer.content_type)
        target = refresh_target(text_of(page), answer.url) if answer.status < 400 else None
        if not target or target == answer.url or not is_same_site(target, filled.page_url):
            return None
        try:
            return self.visit.get(target)
        except FetchRefused:
            return None

    def _submit(self, filled: FilledForm) -> Page:
        """Send once. What may have been taken is never sent again by itself."""
        try:
            if filled.method == "get":
                return self.visit.get(filled.action)
            return self.visit.post(
                filled.action, filled.body, filled.content_type, filled.page_url, filled.headers
            )
        except AnswerLost as lost:
            raise OutcomeUnknown(f"sent, but no answer came: {lost.why}", evidence=self.evidence) from lost
        except FetchRefused as refused:
            if filled.method == "get" and refused.why not in SURELY_NOT_SENT:
                raise OutcomeUnknown(f"no answer: {refused.why}", evidence=self.evidence) from refused
            failure = not_reached(refused, "the form was not sent")
            failure.evidence |= self.evidence
            raise failure from refused

    def _judge(self, outcome: FormOutcome, answer: AnswerPage) -> None:
        """Raise what the outcome means for the ladder; nothing when the letter was taken."""
        status, evidence = answer.status, self.evidence
        why = f"{status}: {outcome.decided_by}"
        match outcome.kind:
            case OutcomeKind.CONFIRMED:
                return
            case OutcomeKind.REFUSED:
                raise PermanentFailure(why, FailureReason.REFUSED, evidence)
            case OutcomeKind.CAPTCHA:
                raise PermanentFailure(why, FailureReason.CAPTCHA, evidence)
            case OutcomeKind.ERROR if status in COME_AGAIN or _is_closed_for_now(answer):
                wait = timedelta(seconds=answer.wait) if answer.wait else None
                raise TemporaryFailure(why, evidence=evidence, retry_after=wait)
            case OutcomeKind.ERROR if status < 500:
                raise PermanentFailure(why, FailureReason.OTHER, evidence)
            case _:
                # A server that broke down while it worked may have sent the letter before.
                raise OutcomeUnknown(why, evidence=evidence)


def _bare(url: str) -> str:
    """The page without what was asked of it."""
    return url.partition("#")[0].partition("?")[0].rstrip("/")


def _is_closed_for_now(answer: AnswerPage) -> bool:
    """A shop under repair says when to come again; a gateway whose shop broke down at work does not."""
    return answer.status == 503 and "retry-after" in answer.headers
