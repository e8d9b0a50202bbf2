"""The signs by which a form's kind is told, each with its weight."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from discount_broker.discovery.extract.form_traits import Traits
from discount_broker.discovery.extract.form_words import (
    CALLBACK,
    COMMENT,
    COMMENT_FIELD,
    CONTACT,
    FILTER,
    FRIEND_FIELD,
    HELPFUL,
    LANGUAGE,
    LOGIN,
    NEWSLETTER,
    ORDER,
    ORDER_STRONG,
    PAGE_CONTACT,
    PAGE_PASSWORD,
    PAGE_REGISTER,
    PASSWORD,
    QUANTITY,
    REGISTER,
    SEARCH,
    SEARCH_NAMES,
    SHARE,
    VOTE,
    WEBSITE_FIELD,
)
from discount_broker.discovery.extract.forms import FieldRole, FormKind


@dataclass(frozen=True)
class Sign:
    name: str
    kind: FormKind
    weight: float
    holds: Callable[[Traits], bool]


def _any(pattern: re.Pattern[str], *texts: str) -> bool:
    return any(pattern.search(text) for text in texts)


def _passwords(form: Traits) -> int:
    return form.types["password"]


def _few(form: Traits, most: int) -> bool:
    return 0 < len(form.asked) <= most


def _message(form: Traits) -> bool:
    return form.types["textarea"] > 0 and form.has(FieldRole.MESSAGE)


def _reachable(form: Traits) -> bool:
    return form.has(FieldRole.EMAIL, FieldRole.PHONE)


def _named(form: Traits) -> bool:
    return form.has(FieldRole.NAME, FieldRole.FIRST_NAME, FieldRole.LAST_NAME)


K = FormKind
SIGNS: tuple[Sign, ...] = (
    # search
    Sign("a search field", K.SEARCH, 3.0, lambda f: f.types["search"] > 0),
    Sign("called a search", K.SEARCH, 2.6, lambda f: _any(SEARCH, f.code)),
    Sign("a field named like a query", K.SEARCH, 2.0, lambda f: _any(SEARCH_NAMES, f.names)),
    Sign("speaks of searching", K.SEARCH, 1.6, lambda f: _any(SEARCH, f.buttons, f.labels, f.names)),
    Sign(
        "one field to type in",
        K.SEARCH,
        0.8,
        lambda f: len(f.typed) == 1 and not _passwords(f) and not _reachable(f),
    ),
    Sign("sent by GET", K.SEARCH, 0.5, lambda f: f.method == "get"),
    Sign("no search asks for a mail address", K.SEARCH, -2.5, _reachable),
    Sign("no search asks for a password", K.SEARCH, -5.0, lambda f: _passwords(f) > 0),
    Sign("no search has a text area", K.SEARCH, -3.0, lambda f: f.types["textarea"] > 0),
    Sign(
        "no search puts things into a cart", K.SEARCH, -2.0, lambda f: _any(ORDER_STRONG, f.code, f.buttons)
    ),
    # login
    Sign("one password", K.LOGIN, 3.2, lambda f: _passwords(f) == 1),
    Sign("called a login", K.LOGIN, 1.6, lambda f: _any(LOGIN, f.code)),
    Sign("a button to sign in", K.LOGIN, 1.4, lambda f: _any(LOGIN, f.buttons)),
    Sign("no password", K.LOGIN, -3.5, lambda f: not _passwords(f)),
    Sign("two passwords", K.LOGIN, -2.5, lambda f: _passwords(f) > 1),
    Sign("many questions", K.LOGIN, -2.0, lambda f: len(f.typed) > 3),
    Sign("asks for a name", K.LOGIN, -0.8, lambda f: _named(f) and len(f.typed) > 1),
    Sign("called a registration", K.LOGIN, -1.2, lambda f: _any(REGISTER, f.code, f.buttons)),
    # registration
    Sign("two passwords", K.REGISTRATION, 3.0, lambda f: _passwords(f) > 1),
    Sign("called a registration", K.REGISTRATION, 1.8, lambda f: _any(REGISTER, f.code)),
    Sign("a button to register", K.REGISTRATION, 1.6, lambda f: _any(REGISTER, f.buttons)),
    Sign(
        "a password and more questions", K.REGISTRATION, 1.8, lambda f: _passwords(f) > 0 and len(f.typed) > 2
    ),
    Sign(
        "on a registration page",
        K.REGISTRATION,
        0.8,
        lambda f: _any(PAGE_REGISTER, f.document.url) and len(f.typed) > 1,
    ),
    Sign("a registration heading", K.REGISTRATION, 0.6, lambda f: _any(REGISTER, f.heading)),
    Sign("no password", K.REGISTRATION, -1.6, lambda f: not _passwords(f)),
    Sign("only an address", K.REGISTRATION, -1.2, lambda f: len(f.typed) < 2 and not _passwords(f)),
    Sign("login and password only", K.REGISTRATION, -1.2, lambda f: len(f.asked) <= 2 and _passwords(f) == 1),
    Sign(
        "many personal questions",
        K.REGISTRATION,
        1.0,
        lambda f: len(f.asked) > 7 and f.has(FieldRole.ADDRESS) and _named(f),
    ),
    Sign(
        "no message goes with a registration",
        K.REGISTRATION,
        -1.2,
        lambda f: _message(f) and not _passwords(f),
    ),
    # password
    Sign("called a recovery", K.PASSWORD, 3.0, lambda f: _any(PASSWORD, f.code)),
    Sign("on a recovery page", K.PASSWORD, 1.8, lambda f: _any(PAGE_PASSWORD, f.document.url)),
    Sign(
        "speaks of a forgotten password",
        K.PASSWORD,
        1.6,
        lambda f: _any(PASSWORD, f.buttons, f.heading, f.labels, f.text[:400]),
    ),
    Sign("asks for the password itself", K.PASSWORD, -2.4, lambda f: _passwords(f) == 1),
    Sign("many questions", K.PASSWORD, -2.0, lambda f: len(f.asked) > 4),
    Sign("a message", K.PASSWORD, -3.0, _message),
    Sign("nothing that names the person", K.PASSWORD, -1.0, lambda f: not f.typed),
    Sign("no search recovers a password", K.PASSWORD, -2.0, lambda f: _any(SEARCH, f.code, f.buttons)),
    Sign(
        "one or two fields with an address", K.PASSWORD, 0.5, lambda f: _few(f, 2) and f.has(FieldRole.EMAIL)
    ),
    # newsletter
    Sign("called a newsletter", K.NEWSLETTER, 2.6, lambda f: _any(NEWSLETTER, f.code)),
    Sign(
        "speaks of a subscription",
        K.NEWSLETTER,
        1.6,
        lambda f: _any(NEWSLETTER, f.buttons, f.heading, f.labels, f.names, f.text[:300]),
    ),
    Sign(
        "little more than an address",
        K.NEWSLETTER,
        2.0,
        lambda f: f.has(FieldRole.EMAIL) and len(f.typed) <= 3 and not f.types["textarea"],
    ),
    Sign("no address to send it to", K.NEWSLETTER, -1.8, lambda f: not f.has(FieldRole.EMAIL)),
    Sign("a password", K.NEWSLETTER, -4.0, lambda f: _passwords(f) > 0),
    Sign("a message", K.NEWSLETTER, -3.2, _message),
    Sign("asks for a phone", K.NEWSLETTER, -1.2, lambda f: f.has(FieldRole.PHONE)),
    Sign("many questions", K.NEWSLETTER, -1.0, lambda f: len(f.typed) > 4),
    Sign(
        "called a recovery",
        K.NEWSLETTER,
        -1.6,
        lambda f: _any(PASSWORD, f.code, f.buttons) or _any(PAGE_PASSWORD, f.document.url),
    ),
    # comment
    Sign("called a comment or review", K.COMMENT, 2.8, lambda f: _any(COMMENT, f.code)),
    Sign("a button to comment", K.COMMENT, 1.4, lambda f: _any(COMMENT, f.buttons)),
    Sign("a comment heading", K.COMMENT, 1.0, lambda f: _any(COMMENT, f.heading)),
    Sign(
        "stars to give",
        K.COMMENT,
        2.0,
        lambda f: bool(re.search(r"rating|\brate\b|stars?\b|score|оценк|ocenka", f.names)),
    ),
    Sign("a text to write", K.COMMENT, 0.8, lambda f: f.types["textarea"] > 0),
    Sign(
        "comment fields",
        K.COMMENT,
        1.6,
        lambda f: bool(
            re.search(r"comment post|comment parent|\breply|(?:^|\| )author\b|review\b|entry id", f.names)
        ),
    ),
    Sign("nothing to write into", K.COMMENT, -2.6, lambda f: not f.types["textarea"]),
    Sign(
        "called a contact form",
        K.COMMENT,
        -1.6,
        lambda f: _any(CONTACT, f.code) and not _any(COMMENT, f.code),
    ),
    Sign("on a contact page", K.COMMENT, -1.4, lambda f: _any(PAGE_CONTACT, f.document.url)),
    Sign("asks for a phone", K.COMMENT, -1.6, lambda f: f.has(FieldRole.PHONE)),
    Sign(
        "a comment with the writer's website",
        K.COMMENT,
        3.0,
        lambda f: _any(COMMENT_FIELD, f.names) and _any(WEBSITE_FIELD, f.names) and _message(f),
    ),
    Sign(
        "under an article",
        K.COMMENT,
        1.0,
        lambda f: _any(COMMENT_FIELD, f.names, f.labels) and not _any(PAGE_CONTACT, f.document.url),
    ),
    # contact
    Sign(
        "only an address",
        K.CONTACT,
        -2.0,
        lambda f: len(f.typed) < 2 and not f.has(FieldRole.PHONE) and not _message(f),
    ),
    Sign("a message and a way to answer", K.CONTACT, 2.8, lambda f: _message(f) and _reachable(f)),
    Sign("a message", K.CONTACT, 0.8, _message),
    Sign("a name", K.CONTACT, 0.6, _named),
    Sign("called a contact form", K.CONTACT, 1.6, lambda f: _any(CONTACT, f.code)),
    Sign("speaks of contact", K.CONTACT, 1.0, lambda f: _any(CONTACT, f.heading, f.buttons)),
    Sign(
        "on a contact page",
        K.CONTACT,
        1.2,
        lambda f: _any(PAGE_CONTACT, f.document.url) and (_message(f) or _reachable(f)),
    ),
    Sign("a subject", K.CONTACT, 0.6, lambda f: f.has(FieldRole.SUBJECT) and _message(f)),
    Sign(
        "asks to be called back",
        K.CONTACT,
        2.4,
        lambda f: (
            f.has(FieldRole.PHONE)
            and not _passwords(f)
            and _any(CALLBACK, f.code, f.heading, f.buttons, f.text[:300])
        ),
    ),
    Sign(
        "a phone and a name",
        K.CONTACT,
        1.2,
        lambda f: f.has(FieldRole.PHONE) and _named(f) and len(f.typed) <= 4,
    ),
    Sign("a password", K.CONTACT, -5.0, lambda f: _passwords(f) > 0),
    Sign("no way to answer", K.CONTACT, -1.8, lambda f: not _reachable(f)),
    Sign("nothing to write into", K.CONTACT, -1.0, lambda f: not _message(f)),
    Sign(
        "called a comment or review",
        K.CONTACT,
        -1.8,
        lambda f: _any(COMMENT, f.code) and not _any(PAGE_CONTACT, f.document.url),
    ),
    Sign("stars to give", K.CONTACT, -2.0, lambda f: bool(re.search(r"rating|\bstars?\b|оценк", f.names))),
    Sign("a letter to a friend", K.CONTACT, -3.0, lambda f: _any(SHARE, f.code, f.buttons, f.names)),
    Sign("many personal questions", K.CONTACT, -0.8, lambda f: len(f.asked) > 14),
    # order
    Sign("puts things into a cart", K.ORDER, 3.0, lambda f: _any(ORDER_STRONG, f.code, f.buttons)),
    Sign("called an order", K.ORDER, 1.2, lambda f: _any(ORDER, f.code, f.buttons)),
    Sign("a quantity or an article", K.ORDER, 1.8, lambda f: _any(QUANTITY, f.names)),
    Sign("a password", K.ORDER, -3.0, lambda f: _passwords(f) > 0),
    Sign("a message and a way to answer", K.ORDER, -1.4, lambda f: _message(f) and _reachable(f)),
    Sign("called a search", K.ORDER, -2.0, lambda f: _any(SEARCH, f.code, f.buttons)),
    Sign("stars to give", K.ORDER, -2.0, lambda f: bool(re.search(r"rating|\bstars?\b", f.names))),
    # filter
    Sign("called a filter", K.FILTER, 2.2, lambda f: _any(FILTER, f.code)),
    Sign("fields that sort or limit", K.FILTER, 1.8, lambda f: _any(FILTER, f.names)),
    Sign("only choices", K.FILTER, 1.0, lambda f: bool(f.asked) and not f.typed),
    Sign("asks for a person", K.FILTER, -3.0, lambda f: _reachable(f) or _passwords(f) > 0 or _message(f)),
    Sign("called a search", K.FILTER, -1.0, lambda f: _any(SEARCH, f.code, f.buttons)),
    # other
    Sign("nothing to fill in", K.OTHER, 2.2, lambda f: not f.asked),
    Sign("a vote", K.OTHER, 2.4, lambda f: _any(VOTE, f.code, f.buttons) and not f.typed),
    Sign(
        "a choice of language or place",
        K.OTHER,
        2.0,
        lambda f: _any(LANGUAGE, f.code, f.names) and not f.typed,
    ),
    Sign("a letter to a friend", K.OTHER, 3.4, lambda f: _any(SHARE, f.code, f.buttons) and _reachable(f)),
    Sign("addresses of two people", K.OTHER, 4.0, lambda f: _any(FRIEND_FIELD, f.names)),
    Sign("an opinion of the page", K.OTHER, 3.4, lambda f: _any(HELPFUL, f.names, f.code)),
    Sign("anything", K.OTHER, 1.0, lambda _: True),
)
