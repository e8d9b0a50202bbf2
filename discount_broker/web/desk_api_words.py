"""What the desk says of programs, their keys and webhooks, and why calls were not taken."""

from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from discount_broker.web.sentences import READING_FAILURES
from discount_broker.webhooks.status import HookStatus

REFUSALS: Final[dict[str, LazyString]] = {
    "name_missing": _l("Please name the program."),
    "name_taken": _l("Another program has this name."),
    "link_missing": _l("Please give a whole address, as in https://program.example/hooks."),
    "link_not_web": _l("Only web addresses can be called: they begin with https://."),
    "hook_not_https": _l("Calls go over https only, so that nobody reads them on the way."),
    "hook_with_password": _l("Leave name and password out of the address: each call is signed instead."),
    "hook_known": _l("The program is told at this address already."),
    "too_many_hooks": _l("Five webhooks are enough for one program. Take one away first."),
    "hook_ended": _l("This webhook was taken away, or has died. Add it anew."),
}

STATES: Final[dict[HookStatus, tuple[LazyString, str]]] = {
    HookStatus.DUE: (_l("to be made"), "brand"),
    HookStatus.SENDING: (_l("being made"), "brand"),
    HookStatus.DONE: (_l("taken"), "good"),
    HookStatus.GIVEN_UP: (_l("given up"), "bad"),
    HookStatus.KEPT: (_l("kept"), "warn"),
}
ERRORS: Final[dict[str, LazyString]] = {
    "not_https": _l("The address is not https."),
    "redirected": _l("The server sent us elsewhere, and calls follow nobody."),
    "private_address": _l("The address lies in a private network."),
    "port": _l("The address uses an unusual port."),
    "name_unknown": _l("There is no server under this name."),
    "unreachable": _l("The server does not answer."),
    "too_slow": _l("The server took more than ten seconds."),
}


def error(code: str) -> LazyString:
    """Why there was no answer."""
    return ERRORS.get(code) or READING_FAILURES.get(code, ERRORS["unreachable"])
