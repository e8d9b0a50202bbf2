"""A shop's own feedback form as a channel: read afresh, filled as a visitor would, sent once."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from discount_broker.adapters.web_form.evidence import to_paste
from discount_broker.adapters.web_form.exchange import Exchange
from discount_broker.adapters.web_form.finding import find_form, text_of
from discount_broker.adapters.web_form.pauses import Pause, no_pause
from discount_broker.discovery.ports import Fetcher, FetchRefused, Visit
from discount_broker.kernel.clock import utcnow
from discount_broker.messaging.ports import (
    DeliveryFailure,
    FailureReason,
    OutcomeUnknown,
    OutgoingMessage,
    PermanentFailure,
    Receipt,
)
from discount_broker.outreach.form_filling import (
    CannotFill,
    Circumstances,
    Letter,
    fill_form,
    open_form,
    page_charset,
    recipe_for,
)

MOST_HOPS = 4
LINK = re.compile(r"https?://[^\s<>\"]+")
OUTCOMES = {
    FailureReason.CAPTCHA: "captcha",
    FailureReason.SCRIPT_ONLY: "script_only",
    FailureReason.FORM_GONE: "not_found",
    FailureReason.REFUSED: "refused",
}
BY_HAND = {FailureReason.CAPTCHA, FailureReason.SCRIPT_ONLY}
"""What a person in a browser can send all the same."""


@dataclass(frozen=True)
class FormReport:
    """What came of one form, for people to read."""

    outcome: str
    """`confirmed`, `refused`, `unconfirmed`, `captcha`, `script_only`, `not_found` or `error`."""
    evidence: dict[str, Any] = field(default_factory=dict)


class WebFormChannel:
    """Sends messages through the form on the page that `message.to` names."""

    def __init__(
        self,
        fetcher: Fetcher,
        *,
        service_name: str,
        phone: str = "",
        pause: Pause = no_pause,
        clock: Callable[[], datetime] = utcnow,
    ) -> None:
        self.fetcher, self.service_name, self.phone = fetcher, service_name, phone
        self._pause, self._clock = pause, clock

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
        try:
            return self._carry(self.fetcher.visit(), url, letter, hops)
        except PermanentFailure as failure:
            if failure.reason in BY_HAND:
                failure.evidence["to paste"] = to_paste(letter)
            raise

    def _carry(self, visit: Visit, url: str, letter: Letter, hops: int) -> dict[str, Any]:
        found = find_form(visit, url, hops)
        page, evidence = found.page, {"page": found.page.url}
        try:
            charset = page_charset(page.content, page.content_type)
            form = open_form(text_of(page), page.url, charset, found.form, visit.cookies(page.url))
            recipe = recipe_for(form)
            evidence["recipe"] = recipe.name
            fresh = _freshly_read(visit, recipe.fresh_url(form))
            now = Circumstances(today=self._clock().date(), fresh=fresh)
            filled = fill_form(form, letter, now, recipe)
        except CannotFill as cannot:
            raise PermanentFailure(str(cannot), cannot.reason, dict(evidence)) from None
        exchange = Exchange(visit, form, recipe, self._pause, dict(evidence))
        exchange.carry(filled)
        return exchange.evidence


def _freshly_read(visit: Visit, url: str) -> str:
    """What a recipe wants to be read right before; without it the form is sent as it was served."""
    if not url:
        return ""
    try:
        return text_of(visit.get(url))
    except FetchRefused:
        return ""


def _answer_link(message: OutgoingMessage) -> str:
    """The link of ours by which the shop answers: it must survive a short form."""
    ours = urlsplit(message.stop_url).netloc
    links = [link for link in LINK.findall(message.text) if link != message.stop_url]
    return min((link for link in links if ours and _is_page_of(ours, link)), key=len, default="")


def _is_page_of(host: str, link: str) -> bool:
    """Whether it leads to a page there; the words around it are a buyer's, and need not be an address."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.netloc == host and parts.path.strip("/") != ""
