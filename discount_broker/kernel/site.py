"""Who this installation is: what every link and every mail must know."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import current_app

from discount_broker.kernel.business_time import ZONE_OF_COUNTRY, zone_of


@dataclass(frozen=True, kw_only=True)
class Site:
    base_url: str
    """Public address without a slash at its end."""
    service_name: str
    operator_name: str
    """Legal name and postal address of whoever runs it; stands under every mail."""
    mail_domain: str
    """Answers and bounces come to addresses at this domain."""
    mail_from: str = ""
    """The address our mail comes from."""
    contact_budget: int = 5
    """Messages one shop may get a day, over all buyers."""
    shop_hours: tuple[int, int] = (8, 20)
    """Full hours, on working days of the shop, from and until when it is written to."""
    pages_per_shop: int = 8
    """Pages one reading of a shop may fetch."""
    time_zone: str = "Europe/Moscow"
    """IANA name of the zone in which messages tell the time; the zone is told with it."""
    sends_texts: bool = False
    """Whether there is a gateway for SMS."""
    sms_sender: str = ""
    """Name or number under which SMS come; only a number can be answered."""

    @property
    def hears_texts(self) -> bool:
        """Whether a phone can answer our SMS: only where they come from a number, or a pool of numbers."""
        sender = self.sms_sender.removeprefix("+")
        return sender.isdecimal() or (sender.startswith("MG") and len(sender) == 34)

    def is_own_mailbox(self, address: str) -> bool:
        """Whether a letter to this address would come back to us, and we would answer ourselves."""
        written = address.strip().lower()
        is_at_ours = written.rpartition("@")[2] == self.mail_domain.lower()
        return is_at_ours or written == self.mail_from.lower()


def site() -> Site:
    """Who the running installation is."""
    found: Site = current_app.extensions["site"]
    return found


def zone_for(country: str | None) -> ZoneInfo:
    """The clock of a shop; our own where its country is not known."""
    return zone_of(country) if country in ZONE_OF_COUNTRY else ZoneInfo(site().time_zone)
