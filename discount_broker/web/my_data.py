"""What we hold on a buyer: to take along, to have deleted, and to keep after all."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from discount_broker.accounts.queries import get_buyer
from discount_broker.accounts.queries.consents import list_consents
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import Forgotten
from discount_broker.kernel.tokens import Purpose
from discount_broker.notifications.queries import list_news_of
from discount_broker.offers.queries.watched import list_watches_of
from discount_broker.offers.use_cases import ask_deletion, keep_everything
from discount_broker.offers.use_cases.erasing import plan_erasure
from discount_broker.web import preferences_words as words
from discount_broker.web.access import buyer_required, token_page
from discount_broker.web.desk_buyer_export import as_json
from discount_broker.web.language import speak
from discount_broker.web.my_export import as_tables, held_on

bp = Blueprint("my_data", __name__, url_prefix="/my")

NEWS_SHOWN = 30


@bp.get("/data")
@buyer_required
def show(buyer_id: UUID) -> ResponseReturnValue:
    return _page("my/data.html", buyer_id, news=list_news_of(buyer_id, NEWS_SHOWN), words=words)


@bp.get("/data/download/<form>")
@buyer_required
def download(buyer_id: UUID, form: str) -> ResponseReturnValue:
    if form not in ("json", "csv"):
        abort(404)
    known = held_on(buyer_id, utcnow())
    if form == "json":
        return _file(as_json(known), "application/json", "my-data.json")
    return _file(as_tables(known), "application/zip", "my-data.zip")


def _file(body: str | bytes, kind: str, name: str) -> Response:
    return Response(body, mimetype=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@bp.get("/data/delete")
@buyer_required
def ask(buyer_id: UUID) -> ResponseReturnValue:
    """The one question before it: what goes, what stays, and until when they can change their mind."""
    if get_buyer(buyer_id).deletion_due_at is not None:
        return redirect(url_for("my_data.show"))
    return _page("my/delete.html", buyer_id)


@bp.post("/data/delete")
@buyer_required
def delete(buyer_id: UUID) -> ResponseReturnValue:
    ask_deletion(buyer_id, utcnow())
    return redirect(url_for("my_data.show"))


@bp.post("/data/keep")
@buyer_required
def keep(buyer_id: UUID) -> ResponseReturnValue:
    if keep_everything(buyer_id):
        flash(gettext("Nothing is deleted. It is good to have you back."), "good")
    return redirect(url_for("my_data.show"))


@bp.get("/keep/<token>")
@token_page(Purpose.KEEP)
def from_mail(buyer_id: UUID, token: str) -> ResponseReturnValue:
    return _kept_page(buyer_id, token, is_done=False)


@bp.post("/keep/<token>")
@token_page(Purpose.KEEP)
def keep_from_mail(buyer_id: UUID, token: str) -> ResponseReturnValue:
    _known(buyer_id)
    keep_everything(buyer_id)
    return _kept_page(buyer_id, token, is_done=True)


def _known(buyer_id: UUID) -> Any:
    """The buyer; somebody who was forgotten is not there any more."""
    buyer = get_buyer(buyer_id)
    if buyer.erased_at is not None:
        raise Forgotten("buyer")
    return buyer


def _kept_page(buyer_id: UUID, token: str, *, is_done: bool) -> str:
    buyer = _known(buyer_id)
    speak(buyer.language)
    return render_template("my/keep.html", token=token, due_at=buyer.deletion_due_at, is_done=is_done)


def _page(template: str, buyer_id: UUID, **more: Any) -> str:
    buyer = get_buyer(buyer_id)
    if "language" not in session:
        speak(buyer.language)
    return render_template(
        template,
        buyer=buyer,
        held=plan_erasure(buyer_id),
        consents=len(list_consents(buyer_id)),
        watches=list_watches_of(buyer_id),
        **more,
    )
