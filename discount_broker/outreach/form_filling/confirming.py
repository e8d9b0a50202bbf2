"""The second page of forms that show the letter once more and ask whether it is right."""

import re
from dataclasses import replace

from discount_broker.discovery.extract.forms.descriptions import FieldRole
from discount_broker.discovery.extract.forms.finding import find_forms
from discount_broker.discovery.extract.pages.page import decode_page
from discount_broker.kernel.urls import registrable_domain
from discount_broker.outreach.form_filling.answers import AnswerPage, FormOutcome, OutcomeKind
from discount_broker.outreach.form_filling.drafts import CannotFill, FilledForm, OpenForm
from discount_broker.outreach.form_filling.encoding import page_charset
from discount_broker.outreach.form_filling.entry_list import submitter_of
from discount_broker.outreach.form_filling.filling import as_served, open_form
from discount_broker.outreach.form_filling.questions import questions_of

SEND = re.compile(
    r"send|submit|confirm|continue|next|finish|отправ|подтверд|далее|продолж|готово|senden|absenden|bestätig"
    r"|envoyer|confirmer|enviar|送信|確認",
    re.IGNORECASE,
)
LEAST = 2
"""Values of ours that the second page must carry along."""


def confirmation_of(filled: FilledForm, outcome: FormOutcome, answer: AnswerPage) -> FilledForm | None:
    """The request that the second page's button sends; None if this is no second page of the same form."""
    if outcome.kind != OutcomeKind.UNCONFIRMED or answer.status != 200 or filled.method != "post":
        return None
    text = decode_page(answer.content, answer.content_type)
    charset = page_charset(answer.content, answer.content_type)
    for found in find_forms(text, answer.url):
        if found.method != "post" or found.captcha is not None:
            continue
        try:
            form = open_form(text, answer.url, charset, found)
        except CannotFill:
            continue
        if _carries(form, filled) and _asks_to_send(form):
            request = as_served(form, filled.letter)
            is_same_site = registrable_domain(request.action) == registrable_domain(filled.page_url)
            lines = request.page_lines | filled.page_lines
            return replace(request, page_lines=lines) if is_same_site else None
    return None


def _carries(form: OpenForm, filled: FilledForm) -> bool:
    """The letter and what else was typed are there, hidden, and nothing is left to type."""
    hidden = {
        " ".join((box.get("value") or "").split())
        for box in form.element.iter("input")
        if (box.get("type") or "").lower() == "hidden"
    }
    typed = {
        " ".join(value.split()) for name, value in filled.fields.items() if name in filled.roles and value
    }
    letters = {
        " ".join(filled.fields.get(name, "").split())
        for name, role in filled.roles.items()
        if role == FieldRole.MESSAGE
    }
    asks = any(question.is_typed for question in questions_of(form, {}))
    return not asks and bool(letters & hidden) and len(typed & hidden) >= LEAST


def _asks_to_send(form: OpenForm) -> bool:
    button = submitter_of(form.element)
    if button is None:
        return False
    said = " ".join([button.get("value") or "", *button.itertext(), button.get("name") or ""])
    return SEND.search(said) is not None
