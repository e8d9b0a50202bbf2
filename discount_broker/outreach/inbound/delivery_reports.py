"""Finds the machine-readable groups of a delivery report (RFC 3464), also where they are misplaced."""

import re
from dataclasses import dataclass

from discount_broker.outreach.inbound.letter import Mail

FIELD = re.compile(r"^([A-Za-z][A-Za-z0-9-]{2,40}):[ \t]*(.*)$")
RECIPIENT_FIELDS = ("final-recipient", "original-recipient", "x-actual-recipient")
ADDRESS = re.compile(r"(?:\"[^\"\s]{1,64}\"|[^\s<>;,:()\"']+)@[^\s<>;,:()\"']+")
CODE = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
ARRIVED = {"delivered", "relayed", "expanded", "deliverable"}
TYPE = re.compile(r"^\s*[a-z0-9-]{1,20}\s*;\s*", re.IGNORECASE)
"""What kind of value a field holds (`rfc822;`, `smtp;`); broken reports leave it out."""
MOST_REPORTS = 200
MOST_LINES = 5_000
LONGEST_DIAGNOSTIC = 2_000


@dataclass(frozen=True)
class Report:
    """What happened to one recipient."""

    address: str
    action: str
    status: str
    diagnostic: str
    original: str = ""
    """The address that was written to, where it leads to another one."""

    @property
    def is_failure(self) -> bool:
        return self.action not in ARRIVED and not self.status.startswith("2")

    @property
    def is_final(self) -> bool:
        """`failed` is final whatever the status code: a 4.4.7 was tried long enough."""
        return self.action.startswith("fail") or (
            self.action != "delayed" and not self.status.startswith("4")
        )


@dataclass(frozen=True)
class DeliveryReport:
    """Everything a server reports of one message."""

    recipients: tuple[Report, ...] = ()
    envelope_id: str = ""
    """`Original-Envelope-Id`: what we called the envelope, if we did."""


def read_report(mail: Mail) -> DeliveryReport:
    texts = [
        part.text() for part in mail.attached("message/delivery-status", "message/global-delivery-status")
    ]
    if not any("recipient:" in text.lower() for text in texts):
        texts += [text for text in mail.plain_texts if "recipient:" in text.lower()]
    groups = [group for text in texts for group in _groups(text)]
    reports = [report for group in groups if (report := _report(group))]
    envelope_ids = [group["original-envelope-id"] for group in groups if "original-envelope-id" in group]
    return DeliveryReport(tuple(reports[:MOST_REPORTS]), envelope_ids[0][:200] if envelope_ids else "")


def _groups(text: str) -> list[dict[str, str]]:
    groups: list[dict[str, str]] = [{}]
    name = ""
    for line in text.split("\n", MOST_LINES)[:MOST_LINES]:
        field = FIELD.match(line)
        if field:
            name = field.group(1).lower()
            if name in groups[-1] and name in RECIPIENT_FIELDS:
                groups.append({})
            groups[-1].setdefault(name, field.group(2).strip())
        elif line[:1] in (" ", "\t") and name and line.strip():
            groups[-1][name] = f"{groups[-1][name]} {line.strip()}"[:LONGEST_DIAGNOSTIC]
        elif not line.strip():
            groups.append({})
            name = ""
    return groups


def _report(group: dict[str, str]) -> Report | None:
    named = [group[field] for field in RECIPIENT_FIELDS if field in group]
    if not named or not group.keys() & {"action", "status", "diagnostic-code"}:
        return None
    address = next(filter(None, map(_address, named)), "")
    status = CODE.search(group.get("status", ""))
    diagnostic = TYPE.sub("", group.get("diagnostic-code", ""))
    action = re.split(r"[\s(;]", group.get("action", "").strip().lower())[0]
    return Report(
        address,
        action,
        status.group() if status else "",
        " ".join(diagnostic.split())[:LONGEST_DIAGNOSTIC],
        _address(group.get("original-recipient", "")),
    )


def _address(value: str) -> str:
    found = ADDRESS.search(value)
    return found.group().strip(".").lower() if found else ""
