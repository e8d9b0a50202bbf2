"""What every mail to a buyer leads to: switch off its kind of news, all of them, or choose."""

from contextlib import suppress
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from discount_broker.accounts.queries.consents import agrees_to
from discount_broker.accounts.status import ConsentKind
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.errors import Forgotten
from discount_broker.kernel.tokens import Purpose
from discount_broker.notifications.queries import reader_of
from discount_broker.notifications.rules import REQUIRED
from discount_broker.notifications.status import NewsWay
from discount_broker.notifications.use_cases import (
    choose_ways,
    unsubscribe,
    unsubscribe_from_all,
    unsubscribe_from_more,
    unsubscribe_from_texts,
)
from discount_broker.web import preferences_words as words
from discount_broker.web.access import token_page
from discount_broker.web.language import speak
from discount_broker.web.preferences import ways_of
from discount_broker.web.preferences_forms import CHOSEN, WaysForm
from discount_broker.web.security import csrf

bp = Blueprint("unsubscribe", __name__, url_prefix="/n/<token>")


@bp.get("")
@token_page(Purpose.NEWS)
def show(delivery_id: UUID, token: str) -> ResponseReturnValue:
    return _page(delivery_id, token, _form(delivery_id))


@bp.post("")
@csrf.exempt
@token_page(Purpose.NEWS)
def stop(delivery_id: UUID, token: str) -> ResponseReturnValue:
    """Switch the kind off; mail programs press this for their user (RFC 8058), without a session."""
    if request.form.get("List-Unsubscribe") == "One-Click":
        with suppress(Forgotten):  # who was forgotten gets no news either: the program has what it wanted
            unsubscribe(delivery_id, utcnow(), by="one_click")
        return "", 200, {"Content-Type": "text/plain; charset=utf-8"}
    csrf.protect()
    unsubscribe(delivery_id, utcnow(), by="unsubscribe")
    flash(gettext("Done. News of this kind does not come any more."), "good")
    return redirect(url_for("unsubscribe.show", token=token))


@bp.post("/all")
@token_page(Purpose.NEWS)
def stop_all(delivery_id: UUID, token: str) -> ResponseReturnValue:
    unsubscribe_from_all(delivery_id, utcnow())
    flash(gettext("Done. Only what must come still comes."), "good")
    return redirect(url_for("unsubscribe.show", token=token))


@bp.post("/texts")
@token_page(Purpose.NEWS)
def stop_texts(delivery_id: UUID, token: str) -> ResponseReturnValue:
    unsubscribe_from_texts(delivery_id, utcnow())
    flash(gettext("Done. No SMS comes any more; the mails stay as they were."), "good")
    return redirect(url_for("unsubscribe.show", token=token))


@bp.post("/more")
@token_page(Purpose.NEWS)
def stop_more(delivery_id: UUID, token: str) -> ResponseReturnValue:
    unsubscribe_from_more(delivery_id, utcnow())
    flash(gettext("Done. You hear of your own requests and watches, and of nothing else."), "good")
    return redirect(url_for("unsubscribe.show", token=token))


@bp.post("/ways")
@token_page(Purpose.NEWS)
def save(delivery_id: UUID, token: str) -> ResponseReturnValue:
    form = _form(delivery_id)
    if not form.validate():
        return _page(delivery_id, token, form), 422
    choose_ways(delivery_id, form.changed(), utcnow())
    flash(gettext("Your preferences are saved."), "good")
    return redirect(url_for("unsubscribe.show", token=token))


def _form(delivery_id: UUID) -> WaysForm:
    form = WaysForm()
    # A number is agreed to where one is logged in: this page is opened by whoever holds the mail.
    form.offer(ways_of(reader_of(delivery_id).buyer_id), can_text=False)
    return form


def _page(delivery_id: UUID, token: str, form: WaysForm) -> str:
    reader = reader_of(delivery_id)
    speak(reader.language)
    ways = ways_of(reader.buyer_id)
    told = [kind for kind in reader.kinds if kind not in REQUIRED]
    return render_template(
        "my/news.html",
        token=token,
        form=form,
        kinds=form.kinds,
        words=words,
        told=told,
        still_come=[kind for kind in told if ways[kind] is not NewsWay.NONE],
        all_off=all(ways[kind] is NewsWay.NONE for kind in CHOSEN if kind not in REQUIRED),
        texts=NewsWay.TEXT in ways.values(),
        more=agrees_to(reader.buyer_id, ConsentKind.NEWS),
    )
