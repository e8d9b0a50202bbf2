"""What a page's metadata says of its product: JSON-LD, microdata, RDFa and Open Graph."""

import re
from collections.abc import Iterable
from typing import Any

from discount_broker.discovery.extract.pages.page import Document, inner_text, squeeze
from discount_broker.discovery.extract.products import json_ld, microdata
from discount_broker.discovery.extract.products.gtin import read_gtin
from discount_broker.discovery.extract.products.json_ld import Node, text_of, types_of
from discount_broker.discovery.extract.products.offers import (
    best_offer,
    list_price,
    listed,
    offer_price,
    read_availability,
    stock_of,
)
from discount_broker.discovery.extract.products.prices import parse_price
from discount_broker.discovery.extract.products.reading import Facts
from discount_broker.discovery.extract.products.shown_title import alike
from discount_broker.discovery.extract.vocabulary import words

PRODUCTS = words(
    "product productgroup individualproduct productmodel someproducts vehicle car book videogame"
)
LISTS = words("itemlist collectionpage searchresultspage offercatalog")
GTIN_KEYS = ("gtin", "gtin13", "gtin14", "gtin12", "gtin8", "ean", "ean13", "isbn", "productID")
GTIN_PREFIX = re.compile(r"^(?:ean|gtin\d*|isbn|upc):", re.IGNORECASE)
PARTS = (
    *("hasVariant", "isRelatedTo", "isSimilarTo", "isAccessoryOrSparePartFor"),
    *("isVariantOf", "isConsumableFor"),
)
NO_BRAND = words("unknown n/a - none null undefined")
STEP = re.compile(r"\s*(?:>|/|»|→|\|)\s*")
MOST_PRODUCTS = 200


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
    parts = _parts_of(products)
    products = [node for node in products if id(node) not in parts][:MOST_PRODUCTS]
    if not products:
        return None
    titles = [inner_text(heading) for heading in document.tree.iter("h1")][:20]
    fits = [_fit(node, [*titles, document.title]) for node in products]
    best = max(range(len(products)), key=fits.__getitem__)
    names = {text_of(node.get("name")) for node in products}
    return products[best] if len(names) == 1 or fits[best] >= 0.75 else None


def _parts_of(products: list[Node]) -> set[int]:
    """Variants, accessories and relatives of other products."""
    return {
        id(part) for product in products for key in PARTS if key in product for part in listed(product[key])
    }


def _fit(node: Node, titles: list[str]) -> float:
    """How much a product's name is the page's own title; an offer makes it likelier."""
    name = text_of(node.get("name")) or ""
    fit = max((alike(name, title) for title in titles), default=0.0)
    return fit + 0.05 * bool(node.get("offers") or node.get("hasVariant"))


def _of_node(source: str, node: Node, nodes: list[Node], document: Document) -> Facts:
    offer = best_offer(node)
    price, currency = offer_price(offer)
    variant = next(iter(listed(node.get("hasVariant"))), {})
    image = text_of(_image(node.get("image") or variant.get("image")))
    return Facts(
        source=source,
        title=text_of(node.get("name")),
        price=price,
        currency=currency,
        old_price=list_price(offer, price),
        brand=_brand(node.get("brand") or node.get("manufacturer") or variant.get("brand")),
        model=text_of(node.get("model")) or text_of(node.get("mpn") or variant.get("mpn")),
        sku=text_of(node.get("sku") or variant.get("sku") or offer.get("sku")),
        gtin=_gtin(node, offer, variant),
        image=document.resolve(image) if image else None,
        availability=stock_of(offer),
        category=breadcrumbs(nodes) or _category(node),
    )


def _brand(value: Any) -> str | None:
    text = text_of(value)
    return None if text is None or text.lower() in NO_BRAND or "://" in text else text[:120]


def _gtin(*nodes: Node) -> str | None:
    keyed = (
        read_gtin(GTIN_PREFIX.sub("", text_of(node.get(key)) or "")) for node in nodes for key in GTIN_KEYS
    )
    return next((gtin for gtin in keyed if gtin), None)


def _image(value: Any) -> Any:
    first = value[0] if isinstance(value, list) and value else value
    if isinstance(first, dict):
        return first.get("contentUrl") or first.get("url") or first.get("@id")
    return first


def _category(node: Node) -> tuple[str, ...] | None:
    text = text_of(node.get("category"))
    if not text or "://" in text:
        return None
    return tuple(part for piece in STEP.split(text[:500]) if (part := squeeze(piece)))[:8] or None


def breadcrumbs(nodes: Iterable[Node]) -> tuple[str, ...] | None:
    """The path of categories that the metadata gives, without the way home and the product itself."""
    for node in nodes:
        if "breadcrumblist" not in types_of(node):
            continue
        steps = sorted(listed(node.get("itemListElement"))[:20], key=_position)
        names = [text_of(step.get("name")) or text_of(step.get("item")) for step in steps]
        path = tuple(name for name in names if name and "://" not in name)
        if len(path) > 1:
            return path[1:-1] if len(path) > 2 else path[1:]
    return None


def _position(step: Node) -> int:
    digits = re.sub(r"\D", "", (text_of(step.get("position")) or "")[:9])
    return int(digits[:4]) if digits.isascii() and digits else 0


def _open_graph(document: Document) -> Facts:
    metas = {
        key.lower(): content
        for meta in document.tree.iter("meta")
        if (key := meta.get("property") or meta.get("name")) and (content := meta.get("content"))
    }
    amount = _first(metas, "product:sale_price:amount", "product:price:amount", "og:price:amount")
    named = _first(metas, "product:price:currency", "og:price:currency")
    price, currency = parse_price(amount, named) if amount else (None, None)
    is_product = "product" in metas.get("og:type", "") or bool(price)
    image = _first(metas, "og:image", "og:image:secure_url")
    return Facts(
        source="opengraph",
        title=_first(metas, "og:title") if is_product else None,
        price=price or None,
        currency=currency if price else None,
        brand=_first(metas, "product:brand", "og:brand"),
        sku=_first(metas, "product:retailer_item_id"),
        gtin=read_gtin(_first(metas, "product:ean", "product:isbn", "product:upc")),
        image=document.resolve(image) if image else None,
        availability=read_availability(_first(metas, "product:availability", "og:availability")),
    )


def _first(metas: dict[str, str], *keys: str) -> str | None:
    return next((text for key in keys if (text := squeeze(metas.get(key, "")))), None)


def is_listing(document: Document) -> bool:
    """The metadata calls the page a list of products."""
    nodes = [*json_ld.read_nodes(document), *microdata.read_nodes(document)]
    products = {text_of(node.get("name")) for node in nodes if types_of(node) & PRODUCTS}
    return any(types_of(node) & LISTS for node in nodes) and len(products) != 1
