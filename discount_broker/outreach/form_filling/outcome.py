"""What became of a form that was sent: told by the server's data, address, page and words, in this order."""

import re
from urllib.parse import urlsplit

from discount_broker.discovery.extract.pages.page import decode_page
from discount_broker.outreach.form_filling.answer_data import read_data, read_word
from discount_broker.outreach.form_filling.answer_page import read_page
from discount_broker.outreach.form_filling.answer_scripts import data_in, is_script, notices_in, place_in
from discount_broker.outreach.form_filling.answer_words import Verdict, verdict_of
from discount_broker.outreach.form_filling.answers import KINDS, AnswerPage, FormOutcome, OutcomeKind
from discount_broker.outreach.form_filling.drafts import FilledForm

SUCCESS_ADDRESS = re.compile(
    r"success|thank|spasibo|(?<![a-z])sent(?![a-z])|formresult=addok|contact_posted=true|/posted/|danke|merci|gracias",
    re.IGNORECASE,
)
FAILED_ADDRESS = re.compile(
    r"success=(?:0|false|no|n)\b|unsuccess|not[-_]?sent|error|fail|denied|captcha", re.IGNORECASE
)
WALL = re.compile(
    r"__cf_chl|cf-challenge|cf_challenge|ddos-guard|checking your browser|just a moment\.\.\.|/challenge\b"
    r"|servicepipe|qrator|captcha",
    re.IGNORECASE,
)
SHORTEST_PAGE = 40


def read_outcome(filled: FilledForm, answer: AnswerPage) -> FormOutcome:
    """Whether the shop's server says it took the letter."""
    text = decode_page(answer.content, answer.content_type)
    if said := _read_data(text, answer) or _read_address(filled, answer):
        return said
    if answer.status >= 400:
        return _read_failure(filled, answer, text)
    if is_script(text, answer.content_type):
        return _read_script(filled, text)
    if len(text.strip()) < SHORTEST_PAGE and (word := read_word(text)):
        return FormOutcome(KINDS[word.verdict], word.decided_by)
    return read_page(filled, answer, text)


def _read_address(filled: FilledForm, answer: AnswerPage) -> FormOutcome | None:
    if answer.status >= 400:
        return None
    if is_wall(answer.headers, "", answer.url):
        return FormOutcome(OutcomeKind.CAPTCHA, answer.url)
    return FormOutcome(OutcomeKind.CONFIRMED, answer.url) if is_success_address(filled, answer.url) else None


def is_wall(headers: object, text: str, url: str = "") -> bool:
    """A guard that wants to see a browser or a person stands before the site."""
    is_marked = isinstance(headers, dict) and headers.get("cf-mitigated") == "challenge"
    is_sent_there = re.search(r"/challenge(?:[/?#]|$)", url) is not None
    return is_marked or is_sent_there or WALL.search(text[:50_000]) is not None


def _read_data(text: str, answer: AnswerPage) -> FormOutcome | None:
    content = data_in(text, answer.content_type)
    if content is None:
        return None
    read = read_data(content)
    kind = KINDS.get(read.verdict, OutcomeKind.UNCONFIRMED)
    if read.wants_captcha and kind != OutcomeKind.CONFIRMED:
        kind = OutcomeKind.CAPTCHA
    elif answer.status >= 500:
        kind = OutcomeKind.ERROR
    elif answer.status >= 400 and kind != OutcomeKind.REFUSED:
        kind = OutcomeKind.REFUSED if read.messages else OutcomeKind.ERROR
    return FormOutcome(kind, read.decided_by or text.strip()[:200], read.messages)


def _read_failure(filled: FilledForm, answer: AnswerPage, text: str) -> FormOutcome:
    if answer.status in (400, 409, 419, 422):
        page = read_page(filled, answer, text)
        if page.kind in (OutcomeKind.REFUSED, OutcomeKind.CAPTCHA):
            return page
    if answer.status in (401, 403, 429, 503) and is_wall(answer.headers, text, answer.url):
        return FormOutcome(OutcomeKind.CAPTCHA, f"{answer.status}: a guard wants to see a person")
    return FormOutcome(OutcomeKind.ERROR, f"{answer.status}")


def is_success_address(filled: FilledForm, url: str) -> bool:
    """The address says so now, and neither the page's nor the form's did before."""

    def told(address: str) -> str:
        parts = urlsplit(address)
        return f"{parts.path}?{parts.query}#{parts.fragment}"

    before = {
        mark.lower()
        for address in (filled.page_url, filled.action)
        for mark in SUCCESS_ADDRESS.findall(told(address))
    }
    after = {mark.lower() for mark in SUCCESS_ADDRESS.findall(told(url))}
    return bool(after - before) and not FAILED_ADDRESS.search(told(url))


def _read_script(filled: FilledForm, script: str) -> FormOutcome:
    """What the script would show, or where it would lead."""
    judged = [(verdict_of(notice), notice) for notice in notices_in(script)]
    for verdict in (Verdict.BAD, Verdict.GOOD):
        if said := next((notice for found, notice in judged if found == verdict), ""):
            return FormOutcome(KINDS[verdict], said[:300])
    place = place_in(script)
    if place and is_success_address(filled, place):
        return FormOutcome(OutcomeKind.CONFIRMED, place)
    return FormOutcome(OutcomeKind.UNCONFIRMED, " / ".join(notice for _, notice in judged)[:300])
