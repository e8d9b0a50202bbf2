"""Asking name servers, during one walk, whether letters to the addresses found can arrive. Writes nothing."""

from collections.abc import Sequence
from dataclasses import replace

from discount_broker.discovery.ports import MailRoute, MailRoutes
from discount_broker.shops.operations import FoundDoor
from discount_broker.shops.status import ContactKind

NOT_KNOWN = (MailRoute.NO_DOMAIN, MailRoute.UNKNOWN)
MOST_DOMAINS = 8
"""Domains asked after in one walk: a page full of other people's addresses costs no more."""


class RouteBook:
    """The ways of letters that were asked for, each domain once."""

    def __init__(self, routes: MailRoutes) -> None:
        self._routes = routes
        self._known: dict[str, MailRoute] = {}

    def marked(self, doors: Sequence[FoundDoor], site: str) -> tuple[FoundDoor, ...]:
        """The doors, each address with what is known of its domain; `site` is the domain of their page."""
        return tuple(self._marked(door, site) for door in doors)

    def _marked(self, door: FoundDoor, site: str) -> FoundDoor:
        if door.kind is not ContactKind.EMAIL:
            return door
        domain = door.value.rpartition("@")[2].lower()
        route = self._route_to(domain)
        # Name servers that know nothing of the site we have just read are not to be believed.
        is_absurd = route is MailRoute.NO_DOMAIN and self._route_to(site) in NOT_KNOWN
        return door if is_absurd or route is MailRoute.UNKNOWN else replace(door, mail_route=str(route))

    def _route_to(self, domain: str) -> MailRoute:
        if domain not in self._known:
            if len(self._known) >= MOST_DOMAINS:
                return MailRoute.UNKNOWN
            self._known[domain] = self._routes.look_up(domain)
        return self._known[domain]
