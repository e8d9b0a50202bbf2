"""How roles are called, and why something about an account was refused."""

from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

ROLES: Final[dict[str, LazyString]] = {
    "operator": _l("Operator"),
    "lead": _l("Lead"),
    "admin": _l("Admin"),
}
ROLE_HINTS: Final[dict[str, LazyString]] = {
    "operator": _l("works the queue, the mail and the cards of shops and buyers"),
    "lead": _l("also changes texts, rules and clocks, reviews cases and sees the team"),
    "admin": _l("also makes, changes and closes accounts"),
}

REFUSALS: Final[dict[str, LazyString]] = {
    "password_short": _l("Please take at least 10 characters. A sentence is fine."),
    "password_long": _l("Please take at most 256 characters."),
    "password_common": _l("This is among the first that anybody would try. Please choose another one."),
    "password_personal": _l("This is your name or address, which others know. Please choose another one."),
    "password_differs": _l("The two new passwords differ. Please type both once more."),
    "password_not_yours": _l("This is not your present password."),
    "code_wrong": _l(
        "This code is wrong, or it was used before. Wait for the next one in your app and type that."
    ),
    "factor_known": _l("A second factor is set up already."),
    "last_admin": _l("This is the only admin left. Make somebody else an admin first."),
    "email_taken": _l("There is an account with this address already."),
    "name_missing": _l("Please type a name."),
    "role_unknown": _l("Please choose one of the roles."),
    "extension_wrong": _l("An extension has digits and letters only, 20 at most."),
}
