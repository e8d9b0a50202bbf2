"""Product feeds as shops publish them for price comparison: Yandex YML and Google Merchant."""

from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from demo.shops.directory import Listing, Shop

GOOGLE = "http://base.google.com/ns/1.0"
CATEGORY_IDS = {
    "Велосипеды": "1",
    "Наушники и звук": "2",
    "Кофе и чай": "3",
    "Походы": "4",
    "Рабочее место": "5",
}


def yml_feed(shop: Shop, home: str) -> bytes:
    """`home` is the address of the shop, without a slash at its end."""
    root = Element("yml_catalog", date="2026-11-20T06:00:00+03:00")
    body = SubElement(root, "shop")
    for name, value in (("name", shop.name), ("company", shop.name), ("url", f"{home}/")):
        SubElement(body, name).text = value
    SubElement(SubElement(body, "currencies"), "currency", id=shop.currency, rate="1")
    categories = SubElement(body, "categories")
    for name, number in CATEGORY_IDS.items():
        SubElement(categories, "category", id=number).text = name
    offers = SubElement(body, "offers")
    for listing in shop.listings:
        _yml_offer(offers, listing, home)
    return _written(root)


def _yml_offer(offers: Element, listing: Listing, home: str) -> None:
    product = listing.product
    offer = SubElement(offers, "offer", id=product.key, available="true")
    fields = {
        "url": home + listing.path,
        "price": str(listing.price),
        "currencyId": "RUR",
        "categoryId": CATEGORY_IDS[product.category["ru"]],
        "picture": f"{home}/pictures/{product.key}.png",
        "name": listing.title,
        "vendor": product.brand,
        "model": product.model,
        "barcode": product.gtin,
        "description": product.text["ru"],
    }
    for name, value in fields.items():
        SubElement(offer, name).text = value


def merchant_feed(shop: Shop, home: str) -> bytes:
    register_namespace("g", GOOGLE)
    channel = SubElement(root := Element("rss", version="2.0"), "channel")
    for name, value in (("title", shop.name), ("link", f"{home}/"), ("description", shop.tagline)):
        SubElement(channel, name).text = value
    for listing in shop.listings:
        _merchant_item(channel, listing, home)
    return _written(root)


def _merchant_item(channel: Element, listing: Listing, home: str) -> None:
    product = listing.product
    item = SubElement(channel, "item")
    fields = {
        "id": product.key,
        "title": listing.title,
        "description": product.text["en"],
        "link": home + listing.path,
        "image_link": f"{home}/pictures/{product.key}.png",
        "availability": "in_stock",
        "condition": "new",
        "price": f"{listing.old_price or listing.price:.2f} {listing.currency}",
        "brand": product.brand,
        "mpn": product.model,
        "gtin": product.gtin,
        "product_type": product.category["en"],
    }
    if listing.old_price:
        fields["sale_price"] = f"{listing.price:.2f} {listing.currency}"
    for name, value in fields.items():
        SubElement(item, f"{{{GOOGLE}}}{name}").text = value


def _written(root: Element) -> bytes:
    indent(root)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))
