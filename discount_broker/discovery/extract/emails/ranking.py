"""How likely an address is read by whoever sells: by its name, its domain and what stands beside it."""

import re

from discount_broker.discovery.extract.emails.addresses import is_own, same_name
from discount_broker.discovery.extract.emails.sources import Sighting
from discount_broker.discovery.extract.pages.page import Document
from discount_broker.discovery.extract.vocabulary import words
from discount_broker.kernel.emails import FREE_MAIL

GOOD = words(
    "sale sales zakaz zakazy order orders shop store magazin opt optom b2b verkauf vertrieb bestellung "
    "bestellungen vente ventes ventas commande commandes boutique pedidos pedido tienda vendas loja "
    "ordini vendite negozio prodazhi prodaji prodaja klient klienty client clients manager zamowienia "
    "zamowienie sprzedaz sklep obchod objednavky eshop im online verkoop bestelling bestellen "
    "internetmagazin webshop onlineshop einkauf retail wholesale trade sbyt torg market"
)
GOOD_STEM = re.compile(
    r"sales|zakaz|order|bestell|command|pedid|zamow|sprzed|prodaz|client|shop|magaz|verkauf"
)
FAIR = words(
    "info information hello hallo hi hola bonjour contact contacts contacto contatti contatto kontakt "
    "kontakty contato mail email office support help service kundenservice kundendienst klantenservice "
    "customer customers customerservice customercare enquiries enquiry inquiries inquiry post ask care "
    "welcome team biuro obsluga pomoc bok atencion atencionalcliente ayuda serviceclient sav assistenza "
    "clienti podpora zakaznik helpdesk hotline kundenbetreuung"
)
FAIR_STEM = re.compile(r"^(?:contact|kontakt|customer|enquir|inquir|kund)")
POOR = words(
    "abuse postmaster hostmaster webmaster web noreply privacy datenschutz dpo dsgvo gdpr rgpd rodo iod "
    "lopd legal security job jobs hr career careers karriere kariera bewerbung bewerbungen recrutement "
    "rrhh empleo praca rekrutacja kadry press presse pressa prensa prasa smi pr media invoice invoices "
    "rechnung faktury faktura buchhaltung ksiegowosc comptabilite buh buhg billing accounting dev "
    "developer rabota vacancy resume vakansii reklama marketing ads seo complaint complaints "
    "unsubscribe donation donations investor investors redaktion newsletter news webmestre admin "
    "administrator root it bounce mailer affiliate affiliates partner partners personal hiring vacature"
    " vacatures volunteer volunteers finance tax redac redaction redazione ucetni socialmedia"
)
POOR_STEM = re.compile(r"^(?:no-?reply|do-?not-?reply|ne-?pas-?repondre|buh|dev|investor|newsletter)")
CONTACT_PAGE = re.compile(
    r"contact|kontakt|contatt|impressum|imprint|about|rekvizit|feedback|o-nas|o-kompanii|chi-siamo|contato",
    re.IGNORECASE,
)
STUDIO = re.compile(
    r"(?:web|сайт|site)[-\w]*(?:studio|студия|design|dev|master)|(?:разработ|создан|продвиж|"
    r"поддержк|made|develop|design|powered)[\w\s]{0,20}(?:сайт|site|web|by\b)|"
    r"(?:разработка|создание|продвижение)\s+сайт|web-?(?:site|design|entwicklung)\s*(?:by|von|:|—|-)|"
    r"(?:umsetzung|realisation|réalisation|realizacja|realizzazione|sviluppo|desarrollo|diseño)\s*"
    r"(?:by|von|par|web|sito|strony|:)",
    re.IGNORECASE,
)


def confidence(address: str, sighting: Sighting, document: Document) -> float:
    """From 0.02 to 0.99: how good a door this address is."""
    local, _, domain = address.rpartition("@")
    score = sighting.certainty - 0.25 + _nearness(local, domain, document) + purpose(local)
    if sighting.source != "mailto" and STUDIO.search(sighting.snippet) and not is_own(domain, document.host):
        score -= 0.4
    return round(min(max(score, 0.02), 0.99), 2)


def _nearness(local: str, domain: str, document: Document) -> float:
    if is_own(domain, document.host):
        return 0.25
    if same_name(domain, document.host):
        return 0.18
    if domain not in FREE_MAIL:
        return 0.0
    # A small shop's box at a free service is often named after the shop.
    if same_name(f"{re.sub(r'[^a-z]', '', local)}.com", document.host):
        return 0.12
    return 0.08 if CONTACT_PAGE.search(document.url) else 0.02


def purpose(local: str) -> float:
    """What the name of a box says: orders before questions before nothing, and last what is for others."""
    parts = set(re.split(r"[^a-z]+", local))
    if parts & POOR or POOR_STEM.match(local):
        return -0.3
    if parts & GOOD or GOOD_STEM.search(local):
        return 0.09
    return 0.06 if parts & FAIR or FAIR_STEM.match(local) else 0.0
