"""The one second try: a refusal that names what is wrong, of a letter that was certainly not taken."""

import re
from collections.abc import Mapping
from dataclasses import replace

from discount_broker.discovery.extract.forms.descriptions import FieldRole
from discount_broker.discovery.extract.forms.finding import find_forms
from discount_broker.discovery.extract.pages.page import decode_page
from discount_broker.kernel.urls import registrable_domain
from discount_broker.outreach.form_filling.answer_page import form_back
from discount_broker.outreach.form_filling.answer_scripts import data_in
from discount_broker.outreach.form_filling.answer_words import HOPELESS
from discount_broker.outreach.form_filling.answers import AnswerPage, FormOutcome, OutcomeKind
from discount_broker.outreach.form_filling.drafts import (
    CannotFill,
    Circumstances,
    Correction,
    Corrections,
    FilledForm,
    Fix,
    OpenForm,
)
from discount_broker.outreach.form_filling.encoding import page_charset
from discount_broker.outreach.form_filling.filling import fill_form, open_form
from discount_broker.outreach.form_filling.recipes import Recipe
from discount_broker.outreach.form_filling.typing_in import sent_length

TOO_LONG = re.compile(
    r"too long|at most|no more than|max(?:imum|\.)?|longer than|exceed|fewer|between"
    r"|слишком длин|не более|не больше|максим|превыша|\bот \d+ до \d+|zu lang|höchstens|trop long"
    r"|demasiado largo",
    re.IGNORECASE,
)
CONSENT = re.compile(
    r"accept|agree|consent|terms|privacy|соглас|услови|персональн|политик|datenschutz|zustimm|confidential",
    re.I,
)
NAMED: Mapping[FieldRole, re.Pattern[str]] = {
    FieldRole.CONSENT: CONSENT,
    FieldRole.PHONE: re.compile(r"phone|телефон|telefon|téléphone|teléfono", re.IGNORECASE),
    FieldRole.MESSAGE: re.compile(
        r"message|enquiry|comment|text\b|сообщени|вопрос|текст|nachricht|mensaje", re.I
    ),
    FieldRole.SUBJECT: re.compile(r"subject|topic|тем[уаы]\b|betreff|sujet|asunto", re.IGNORECASE),
}
"""Words by which a page means one kind of field when it does not stand beside it."""
USUAL_LIMIT = 500
SHORTEST_MESSAGE = 60
"""With less room nobody could say what is asked for."""


def second_try(
    form: OpenForm, filled: FilledForm, outcome: FormOutcome, answer: AnswerPage, recipe: Recipe
) -> FilledForm | None:
    """The form filled again as the shop wants it; None if that is no use or would risk a second letter."""
    if not _is_mendable(outcome, answer):
        return None
    corrections = corrections_of(filled, outcome)
    if not corrections and not outcome.is_stale:
        return None
    again = _as_it_is_now(form, filled, answer)
    if again is form and not (corrections and _is_data(answer)):
        # A page without the form may be one of thanks, with a word of warning.
        return None
    try:
        mended = fill_form(again, filled.letter, Circumstances(corrections=corrections), recipe)
    except CannotFill:
        return None
    if (mended.action, mended.body) == (filled.action, filled.body):
        return None
    # The complaint stands on the page now: coming again it must count as new.
    return replace(mended, page_lines=filled.page_lines)


def _is_mendable(outcome: FormOutcome, answer: AnswerPage) -> bool:
    """The shop did not take the letter, says so itself, and does not take us for a robot."""
    is_refused = outcome.kind == OutcomeKind.REFUSED and 200 <= answer.status < 500
    return is_refused and HOPELESS.search(outcome.decided_by) is None


def _is_data(answer: AnswerPage) -> bool:
    return data_in(decode_page(answer.content, answer.content_type), answer.content_type) is not None


def _as_it_is_now(form: OpenForm, filled: FilledForm, answer: AnswerPage) -> OpenForm:
    """The form on the page that came back, with its fresh tokens, or the one we had."""
    text = decode_page(answer.content, answer.content_type)
    back = form_back(filled, find_forms(text, answer.url))
    if back is None or registrable_domain(answer.url) != registrable_domain(filled.page_url):
        return form
    charset = page_charset(answer.content, answer.content_type)
    return open_form(text, answer.url, charset, back, {**form.cookies, **answer.cookies})


def corrections_of(filled: FilledForm, outcome: FormOutcome) -> Corrections:
    """A correction for each field the shop complains of; none at all if one of them cannot be mended."""
    complaints = _complaints(filled, outcome)
    corrections = {name: _correction(filled, name, said) for name, said in complaints.items()}
    if any(each is None for each in corrections.values()):
        return {}
    return {name: each for name, each in corrections.items() if each is not None}


def _complaints(filled: FilledForm, outcome: FormOutcome) -> dict[str, str]:
    """What is said, by the form's own names of its fields."""
    known = [*filled.roles]
    found = {
        name: said
        for key, said in outcome.field_messages.items()
        if (name := _name_like(key, known)) is not None
    }
    if found or any(outcome.field_messages):
        return found
    for role, words in NAMED.items():
        names = [name for name, of in filled.roles.items() if of == role] or _left_open(filled, role)
        if names and words.search(outcome.decided_by):
            return dict.fromkeys(names, outcome.decided_by)
    return {}


def _left_open(filled: FilledForm, role: FieldRole) -> list[str]:
    """Boxes that we did not know for consent."""
    if role != FieldRole.CONSENT:
        return []
    return [name for name, of in filled.roles.items() if of == FieldRole.OTHER and name not in filled.fields]


def _name_like(key: str, names: list[str]) -> str | None:
    """Servers call `feedback[phone]` also `phone`, or `feedback.phone`."""
    if not key:
        return None

    def bare(name: str) -> str:
        return re.sub(r"[^a-z0-9а-я]", "", name.lower())

    def last(name: str) -> str:
        parts = re.split(r"[\[\].]+", name.strip("[]."))
        return bare(parts[-1]) if parts else ""

    alike = (
        lambda name: name == key,
        lambda name: bare(name) == bare(key),
        lambda name: last(name) == last(key) != "",
    )
    return next((name for same in alike for name in names if same(name)), None)


def _correction(filled: FilledForm, name: str, said: str) -> Correction | None:
    role, tried = filled.roles.get(name, ""), filled.fields.get(name, "")
    if role == FieldRole.PHONE and tried:
        return Correction(Fix.OTHER_SHAPE, tried)
    is_text = role in (FieldRole.MESSAGE, FieldRole.SUBJECT, FieldRole.NAME)
    if is_text and tried and TOO_LONG.search(said):
        limit = _limit_in(said, sent_length(tried))
        is_useless = role == FieldRole.MESSAGE and limit < SHORTEST_MESSAGE
        return None if is_useless else Correction(Fix.SHORTER, tried, limit)
    if role in (FieldRole.HONEYPOT, FieldRole.TOKEN, FieldRole.NEWSLETTER, FieldRole.EMAIL):
        return None
    return Correction(Fix.DEMANDED, tried) if not tried or not is_text else None


def _limit_in(said: str, length: int) -> int:
    """The greatest number in the complaint, and in any case less than what we wrote."""
    most = max(
        (int(number) for number in re.findall(r"\d{1,6}", said)), default=min(USUAL_LIMIT, length // 2)
    )
    return min(most, length * 9 // 10)
