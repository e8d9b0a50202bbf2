"""What a final failure says, as providers word it: a dead address, a full mailbox, or no welcome for us."""

import re

from discount_broker.messaging.status import ReceiptKind

STATUS = re.compile(r"\b5\.(\d{1,3})\.(\d{1,3})\b")
FULL = re.compile(r"mailbox(?: is)? full|over ?quota|quota exceeded|insufficient storage", re.IGNORECASE)
UNWELCOME = re.compile(
    r"spam|block(?:ed|list)|black ?list|policy|reputation|dnsbl|\brbl\b|\bspf\b|dkim|dmarc|unauthenticated",
    re.IGNORECASE,
)
GONE = re.compile(
    r"user unknown|unknown user|no such (?:user|mailbox|recipient)|does(?: not|n't) exist|not found|inactive",
    re.IGNORECASE,
)


def came_back(words: str) -> ReceiptKind:
    """The kind of a failure that nobody tries to mend any more; words without a sign blame the address."""
    for subject, detail in STATUS.findall(words):
        if subject == "7":
            return ReceiptKind.POLICY_BOUNCE
        if (subject, detail) == ("2", "2"):
            return ReceiptKind.SOFT_BOUNCE
        if subject == "1":
            # 5.1.7 and 5.1.8 speak of the sender's address: of ours.
            return ReceiptKind.POLICY_BOUNCE if detail in ("7", "8") else ReceiptKind.HARD_BOUNCE
    if FULL.search(words):
        return ReceiptKind.SOFT_BOUNCE
    if UNWELCOME.search(words) and not GONE.search(words):
        return ReceiptKind.POLICY_BOUNCE
    return ReceiptKind.HARD_BOUNCE
