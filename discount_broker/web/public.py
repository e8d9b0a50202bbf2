"""Pages open to everybody: the landing page, who we are, and the files browsers ask for."""

from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    current_app,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue

from discount_broker.accounts.use_cases import choose_language
from discount_broker.web.access import public, visitor
from discount_broker.web.came_from import first_touch, other_site
from discount_broker.web.forms import LinkForm
from discount_broker.web.kept import for_strangers
from discount_broker.web.language import choose

bp = Blueprint("public", __name__)

A_MONTH = 30 * 24 * 3600


@bp.get("/")
@public
def landing() -> ResponseReturnValue:
    return _landing() if other_site() else for_strangers("landing", _landing)


def _landing() -> str:
    # A page that sells something may lead here with its address filled in.
    form = LinkForm(link=request.args.get("link", ""))
    return render_template("public/landing.html", form=form, came=first_touch())


@bp.get("/about")
@public
def about() -> ResponseReturnValue:
    return for_strangers("about", lambda: render_template("public/about.html"))


@bp.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    return for_strangers("privacy", lambda: render_template("public/privacy.html"))


@bp.get("/bot")
@public
def bot() -> ResponseReturnValue:
    return for_strangers("bot", lambda: render_template("public/bot.html"))


@bp.post("/language")
@public
def language() -> ResponseReturnValue:
    wanted = request.form.get("language", "")
    who = visitor()
    if choose(wanted) and who is not None and who.kind == "buyer":
        choose_language(who.id, wanted)
    return redirect(own_path(request.form.get("next")))


@bp.get("/robots.txt")
@public
def robots() -> ResponseReturnValue:
    closed = (
        "/ask/",
        "/confirm/",
        "/requests",
        "/o/",
        "/shop/",
        "/stop/",
        "/n/",
        "/my/",
        "/login",
        "/staff/",
        "/desk",
        "/dev/",
        "/check/",
        "/watch/",
        "/w/",
        "/promises/",
        "/api/v1/",
    )
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), ""]
    return Response("\n".join(lines), mimetype="text/plain")


@bp.get("/favicon.ico")
@public
def favicon() -> ResponseReturnValue:
    return send_file(Path(str(current_app.static_folder)) / "img" / "favicon.svg", max_age=A_MONTH)


@bp.get("/htmx.js")
@public
def htmx() -> ResponseReturnValue:
    """Serve the one script library, packed where the browser takes it; pages name its version."""
    folder = Path(str(files("js_lib_htmx"))) / "static" / "htmx"
    takes_gzip = request.accept_encodings.quality("gzip") > 0
    name = "htmx.min.js.gz" if takes_gzip else "htmx.min.js"
    response = send_file(folder / name, mimetype="text/javascript", max_age=A_MONTH)
    if takes_gzip:
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    return response


def own_path(target: str | None) -> str:
    """Where to go back to: a page of ours, whatever was asked for."""
    home = url_for("public.landing")
    target = (target or "").replace("\\", "/")
    try:
        parts = urlsplit(target)
    except ValueError:
        return home
    is_own = not parts.scheme and not parts.netloc and target.startswith("/") and not target.startswith("//")
    return target if is_own and target.isprintable() else home
