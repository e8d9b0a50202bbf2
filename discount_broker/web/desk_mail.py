"""Mail that belongs to no conversation for certain: a person looks at it and files it."""

from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from discount_broker.kernel.clock import utcnow
from discount_broker.outreach.inbound import read_attachment
from discount_broker.outreach.inbound.letter import Mail
from discount_broker.outreach.queries import get_outreach
from discount_broker.outreach.queries.mails import find_begun
from discount_broker.outreach.queries.waiting_mail import (
    MailView,
    count_mail,
    count_waiting_mail,
    get_mail,
    list_best_guesses,
    list_guessed,
    list_mail,
    search_outreaches,
)
from discount_broker.outreach.status import SET_ASIDE
from discount_broker.outreach.use_cases import file_mail, set_mail_aside, take_mail_up_again
from discount_broker.web import desk_mail_words as words
from discount_broker.web.access import staff_required
from discount_broker.web.desk_letter import place_of
from discount_broker.web.once import once_a_request

if TYPE_CHECKING:
    from discount_broker.outreach.models import InboundMail, Outreach
    from discount_broker.outreach.queries.waiting_mail import Guessed

bp = Blueprint("mail", __name__, url_prefix="/desk/mail")
bp.record_once(
    lambda state: state.app.jinja_env.globals.update(
        waiting_mail=once_a_request(count_waiting_mail), mail_words=words
    )
)

HEADERS: Final = ("From", "Reply-To", "To", "Cc", "Date", "Message-ID", "In-Reply-To", "Auto-Submitted")
"""Those that help a person to place it."""
LONGEST_SHOWN = 20_000


class Row(NamedTuple):
    """A conversation a mail may belong to, and why, in words."""

    outreach: "Outreach"
    score: int
    """Of a hundred; it orders the guesses and promises nothing."""
    reasons: list[str]


@bp.get("")
@staff_required()
def inbox(operator_id: UUID) -> ResponseReturnValue:
    del operator_id
    view = _view()
    listed = list_mail(view)
    best = list_best_guesses(listed)
    mails = [(mail, _row(best[mail.id]) if mail.id in best else None) for mail in listed]
    return render_template(
        "desk/mail.html", view=view, views=MailView, counts=count_mail(), mails=mails, put_aside=_put_aside()
    )


@bp.get("/<uuid:mail_id>")
@staff_required()
def show(operator_id: UUID, mail_id: UUID) -> ResponseReturnValue:
    del operator_id
    mail, text = get_mail(mail_id), request.args.get("q", "").strip()[:100]
    return render_template("desk/mail_letter.html", **_facts(mail), q=text, found=search_outreaches(text))


@bp.post("/<uuid:mail_id>/file")
@staff_required()
def place(operator_id: UUID, mail_id: UUID) -> ResponseReturnValue:
    """The mail belongs to this conversation; it is taken in as if that had been plain."""
    try:
        outreach_id = UUID(request.form.get("outreach", ""))
    except ValueError:
        abort(400)
    learnt = file_mail(mail_id, outreach_id, operator_id, utcnow())
    told = {"sender": get_mail(mail_id).sender, "shop": get_outreach(outreach_id).shop.name}
    flash(str(words.LEARNT[learnt]) % told, "good")
    return redirect(place_of(get_mail(mail_id).outreach_id or outreach_id))


@bp.post("/<uuid:mail_id>/aside")
@staff_required()
def aside(operator_id: UUID, mail_id: UUID) -> ResponseReturnValue:
    set_mail_aside(mail_id, operator_id, utcnow())
    return redirect(url_for("mail.inbox", aside=mail_id))


@bp.post("/<uuid:mail_id>/again")
@staff_required()
def again(operator_id: UUID, mail_id: UUID) -> ResponseReturnValue:
    """What was set aside waits again."""
    take_mail_up_again(mail_id, operator_id, utcnow())
    flash(gettext("The letter waits to be filed again."), "good")
    return redirect(url_for("mail.show", mail_id=mail_id))


@bp.get("/<uuid:mail_id>/files/<int:index>")
@staff_required()
def download(operator_id: UUID, mail_id: UUID, index: int) -> ResponseReturnValue:
    """A file that came with a mail: to be saved, never opened in the browser, whatever it says it is."""
    del operator_id
    mail = get_mail(mail_id)
    name = next((str(part["name"]) for part in mail.attachments if part["index"] == index), None)
    content = read_attachment(mail.content, index) if name is not None else None
    if content is None:
        abort(404)
    answer = send_file(
        BytesIO(content), mimetype="application/octet-stream", as_attachment=True, download_name=name
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _view() -> MailView:
    try:
        return MailView(request.args.get("view", MailView.WAITING))
    except ValueError:
        return MailView.WAITING


def _put_aside() -> "InboundMail | None":
    """The mail that was set aside a moment ago, so that it can be taken up again."""
    try:
        mail = get_mail(UUID(request.args.get("aside", "")))
    except ValueError:
        return None
    return mail if mail.verdict == SET_ASIDE else None


def _facts(mail: "InboundMail") -> dict[str, Any]:
    letter = Mail(mail.content)
    headers = [(name, letter.header(name)[:500]) for name in HEADERS if letter.has(name)]
    body = letter.body
    return {
        "mail": mail,
        "headers": headers,
        "body": body[:LONGEST_SHOWN],
        "is_cut": len(body) > LONGEST_SHOWN,
        "guesses": [_row(each) for each in list_guessed(mail)],
        "begun": find_begun(mail, utcnow()),
        "is_proved": bool(mail.authentication.get("domain")),
    }


def _row(each: "Guessed") -> Row:
    reasons = [
        str(words.SIGNS[sign]) % {"shown": shown} for sign, shown in each.reasons if sign in words.SIGNS
    ]
    return Row(each.outreach, round(each.score * 100), reasons)
