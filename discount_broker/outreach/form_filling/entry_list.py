"""The entries a browser would send for a form as it was served (WHATWG HTML, form submission)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

CONTROLS = ("input", "textarea", "select", "button")
BUTTONS = {"submit", "image", "button", "reset"}
NOT_THE_BUTTON = re.compile(
    r"cancel|\breset|preview|\bclear|\bback\b|zurück|retour|search|\bfind\b|upload|delete|remove|отмен|сброс|очист"
    r"|назад|поиск|найти|просмотр|удал",
    re.IGNORECASE,
)

NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")


@dataclass(frozen=True)
class Entry:
    """One name and value, and the control it comes from."""

    name: str
    value: str
    control: Any
    kind: str
    """The input's type, `textarea`, `select`, or `button`."""
    is_sent: bool = True
    """A box that is not ticked is no entry, but may become one."""

    def with_value(self, value: str) -> "Entry":
        return replace(self, value=value, is_sent=True)


def entries_of(form: Any) -> list[Entry]:
    """All that could be sent, in tree order; `is_sent` tells what would be if nobody touched the form."""
    entries: list[Entry] = []
    submitter = submitter_of(form)
    for control in controls_of(form):
        if _is_disabled(control):
            continue
        if control is submitter or kind_of(control) not in BUTTONS:
            entries.extend(_entries(control))
    return entries


def kind_of(control: Any) -> str:
    if control.tag == "input":
        return (control.get("type") or "text").strip().lower()
    if control.tag == "button":
        kind = (control.get("type") or "submit").strip().lower()
        return kind if kind in BUTTONS else "submit"
    return str(control.tag)


def submitter_of(form: Any) -> Any | None:
    """The button a person would press: the first that does not lead elsewhere."""
    buttons = [c for c in controls_of(form) if kind_of(c) in ("submit", "image") and not _is_disabled(c)]
    return next(
        (button for button in buttons if not NOT_THE_BUTTON.search(_said(button))), next(iter(buttons), None)
    )


def _said(button: Any) -> str:
    return " ".join([button.get("name") or "", button.get("value") or "", *button.itertext()])


def controls_of(form: Any) -> Iterator[Any]:
    """The controls that belong to the form, wherever they stand in the document."""
    identity = form.get("id")
    root = form.getroottree().getroot() if identity else form
    for control in root.iter(*CONTROLS):
        owner = control.get("form")
        if owner is None:
            is_own = next(control.iterancestors("form"), None) is form
        else:
            is_own = bool(identity) and owner == identity
        if is_own and next(control.iterancestors("datalist"), None) is None:
            yield control


def _is_disabled(control: Any) -> bool:
    if control.get("disabled") is not None:
        return True
    inner = control
    for ancestor in control.iterancestors():
        if ancestor.tag == "fieldset" and ancestor.get("disabled") is not None:
            first_legend = next(ancestor.iterchildren("legend"), None)
            if inner is not first_legend:
                return True
        inner = ancestor
    return False


def _entries(control: Any) -> list[Entry]:
    name, kind = control.get("name") or "", kind_of(control)
    if kind == "image":
        prefix = f"{name}." if name else ""
        return [Entry(f"{prefix}{axis}", "0", control, kind) for axis in "xy"]
    if not name:
        return []
    if kind == "select":
        return _chosen(control, name)
    if kind in ("checkbox", "radio"):
        is_ticked = control.get("checked") is not None
        return [Entry(name, control.get("value", "on"), control, kind, is_sent=is_ticked)]
    entries = [Entry(name, _value(control, kind), control, kind)]
    if direction := control.get("dirname"):
        entries.append(Entry(direction, "ltr", control, "dirname"))
    return entries


def _value(control: Any, kind: str) -> str:
    if kind == "textarea":
        return "".join(control.itertext()).removeprefix("\n")
    if kind == "file":
        return ""
    value = control.get("value") or ""
    return value if kind == "hidden" else _as_shown(value, kind, control)


def _as_shown(value: str, kind: str, control: Any) -> str:
    """What a browser makes of a value: some kinds of fields are never empty, one line has no breaks."""
    value = re.sub(r"[\r\n]", "", value)
    if kind == "range" and not NUMBER.fullmatch(value):
        least, most = (float_of(control.get(end), usual) for end, usual in (("min", 0.0), ("max", 100.0)))
        return f"{max(least, least + (most - least) / 2):g}"
    if kind == "color" and not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        return "#000000"
    if kind == "number" and not NUMBER.fullmatch(value):
        return ""
    return value.strip() if kind in ("email", "url") else value


def _chosen(select: Any, name: str) -> list[Entry]:
    options = [option for option in select.iter("option") if not is_option_disabled(option)]
    chosen = [option for option in options if option.get("selected") is not None]
    if select.get("multiple") is not None:
        return [Entry(name, option_value(option), select, "select") for option in chosen]
    # Of several marked ones the last counts; of none the first, as a drop-down always shows one.
    shown = chosen[-1:] or (options[:1] if int_of(select.get("size"), 1) <= 1 else [])
    if not shown:
        return [Entry(name, "", select, "select", is_sent=False)]
    return [Entry(name, option_value(option), select, "select") for option in shown]


def option_value(option: Any) -> str:
    value = option.get("value")
    return value if value is not None else " ".join("".join(option.itertext()).split())


def is_option_disabled(option: Any) -> bool:
    group = option.getparent()
    in_disabled_group = group is not None and group.tag == "optgroup" and group.get("disabled") is not None
    return option.get("disabled") is not None or in_disabled_group


def int_of(text: str | None, otherwise: int) -> int:
    digits = (text or "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 9 else otherwise


def float_of(text: str | None, otherwise: float) -> float:
    return float(text) if text and NUMBER.fullmatch(text.strip()) else otherwise
