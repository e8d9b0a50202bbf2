"""Reads the answer of forms that are sent by script: JSON of all makes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from discount_broker.outreach.form_filling.answer_words import Verdict, verdict_of

GOOD_STATUS = {"mail_sent", "ok", "success", "sent", "true", "1", "done", "y", "accepted", "successful"}
BAD_STATUS = {
    "validation_failed",
    "acceptance_missing",
    "spam",
    "aborted",
    "mail_failed",
    "error",
    "errors",
    "fail",
    "failed",
    "failure",
    "false",
    "0",
    "n",
    "invalid",
    "danger",
    "warning",
}
STATUS_KEYS = (
    "status",
    "success",
    "ok",
    "result",
    "state",
    "type",
    "res",
    "sent",
    "issuccess",
    "is_success",
    "code",
)
UNCLEAR = {"code": ("0", "1"), "type": ("0", "1", "n", "y"), "state": ("0", "1", "n", "y")}
"""Half of the servers count successes so, the other half failures, or name notices by a letter."""
ERROR_KEYS = (
    "error",
    "errors",
    "invalid_fields",
    "error_fields",
    "fields_errors",
    "needcaptcha",
    "captcha_error",
    "validation",
)
TEXT_KEYS = (
    "message",
    "msg",
    "text",
    "html",
    "response",
    "data",
    "description",
    "title",
    "content",
    "notice",
)
GOOD_ADDRESS = re.compile(r"success|thank|spasibo|sent", re.IGNORECASE)
CAPTCHA = re.compile(r"captcha|turnstile|капч|код с картинки|не робот|not a robot", re.IGNORECASE)
TAG = re.compile(r"<[^>]{0,500}>")
DEEPEST = 4


@dataclass(frozen=True)
class DataVerdict:
    verdict: Verdict
    decided_by: str
    messages: dict[str, str] = field(default_factory=dict)
    wants_captcha: bool = False


def read_data(content: Any, depth: int = 0) -> DataVerdict:
    """What the data says; errors first, then the status, then its words."""
    if depth > DEEPEST:
        return DataVerdict(Verdict.SILENT, "")
    if isinstance(content, list):
        content = next(
            (item for item in content if isinstance(item, dict)), {"result": content[0] if content else None}
        )
    if not isinstance(content, dict):
        return _status("answer", content) or DataVerdict(Verdict.SILENT, str(content)[:200])
    flat = {str(key).lower(): value for key, value in content.items()}
    for reader in (_by_errors, _by_status, _by_address, _by_words):
        if found := reader(flat):
            return found
    return _by_nested(flat, depth) or DataVerdict(Verdict.SILENT, "")


def _by_errors(flat: dict[str, Any]) -> DataVerdict | None:
    for key in ERROR_KEYS:
        value = flat.get(key)
        if value and value not in ("0", "false", "no", "none"):
            said = " ".join(_texts(flat)) or str(value)
            messages = dict(_field_messages(value))
            return _bad(f"{key}: {said}", messages)
    return None


def _bad(said: str, messages: dict[str, str]) -> DataVerdict:
    """A captcha among the complaints, or alone, needs a person."""
    wants_captcha = any(CAPTCHA.search(text) for text in (said, *messages, *messages.values()))
    return DataVerdict(Verdict.BAD, said[:300], messages, wants_captcha)


def _by_status(flat: dict[str, Any]) -> DataVerdict | None:
    for key in STATUS_KEYS:
        if key in flat and (found := _status(key, flat[key])):
            said = f"{found.decided_by} {next(_texts(flat), '')}".strip()
            if found.verdict == Verdict.BAD:
                return _bad(said, dict(_field_messages(flat.get("data"))))
            return DataVerdict(found.verdict, said[:300])
    return None


def _status(key: str, value: Any) -> DataVerdict | None:
    if isinstance(value, dict | list) or value is None:
        return None
    said = str(value).strip().lower()
    if said in UNCLEAR.get(key, ()):
        return None
    if said in GOOD_STATUS or (key == "code" and said == "200"):
        return DataVerdict(Verdict.GOOD, f"{key}: {value}")
    return DataVerdict(Verdict.BAD, f"{key}: {value}") if said in BAD_STATUS else None


def read_word(text: str) -> DataVerdict | None:
    """An answer of one word, as small scripts give it: `ok`, `1`, `error`."""
    word = re.sub(r"[^\w-]", "", TAG.sub(" ", text)).lower()
    return _status("answer", word)


def _by_address(flat: dict[str, Any]) -> DataVerdict | None:
    address = next(
        (
            flat[key]
            for key in ("redirect", "redirect_url", "location", "url")
            if isinstance(flat.get(key), str)
        ),
        "",
    )
    return DataVerdict(Verdict.GOOD, f"redirect: {address}"[:300]) if GOOD_ADDRESS.search(address) else None


def _by_words(flat: dict[str, Any]) -> DataVerdict | None:
    for text in _texts(flat):
        if text.strip(" .!").lower() in GOOD_STATUS:
            return DataVerdict(Verdict.GOOD, text)
        if (verdict := verdict_of(text)) != Verdict.SILENT:
            return DataVerdict(verdict, text[:300])
    return None


def _by_nested(flat: dict[str, Any], depth: int) -> DataVerdict | None:
    if isinstance(flat.get("id"), int) and flat["id"] > 0:
        # Odoo answers with the number of the record it made, and nothing else.
        return DataVerdict(Verdict.GOOD, f"id: {flat['id']}")
    for value in flat.values():
        if isinstance(value, dict) and (found := read_data(value, depth + 1)).verdict != Verdict.SILENT:
            return found
    return None


def _texts(flat: dict[str, Any]) -> Iterator[str]:
    for key in TEXT_KEYS:
        value = flat.get(key)
        if isinstance(value, str) and (text := " ".join(TAG.sub(" ", value).split())):
            yield text


def _field_messages(value: Any, name: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Complaints by field, out of any of the shapes engines give them."""
    if isinstance(value, str) and value:
        yield name, " ".join(TAG.sub(" ", value).split())[:200]
    elif isinstance(value, dict) and depth < DEEPEST:
        if isinstance(value.get("message"), str):
            yield str(value.get("field") or value.get("name") or name), value["message"][:200]
            return
        for key, item in value.items():
            yield from _field_messages(item, str(key), depth + 1)
    elif isinstance(value, list) and depth < DEEPEST:
        for item in value:
            yield from _field_messages(item, name, depth + 1)
