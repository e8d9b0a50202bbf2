"""Ways in from elsewhere: a bookmark that brings the page one looks at, and the share menu of a phone."""

from typing import Final

from flask import Blueprint, Response, json, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from discount_broker.kernel.errors import Refused
from discount_broker.kernel.site import site
from discount_broker.kernel.urls import find_links
from discount_broker.web.access import public
from discount_broker.web.came_from import first_touch
from discount_broker.web.filters import asset
from discount_broker.web.forms import LinkForm
from discount_broker.web.language import spoken_language

bp = Blueprint("share", __name__)

LONGEST_SHARED: Final = 4000
UNDER_AN_ICON: Final = 12
"""Letters of a name that a phone shows there."""
COLOUR, PAPER = "#0b6357", "#f6f5f1"
ICONS: Final = (
    ("img/favicon.svg", "any", "image/svg+xml"),
    ("img/icon-192.png", "192x192", "image/png"),
    ("img/icon-512.png", "512x512", "image/png"),
)


@bp.get("/bookmarklet")
@public
def bookmarklet() -> ResponseReturnValue:
    return render_template("public/bookmarklet.html", code=bookmark())


@bp.get("/share")
@public
def share() -> ResponseReturnValue:
    """What an app handed over: its link stands in the field, and nothing begins before a press."""
    shared = [request.args.get(name, "").strip()[:LONGEST_SHARED] for name in ("url", "text", "title")]
    for each in filter(None, shared):
        try:
            return redirect(url_for("public.landing", link=" ".join(find_links(each)), via="share"))
        except Refused:
            continue
    form = LinkForm(link=next(filter(None, shared), ""))
    form.wrong("link", "link_missing")
    return render_template("public/landing.html", form=form, came={**first_touch(), "via": "share"})


@bp.get("/manifest.webmanifest")
@public
def manifest() -> ResponseReturnValue:
    """What a phone needs to keep us beside its apps, and to offer us where something is shared."""
    described = {
        "id": url_for("public.landing"),
        "name": site().service_name,
        "short_name": _short(site().service_name),
        "description": gettext(
            "We ask the shop and its rivals for a discount on exactly what you want to buy. Free, without an"
            " account."
        ),
        "lang": spoken_language(),
        "start_url": url_for("public.landing"),
        "scope": url_for("public.landing"),
        "display": "standalone",
        "theme_color": COLOUR,
        "background_color": PAPER,
        "icons": [{"src": asset(path), "sizes": sizes, "type": kind} for path, sizes, kind in ICONS],
        "share_target": {
            "action": url_for("share.share"),
            "method": "GET",
            "params": {"title": "title", "text": "text", "url": "url"},
        },
    }
    answer = Response(json.dumps(described), mimetype="application/manifest+json")
    answer.vary.update(("Cookie", "Accept-Language"))
    return answer


def _short(name: str) -> str:
    """What fits under an icon: whole words, unless the first is too long itself."""
    if len(name) <= UNDER_AN_ICON:
        return name
    return name[: UNDER_AN_ICON + 1].rpartition(" ")[0].rstrip() or name[:UNDER_AN_ICON]


def bookmark() -> str:
    """The address of the bookmark: all it does is open our first page with the address of the page shown."""
    ours = f"{site().base_url}{url_for('public.landing')}?via=bookmarklet&link="
    return f"javascript:void(location.href={json.dumps(ours)}+encodeURIComponent(location.href))"
