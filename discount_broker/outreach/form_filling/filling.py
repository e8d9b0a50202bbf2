"""Puts a letter into a shop's form: each field by its role, everything else as served."""

from collections import defaultdict
from dataclasses import replace
from typing import Any

from discount_broker.discovery.extract.forms.descriptions import FieldRole, FoundForm
from discount_broker.discovery.extract.pages.page import Document, open_document
from discount_broker.messaging.ports import FailureReason
from discount_broker.outreach.form_filling import encoding
from discount_broker.outreach.form_filling.choices import box, chosen_option, pressed_radio, radio
from discount_broker.outreach.form_filling.drafts import (
    CannotFill,
    Circumstances,
    Draft,
    FilledForm,
    Letter,
    OpenForm,
)
from discount_broker.outreach.form_filling.entry_list import Entry, entries_of, submitter_of
from discount_broker.outreach.form_filling.questions import Question, questions_of
from discount_broker.outreach.form_filling.recipes import Recipe, recipe_for
from discount_broker.outreach.form_filling.sight import shown_lines
from discount_broker.outreach.form_filling.typing_in import fits, phone_parts, shorten, typed

LEFT_AS_SERVED = {FieldRole.HONEYPOT, FieldRole.TOKEN, FieldRole.SUBMIT}
UNTOUCHED = {"hidden", "file", "submit", "image", "dirname"}
WEB = ("http://", "https://")
USUAL = Circumstances()


def open_form(
    html: str, page_url: str, charset: str, found: FoundForm, cookies: dict[str, str] | None = None
) -> OpenForm:
    """The form that was found, on its page.

    Raises:
        CannotFill

    """
    document = open_document(html, page_url)
    for index, element in enumerate(document.tree.iter("form")):
        if index == found.index:
            return OpenForm(document, element, found, charset, cookies or {})
    raise CannotFill(FailureReason.FORM_GONE, "the form is no longer on the page")


def fill_form(
    form: OpenForm, letter: Letter, now: Circumstances = USUAL, recipe: Recipe | None = None
) -> FilledForm:
    """The request a browser would send after a person filled this form with this letter.

    Raises:
        CannotFill

    """
    recipe = recipe or recipe_for(form)
    _refuse_what_needs_a_person(form.found, recipe)
    letter = replace(letter, name=shorten(letter.name, recipe.longest_name or len(letter.name) * 2))
    questions = questions_of(form, now.corrections)
    entries = _answered(questions, letter, now, recipe)
    _refuse_what_is_missing(questions, entries)
    draft = recipe.shape(_draft(form, [entry for entry in entries if entry.is_sent]), form, now.fresh)
    if not draft.action.startswith(WEB):
        raise CannotFill(FailureReason.SCRIPT_ONLY, "the form is not sent to a web address")
    filled = written(draft, form.document, letter)
    return replace(filled, roles={q.name: q.role for q in questions if q.entry.kind != "hidden"})


def _refuse_what_needs_a_person(found: FoundForm, recipe: Recipe) -> None:
    roles = {each.role for each in found.fields}
    if found.captcha is not None or FieldRole.CAPTCHA in roles:
        raise CannotFill(FailureReason.CAPTCHA, f"the form asks for a captcha ({found.captcha or 'field'})")
    if found.needs_script and not recipe.replaces_script:
        raise CannotFill(FailureReason.SCRIPT_ONLY, "only the page's script can send this form")
    if FieldRole.MESSAGE not in roles:
        raise CannotFill(FailureReason.FORM_GONE, "the form has no field for a message")
    if any(each.role == FieldRole.FILE and each.is_required for each in found.fields):
        raise CannotFill(FailureReason.OTHER, "the form demands a file")


def _answered(questions: list[Question], letter: Letter, now: Circumstances, recipe: Recipe) -> list[Entry]:
    groups: dict[str, list[Question]] = defaultdict(list)
    for question in questions:
        groups[question.name].append(question)
    parts = phone_parts(questions, letter.phone)
    answered = []
    for place, question in enumerate(questions):
        if place in parts:
            answered.append(question.entry.with_value(parts[place]))
            continue
        answered.append(_answer(question, groups[question.name], letter, now))
        if question.role == FieldRole.MESSAGE and recipe.longest_message:
            short = shorten(answered[-1].value, recipe.longest_message, letter.link)
            answered[-1] = replace(answered[-1], value=short)
    return answered


def _answer(question: Question, group: list[Question], letter: Letter, now: Circumstances) -> Entry:
    entry = question.entry
    if entry.kind == "radio":
        radios = [each for each in group if each.entry.kind == "radio"]
        is_demanded = any(each.is_demanded for each in radios)
        return radio(question, pressed_radio(radios), is_demanded=is_demanded, corrections=now.corrections)
    if question.role in LEFT_AS_SERVED or entry.kind in UNTOUCHED:
        return entry
    if entry.kind == "checkbox":
        return box(question, [each for each in group if each.entry.kind == "checkbox"])
    if entry.kind == "select":
        return chosen_option(question, now.corrections)
    value = typed(question, letter, now)
    return entry if value is None else entry.with_value(value)


def _refuse_what_is_missing(questions: list[Question], entries: list[Entry]) -> None:
    for question, entry in zip(questions, entries, strict=True):
        if not question.is_demanded or question.role in LEFT_AS_SERVED or not question.is_typed:
            continue
        if not entry.value.strip():
            raise CannotFill(FailureReason.OTHER, f"the form demands a {question.role} that we do not have")
        if not fits(entry.value, entry):
            raise CannotFill(
                FailureReason.OTHER,
                f"the form wants its {question.role} in a shape that ours does not have",
            )


def as_served(form: OpenForm, letter: Letter) -> FilledForm:
    """The form sent as it came, with its button pressed."""
    entries = [entry for entry in entries_of(form.element) if entry.is_sent]
    return written(_draft(form, entries), form.document, letter)


def _draft(form: OpenForm, sent: list[Entry]) -> Draft:
    charset = encoding.form_charset(form.element.get("accept-charset") or "", form.charset)
    button = submitter_of(form.element)
    action = _said(button, "formaction") or (form.element.get("action") or "").strip()
    is_none = not action or action.lower().startswith("javascript:")
    return Draft(
        action=form.document.url if is_none else form.document.resolve(action) or form.document.url,
        method=_one_of(("post", "get"), _said(button, "formmethod").lower(), form.found.method),
        enctype=_one_of(
            (encoding.URLENCODED, encoding.MULTIPART, encoding.PLAIN),
            _said(button, "formenctype").lower(),
            form.found.enctype,
        ),
        pairs=tuple(
            encoding.Pair(entry.name, _charset_name(entry, charset), is_file=entry.kind == "file")
            for entry in sent
        ),
        charset=charset,
    )


def written(draft: Draft, document: Document, letter: Letter) -> FilledForm:
    """The draft as the bytes that go over the wire."""
    pairs, charset = list(draft.pairs), draft.charset
    action, content_type, body = draft.action, encoding.URLENCODED, encoding.urlencoded(pairs, charset)
    if draft.method == "get":
        action, body = encoding.with_query(action, body.decode("ascii")), b""
    elif draft.enctype == encoding.MULTIPART:
        content_type, body = encoding.multipart(pairs, charset)
    elif draft.enctype == encoding.PLAIN:
        content_type, body = encoding.PLAIN, encoding.plain(pairs, charset)
    return FilledForm(
        action=action,
        method=draft.method,
        content_type=content_type,
        body=body,
        fields=_shown(draft.packed or draft.pairs),
        page_url=document.url,
        letter=letter,
        headers=draft.headers,
        cookies=draft.cookies,
        form_names=frozenset(pair.name for pair in draft.packed or draft.pairs),
        page_lines=frozenset(line.text for line in shown_lines(document)),
    )


def _shown(pairs: tuple[encoding.Pair, ...]) -> dict[str, str]:
    """By name for people to read; values of one name together."""
    shown: dict[str, str] = {}
    for pair in pairs:
        shown[pair.name] = f"{shown[pair.name]}, {pair.value}" if pair.name in shown else pair.value
    return shown


def _charset_name(entry: Entry, charset: str) -> str:
    is_asked = entry.kind == "hidden" and entry.name.lower() == "_charset_"
    return encoding.label_of(charset) if is_asked else entry.value


def _one_of(known: tuple[str, ...], *said: str) -> str:
    """The first that was said and is known, or what browsers take for anything else."""
    return next((each for each in said if each in known), known[-1] if known[-1] == "get" else known[0])


def _said(button: Any | None, attribute: str) -> str:
    return "" if button is None else (button.get(attribute) or "").strip()
