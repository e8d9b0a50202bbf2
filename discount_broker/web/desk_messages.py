"""The words of every mail, form text and text message: leads change them, and each change is a version."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from discount_broker.accounts.queries import operator_names
from discount_broker.escalation.use_cases.message_texts import (
    default_of,
    restore_message_text,
    save_message_text,
    send_trial,
    typed_body,
)
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import NotFound, Refused
from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.queries.texts import (
    BUILT_IN,
    TextKey,
    count_failed_texts,
    count_text_uses,
    list_newest_texts,
    list_text_versions,
    newest_text,
)
from discount_broker.messaging.rendering import LOCALES, Default, Wording, renderer
from discount_broker.messaging.rules.texts import flaws_in
from discount_broker.notifications.catalogue import Audience, Message
from discount_broker.notifications.catalogue.examples import audience_of
from discount_broker.web.access import staff_required
from discount_broker.web.desk_messages_forms import MessageTextForm
from discount_broker.web.desk_messages_preview import preview_of, variables_of
from discount_broker.web.desk_messages_words import AUDIENCES, CHANNELS, REFUSALS, title_of, wrong_in
from discount_broker.web.desk_texts_preview import changes_between
from discount_broker.web.once import once_a_request

if TYPE_CHECKING:
    from discount_broker.messaging.models import MessageText

bp = Blueprint("desk_messages", __name__, url_prefix="/desk/messages")
bp.add_app_template_filter(title_of, "message_title")
MOST_VERSIONS = 50
bp.app_context_processor(lambda: {"failed_texts": once_a_request(count_failed_texts)})


@bp.get("")
@staff_required("lead")
def show(operator_id: UUID) -> ResponseReturnValue:
    """Every message over every channel in every language, with whose words it says."""
    del operator_id
    newest, uses = list_newest_texts(), count_text_uses()
    rows: dict[Any, list[tuple[str, ChannelKind, list[dict[str, Any]]]]] = {each: [] for each in Audience}
    for message in Message:
        for channel in ChannelKind:
            if renderer().has(message, channel):
                keys = [TextKey(message, channel, language) for language in LOCALES]
                states = [_state(key, newest.get(key), uses) for key in keys]
                rows[audience_of(message)].append((message, channel, states))
    authors = operator_names({row.operator_id for row in newest.values() if row.operator_id})
    return render_template(
        "desk/messages.html", audiences=AUDIENCES, rows=rows, channels=CHANNELS, authors=authors
    )


def _state(
    key: TextKey, newest: "MessageText | None", uses: dict[tuple[TextKey, int], int]
) -> dict[str, Any]:
    version = newest.version if newest is not None and not newest.is_default else BUILT_IN
    return {"language": key.language, "text": newest, "version": version, "uses": uses.get((key, version), 0)}


@bp.get("/<message>/<channel>/<language>")
@staff_required("lead")
def edit(operator_id: UUID, message: str, channel: str, language: str) -> ResponseReturnValue:
    del operator_id
    key = _key(message, channel, language)
    default, newest = default_of(key), newest_text(key)
    words = _words_of(newest, default)
    version = newest.version if newest else BUILT_IN
    form = MessageTextForm(
        formdata=None, data={"subject": words.subject, "body": words.body, "based_on": str(version)}
    )
    return _page(key, form)


@bp.post("/<message>/<channel>/<language>")
@staff_required("lead")
def save(operator_id: UUID, message: str, channel: str, language: str) -> ResponseReturnValue:
    """Keep what was typed as a new version, show how it would read, or mail it to whoever asks."""
    key, form = _key(message, channel, language), MessageTextForm()
    default_of(key)
    if not form.validate():
        return _page(key, form, 422)
    act = request.form.get("act")
    if act == "preview":
        return _page(key, form)
    if act == "trial":
        return _try_out(key, form, operator_id)
    before = newest_text(key)
    old = before.version if before else BUILT_IN
    try:
        version = save_message_text(key, form.typed(), operator_id, utcnow())
    except Refused as refused:
        form.show_refusal(refused)
        return _page(key, form, 409 if refused.code == "text_changed_meanwhile" else 422)
    if version == old:
        flash(gettext("Nothing was changed: it read like this before."), "good")
    else:
        flash(gettext("Saved as version %(version)s. The next message says it.", version=version), "good")
    return redirect(_place(key))


def _try_out(key: TextKey, form: MessageTextForm, operator_id: UUID) -> ResponseReturnValue:
    if _flaws(default_of(key), form):
        form.wrong("body", "text_has_flaws")
        return _page(key, form, 422)
    shown = preview_of(key, _typed(form), request.form.get("case", "")[:40], is_shown=False)
    address = send_trial(shown.rendered, operator_id, utcnow())
    flash(gettext("A test is on its way to %(address)s. It is not saved yet.", address=address), "good")
    return _page(key, form)


@bp.post("/<message>/<channel>/<language>/restore/<int:version>")
@staff_required("lead")
def restore(
    operator_id: UUID, message: str, channel: str, language: str, version: int
) -> ResponseReturnValue:
    """Let an older version count again; 0 is the default."""
    key = _key(message, channel, language)
    try:
        number = restore_message_text(key, version, operator_id, utcnow())
    except Refused as refused:
        flash(str(REFUSALS[refused.code]), "warn")
    else:
        if version == BUILT_IN:
            said = gettext("The words of the program count again, as version %(new)s.", new=number)
        else:
            said = gettext("Version %(old)s counts again, as version %(new)s.", old=version, new=number)
        flash(said, "good")
    return redirect(_place(key))


def _key(message: str, channel: str, language: str) -> TextKey:
    if message not in {*Message} or channel not in {*ChannelKind} or language not in LOCALES:
        raise NotFound("text")
    return TextKey(message, ChannelKind(channel), language)


def _place(key: TextKey) -> str:
    return url_for("desk_messages.edit", **key._asdict())


def _words_of(text: "MessageText | None", default: Default) -> Wording:
    if text is not None and not text.is_default:
        return Wording(text.version, text.subject, text.body)
    return Wording(BUILT_IN, default.subject.source if default.subject else "", default.body.source)


def _typed(form: MessageTextForm) -> Wording:
    typed = form.typed()
    return Wording(typed.based_on, " ".join(typed.subject.split()), typed_body(typed.body))


def _flaws(default: Default, form: MessageTextForm) -> list[str]:
    typed = _typed(form)
    in_subject = flaws_in(typed.subject, default.subject_vocabulary) if default.subject else []
    in_body = flaws_in(typed.body, default.vocabulary, default.required)
    said = [gettext("In the subject: %(what)s", what=wrong_in(flaw)) for flaw in in_subject]
    return said + [wrong_in(flaw) for flaw in in_body]


def _page(key: TextKey, form: MessageTextForm, code: int = 200) -> ResponseReturnValue:
    """One text with how it reads, the names it can use, and all its versions."""
    default, newest = default_of(key), newest_text(key)
    asked = request.values.get("case", "")[:40]
    flaws = _flaws(default, form)
    preview = None if flaws else preview_of(key, _typed(form), asked)
    changes: list[tuple[str, str]] = []
    if code == 409 and newest is not None:  # whoever saves once more has seen the other version
        form.based_on.data = str(newest.version)
        changes = changes_between(_whole(_words_of(newest, default)), _whole(_typed(form)))
    facts: dict[str, Any] = {
        "form": form,
        "flaws": flaws,
        "has_conflict": code == 409,
        "changes_to_mine": changes,
        "asked": asked,
        "preview": preview,
        "variables": variables_of(key, default, asked),
        **_past(key, default, newest),
    }
    answer = make_response(render_template("desk/message_edit.html", **facts), code)
    if preview is not None:
        answer.headers["Content-Security-Policy"] = preview.policy
    return answer


def _past(key: TextKey, default: Default, newest: "MessageText | None") -> dict[str, Any]:
    """Which text it is, and all there was of it."""
    versions = list_text_versions(key, MOST_VERSIONS)
    return {
        "key": key,
        "default": default,
        "newest": newest,
        "versions": _with_changes(versions, default),
        "uses": count_text_uses(),
        "authors": operator_names({row.operator_id for row in versions if row.operator_id}),
        "channels": CHANNELS,
        "languages": LOCALES,
        "audience": AUDIENCES[audience_of(Message(key.message))],
    }


def _whole(words: Wording) -> str:
    """Subject and body as one text, to be compared."""
    return f"{words.subject}\n\n{words.body}" if words.subject else words.body


def _with_changes(
    versions: "Sequence[MessageText]", default: Default
) -> "list[tuple[MessageText, list[tuple[str, str]]]]":
    """Each version with what it changed of the one before it, the first of the default's words."""
    words = [_whole(_words_of(row, default)) for row in versions]
    is_whole = len(versions) < MOST_VERSIONS
    before = [*words[1:], _whole(_words_of(None, default)) if is_whole else words[-1]] if words else []
    return [(row, changes_between(old, new)) for row, old, new in zip(versions, before, words, strict=True)]
