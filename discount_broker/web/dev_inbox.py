"""The inbox of the mail catcher: what left the service, to look at and to answer. Never in production."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Protocol

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from discount_broker.web.access import public

bp = Blueprint("dev_inbox", __name__, url_prefix="/dev")

MAIL_POLICY: Final = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data: http: https:; "
    "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
"""A mail may be hostile: no script, no form, no frame; links open a tab of their own."""

LONGEST_REPLY: Final = 20_000


class Mail(Protocol):
    """A mail as the catcher kept it."""

    @property
    def key(self) -> str: ...
    @property
    def recipient(self) -> str: ...
    @property
    def sender(self) -> str: ...
    @property
    def answer_to(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def received_at(self) -> datetime: ...
    @property
    def text(self) -> str: ...
    @property
    def html(self) -> str: ...


class Mailbox(Protocol):
    """Where the catcher keeps them: `app.extensions["dev_mailbox"]`."""

    def list_mails(self, to: str = "", limit: int = 200) -> Sequence[Mail]: ...
    def find_mail(self, key: str) -> Mail | None: ...


@bp.get("/inbox")
@public
def inbox() -> ResponseReturnValue:
    to = request.args.get("to", "").strip()
    everybody = dict.fromkeys(mail.recipient for mail in _mailbox().list_mails())
    return render_template(
        "dev/inbox.html", mails=_mailbox().list_mails(to), to=to, everybody=list(everybody)
    )


@bp.get("/inbox.json")
@public
def inbox_json() -> ResponseReturnValue:
    mails = _mailbox().list_mails(request.args.get("to", ""))
    return jsonify([_as_json(mail) for mail in mails])


@bp.get("/inbox/<key>")
@public
def show(key: str) -> ResponseReturnValue:
    return render_template("dev/mail.html", mail=_mail(key), text="")


@bp.get("/inbox/<key>/body")
@public
def body(key: str) -> ResponseReturnValue:
    response = Response('<!doctype html><base target="_blank">' + _mail(key).html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    return response


@bp.post("/inbox/<key>/reply")
@public
def reply(key: str) -> ResponseReturnValue:
    """Answer as the one who got the mail: a real mail, over the same road as any other."""
    mail, text = _mail(key), request.form.get("text", "").strip()[:LONGEST_REPLY]
    if not text:
        flash(_("Write something first."), "bad")
        return render_template("dev/mail.html", mail=mail, text=text), 422
    try:
        current_app.extensions["dev_reply"](mail, text)
    except OSError as trouble:
        flash(_("The mail server did not take the reply: %(why)s", why=str(trouble)), "bad")
        return render_template("dev/mail.html", mail=mail, text=text), 502
    flash(_("The reply is on its way to %(address)s.", address=mail.answer_to), "good")
    return redirect(url_for("dev_inbox.show", key=key))


def _mailbox() -> Mailbox:
    mailbox: Mailbox = current_app.extensions["dev_mailbox"]
    return mailbox


def _mail(key: str) -> Mail:
    return _mailbox().find_mail(key) or abort(404)


def _as_json(mail: Mail) -> dict[str, str]:
    return {
        "key": mail.key,
        "to": mail.recipient,
        "from": mail.sender,
        "answer_to": mail.answer_to,
        "subject": mail.subject,
        "at": mail.received_at.isoformat(),
        "text": mail.text,
        "html": mail.html,
    }
