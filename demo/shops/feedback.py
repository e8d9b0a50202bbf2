"""The contact pages and the feedback forms behind them, each as touchy as its kind is in real life."""

import hmac
import secrets
from typing import Any
from urllib.parse import parse_qsl

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
)
from werkzeug.wrappers import Response as AnyResponse

from demo.shops.captcha import captcha_picture
from demo.shops.directory import Shop
from demo.shops.letterbox import Letterbox

bp = Blueprint("feedback", __name__)
SECRET = secrets.token_bytes(16)
VISITOR = "PHPSESSID"


def contact_path(shop: Shop) -> str:
    return "/contacts" if shop.language == "ru" else "/contact"


@bp.get("/contacts")
@bp.get("/contact")
def contacts() -> AnyResponse | str:
    if request.path != contact_path(g.shop):
        return redirect(contact_path(g.shop))
    return _contact_page()


@bp.post("/contacts/send")
def send_with_token() -> AnyResponse:
    """The form of a shop that knows about robots: token bound to a cookie, trap field, consent."""
    _only("token")
    sent = dict(parse_qsl(request.get_data(as_text=True), keep_blank_values=True, encoding=g.shop.charset))
    visitor = request.cookies.get(VISITOR, "")
    if not visitor or not hmac.compare_digest(sent.get("sessid", ""), _signed(visitor)):
        return _contact_page("Сессия устарела. Обновите страницу и отправьте сообщение ещё раз.", sent, 403)
    if sent.get("website"):  # only a robot fills in what nobody can see
        return _contact_page("Сообщение похоже на спам и не отправлено.", sent, 422)
    if not sent.get("agree"):
        return _contact_page("Нужно согласие на обработку персональных данных.", sent, 422)
    missing = [name for name in ("fio", "email", "text") if not sent.get(name, "").strip()]
    if missing:
        return _contact_page("Заполните, пожалуйста, все обязательные поля.", sent, 422)
    labels = {"fio": "Имя", "phone": "Телефон", "email": "E-mail", "text": "Сообщение"}
    _letterbox().take_form(g.shop, {label: sent.get(name, "") for name, label in labels.items()})
    return redirect("/contacts?sent=ok", 303)


@bp.post("/api/feedback")
def send_by_script() -> tuple[Response, int]:
    """The form of a shop whose page sends it by script and shows the JSON that comes back."""
    _only("script")
    fields = {name: request.form.get(name, "").strip() for name in ("name", "email", "phone", "message")}
    errors = {name: "Заполните это поле" for name in ("name", "message") if not fields[name]}
    if not fields["email"] and not fields["phone"]:
        errors["email"] = "Укажите почту или телефон"
    if errors:
        return jsonify(success=False, errors=errors), 422
    labels = {"name": "Имя", "email": "Почта", "phone": "Телефон", "message": "Сообщение"}
    _letterbox().take_form(g.shop, {label: fields[name] for name, label in labels.items()})
    return jsonify(
        success=True, message="Спасибо! Сообщение отправлено, ответим в течение рабочего дня."
    ), 200


@bp.post("/feedback.php")
def send_with_captcha() -> AnyResponse:
    """The form of a shop that wants to see a person: the digits of a picture."""
    _only("captcha")
    sent = request.form.to_dict()
    code = _digits(request.cookies.get(VISITOR, ""))
    if not hmac.compare_digest(sent.get("captcha_word", "").encode(), code.encode()):
        return _contact_page("Неверный код с картинки.", sent, 422)
    labels = {"name": "Имя", "email": "E-mail", "message": "Сообщение"}
    _letterbox().take_form(g.shop, {label: sent.get(name, "") for name, label in labels.items()})
    return redirect("/contacts?sent=ok", 303)


@bp.post("/callback")
def call_back() -> AnyResponse:
    """A box that takes nothing but a phone number."""
    if g.shop.key != "sklad5":
        abort(404)
    _letterbox().take_form(g.shop, {"Заказан звонок на номер": request.form.get("phone", "")})
    return redirect("/contacts?sent=call", 303)


@bp.get("/captcha.png")
def captcha() -> Response:
    _only("captcha")
    response = Response(captcha_picture(_digits(request.cookies.get(VISITOR, ""))), mimetype="image/png")
    response.cache_control.no_store = True
    return response


def _contact_page(refusal: str = "", sent: dict[str, Any] | None = None, status: int = 200) -> Response:
    visitor = request.cookies.get(VISITOR) or secrets.token_hex(13)
    page = render_template(
        f"contacts/{g.shop.key}.html", refusal=refusal, sent=sent or {}, token=_signed(visitor),
        thanks=request.args.get("sent", ""),
    )  # fmt: skip
    response = make_response(page, status)
    if g.shop.form:
        response.set_cookie(VISITOR, visitor, httponly=True, samesite="Lax")
    return response


def _only(form: str) -> None:
    if g.shop.form != form:
        abort(404)


def _signed(visitor: str) -> str:
    return hmac.digest(SECRET, visitor.encode(), "sha256").hex()[:32]


def _digits(visitor: str) -> str:
    return f"{int(_signed('captcha' + visitor), 16) % 100000:05d}"


def _letterbox() -> Letterbox:
    letterbox: Letterbox = current_app.extensions["letterbox"]
    return letterbox
