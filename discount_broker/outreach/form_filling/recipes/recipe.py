"""What a recipe is: how to know a make of form, what its script would send, how its server answers."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from discount_broker.outreach.form_filling.answers import AnswerPage, FormOutcome
from discount_broker.outreach.form_filling.drafts import Draft, FilledForm, OpenForm

BY_SCRIPT = {"X-Requested-With": "XMLHttpRequest", "Accept": "application/json, text/javascript, */*; q=0.01"}
"""What the usual libraries say of themselves when they send a form."""
MOST_SEARCHED = 3_000_000


def as_filled(draft: Draft, _form: OpenForm, _fresh: str) -> Draft:
    """Nothing but what a browser without scripts would send."""
    return draft


def nothing_more(_form: OpenForm) -> str:
    """No address has to be read before sending."""
    return ""


def as_any_page(_filled: FilledForm, _answer: AnswerPage) -> FormOutcome | None:
    """The answer is read as that of any shop."""
    return None


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """One make of form."""

    name: str
    title: str
    special: str
    """One sentence for people: in what it differs from any other form."""
    recognises: Callable[[OpenForm], bool]
    shape: Callable[[Draft, OpenForm, str], Draft] = as_filled
    """From what a browser sends to what the form's own script does; the text is what `fresh_url` gave."""
    fresh_url: Callable[[OpenForm], str] = nothing_more
    """What has to be read right before sending; empty for nothing."""
    reads: Callable[[FilledForm, AnswerPage], FormOutcome | None] = as_any_page
    replaces_script: bool = False
    """The form can be sent although its page leaves that to a script."""
    longest_name: int = 0
    longest_message: int = 0
    """What the engine takes although its page does not say so."""


def said_in_page(form: OpenForm, pattern: str) -> str:
    """What stands in the page's markup or scripts: the pattern's first group, JSON's slashes undone."""
    found = re.search(pattern, form.document.html[:MOST_SEARCHED])
    return found.group(1).replace("\\/", "/") if found else ""


def target_of(form: OpenForm) -> str:
    """Where the form says that it goes, in lower case."""
    return f"{form.found.action} {form.element.get('action') or ''}".lower()


def is_called(form: OpenForm, *marks: str) -> bool:
    """One of the words stands among the classes of the form."""
    return not set(marks).isdisjoint((form.element.get("class") or "").split())


def on_site(form: OpenForm, path: str) -> str:
    return urljoin(form.document.url, path)


def by_script(draft: Draft, address: str = "", values: Mapping[str, str] | None = None) -> Draft:
    """Sent as a script would: always in UTF-8, saying that a script sends it."""
    return replace(
        draft.having(values or {}),
        action=address or draft.action,
        method="post",
        charset="utf-8",
        headers=BY_SCRIPT,
    )
