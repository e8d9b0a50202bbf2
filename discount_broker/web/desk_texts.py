"""The texts of the desk: everybody there may read them, leads change them, and each change is a version."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from discount_broker.escalation.queries.texts import (
    BUILT_IN,
    LANGUAGES,
    Text,
    TextName,
    find_text,
    list_texts,
    list_versions,
)
from discount_broker.escalation.rules.texts import Flaw, flaws_in
from discount_broker.escalation.status import TextKind
from discount_broker.escalation.use_cases.texts import restore_text, retire_text, save_text
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import NotFound, Refused
from discount_broker.web.access import staff_required
from discount_broker.web.desk_script import spoken
from discount_broker.web.desk_texts_forms import NewTextForm, TextForm
from discount_broker.web.desk_texts_preview import changes_between, preview_of
from discount_broker.web.desk_texts_words import (
    KINDS,
    READERS,
    REFUSALS,
    VARIABLES,
    flaw_in_words,
    title_of,
)

bp = Blueprint("desk_texts", __name__, url_prefix="/desk/texts")
bp.add_app_template_filter(spoken)
bp.add_app_template_filter(title_of, "text_title")
MOST_VERSIONS = 50


@bp.get("")
@staff_required()
def show(operator_id: UUID) -> ResponseReturnValue:
    """Every text, both languages in one row."""
    del operator_id
    rows: dict[tuple[str, str], dict[str, Text]] = {}
    for text in list_texts():
        rows.setdefault((text.kind, text.key), {})[text.language] = text
    shown = {kind: [pair for (of, _), pair in rows.items() if of == kind] for kind in TextKind}
    return render_template("desk/texts.html", kinds=KINDS, rows=shown, languages=LANGUAGES, readers=READERS)


@bp.get("/new")
@staff_required("lead")
def new(operator_id: UUID) -> ResponseReturnValue:
    del operator_id
    return _new_page(NewTextForm(formdata=None))


@bp.post("/new")
@staff_required("lead")
def create(operator_id: UUID) -> ResponseReturnValue:
    form = NewTextForm()
    if not form.validate():
        return _new_page(form, 422)
    name = form.name()
    if find_text(name) is not None:
        form.wrong("key", "text_key_taken")
        return _new_page(form, 409)
    try:
        save_text(name, replace(form.wording(), based_on=BUILT_IN), operator_id, utcnow())
    except Refused as refused:
        form.show_refusal(refused)
        return _new_page(form, 422)
    flash(gettext("Saved. Operators find it where they write."), "good")
    return redirect(_place(name))


@bp.get("/<kind>/<key>/<language>")
@staff_required()
def edit(operator_id: UUID, kind: str, key: str, language: str) -> ResponseReturnValue:
    del operator_id
    name = _name(kind, key, language)
    return _page(name, _form_of(_current(name)))


@bp.post("/<kind>/<key>/<language>")
@staff_required("lead")
def save(operator_id: UUID, kind: str, key: str, language: str) -> ResponseReturnValue:
    """Keep what was typed as a new version, or only show how it would read."""
    name, form = _name(kind, key, language), TextForm()
    current = _current(name)
    if not form.validate():
        return _page(name, form, 422)
    if request.form.get("act") == "preview":
        return _page(name, form)
    try:
        version = save_text(name, form.wording(), operator_id, utcnow())
    except Refused as refused:
        form.show_refusal(refused)
        return _page(name, form, 409 if refused.code == "text_changed_meanwhile" else 422)
    if version == current.version:
        flash(gettext("Nothing was changed: it read like this before."), "good")
    else:
        flash(gettext("Saved as version %(version)s. It counts from now on.", version=version), "good")
    return redirect(_place(name))


@bp.post("/<kind>/<key>/<language>/restore/<int:version>")
@staff_required("lead")
def restore(operator_id: UUID, kind: str, key: str, language: str, version: int) -> ResponseReturnValue:
    name = _name(kind, key, language)
    try:
        number = restore_text(name, version, operator_id, utcnow())
    except Refused as refused:
        flash(str(REFUSALS[refused.code]), "warn")
    else:
        words = gettext("Version %(old)s counts again, as version %(new)s.", old=version, new=number)
        flash(words, "good")
    return redirect(_place(name))


@bp.post("/<kind>/<key>/<language>/retire")
@staff_required("lead")
def retire(operator_id: UUID, kind: str, key: str, language: str) -> ResponseReturnValue:
    name = _name(kind, key, language)
    retire_text(name, operator_id, utcnow())
    flash(gettext("Retired: nobody is offered it any more. To save it again brings it back."), "good")
    return redirect(_place(name))


def _name(kind: str, key: str, language: str) -> TextName:
    if kind not in {*TextKind} or language not in LANGUAGES:
        raise NotFound("text")
    return TextName(TextKind(kind), key, language)


def _current(name: TextName) -> Text:
    """The version that counts; an empty one where only another language has it."""
    found = find_text(name)
    if found is not None:
        return found
    if all(find_text(name._replace(language=other)) is None for other in LANGUAGES):
        raise NotFound("text")
    return Text(*name, version=BUILT_IN, title="", body="")


def _form_of(text: Text) -> TextForm:
    return TextForm(formdata=None, data={"title": text.title, "body": text.body, "based_on": text.version})


def _place(name: TextName) -> str:
    return url_for("desk_texts.edit", kind=name.kind, key=name.key, language=name.language)


def _page(name: TextName, form: TextForm, code: int = 200) -> ResponseReturnValue:
    """One text with its other language beside it, how it reads, and all its versions."""
    current, flaws = _current(name), flaws_in(form.body.data or "")
    asked = request.values.get("case", "")[:40]
    others = {each: find_text(name._replace(language=each)) for each in LANGUAGES if each != name.language}
    draft = replace(current, title=form.title.data or "", body=form.body.data or "")
    versions = list_versions(name)[: MOST_VERSIONS + 1]
    if code == 409:  # whoever saves once more has seen the other version
        form.based_on.data = str(current.version)
    facts: dict[str, Any] = {
        "name": name,
        "text": current,
        "form": form,
        "flaws": [flaw_in_words(flaw) for flaw in flaws],
        "has_conflict": code == 409,
        "changes_to_mine": changes_between(current.body, draft.body) if code == 409 else [],
        "others": others,
        "asked": asked,
        "preview": None if flaws else preview_of(draft, asked),
        "versions": _with_changes(versions),
        "variables": VARIABLES,
        "kinds": KINDS,
        "readers": READERS,
    }
    return render_template("desk/text_edit.html", **facts), code


def _with_changes(versions: Sequence[Text]) -> list[tuple[Text, list[tuple[str, str]]]]:
    """Each version with what it changed of the one before."""
    pairs = zip(versions, [*versions[1:], None], strict=False)
    shown = [(text, changes_between(old.body, text.body) if old else []) for text, old in pairs]
    return shown[:MOST_VERSIONS]


def _new_page(form: NewTextForm, code: int = 200) -> ResponseReturnValue:
    flaws: list[Flaw] = flaws_in(form.body.data or "")
    said = [flaw_in_words(flaw) for flaw in flaws]
    return render_template("desk/text_new.html", form=form, flaws=said, variables=VARIABLES), code
