"""How long staff stay signed in, and how their browsers and addresses are told in the list. Pure."""

import re
from datetime import datetime, timedelta
from ipaddress import IPv4Address, ip_address, ip_network

IDLE_FOR = timedelta(hours=12)
"""Nobody at work leaves the desk alone for so long."""
LASTS_FOR = timedelta(days=7)
"""After which everybody signs in anew, however busy they were."""
SEEN_EVERY = timedelta(minutes=1)
"""How exactly it is known when a session was used last."""
FORGOTTEN_AFTER = timedelta(days=30)

BROWSERS = (
    ("YaBrowser/", "Yandex Browser"), ("Edg", "Edge"), ("OPR/", "Opera"), ("Vivaldi/", "Vivaldi"),
    ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
"""The more particular one stands first: each says that it is the ones below, too."""
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def is_over(begun_at: datetime, seen_at: datetime, now: datetime) -> bool:
    return now - seen_at >= IDLE_FOR or now - begun_at >= LASTS_FOR


def browser_words(user_agent: str) -> str:
    """`Firefox, Linux`: enough to know one's own again; empty where nothing is known."""
    found = [next((name for sign, name in known if sign in user_agent), "") for known in (BROWSERS, SYSTEMS)]
    words = ", ".join(filter(None, found))
    return words or re.sub(r"[^\w./ -]", "", user_agent)[:40]


def short_address(address: str) -> str:
    """The network from which somebody came: enough to notice a strange one, and not their whole address."""
    try:
        known = ip_address(address.partition("/")[0])
    except ValueError:
        return ""
    if isinstance(known, IPv4Address):
        return f"{known.packed[0]}.{known.packed[1]}.{known.packed[2]}.…"
    return f"{ip_network((known, 48), strict=False).network_address}…"
