"""Words by which a page tells that it sells, and at what stock. For text in lower case."""

import re

BUY_WORDS = (
    *("add to cart", "add to basket", "add to bag", "add to trolley", "add to order", "add item", "buy now"),
    *("buy it now", "pre-order", "preorder", "purchase", "в корзину", "купить", "заказать", "положить в"),
    *("оформить заказ", "добавить в", "в кошик", "у кошик", "in den warenkorb", "in den einkaufswagen"),
    *("jetzt kaufen", "ajouter au panier", "acheter", "añadir al carrito", "añadir a la cesta"),
    *("añadir al cesta", "añadir a cesta", "agregar al", "comprar", "adicionar ao", "aggiungi al carrello"),
    *("acquista", "do koszyka", "do košíku", "do košíka", "v košarico", "u košaricu", "dodaj u", "kosárba"),
    *("in winkelwagen", "in winkelmandje", "toevoegen", "lägg i", "læg i", "legg i", "lisa ostukori"),
    *("lisaa ostukori", "adauga in cos", "adaugă în", "į krepšelį", "pievienot grozam", "ielikt grozā"),
    *("sepete ekle", "カートに入れる", "加入購物車", "加入购物车", "立即購買", "立即购买", "장바구니"),
    *("הוסף לסל", "הוספה לסל", "أضف إلى"),
)
BUY = re.compile("|".join(map(re.escape, BUY_WORDS)))
BUY_CODE = re.compile(
    r"add[-_]?(?:to[-_]?)?(?:cart|basket|bag)|addtocart|buy[-_]?(?:now|button|btn)|"
    r"btn[-_]?buy|to[-_]?cart|tobasket|in[-_]?den[-_]?warenkorb"
)
GONE = re.compile(
    r"нет в наличии|нет на складе|товар закончился|распродано|снят с производства|"
    r"out of stock|sold out|currently unavailable|ausverkauft|"
    r"nicht (?:mehr )?(?:auf lager|verfügbar|lieferbar)|rupture de stock|épuisé|agotado|"
    r"esaurito|no longer available|discontinued|vyprodáno|vypredané|немає в наявності|"
    r"actuellement indisponible|non disponibile|no disponible|esgotado|wyprzedany|niedostępny|slutsåld|"
    r"udsolgt|uitverkocht|elfogyott|tükendi|item unavailable|notify me when|сообщить о поступлении|"
    r"benachrichtigen sie mich"
)
LATER = re.compile(r"предзаказ|под заказ|pre-?order|backorder|vorbestell|ожидается поступление")
THERE = re.compile(
    r"в наличии|есть на складе|на складе|in stock|auf lager|sofort (?:lieferbar|verfügbar)|"
    r"\blieferbar|lagernd|en stock|disponible|verfügbar|"
    r"ready to ship|ships (?:in|within|today)|available now|op voorraad|skladem|na sklade|raktáron|"
    r"є в наявності|disponibile|disponibilità immediata|na stanie|na zalogi|na zalihi|dostupno|dostępny|"
    r"i lager|på lager|em estoque|stokta|in magazzino|\bav noliktavā|есть в наличии"
)
"""`GONE` is to be asked first: `не в наличии` holds `в наличии`."""
