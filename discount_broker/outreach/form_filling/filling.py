"""Puts a letter into a shop's form: each field by its role, everything else as served."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from discount_broker.discovery.extract.forms.descriptions import FieldRole, FoundForm
from discount_broker.discovery.extract.pages.page import Document, open_document, squeeze
from discount_broker.messaging.ports import FailureReason
from discount_broker.outreach.form_filling import encoding
from discount_broker.outreach.form_filling.choices import (
    choose_option,
    filler,
    fits,
    is_unchosen,
    shaped_phone,
    shorten,
    suits,
    words_of,
)
from discount_broker.outreach.form_filling.entry_list import Entry, entries_of, int_of, submitter_of

LEFT_AS_SERVED = {FieldRole.HONEYPOT, FieldRole.TOKEN, FieldRole.SUBMIT}
BOXES = {"checkbox", "radio"}
NOT_TYPED = BOXES | {"select", "hidden", "file", "submit", "image", "button", "dirname"}


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What a visitor of the shop would type."""

    name: str
    email: str
    phone: str = ""
    subject: str = ""
    text: str
    link: str = ""
    """Where the shop answers: it stays in the text when a form allows but a short one."""


@dataclass(frozen=True, kw_only=True)
class FilledForm:
    """A request ready to be sent, and what is needed to understand the answer."""

    action: str
    method: str
    content_type: str
    body: bytes
    fields: dict[str, str]
    """What was sent, for people to look at."""
    page_url: str
    letter: Letter
    form_names: frozenset[str] = frozenset()
    page_lines: frozenset[str] = field(default_factory=frozenset, repr=False)
    """The lines of the page before sending: only what is new in the answer says anything."""


class CannotFill(Exception):
    """We cannot send the form, and trying again will not help."""

    def __init__(self, reason: FailureReason, why: str) -> None:
        super().__init__(why)
        self.reason = reason


def fill_form(html: str, page_url: str, charset: str, found: FoundForm, letter: Letter) -> FilledForm:
    """The request a browser would send after a person filled this form with this letter.

    Raises:
        CannotFill

    """
    _refuse_what_needs_a_person(found)
    document = open_document(html, page_url)
    form = _element(document, found)
    entries = _filled(entries_of(form), found, letter)
    _refuse_what_is_missing(entries, found)
    sent = [entry for entry in entries if entry.is_sent]
    return _request(document, form, found, sent, charset=charset, letter=letter)


def _refuse_what_needs_a_person(found: FoundForm) -> None:
    roles = {each.role for each in found.fields}
    if found.captcha is not None or FieldRole.CAPTCHA in roles:
        raise CannotFill(FailureReason.CAPTCHA, f"the form asks for a captcha ({found.captcha or 'field'})")
    if found.needs_script:
        raise CannotFill(FailureReason.SCRIPT_ONLY, "only the page's script can send this form")
    if FieldRole.MESSAGE not in roles:
        raise CannotFill(FailureReason.FORM_GONE, "the form has no field for a message")
    if any(each.role == FieldRole.FILE and each.is_required for each in found.fields):
        raise CannotFill(FailureReason.OTHER, "the form demands a file")


def _element(document: Document, found: FoundForm) -> Any:
    for index, form in enumerate(document.tree.iter("form")):
        if index == found.index:
            return form
    raise CannotFill(FailureReason.FORM_GONE, "the form is no longer on the page")


def _filled(entries: list[Entry], found: FoundForm, letter: Letter) -> list[Entry]:
    described = {each.name: each for each in found.fields}
    demanded = {each.name for each in found.fields if each.is_required}
    groups = Counter(entry.name for entry in entries if entry.kind == "radio")
    chosen = {name: _choice(entries, name) for name in groups}
    filled = []
    for entry in entries:
        described_as = described.get(entry.name.strip())
        role = described_as.role if described_as else FieldRole.OTHER
        is_demanded = entry.name.strip() in demanded
        if entry.kind == "radio":
            filled.append(_radio(entry, role, chosen[entry.name], is_demanded=is_demanded))
        else:
            filled.append(_one(entry, role, letter, is_demanded=is_demanded))
    return filled


def _choice(entries: list[Entry], name: str) -> Entry:
    group = [entry for entry in entries if entry.kind == "radio" and entry.name == name]
    ticked = [entry for entry in group if entry.is_sent]
    return ticked[-1] if ticked else max(group, key=lambda entry: suits(words_of(entry.control)))


def _radio(entry: Entry, role: FieldRole, chosen: Entry, *, is_demanded: bool) -> Entry:
    if entry is not chosen:
        return Entry(entry.name, entry.value, entry.control, entry.kind, is_sent=False)
    return entry.with_value(entry.value) if is_demanded or role == FieldRole.SUBJECT else entry


def _one(entry: Entry, role: FieldRole, letter: Letter, *, is_demanded: bool) -> Entry:
    if role in LEFT_AS_SERVED or entry.kind in ("hidden", "file", "submit", "image", "dirname"):
        return entry
    if entry.kind == "checkbox":
        return _box(entry, role, is_demanded=is_demanded)
    if entry.kind == "select":
        return _select(entry, role, is_demanded=is_demanded)
    typed = _typed(entry, role, letter)
    if not typed and is_demanded and role in (FieldRole.OTHER, FieldRole.ADDRESS, FieldRole.ORDER_NUMBER):
        typed = entry.value or filler(entry, letter.text)
    if typed is None:
        return entry
    limit = int_of(entry.control.get("maxlength"), 0)
    link = letter.link if role == FieldRole.MESSAGE else ""
    return entry.with_value(shorten(typed, limit, link) if limit else typed)


def _box(entry: Entry, role: FieldRole, *, is_demanded: bool) -> Entry:
    if role == FieldRole.NEWSLETTER:
        # Also where the shop ticked it beforehand: nobody asked for its news.
        return Entry(entry.name, entry.value, entry.control, entry.kind, is_sent=False)
    return entry.with_value(entry.value) if role == FieldRole.CONSENT or is_demanded else entry


def _select(entry: Entry, role: FieldRole, *, is_demanded: bool) -> Entry:
    if is_unchosen(entry) and (is_demanded or role == FieldRole.SUBJECT):
        value = choose_option(entry.control)
        return entry if value is None else entry.with_value(value)
    return entry


def _typed(entry: Entry, role: FieldRole, letter: Letter) -> str | None:
    first, _, last = letter.name.partition(" ")
    values = {
        FieldRole.NAME: letter.name,
        FieldRole.FIRST_NAME: first,
        FieldRole.LAST_NAME: last or first,
        FieldRole.EMAIL: letter.email,
        FieldRole.SUBJECT: letter.subject,
        FieldRole.MESSAGE: letter.text,
    }
    if role == FieldRole.PHONE:
        return shaped_phone(letter.phone, entry) if letter.phone else None
    value = values.get(role)
    # One-line fields lose line breaks, as in a browser.
    return value if value is None or entry.kind == "textarea" else squeeze(value)


def _refuse_what_is_missing(entries: list[Entry], found: FoundForm) -> None:
    demanded = {each.name: each.role for each in found.fields if each.is_required}
    for entry in entries:
        role = demanded.get(entry.name.strip())
        if role is None or role in LEFT_AS_SERVED or entry.kind in NOT_TYPED:
            continue
        if not entry.value.strip():
            raise CannotFill(FailureReason.OTHER, f"the form demands a {role} that we do not have")
        if not fits(entry.value, entry):
            raise CannotFill(
                FailureReason.OTHER, f"the form wants its {role} in a shape that ours does not have"
            )


def _request(
    document: Document, form: Any, found: FoundForm, sent: list[Entry], *, charset: str, letter: Letter
) -> FilledForm:
    charset = encoding.form_charset(form.get("accept-charset") or "", charset)
    pairs = [
        encoding.Pair(entry.name, _charset_name(entry, charset), is_file=entry.kind == "file")
        for entry in sent
    ]
    button = submitter_of(form)
    method = _said(button, "formmethod") or found.method
    enctype = _said(button, "formenctype") or found.enctype
    action, content_type, body = found.action, encoding.URLENCODED, encoding.urlencoded(pairs, charset)
    if method == "get":
        action, body = encoding.with_query(action, body.decode("ascii")), b""
    elif enctype == encoding.MULTIPART:
        content_type, body = encoding.multipart(pairs, charset)
    elif enctype == encoding.PLAIN:
        content_type, body = encoding.PLAIN, encoding.plain(pairs, charset)
    return FilledForm(
        action=action,
        method=method,
        content_type=content_type,
        body=body,
        fields={pair.name: pair.value for pair in pairs},
        page_url=document.url,
        letter=letter,
        form_names=frozenset(entry.name for entry in sent),
        page_lines=frozenset(line.text for line in document.lines),
    )


def _charset_name(entry: Entry, charset: str) -> str:
    return charset if entry.kind == "hidden" and entry.name == "_charset_" else entry.value


def _said(button: Any | None, attribute: str) -> str:
    return "" if button is None else (button.get(attribute) or "").strip().lower()
