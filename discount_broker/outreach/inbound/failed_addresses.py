"""Finds which addresses a bounce without a report speaks of."""

import re

from discount_broker.outreach.inbound.failure_notices import DAEMON
from discount_broker.outreach.inbound.headers import all_addresses, one_address
from discount_broker.outreach.inbound.letter import Mail
from discount_broker.outreach.inbound.parts import Part, parse

LOCAL = r"(?:\"[^\"\s]{1,64}\"|[A-Za-z0-9._%+=&'/#!$*?^`{|}~-]{1,64})"
WHOLE = rf"{LOCAL}@[A-Za-z0-9](?:[A-Za-z0-9.-]{{0,250}}[A-Za-z0-9])?(?![\w-]|\.\w)"
ADDRESS = re.compile(WHOLE)
IN_FRONT = re.compile(
    rf"^[ \t>*•·|-]{{0,12}}[<\"'(\[]?(?:mailto:|smtp:)?({WHOLE})[>\"')\]]*"
    r"(?=[ \t]*(?:$|[:;,.(\[#-])|[ \t]+[A-Za-z#(\d])",
    re.IGNORECASE | re.MULTILINE,
)
"""An address that begins a line: how nearly all servers list those that failed."""
LABELLED = re.compile(
    rf"^[ \t>*|-]{{0,12}}(?:to|rcpt(?: to)?|(?:failed |final )?recipients?|address|user|кому"
    rf"|получатель)[ \t]*:[ \t]*[<\"'\[]?({WHOLE})",
    re.IGNORECASE | re.MULTILINE,
)
SPOKEN_OF = re.compile(
    r"(?:\b(?:to|for|recipients?|address(?:es|ed to)?|user|mailbox|account|rcpt to|addressee)|адрес\w*"
    r"|получател\w*"
    rf"|пользовател\w*)(?:\W{{1,6}}|\s+is\s+)(?:mailto:)?({WHOLE})",
    re.IGNORECASE,
)
REFUSED = re.compile(rf"^(?:<<< )?[45]\d\d[ -].{{0,60}}?<({LOCAL}@[A-Za-z0-9.-]{{1,250}})>", re.MULTILINE)
"""A line of the conversation with the other server."""
EXPANDED = re.compile(
    rf"\((?:expanded|(?:ultimately )?generated|forwarded) from:?\s{{1,12}}<?({WHOLE})", re.IGNORECASE
)
NOT_RECIPIENTS = re.compile(
    r"^[ \t>]*(?:message-id|from|sender|reply-to|return-path|mail from|>>> mail|x-\w[\w-]*|subject"
    r"|in-reply-to|references|content-\w+|dkim-\w+)[ \t]*:.*$"
    r"|\(?(?:expanded from|generated from|forwarded from|from|contact|send (?:e-?)?mail to|ask|assistance at)"
    r"\W{1,8}\S+@\S+",
    re.IGNORECASE | re.MULTILINE,
)
MOST_ADDRESSES = 20
MOST_RETURNED = 5


def returned_message(mail: Mail, below: str) -> Part | None:
    """Our message as it came back, attached or written below the words."""
    if mail.returned is not None:
        return mail.returned
    lines = below.split("\n")
    for index, line in enumerate(lines[:40]):
        if re.match(
            r"[ \t>|]*(?:return-path|received|message-id|from|to|date|subject|mime-version):", line, re.I
        ):
            margin = line[: len(line) - len(line.lstrip(" \t>|"))]
            plain = "\n".join(each.removeprefix(margin) for each in lines[index : index + 200])
            return parse(plain.encode("utf-8", "replace"))
    return None


def failed_addresses(mail: Mail, words: str, original: Part | None) -> list[str]:
    """The addresses that failed, in lower case, without ours and the daemon's."""
    if listed := mail.header("X-Failed-Recipients"):
        return list(dict.fromkeys(all_addresses(listed)))[:MOST_ADDRESSES]
    text = NOT_RECIPIENTS.sub("", words)
    own = _own(mail, original)
    in_front = IN_FRONT.findall(text)
    found = (
        [address for address in _cleaned(in_front) if address not in own and not _is_helper(address, mail)],
        _other_than(own, [*REFUSED.findall(text), *SPOKEN_OF.findall(text)]),
        _other_than(own, LABELLED.findall(text)),
        _other_than(own, ADDRESS.findall(text)),
        _asked_for(own, original),
        # Only daemons and addresses of ours are named: we wrote to one, and it failed.
        _cleaned(in_front),
        _other_than(own, ADDRESS.findall(words)),
    )
    return next(filter(None, found), [])[:MOST_ADDRESSES]


def written_to(words: str) -> list[str]:
    """The addresses that led to those that failed: what a list or a forwarding stood for."""
    return _cleaned(EXPANDED.findall(words))[:MOST_ADDRESSES]


def _is_helper(address: str, mail: Mail) -> bool:
    """Whether a server only says whom to ask. Postmasters of others can be among those that failed."""
    return address.startswith("mailer-daemon@") or address == f"postmaster@{mail.sender.rpartition('@')[2]}"


def _own(mail: Mail, original: Part | None) -> set[str]:
    """Who got the notice, who sent it, and who had sent what it is about."""
    to = [value for name in ("to", "delivered-to", "envelope-to") for value in mail.root.fields.get(name, ())]
    own = {mail.sender, *(address for value in to for address in all_addresses(value))}
    if original is not None:
        senders = ("from", "return-path", "sender", "reply-to", "errors-to")
        values = [value for name in senders for value in original.fields.get(name, ())]
        own.update(one_address(value) for value in values)
    return own


def _asked_for(own: set[str], original: Part | None) -> list[str]:
    """To whom the message went, where the notice names nobody."""
    if original is None:
        return []
    to = [address for value in original.fields.get("to", ()) for address in all_addresses(value)]
    return _other_than(own, to) if len(to) <= MOST_RETURNED else []


def _other_than(own: set[str], candidates: list[str]) -> list[str]:
    return [address for address in _cleaned(candidates) if address not in own and not DAEMON.search(address)]


def _cleaned(candidates: list[str]) -> list[str]:
    return list(dict.fromkeys(candidate.strip(".'<>,;=").lower() for candidate in candidates))
