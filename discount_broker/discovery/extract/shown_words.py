"""Words by which a page tells that it sells, and at what stock. For text in lower case."""

import re

BUY = re.compile(
    r"add to (?:cart|basket|bag|trolley|order)|buy (?:it )?now|в корзину|купить|заказать|положить в|"
    r"in den (?:warenkorb|einkaufswagen)|ajouter au panier|"
    r"acheter|añadir al? (?:carrito|cesta)|agregar al|comprar|aggiungi al carrello|acquista|"
    r"do koszyka|do košíku|do košíka|v košarico|u košaricu|dodaj u|kosárba|in winkel(?:wagen|mandje)|"
    r"оформить заказ|в кошик|у кошик|pre-?order|jetzt kaufen|lägg i|læg i|legg i|adauga in cos|adaugă în|"
    r"toevoegen|purchase|add item|į krepšelį|pievienot grozam|ielikt grozā|добавить в|"
    r"sepete ekle|adicionar ao|lisaa? ostukori|カートに入れる|加入購物車|加入购物车|立即購買|"
    r"立即购买|장바구니|הוסף לסל|הוספה לסל|أضف إلى"
)
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
