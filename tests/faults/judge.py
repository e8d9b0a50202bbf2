"""Whether every request is answered for: what the database says, beside what the world outside has seen."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from discount_broker.messaging.status import ChannelKind, DeliveryStatus

S = DeliveryStatus


@dataclass(frozen=True)
class Letter:
    """One delivery as the database has it."""

    key: str
    """What the outside knows it by: its Message-ID, or the address of the form's page."""
    template: str
    channel: ChannelKind
    address: str
    status: DeliveryStatus


@dataclass(frozen=True)
class Asked:
    """One request as the database has it, with the letters to its shop."""

    number: str
    letters: tuple[Letter, ...]
    is_with_people: bool = False
    """Its ladder has ended: it is the desk's."""


@dataclass
class Seen:
    """What arrived outside."""

    mails: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Copies of a mail, by recipient and Message-ID."""
    posts: Counter[str] = field(default_factory=Counter)
    """Times a form was sent, by the address of its page."""


@dataclass(frozen=True)
class Verdict:
    fates: Counter[str]
    letters: Counter[str]
    repeated: int
    """Mails that came in more than once, always under one Message-ID."""
    faults: tuple[str, ...]


def judge(requests: Sequence[Asked], others: Sequence[Letter], seen: Seen) -> Verdict:
    """Find what is lost and what is doubled; `others` are letters to buyers."""
    letters = [letter for request in requests for letter in request.letters] + [*others]
    faults = [
        *(fault for request in requests for fault in _lost(request)),
        *(fault for letter in letters for fault in _untrue(letter, seen)),
        *_doubled(letters, seen),
        *_unheard_of(letters, seen),
    ]
    return Verdict(
        Counter(_fate(request) for request in requests),
        Counter(f"{letter.channel} {letter.status}" for letter in letters),
        sum(copies > 1 for copies in seen.mails.values()),
        tuple(faults),
    )


def _fate(request: Asked) -> str:
    """What became of a request: the best of what became of its letters."""
    found = {letter.status for letter in request.letters}
    if S.SENT in found:
        return "sent"
    if S.UNKNOWN in found:
        return "outcome unknown"
    return "queued" if S.QUEUED in found else "lost"


def _lost(request: Asked) -> list[str]:
    fate = _fate(request)
    if fate == "lost":
        return [f"{request.number}: nobody was asked, and nobody will be"]
    if fate == "outcome unknown" and not request.is_with_people:
        return [f"{request.number}: nobody knows whether it arrived, and no person is told"]
    return []


def _untrue(letter: Letter, seen: Seen) -> list[str]:
    """What the row says of its letter must be what happened outside."""
    is_form = letter.channel is ChannelKind.WEB_FORM
    arrived = seen.posts[letter.key] if is_form else seen.mails[letter.address, letter.key]
    name = f"{letter.template} to {letter.address}"
    if letter.status is S.SENT and not arrived:
        return [f"{name}: sent, says the row; it never arrived"]
    if letter.status in (S.SENDING, S.FAILED, S.STOPPED, S.BOUNCED):
        return [f"{name}: {letter.status}, though nothing was refused"]
    if is_form and letter.status is S.QUEUED and arrived:
        return [f"{name}: the form was sent, and will be again"]
    return []


def _doubled(letters: Sequence[Letter], seen: Seen) -> list[str]:
    forms = [f"{page}: the form was sent {times} times" for page, times in seen.posts.items() if times > 1]
    said = Counter((letter.address, letter.template) for letter in letters)
    twice = [f"{what} to {who}: written {times} times" for (who, what), times in said.items() if times > 1]
    return forms + twice


def _unheard_of(letters: Sequence[Letter], seen: Seen) -> list[str]:
    """A copy under another Message-ID is a second letter; so is one that no row knows."""
    known = {(letter.address, letter.key) for letter in letters}
    return [
        f"{address}: {key} is of no letter of ours"
        for address, key in seen.mails
        if (address, key) not in known
    ]
