"""Says why a server did not take a message, from its codes and its words."""

import re
from enum import StrEnum


class BounceReason(StrEnum):
    USER_UNKNOWN = "user_unknown"
    MAILBOX_FULL = "mailbox_full"
    POLICY = "policy"
    HOST_UNKNOWN = "host_unknown"
    EXPIRED = "expired"
    OTHER = "other"


class BounceKind(StrEnum):
    """What follows for the address."""

    HARD = "hard"
    """The address does not exist, or no more."""
    SOFT = "soft"
    """A trouble that may pass: a full mailbox, a server that is down. It counts when it comes again."""
    POLICY = "policy"
    """Our sending is blocked. It says nothing of the address and never counts against it."""


STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
REPLY_CODE = re.compile(r"(?<![\d.:\[(/-])([45])[0-5]\d(?=[\s-]+(?:\S|$)|[:,;)\]]|$)")
VAGUE_STATUS = re.compile(r"[45]\.0\.0|5\.5\.0|5\.1\.0|4\.4\.7|5\.0\.\d+")
SAYS_NOTHING = {"4.0.0", "5.0.0"}
TRYING_ON = re.compile(
    r"still (?:being )?(?:retr|try)|will (?:be retried|(?:keep|continue) (?:on )?trying|continue|try again)"
    r"|no action is required|warning message|only a (?:temporary|warning)|do not need to re-?send"
    r"|could not send message for past|has (?:been |not yet been )delay|is delayed|delayed \d+ (?:hours|days)"
    r"|not yet been delivered|попытки (?:доставки )?будут продолжены|не требуется действий|будет повторена",
    re.IGNORECASE,
)
GAVE_UP = re.compile(
    r"timed? ?out|giving up|gave up|expired|too long|retry (?:time|timeout)|for the last \d+"
    r"|cannot send message for|could not be delivered for|not been able to|queue ?life ?time"
    r"|failing for a long time|истек|истёк",
    re.IGNORECASE,
)
GAVE_UP_TRYING = re.compile(
    r"failing for a long time|\bdeferred\b|could not be delivered for|did not accept our requests to connect"
    r"|unable to connect|being unable to reach",
    re.IGNORECASE,
)
"""The other server was not there, or asked to come again, until the patience of this one ended."""
FOR_NOW = re.compile(r"temporar(?:y|ily)|try again later", re.IGNORECASE)
NO_GREETING = re.compile(r"refused to talk to me", re.IGNORECASE)
"""The other server hung up before it heard of the address: tomorrow it may listen."""
FOR_GOOD = re.compile(r"permanent(?:ly)?(?: fatal)? (?:error|fail)|failed permanently", re.IGNORECASE)
WORDS_OF_REASONS = {
    BounceReason.MAILBOX_FULL: (
        r"quota|mail ?box (?:is )?(?:full|over|exceed)|(?:mail ?box|inbox|storage|disk).{0,30}(?:full|exceed"
        r"|insufficient)|out of storage|not enough (?:storage|space|disk)|overfilled|переполнен|[45]\.2\.2"
    ),
    BounceReason.HOST_UNKNOWN: (
        r"host (?:is )?(?:unknown|not found)|unknown (?:host|domain)|domain (?:name )?(?:not found"
        r"|does(?: not|n't) exist|isn't in my list)|name or service not known|no (?:mx|such (?:host"
        r"|domain))|nxdomain|host name lookup|unrouteable (?:mail )?domain|unrouteable address"
        r"|bad destination|all relevant mx|could not be resolved|does(?: not|n't) (?:accept"
        r"|receive) e?-?mail|null ?mx|could ?n.t find any host|(?<![\d.])[45]\.1\.2(?!\d)|5\.1\.10"
        r"|5\.4\.4(?!\d)"
    ),
    BounceReason.USER_UNKNOWN: (
        r"user[ _-]*(?:is )?(?:unknown|not found|not known)|unknown (?:user|recipient|local|address"
        r"|mailbox)|no such (?:user|mailbox|recipient|address|person|account|local)|(?:user|account"
        r"|address|mailbox|recipient|person|that you tried to reach)[^.\n]{0,60}does(?: not|n't) exist"
        r"|does(?: not|n't) have an? .{0,40}account|not listed in|not a (?:valid|known) (?:user|address"
        r"|mailbox|recipient)|name is not recogni[sz]ed|invalid (?:\w+ ){0,2}(?:recipient|address|mailbox"
        r"|user)|no mailbox|recipient (?:address )?(?:unknown|not found)|mailbox (?:unavailable|not found"
        r"|does|disabled|is frozen)|check if address is correct|account.{0,20}(?:disabled|inactive|closed"
        r"|suspended|locked)|recipient address rejected: access denied|address (?:unknown|not found"
        r"|rejected: undeliver)|no longer|нет такого|не существует|не найден|заблокирован"
        r"|не зарегистрирован|(?<![\d.])5\.1\.[16](?!\d)|5\.1\.10|(?<![\d.])5\.2\.1(?!\d)"
    ),
    BounceReason.POLICY: (
        r"block|policy|policies|not (?:allowed|permitted|authori[sz]ed)|virus|authenticat|complaints"
        r"|too many (?:connection|message|recipient|error)|gr[ae]y.?list|suspicious|malicious"
        r"|(?:message|mail|sender|client host|connection) (?:was |is |has been )?(?:reject|refused by)"
        r"|(?<![\d.])[45]\.7\.\d"
    ),
    BounceReason.EXPIRED: GAVE_UP.pattern + r"|[45]\.4\.7",
}
OTHER = BounceReason.OTHER
REASONS = {reason: re.compile(words, re.IGNORECASE) for reason, words in WORDS_OF_REASONS.items()}
"""In the order they are tried: a full mailbox is often said in the words of a policy."""
BLOCKED = re.compile(
    r"dnsbl|\brbl\b|black ?list|blocklist|block list|spamhaus|barracudacentral|sorbs|spamcop|reputation"
    r"|banned|access denied|your (?:ip|server|host|domain|network)|client (?:host|ip)|sending (?:ip|mta"
    r"|server)|invalid ip|messages? from .{0,80}(?:blocked|deferred|not accepted|rejected|weren.t sent)"
    r"|\bspf\b|dkim|dmarc|unauthenticated|reverse dns|\bptr\b|(?<![\d.])5\.1\.[78](?!\d)"
    r"|sender (?:address )?(?:is )?(?:rejected|denied|blocked)|domain of sender|5\.7\.(?:[2-9]\d|1[0-9]\d"
    r"|[5-9]\d\d)|\[?tss0\d|unusual rate|rate.?limit|user complaints|unsolicited|bulk mail|spam",
    re.IGNORECASE,
)
"""Words that speak of the sender: they outweigh what else is said."""


RELAY = re.compile(
    r"relay(?:ing)?.{0,30}(?:denied|prohibit|not permitted)|not (?:configured to )?relay", re.IGNORECASE
)
"""A server that is not the address's own: somebody's mistake, and no judgement of us."""
OF_SENDER = re.compile(
    r"(?<![\d.])(?:[45]\.7\.\d|5\.1\.[78](?!\d))|domain of sender|sender (?:address )?(?:is )?rejected",
    re.IGNORECASE,
)


LONGEST_SAID = 4_000


def reason_of(status: str, said: str) -> BounceReason:
    """Why, by the words of the other side first: its code is often a catch-all."""
    said = said[:LONGEST_SAID]
    if RELAY.search(said):
        return BounceReason.OTHER
    if BLOCKED.search(said):
        is_gone = REASONS[BounceReason.USER_UNKNOWN].search(said) and not OF_SENDER.search(said)
        return BounceReason.USER_UNKNOWN if is_gone else BounceReason.POLICY
    told = (text for text in (said, status) if text)
    return next((reason for text in told for reason, words in REASONS.items() if words.search(text)), OTHER)


def kind_of(reason: BounceReason, *, permanent: bool) -> BounceKind:
    if reason is BounceReason.POLICY:
        return BounceKind.POLICY
    is_gone = reason in (BounceReason.USER_UNKNOWN, BounceReason.HOST_UNKNOWN)
    return BounceKind.HARD if is_gone and permanent else BounceKind.SOFT


def best_status(status: str, said: str) -> str | None:
    """The code that says most: the other side's own, where the report's is a catch-all."""
    if status and not VAGUE_STATUS.fullmatch(status):
        return status
    codes = [found.group() for found in STATUS.finditer(said)]
    specific = next((code for code in codes if not VAGUE_STATUS.fullmatch(code)), None)
    return specific or status or next(iter(codes), None)


def is_for_now(status: str, said: str) -> bool:
    """Whether the codes, and where there are none the words, speak of a trouble that may pass.

    The other side's enhanced code is worth most: servers that gave up write a `Status` of their own
    over it. A plain reply code is worth least: a `554` greets senders who may come back tomorrow.
    """
    said = said[:LONGEST_SAID]
    own = [found.group() for found in STATUS.finditer(said) if found.group(1) != "2"]
    specific = next((code for code in own if code not in SAYS_NOTHING), None)
    if code := specific or status or next(iter(own), ""):
        return code.startswith("4")
    if NO_GREETING.search(said):
        return True
    if reply := REPLY_CODE.search(said):
        return reply.group(1) == "4"
    if GAVE_UP_TRYING.search(said):
        return True
    return FOR_NOW.search(said) is not None and not FOR_GOOD.search(said)
