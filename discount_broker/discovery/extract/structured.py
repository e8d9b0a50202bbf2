"""What a page's metadata says of its product: JSON-LD, microdata, RDFa and Open Graph."""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from difflib import SequenceMatcher
from typing import Any

from discount_broker.discovery.extract import json_ld, microdata
from discount_broker.discovery.extract.gtin import read_gtin
from discount_broker.discovery.extract.json_ld import Node, text_of, types_of
from discount_broker.discovery.extract.page import Document, squeeze
from discount_broker.discovery.extract.prices import parse_price, read_hint
from discount_broker.discovery.extract.reading import Availability, Facts

CENT = Decimal("0.01")
PRODUCTS = frozenset(
    {
        "product",
        "productgroup",
        "individualproduct",
        "productmodel",
        "someproducts",
        "vehicle",
        "car",
        "book",
        "videogame",
    }
)
LISTS = frozenset({"itemlist", "collectionpage", "searchresultspage", "offercatalog"})
GTIN_KEYS = ("gtin", "gtin13", "gtin14", "gtin12", "gtin8", "ean", "ean13", "isbn", "productID")
AVAILABILITY = (
    (
        re.compile(
            r"outofstock|soldout|discontinued|out of stock|oos|нет в наличии|unavailable", re.IGNORECASE
        ),
        Availability.OUT_OF_STOCK,
    ),
    (
        re.compile(r"preorder|backorder|presale|pending|под заказ|madetoorder", re.IGNORECASE),
        Availability.PREORDER,
    ),
    (
        re.compile(
            r"instock|in stock|limitedavailability|onlineonly|instoreonly|available|в наличии|^stock$",
            re.IGNORECASE,
        ),
        Availability.IN_STOCK,
    ),
)


def read_facts(document: Document) -> list[Facts]:
    """One set of facts for each syntax that names the page's product, the most trusted first."""
    facts = []
    for source, nodes in (
        ("jsonld", json_ld.read_nodes(document)),
        ("microdata", microdata.read_nodes(document)),
    ):
        product = main_product(nodes, document)
        if product is not None:
            facts.append(_of_node(source, product, nodes, document))
    facts.append(_open_graph(document))
    return facts


def main_product(nodes: list[Node], document: Document) -> Node | None:
    """The one product that the page is about; None on a page that lists many."""
    products = [node for node in nodes if types_of(node) & PRODUCTS and text_of(node.get("name"))]
    products = [node for node in products if not _is_part(node, products)]
    if not products:
        return None
    best = max(products, key=lambda node: _fit(node, document))
    names = {text_of(node.get("name")) for node in products}
    return best if len(names) == 1 or _fit(best, document) >= 0.75 else None


def _is_part(node: Node, products: list[Node]) -> bool:
    """It is a variant, an accessory or a relative of another product."""
    parts = (
        "hasVariant",
        "isRelatedTo",
        "isSimilarTo",
        "isAccessoryOrSparePartFor",
        "isVariantOf",
        "isConsumableFor",
    )
    return any(node is part for other in products for key in parts for part in _listed(other.get(key)))


def _fit(node: Node, document: Document) -> float:
    """How much a product's name is the page's own title; an offer makes it likelier."""
    name = (text_of(node.get("name")) or "").lower()
    headings = [squeeze("".join(h1.itertext())) for h1 in document.tree.iter("h1")]
    alike = max((_alike(name, title.lower()) for title in (*headings, document.title)), default=0.0)
    return alike + 0.05 * bool(node.get("offers") or node.get("hasVariant"))


def _alike(name: str, title: str) -> float:
    if name and title and (name in title or title in name):
        return 0.8 + 0.2 * min(len(name), len(title)) / max(len(name), len(title))
    return SequenceMatcher(None, name[:200], title[:200], autojunk=False).ratio()


def _of_node(source: str, node: Node, nodes: list[Node], document: Document) -> Facts:
    offer = _best_offer(node)
    price, currency = _price(offer)
    variant = next(iter(_listed(node.get("hasVariant"))), {})
    image = text_of(_image(node.get("image") or variant.get("image")))
    return Facts(
        source=source,
        title=text_of(node.get("name")),
        price=price,
        currency=currency,
        old_price=_old_price(offer, price),
        brand=_brand(node.get("brand") or node.get("manufacturer") or variant.get("brand")),
        model=text_of(node.get("model")) or text_of(node.get("mpn") or variant.get("mpn")),
        sku=text_of(node.get("sku") or variant.get("sku") or offer.get("sku")),
        gtin=_gtin(node, offer, variant),
        image=document.resolve(image) if image else None,
        availability=read_availability(text_of(offer.get("availability"))),
        category=breadcrumbs(nodes) or _category(node),
    )


def _listed(value: Any) -> list[Node]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]


def _best_offer(node: Node) -> Node:
    """The offer that is for sale now; of several the first with a price."""
    offers = _listed(node.get("offers"))
    for variant in _listed(node.get("hasVariant")):
        offers += _listed(variant.get("offers"))
    inner = [deep for offer in offers if _price(offer)[0] is None for deep in _listed(offer.get("offers"))]
    priced = [offer for offer in (*offers, *inner) if _price(offer)[0] is not None]
    for_sale = [
        offer
        for offer in priced
        if read_availability(text_of(offer.get("availability"))) != Availability.OUT_OF_STOCK
    ]
    return next(iter(for_sale or priced or offers), {} if node.get("price") is None else node)


def _price(offer: Node) -> tuple[Decimal | None, str | None]:
    specified = _specified(offer)
    currency = text_of(offer.get("priceCurrency")) or text_of(specified.get("priceCurrency"))
    for value in (offer.get("price"), specified.get("price"), offer.get("lowPrice"), offer.get("highPrice")):
        text = text_of(value)
        amount, named = parse_price(text, currency) if text else (None, None)
        if amount:
            return _rounded(amount), read_hint(currency) or named
    return None, read_hint(currency)


def _rounded(amount: Decimal) -> Decimal:
    """To the cent where a shop's arithmetic shows: 210.852001."""
    exponent = amount.as_tuple().exponent
    return amount.quantize(CENT, ROUND_HALF_UP) if isinstance(exponent, int) and exponent < -3 else amount


def _specified(offer: Node) -> Node:
    """The price specification that is neither a list price nor one per unit."""
    parts = _listed(offer.get("priceSpecification"))
    plain = [
        part
        for part in parts
        if not re.search(
            r"list|strike|srp|msrp|unit",
            str(part.get("priceType", "")) + str(part.get("@type", "")),
            re.IGNORECASE,
        )
    ]
    return next(iter(plain or parts), {})


def _old_price(offer: Node, price: Decimal | None) -> Decimal | None:
    for part in _listed(offer.get("priceSpecification")):
        if re.search(r"list|strike|srp|regular", str(part.get("priceType", "")), re.IGNORECASE):
            amount = parse_price(text_of(part.get("price")))[0]
            if amount and price and amount > price:
                return amount
    return None


def _brand(value: Any) -> str | None:
    text = text_of(value)
    return (
        None
        if text is None or text.lower() in ("unknown", "n/a", "-", "none", "null") or "://" in text
        else text[:120]
    )


def _gtin(*nodes: Node) -> str | None:
    keyed = (
        read_gtin(
            re.sub(r"^(?:ean|gtin\d*|isbn|upc):", "", text_of(node.get(key)) or "", flags=re.IGNORECASE)
        )
        for node in nodes
        for key in GTIN_KEYS
    )
    return next((gtin for gtin in keyed if gtin), None)


def _image(value: Any) -> Any:
    first = value[0] if isinstance(value, list) and value else value
    return (
        first.get("contentUrl") or first.get("url") or first.get("@id") if isinstance(first, dict) else first
    )


def _category(node: Node) -> tuple[str, ...] | None:
    text = text_of(node.get("category"))
    if not text or "://" in text:
        return None
    return (
        tuple(part for piece in re.split(r"\s*(?:>|/|»|→|\|)\s*", text) if (part := squeeze(piece)))[:8]
        or None
    )


def breadcrumbs(nodes: Iterable[Node]) -> tuple[str, ...] | None:
    """The path of categories that the metadata gives, without the way home and the product itself."""
    for node in nodes:
        if "breadcrumblist" not in types_of(node):
            continue
        steps = _listed(node.get("itemListElement"))
        names = [
            text_of(step.get("name")) or text_of(step.get("item")) for step in sorted(steps, key=_position)
        ]
        path = tuple(name for name in names if name and "://" not in name)
        if len(path) > 1:
            return path[1:-1] if len(path) > 2 else path[1:]
    return None


def _position(step: Node) -> int:
    digits = re.sub(r"\D", "", text_of(step.get("position")) or "")
    return int(digits[:4]) if digits else 0


def read_availability(text: str | None) -> Availability | None:
    """What a schema.org term, or its like, says."""
    if not text:
        return None
    term = text.rstrip("/").rpartition("/")[2]
    return next((availability for pattern, availability in AVAILABILITY if pattern.search(term)), None)


def _open_graph(document: Document) -> Facts:
    metas = {
        key.lower(): squeeze(meta.get("content"))
        for meta in document.tree.iter("meta")
        if (key := meta.get("property") or meta.get("name")) and meta.get("content")
    }
    amount = _first(metas, "product:sale_price:amount", "product:price:amount", "og:price:amount")
    named = _first(metas, "product:price:currency", "og:price:currency")
    price, currency = parse_price(amount, named) if amount else (None, None)
    is_product = "product" in metas.get("og:type", "") or bool(price)
    image = _first(metas, "og:image", "og:image:secure_url")
    return Facts(
        source="opengraph",
        title=metas.get("og:title") if is_product else None,
        price=price or None,
        currency=currency if price else None,
        brand=_first(metas, "product:brand", "og:brand"),
        sku=metas.get("product:retailer_item_id"),
        gtin=read_gtin(_first(metas, "product:ean", "product:isbn", "product:upc")),
        image=document.resolve(image) if image else None,
        availability=read_availability(_first(metas, "product:availability", "og:availability")),
    )


def _first(metas: dict[str, str], *keys: str) -> str | None:
    return next((metas[key] for key in keys if metas.get(key)), None)


def is_listing(document: Document) -> bool:
    """The metadata calls the page a list of products."""
    nodes = [*json_ld.read_nodes(document), *microdata.read_nodes(document)]
    products = {text_of(node.get("name")) for node in nodes if types_of(node) & PRODUCTS}
    return any(types_of(node) & LISTS for node in nodes) and len(products) != 1
