"""What to say on the phone: one situation at a time, in the shop's language, with a way on from each."""

from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from flask import request, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from discount_broker.escalation.queries.texts import LANGUAGES, render_text, script_texts
from discount_broker.escalation.rules.script import (
    ENDINGS,
    NEXT,
    TURNS,
    Ending,
    Situation,
    Turn,
    situation_called,
    situations,
)
from discount_broker.escalation.status import CallResult, PromiseKind
from discount_broker.shops.rules import language_for
from discount_broker.web.desk_texts_facts import facts_for_shop, missed_promise

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from discount_broker.escalation.models import EscalationCase, Promise
    from discount_broker.shops.models import Shop

SITUATIONS: Final[dict[Situation, LazyString]] = {
    Situation.PROMISE: _l("They promised something before"),
    Situation.FIRST_CALL: _l("First words"),
    Situation.SEND_A_MAIL: _l("“Send us an e-mail”"),
    Situation.WRONG_PERSON: _l("“That is not my department”"),
    Situation.MANAGER: _l("A manager is on the line"),
    Situation.SUPERVISOR: _l("A step up: whoever is responsible"),
    Situation.REFUSES: _l("“We give no discounts”"),
    Situation.WHO_ARE_YOU: _l("“Who are you, anyway?”"),
    Situation.BUYERS_NUMBER: _l("“Give us the buyer's number”"),
    Situation.MAKES_OFFER: _l("They name an offer"),
    Situation.CALL_BACK: _l("“Call back later”"),
    Situation.NOBODY: _l("Nobody answers, or a machine does"),
}
TURNS_IN_WORDS: Final[dict[Turn, LazyString]] = {
    Turn.ASK_TO_MAIL: _l("“Send us an e-mail”"),
    Turn.NOT_MY_JOB: _l("“Not my department”"),
    Turn.PUT_THROUGH: _l("They put me through"),
    Turn.MANAGER_REACHED: _l("A manager is on the line"),
    Turn.STEP_UP: _l("Ask for whoever is responsible"),
    Turn.SAY_NO: _l("“We give no discounts”"),
    Turn.ASK_WHO: _l("“Who are you?”"),
    Turn.ASK_NUMBER: _l("“Give us the buyer's number”"),
    Turn.NAME_OFFER: _l("They name an offer"),
    Turn.ASK_LATER: _l("“Call back later”"),
    Turn.NO_ANSWER: _l("Nobody answers"),
    Turn.NOBODY_THERE: _l("Nobody answered, or a machine"),
    Turn.BUSY: _l("Busy"),
    Turn.WRONG_NUMBER: _l("Wrong number"),
    Turn.GAVE_ADDRESS: _l("They gave an address"),
    Turn.GAVE_NAME: _l("They named somebody else"),
    Turn.GOT_NO_FURTHER: _l("No way past them"),
    Turn.WILL_ANSWER: _l("They will answer by mail"),
    Turn.WILL_SEND_OFFER: _l("They will send an offer"),
    Turn.WILL_CALL_US: _l("They will call us"),
    Turn.WILL_CALL_BUYER: _l("They will call the buyer"),
    Turn.CALL_AGAIN: _l("We call again"),
    Turn.NO_FOR_GOOD: _l("It stays a no"),
    Turn.NEVER_AGAIN: _l("No more requests at all"),
    Turn.OFFER_WRITTEN: _l("Send them the page to confirm"),
}


class Way(NamedTuple):
    """A button under the words: how it went, and where that leads."""

    label: LazyString
    href: str
    leads_to: str
    """The situation that comes next; empty where the call ends."""
    result: str = ""
    promise: str = ""
    opens: str = ""


class Part(NamedTuple):
    """One situation of the call."""

    key: str
    situation: LazyString
    words: str
    is_here: bool
    href: str
    ways: list[Way]


def script_of(case: "EscalationCase", promises: "Sequence[Promise]", now: datetime) -> tuple[str, list[Part]]:
    """The language of the script and its situations; `?at=` in the address names the one that is shown."""
    language = language_of(case.outreach.shop)
    is_missed = missed_promise(promises, now) is not None
    here = situation_called(request.args.get("at"), is_promise_missed=is_missed)
    texts, facts = script_texts(language), facts_for_shop(case.outreach, case.calls, promises, language)
    return language, [
        Part(
            key=each.value,
            situation=SITUATIONS[each],
            words=render_text(texts[each.value], facts),
            is_here=each is here,
            href=_link(case.id, each),
            ways=[_way(case.id, each, turn) for turn in TURNS[each]],
        )
        for each in situations(is_promise_missed=is_missed)
    ]


def language_of(shop: "Shop") -> str:
    """The language of the shop, where we have words in it."""
    language = language_for(shop.domain, shop.language)
    return language if language in LANGUAGES else "en"


def ending_chosen() -> dict[str, str]:
    """What a script's ending puts into the form of the call, as the address names it; nothing odd."""
    result, promise = request.args.get("result", ""), request.args.get("promise", "")
    chosen = {"result": result} if result in {*CallResult} else {}
    return chosen | ({"promise_kind": promise} if promise in {*PromiseKind} else {})


def _way(case_id: "UUID", here: Situation, turn: Turn) -> Way:
    label = TURNS_IN_WORDS[turn]
    if turn in NEXT:
        return Way(label, _link(case_id, NEXT[turn]), NEXT[turn].value)
    ending: Ending = ENDINGS[turn]
    promise = ending.promise.value if ending.promise else ""
    href = url_for(
        "case.show",
        case_id=case_id,
        at=here.value,
        result=ending.result.value,
        promise=promise or None,
        _anchor="offer-said" if ending.opens == "offer" else "log-call",
    )
    return Way(label, href, "", ending.result.value, promise, ending.opens)


def _link(case_id: "UUID", situation: Situation) -> str:
    return url_for("case.show", case_id=case_id, at=situation.value, _anchor="script")


def spoken(words: str) -> Markup:
    """Plain words as paragraphs and lists: all of them escaped, for titles come from strangers' pages."""
    blocks = [
        list(group)
        for is_said, group in groupby(words.splitlines(), key=lambda line: bool(line.strip()))
        if is_said
    ]
    return Markup("").join(_block(lines) for lines in blocks)


def _block(lines: list[str]) -> Markup:
    runs = [(is_item, list(run)) for is_item, run in groupby(lines, key=lambda line: line.startswith("- "))]
    return Markup("").join(_items(run) if is_item else _paragraph(run) for is_item, run in runs)


def _items(lines: list[str]) -> Markup:
    items = Markup("").join(Markup("<li>{}</li>").format(line.removeprefix("- ")) for line in lines)
    return Markup("<ul>{}</ul>").format(items)


def _paragraph(lines: list[str]) -> Markup:
    return Markup("<p>{}</p>").format(Markup("<br>").join(lines))
