"""How the words of a message read on a real case: as text, as a mail, and what they cost as an SMS."""

import base64
import hashlib
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import current_app

from discount_broker.kernel.short_links import short_code
from discount_broker.kernel.site import site
from discount_broker.messaging.extract.segments import Segments, measure
from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.queries.texts import TextKey
from discount_broker.messaging.rendering import Default, Rendered, Wording, renderer, scope_of
from discount_broker.messaging.rules.texts import unquoted
from discount_broker.notifications.catalogue.examples import NUMBER
from discount_broker.web.desk_messages_facts import facts_for
from discount_broker.web.desk_messages_names import fact_called, meaning_of
from discount_broker.web.security import POLICY

STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


@dataclass(frozen=True)
class Preview:
    """A message as its reader would get it."""

    rendered: Rendered
    number: str
    """Of the request whose facts these are; empty for an example."""
    is_found: bool
    """Whether there is a request of the number that was asked for."""
    made_up: list[str]
    """What stands in it that is an example's, because the case has none of it."""
    size: Segments | None = None
    price: Decimal | None = None

    @property
    def policy(self) -> str:
        """Allows the page the one style of our mails, and nothing else."""
        found = STYLE.search(self.rendered.html or "")
        if found is None:
            return POLICY
        digest = base64.b64encode(hashlib.sha256(found[1].encode()).digest()).decode()
        return POLICY.replace("style-src 'self'", f"style-src 'self' 'sha256-{digest}'")


@dataclass(frozen=True)
class Variable:
    """A name that a text may use."""

    name: str
    meaning: str
    example: str
    is_required: bool = False


def preview_of(key: TextKey, wording: Wording | None, asked: str, *, is_shown: bool = True) -> Preview:
    """The words on the request of this number, else on an example; without any, the default's."""
    facts = facts_for(key, asked)
    context, here = facts.context, site()
    said: dict[str, Any] = {
        "number": facts.number,
        "is_found": facts.is_found,
        "made_up": list(dict.fromkeys(fact_called(name) for name in facts.made_up)),
    }
    if key.channel is ChannelKind.SMS:
        link = f"{here.base_url}/t/{short_code(facts.number or NUMBER)}"
        rendered = renderer().sms(context, key.language, here, link=link, is_first=True, own=wording)
        size = measure(rendered.text)
        price = Decimal(str(current_app.extensions["settings"].sms_price)) * size.parts
        return Preview(rendered, size=size, price=price or None, **said)
    if key.channel is ChannelKind.WEB_FORM:
        return Preview(renderer().form_text(context, key.language, here, own=wording), **said)
    return Preview(renderer().mail(context, key.language, here, own=wording, is_shown=is_shown), **said)


def variables_of(key: TextKey, default: Default, asked: str) -> list[Variable]:
    """Every name with its meaning, and what it says on this case."""
    context, here = facts_for(key, asked).context, site()
    facts = default.facts(scope_of(context, key.language, here, room=60))
    lists = {each.of: each for each in default.vocabulary.lists}
    variables = []
    for name in sorted(facts, key=lambda name: (name not in default.required, name)):
        is_required = name in default.required
        variables.append(Variable(name, meaning_of(name), _example(facts[name]), is_required))
        if name in lists:
            variables += _of_each(lists[name].called, sorted(lists[name].parts), facts[name])
    return variables


def _of_each(called: str, parts: list[str], things: Any) -> list[Variable]:
    first = things[0] if things else None
    named = [Variable(called, meaning_of(called), str(first))] if str(first or "") else []
    of_parts = [
        Variable(f"{called}.{part}", meaning_of(part), _example(getattr(first, part, ""))) for part in parts
    ]
    return named + of_parts


def _example(fact: object) -> str:
    return "" if isinstance(fact, list) else " ".join(unquoted(str(fact)).split())
