"""How a text reads on a real case, what it would cost as a text message, and what a version changed."""

from decimal import Decimal
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple

from flask import current_app

from discount_broker.escalation.queries import list_promises
from discount_broker.escalation.queries.texts import Text, find_case_to_show, render_text
from discount_broker.escalation.status import TextKind
from discount_broker.messaging.extract.segments import Segments, as_sent, measure
from discount_broker.web.desk_texts_facts import facts_for_buyer, facts_for_shop, our_facts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from discount_broker.escalation.models import Call, EscalationCase
    from discount_broker.outreach.models import Outreach


class Preview(NamedTuple):
    """A text as the operator of one case would see it."""

    case: "EscalationCase | None"
    words: str
    size: Segments | None = None
    """Of a text message, on the air."""
    signs: int = 0
    price: Decimal | None = None
    is_found: bool = True
    """Whether the case that was asked for is the one that is shown."""


def preview_of(text: Text, number: str) -> Preview:
    """The text on the case of this request, else on the latest there is; without any, without its facts."""
    case = find_case_to_show(number)
    is_found = not number.strip() or (case is not None and _is_of(case, number))
    words = render_text(text, facts_for(text, case.outreach, case.calls) if case else our_facts())
    if text.kind is not TextKind.SMS:
        return Preview(case, words, is_found=is_found)
    words = as_sent(" ".join(words.split()))
    size = measure(words)
    cost = Decimal(str(current_app.extensions["settings"].sms_price)) * size.parts
    return Preview(case, words, size, len(words), cost or None, is_found)


def facts_for(text: Text, outreach: "Outreach", calls: "Sequence[Call]") -> dict[str, object]:
    """What this text can say of one outreach, to whom it is for."""
    if text.is_for_buyer:
        ask, is_text = outreach.discount_request, text.kind is TextKind.SMS
        return facts_for_buyer(ask, outreach, text.language, calls=calls, is_text=is_text)
    return facts_for_shop(outreach, calls, list_promises(outreach.id), text.language)


def changes_between(old: str, new: str) -> list[tuple[str, str]]:
    """All lines, with `old` before those that went, `new` before those that came, nothing before others."""
    before, after = old.splitlines(), new.splitlines()
    lines: list[tuple[str, str]] = []
    for what, i, j, k, n in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            lines += [("", line) for line in before[i:j]]
        else:
            lines += [("old", line) for line in before[i:j]] + [("new", line) for line in after[k:n]]
    return lines


def _is_of(case: "EscalationCase", number: str) -> bool:
    return case.outreach.discount_request.number == number.strip().upper()
