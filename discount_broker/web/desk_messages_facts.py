"""The facts with which a lead tries the words of a message: those of a real request, else an example's."""

from typing import TYPE_CHECKING, Any, NamedTuple

from discount_broker.discount_requests.queries import find_request_by_number
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.site import site
from discount_broker.messaging.queries.texts import TextKey
from discount_broker.notifications.catalogue import Message
from discount_broker.notifications.catalogue.examples import example_of, facts_of, made_up
from discount_broker.web.desk_messages_case import known_of

if TYPE_CHECKING:
    from discount_broker.messaging.rendering import Context


class Facts(NamedTuple):
    """A message as it would be written, and how much of it is true."""

    context: "Context"
    number: str
    """Of the request it is about; empty for an example."""
    is_found: bool
    """Whether there is a request of the number that was asked for."""
    made_up: list[str]
    """Names of the facts that the case does not have: they are those of an example."""


def facts_for(key: TextKey, asked: str) -> Facts:
    """A message of this kind with the facts of the request of this number, as far as it has them.

    Links lead nowhere, and no buyer's address is shown: who tries words on a case presses nothing in it.
    """
    message, number = Message(key.message), asked.strip()
    request = find_request_by_number(number) if number else None
    every: dict[str, Any] = known_of(request, message) if request is not None else {}
    known = {name: fact for name, fact in every.items() if name in facts_of(message)}
    context: Context = example_of(message, key.language, site().base_url, utcnow(), **known)
    is_about_it = request is not None and bool(known)
    return Facts(
        context,
        number=request.number if request is not None and is_about_it else "",
        is_found=not number or request is not None,
        made_up=made_up(message, known) if is_about_it else [],
    )
