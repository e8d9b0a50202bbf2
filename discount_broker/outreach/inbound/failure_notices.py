"""Recognises bounces that no standard describes, by their sender, subject and words."""

import re
from email.message import Message

from discount_broker.outreach.inbound import mime
from discount_broker.outreach.inbound.html_text import html_to_text

DAEMON = re.compile(
    r"mailer[-_.]?daemon|post_?master|mail[-_.]?delivery|mdaemon|mail[-_.]?system|(?:^|<)bounces?[@+-]",
    re.IGNORECASE,
)
SUBJECT = re.compile(
    r"undeliver|deliver(?:y|ed)?[ -]?(?:status|report|fail|error|problem|notification)|failure[ -]notice"
    r"|returned mail|mail (?:system )?error"
    r"|(?:mail|message|delivery)[\w ]{0,15}(?:fail|error|delay|return|bounce)|returning message"
    r"|non[- ]?delivery|could not be (?:sent|delivered)"
    r"|error sending|not delivered|warning: (?:message|could not)|delayed mail|не доставлен|недоставлен"
    r"|возвращен|ошибка доставки"
    r"|unzustellbar|non remis|no entregado",
    re.IGNORECASE,
)
BODY = re.compile(
    r"(?:could|can) ?not (?:be )?(?:deliver|send|sent)|unable to deliver|not (?:be|been) delivered"
    r"|undeliver|delivery (?:has )?failed"
    r"|deliver(?:y|ing).{0,40}(?:fail|error)|failed (?:to deliver|recipient|address)|did not reach"
    r"|permanent (?:fatal )?(?:error|failure)"
    r"|user unknown|unknown user|no such user|mailbox.{0,20}full|returned (?:to sender|below|mail)"
    r"|was(?: not|n't) able to deliver"
    r"|rejected|не (?:было )?доставлен|не удалось доставить|невозможно доставить|(?<!\d)5\d\d[ -]"
    r"|[45]\.\d\.\d",
    re.IGNORECASE,
)
ORIGINAL_BEGINS = re.compile(
    r"^[ \t>]*(?:-+ ?(?:this is a copy|original message|below this line|unsent message|message header"
    r"|returned message|the body of)"
    r"|message headers? follow|original message (?:follows|headers|header)|the (?:text"
    r"|header) (?:you sent )?(?:of|follows)|return-path:|received:)",
    re.IGNORECASE | re.MULTILINE,
)
ADDRESS = re.compile(r"[A-Za-z0-9._%+=&'/-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")
NAMED = re.compile(
    r"^[ \t]*(?:<([^<>\s]+@[^<>\s]+)>|([^<>\s:]+@[^<>\s:]+))(?::|[ \t]*(?:\.\.\.|$))"
    r"|(?<!^)(?<!\n)(?:to|recipients?|address(?:es)?|user|mailbox)\W{1,5}<?([^<>\s:;,()]+@[^<>\s:;,()]+)>?",
    re.IGNORECASE | re.MULTILINE,
)
REPLY_SUBJECT = re.compile(r"^(?:re|aw|fwd?|ответ)\s*:", re.IGNORECASE)
LONGEST_NOTICE = 20_000
MOST_ADDRESSES = 20


def is_failure_notice(message: "Message[str, str]") -> bool:
    if mime.header(message, "X-Failed-Recipients"):
        return True
    subject, sender = mime.header(message, "Subject"), mime.header(message, "From")
    # `From: <>` is a server; a letter without any From may be a person's.
    is_nobody = bool(sender) and not mime.sender(message)
    is_daemon = is_nobody or DAEMON.search(sender) is not None
    is_said = SUBJECT.search(subject) is not None and not REPLY_SUBJECT.match(subject)
    if is_daemon and is_said:
        return True
    if not (is_daemon or is_said):
        return False
    return BODY.search(notice_text(message)) is not None


def notice_text(message: "Message[str, str]") -> str:
    """The words of the notice, without the message that came back with it."""
    text = "\n".join(_texts(message))[:LONGEST_NOTICE]
    original = ORIGINAL_BEGINS.search(text)
    # A notice that begins with headers has no words of its own above them.
    return text[: original.start()] if original and original.start() > 40 else text


def failed_addresses(message: "Message[str, str]", text: str) -> list[str]:
    """The addresses the notice speaks of, in lower case, without ours and the daemon's."""
    if listed := mime.header(message, "X-Failed-Recipients"):
        return [found.lower() for found in ADDRESS.findall(listed)]
    own = mime.addresses(message, "From", "To", "Delivered-To", "Envelope-To") | {"postmaster"}
    named = [next(filter(None, found)) for found in NAMED.findall(text)]
    return _without(own, named) or _without(own, ADDRESS.findall(text))


def _without(own: set[str], candidates: list[str]) -> list[str]:
    cleaned = [candidate.strip(".'\"<>,;=").lower() for candidate in candidates]
    return [
        address
        for address in dict.fromkeys(cleaned)
        if ADDRESS.fullmatch(address) and address not in own and not DAEMON.search(address)
    ][:MOST_ADDRESSES]


def _texts(message: "Message[str, str]") -> list[str]:
    if plain := mime.plain_texts(message):
        return plain
    return [
        html_to_text(mime.text_of(part))
        for part in mime.parts(message)
        if part.get_content_type() == "text/html"
    ]
