"""What is kept of a form that was sent, for people to look at later: no cookies, nothing without end."""

import json
from collections.abc import Mapping
from typing import Any

from discount_broker.discovery.extract.pages.page import decode_page, open_document
from discount_broker.outreach.form_filling import AnswerPage, FormOutcome, Letter

LONGEST_VALUE = 1000
LONGEST_PAGE_TEXT = 2000
MOST_FIELDS = 100


def clipped(fields: Mapping[str, str]) -> dict[str, str]:
    return {name[:100]: value[:LONGEST_VALUE] for name, value in list(fields.items())[:MOST_FIELDS]}


def seen(answer: AnswerPage, outcome: FormOutcome) -> dict[str, Any]:
    text = decode_page(answer.content, answer.content_type)
    shown: dict[str, Any] = {
        "status": answer.status,
        "answer url": answer.url,
        "decided by": outcome.decided_by,
        "answer": _readable(text, answer.url)[:LONGEST_PAGE_TEXT],
    }
    messages = clipped(outcome.field_messages)
    return shown | ({"field messages": messages} if messages else {})


def to_paste(letter: Letter) -> dict[str, str]:
    """What a person types who sends the letter by hand."""
    typed = {
        "name": letter.name,
        "email": letter.email,
        "phone": letter.phone,
        "subject": letter.subject,
        "text": letter.text,
    }
    return {name: value for name, value in typed.items() if value}


def _readable(text: str, url: str) -> str:
    """What a person would see of the answer: the words of a page, data without its escapes."""
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except (ValueError, RecursionError):
        return open_document(text, url).text
