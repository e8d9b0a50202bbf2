"""Fields that stand in a form to catch robots: whoever fills one in is not read."""

import re

TRAP = re.compile(
    r"honey|[_-]hp(?![a-z])|hp[_-]|bot.?(?:test|check|field)|hideit|should.be.empty|"
    r"leave.{0,20}(?:blank|empty|unchanged)|no.?spam|no.?bot(?![a-z])|workemail|spam.?trap|antispam|"
    r"do not fill|don.?t fill|не заполня|validation.(?:purposes|container)|form.spec.comments|gotcha|"
    r"if you are (?:a )?human|если вы человек|оставьте.{0,20}пуст|frei ?lassen|leer ?lassen|"
    r"laisse[rz].{0,24}vide|dejar? .{0,20}(?:vac|blanco)|lasciare? .{0,20}vuot|ubafs|winnie"
)
"""What traps for robots are called, or what people are told about them."""
BAIT = re.compile(
    r"(?:url|website|homepage|web|site|fax|e?mail|phone|subject|company|address|name|nick|surname|"
    r"title|comment|text|message)"
)
"""How a field begins that a robot likes to fill in."""


def is_called_a_trap(text: str) -> bool:
    return TRAP.search(text.lower()) is not None


def is_bait(name: str) -> bool:
    return BAIT.match(name.lower()) is not None
