"""One Flask application that is every demo shop: the Host header says which."""

from collections.abc import Callable
from pathlib import Path

from flask import Flask, Response, abort, current_app, g, render_template, request
from markupsafe import Markup, escape
from werkzeug.exceptions import NotFound

from demo.shops import feedback, search
from demo.shops.directory import SHOPS, Shop, find_shop
from demo.shops.feeds import merchant_feed, yml_feed
from demo.shops.letterbox import Letterbox
from demo.shops.pictures import picture
from demo.shops.words import WORDS


def create_shops(data: Path, mailbox: Path, service_url: str) -> Flask:
    """All shops; forms are kept under `data`, mail is read from `mailbox`."""
    app = Flask(__name__)
    app.config["SERVICE_URL"] = service_url.rstrip("/")
    app.config["MAX_CONTENT_LENGTH"] = 256 * 1024
    app.extensions["letterbox"] = Letterbox(data, mailbox)
    app.jinja_env.filters["hidden_from_robots"] = hidden_from_robots
    app.jinja_env.globals["SHOPS"] = SHOPS
    app.before_request(choose_shop)
    app.context_processor(shop_words)
    app.after_request(in_the_charset_of_the_shop)
    app.register_error_handler(404, show_missing)
    for rule, view in ROUTES.items():
        app.add_url_rule(rule, view_func=view)
    app.add_url_rule(search.PATH, "search", search.answer)
    app.register_blueprint(feedback.bp)
    return app


def choose_shop() -> str | None:
    shop = find_shop(request.host)
    if shop and request.path == search.PATH:
        abort(404)  # the town's, and no shop's
    if shop:
        g.shop = shop
        return None
    if request.path.startswith("/static/") or request.path == search.PATH:
        return None
    return render_template("town.html", port=request.host.rpartition(":")[2])


def shop_words() -> dict[str, object]:
    shop: Shop | None = g.get("shop")
    return {"shop": shop, "t": WORDS[shop.language if shop else "en"]}


def in_the_charset_of_the_shop(response: Response) -> Response:
    """A shop of 2005 speaks windows-1251; what it cannot spell becomes an entity."""
    shop: Shop | None = g.get("shop")
    if (
        shop
        and shop.charset != "utf-8"
        and response.mimetype == "text/html"
        and not response.direct_passthrough
    ):
        response.set_data(response.get_data(as_text=True).encode(shop.charset, "xmlcharrefreplace"))
        response.headers["Content-Type"] = f"text/html; charset={shop.charset}"
    return response


def hidden_from_robots(address: str) -> Markup:
    """An address as Cloudflare hides it: a key, then every byte of the address xor that key, in hex."""
    key = 0x5A
    return Markup(escape(bytes([key, *(byte ^ key for byte in address.encode())]).hex()))


def show_missing(_error: NotFound) -> tuple[str, int]:
    return render_template("missing.html"), 404


def home() -> str:
    wanted = request.args.get("q", "").strip().lower()
    listings = [listing for listing in g.shop.listings if wanted in listing.title.lower()]
    return render_template("home.html", listings=listings, wanted=wanted)


def product(slug: str) -> str:
    listing = g.shop.find_listing(slug)
    if not listing:
        abort(404)
    others = [other for other in g.shop.listings if other != listing][:3]
    return render_template("product.html", listing=listing, others=others)


def delivery() -> str:
    return render_template("delivery.html")


def staff() -> str:
    letterbox: Letterbox = current_app.extensions["letterbox"]
    return render_template("staff.html", letters=letterbox.letters(g.shop))


def drawing(key: str) -> Response:
    listing = next((listing for listing in g.shop.listings if listing.product.key == key), None)
    if not listing:
        abort(404)
    response = Response(picture(listing.product.drawing, g.shop.ground), mimetype="image/png")
    response.cache_control.max_age = 3600
    return response


def robots() -> Response:
    closed = ["/staff", "/cart"] + (["/contact"] if g.shop.key == "harbour" else [])
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in closed),
        f"Sitemap: {request.host_url}sitemap.xml",
        "",
    ]
    return Response("\n".join(lines), mimetype="text/plain")


def sitemap() -> Response:
    paths = ["/", feedback.contact_path(g.shop), "/delivery", *(listing.path for listing in g.shop.listings)]
    return Response(render_template("sitemap.xml", paths=paths), mimetype="application/xml")


def feed() -> Response:
    if request.path != g.shop.feed:
        abort(404)
    write = yml_feed if request.path.endswith(".yml") else merchant_feed
    return Response(write(g.shop, request.host_url.rstrip("/")), mimetype="application/xml")


ROUTES: dict[str, Callable[..., Response | str]] = {
    "/": home,
    "/catalog/<slug>": product,
    "/products/<slug>": product,
    "/delivery": delivery,
    "/staff": staff,
    "/pictures/<key>.png": drawing,
    "/robots.txt": robots,
    "/sitemap.xml": sitemap,
    "/feed.yml": feed,
    "/feed.xml": feed,
}
