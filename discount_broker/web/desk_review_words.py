"""The words of the lead's review."""

from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from discount_broker.escalation.status import LeadDecision

DECISIONS: Final[dict[str, LazyString]] = {
    LeadDecision.WELL_DONE: _l("well done"),
    LeadDecision.DO_OTHERWISE: _l("do it otherwise"),
    LeadDecision.TALK: _l("let us talk about it"),
    LeadDecision.CLOSE: _l("close it"),
}
