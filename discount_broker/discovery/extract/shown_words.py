"""Words by which a page tells that it sells, at what stock, and what the article is."""

import re

BUY = re.compile(
    r"add to (?:cart|basket|bag|trolley)|buy (?:it )?now|в корзину|купить|заказать|положить в|"
    r"in den (?:warenkorb|einkaufswagen)|ajouter au panier|"
    r"acheter|añadir al? (?:carrito|cesta)|comprar|aggiungi al carrello|do koszyka|do košíku|"
    r"kosárba|in winkel(?:wagen|mandje)|оформить заказ|"
    r"в кошик|add to order|pre-?order|jetzt kaufen|lägg i|adauga in cos|toevoegen|purchase|"
    r"add item|у кошик|į krepšelį|добавить в",
    re.IGNORECASE,
)
BUY_CODE = re.compile(
    r"add[-_]?(?:to[-_]?)?(?:cart|basket|bag)|addtocart|buy[-_]?(?:now|button|btn)|"
    r"btn[-_]?buy|to[-_]?cart|tobasket",
    re.IGNORECASE,
)
GONE = re.compile(
    r"нет в наличии|нет на складе|товар закончился|распродано|снят с производства|"
    r"out of stock|sold out|currently unavailable|ausverkauft|"
    r"nicht (?:mehr )?(?:auf lager|verfügbar|lieferbar)|rupture de stock|épuisé|agotado|"
    r"esaurito|no longer available|discontinued|vyprodáno|немає в наявності",
    re.IGNORECASE,
)
LATER = re.compile(
    r"предзаказ|под заказ|pre-?order|backorder|vorbestell|ожидается поступление", re.IGNORECASE
)
THERE = re.compile(
    r"в наличии|есть на складе|на складе|in stock|auf lager|sofort (?:lieferbar|verfügbar)|"
    r"\blieferbar|lagernd|en stock|disponible|verfügbar|"
    r"ready to ship|ships (?:in|within|today)|available now|op voorraad|skladem|raktáron|"
    r"є в наявності|disponibile|na stanie",
    re.IGNORECASE,
)
LABELS = {
    "brand": re.compile(
        r"^(?:brand|бренд|производитель|marke|hersteller|manufacturer|марка|торговая марка|marque|"
        r"marca|vendor)\s*[:：]?\s*",
        re.IGNORECASE,
    ),
    "model": re.compile(
        r"^(?:model(?: (?:no|number|name|nr))?\.?|модель|modell|mpn|herstellernummer|"
        r"manufacturer part number|hersteller-?nr\.?|part number)\s*[:：#]\s*",
        re.IGNORECASE,
    ),
    "sku": re.compile(
        r"^(?:sku|артикул|арт\.?|код(?: товара)?|item(?: (?:no|number|#))?\.?|"
        r"art(?:ikel)?\.?-?(?:nr|nummer)\.?|product code|référence|ref\.?|stock code)\s*[:：#№]\s*",
        re.IGNORECASE,
    ),
    "gtin": re.compile(r"^(?:ean|gtin|upc|штрих-?код|barcode|isbn(?:-?13)?)\s*[:：]?\s*", re.IGNORECASE),
}
MARKS = re.compile(r"[€£₽₴₸₺₹₪¥]|(?<![A-Za-z])\$|\bруб|\bEUR\b|\bzł|\bKč|\bUSD\b|\bCHF\b")
TITLE_CLASS = re.compile(
    r"product[-_]?(?:title|name)|(?:title|name)[-_]?product|goods[-_]?(?:title|name)|"
    r"item[-_]?(?:title|name)|prod[-_]?(?:name|title)",
    re.IGNORECASE,
)
