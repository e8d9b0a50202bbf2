"""Where a visitor came from: the site's name and the campaign, never the page they read there."""

from flask import request

from discount_broker.discount_requests.rules import ORIGIN, clean_origin
from discount_broker.kernel.site import site
from discount_broker.kernel.urls import host_of

FIELD = "came_"
"""What the names of the hidden fields begin with that carry it from the first page to the draft."""
TAGS = {"campaign": "utm_campaign", "source": "utm_source", "medium": "utm_medium"}
"""As links of campaigns name them."""


def first_touch() -> dict[str, str]:
    """What the form carries, where it does; else what this very visit tells."""
    carried = {name: request.form[f"{FIELD}{name}"] for name in ORIGIN if f"{FIELD}{name}" in request.form}
    return clean_origin(carried or _this_visit())


def _this_visit() -> dict[str, str]:
    tags = {name: request.args.get(tag, "") for name, tag in TAGS.items()}
    return {"via": request.args.get("via", ""), "referrer": other_site(), **tags}


def other_site() -> str:
    """Whose page led here; nothing where it was one of ours."""
    referrer = host_of(request.headers.get("Referer", ""))
    if not referrer:
        return ""
    return "" if referrer in (host_of(site().base_url), host_of(request.host_url)) else referrer
