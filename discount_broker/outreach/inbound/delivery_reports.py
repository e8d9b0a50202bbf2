"""Finds the machine-readable groups of a delivery report (RFC 3464), also where they are misplaced."""

import re
from dataclasses import dataclass
from email.message import Message

from discount_broker.outreach.inbound import mime

FIELD = re.compile(r"^([A-Za-z][A-Za-z-]+):[ \t]*(.*)$")
RECIPIENT_FIELDS = ("final-recipient", "original-recipient", "x-actual-recipient")
ADDRESS = re.compile(r"[^\s<>;,:()\"']+@[^\s<>;,:()\"']+")
CODE = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
ARRIVED = {"delivered", "relayed", "expanded", "deliverable"}
MOST_REPORTS = 200


@dataclass(frozen=True)
class Report:
    """What happened to one recipient."""

    address: str
    action: str
    status: str
    diagnostic: str

    @property
    def is_failure(self) -> bool:
        return self.action not in ARRIVED and not self.status.startswith("2")

    @property
    def is_final(self) -> bool:
        """`failed` is final whatever the status code: a 4.4.7 was tried long enough."""
        return self.action.startswith("fail") or (
            self.action != "delayed" and not self.status.startswith("4")
        )


def find_reports(message: "Message[str, str]") -> list[Report]:
    texts = [_source(part) for part in mime.attached(message, "message/delivery-status")]
    if not any("recipient:" in text.lower() for text in texts):
        texts = mime.plain_texts(message)
    groups = [group for text in texts for group in _groups(text)]
    return [report for group in groups if (report := _report(group))][:MOST_REPORTS]


def _source(part: "Message[str, str]") -> str:
    payload = part.get_payload()
    if isinstance(payload, list):
        return "\n\n".join(str(block) for block in payload)
    return mime.text_of(part)


def _groups(text: str) -> list[dict[str, str]]:
    groups: list[dict[str, str]] = [{}]
    name = ""
    for line in text.splitlines():
        field = FIELD.match(line)
        if field:
            name = field.group(1).lower()
            if name in groups[-1] and name in RECIPIENT_FIELDS:
                groups.append({})
            groups[-1].setdefault(name, field.group(2).strip())
        elif line[:1] in (" ", "\t") and name:
            groups[-1][name] = f"{groups[-1][name]} {line.strip()}"[:2000]
        elif not line.strip():
            groups.append({})
            name = ""
    return [group for group in groups if "action" in group or "status" in group or "diagnostic-code" in group]


def _report(group: dict[str, str]) -> Report | None:
    named = [group[field] for field in RECIPIENT_FIELDS if field in group]
    if not named:
        return None
    address = next((found.group() for value in named if (found := ADDRESS.search(value))), "")
    status = CODE.search(group.get("status", ""))
    diagnostic = group.get("diagnostic-code", "").partition(";")[2].strip() or group.get(
        "diagnostic-code", ""
    )
    action = re.split(r"[\s(;]", group.get("action", "").strip().lower())[0]
    return Report(
        address.lower(), action, status.group() if status else "", " ".join(diagnostic.split())[:500]
    )
