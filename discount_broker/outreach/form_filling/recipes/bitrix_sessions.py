"""The session key of 1C-Bitrix: pages from its cache carry none, or one of another visitor."""

import re
from dataclasses import replace

from discount_broker.outreach.form_filling.drafts import Draft, OpenForm
from discount_broker.outreach.form_filling.recipes.recipe import on_site

SESSION_COOKIE = re.compile(r"PHPSESSID|BITRIX_SM_", re.IGNORECASE)
KEY = re.compile(r"sessid[\"']?\s*[:=]\s*[\"']([0-9a-f]{32})[\"']", re.IGNORECASE)
OWN_ADDRESS = "/bitrix/tools/composite_data.php"
"""Answers every visitor with the key of their own session, for pages that came from the cache."""


def session_url(form: OpenForm) -> str:
    """Where to ask for a key: only if the page gave no session, or no key, with it."""
    served = next(
        (box.get("value") or "" for box in form.element.iter("input") if box.get("name") == "sessid"), None
    )
    if served is None:
        return ""
    has_session = any(SESSION_COOKIE.match(name) for name in form.cookies)
    return "" if served and has_session else on_site(form, OWN_ADDRESS)


def with_session(draft: Draft, fresh: str) -> Draft:
    """The draft with the key that was asked for, or the one the page's script holds."""
    found = KEY.search(fresh)
    if not found:
        return draft
    pairs = (replace(pair, value=found.group(1)) if pair.name == "sessid" else pair for pair in draft.pairs)
    return replace(draft, pairs=tuple(pairs))
