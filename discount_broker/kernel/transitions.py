"""A status machine is a table: what happens in which status, and where that leads. Pure."""

from collections.abc import Mapping
from typing import TypeVar

from discount_broker.kernel.errors import IllegalTransition

Status = TypeVar("Status")
Event = TypeVar("Event")


def follow(table: Mapping[tuple[Status, Event], Status], status: Status, event: Event) -> Status:
    """The status an event leads to.

    Raises:
        IllegalTransition: the table does not know the event in this status.

    """
    try:
        return table[status, event]
    except KeyError:
        raise IllegalTransition(status, event) from None
