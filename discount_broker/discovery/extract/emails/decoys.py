"""Addresses nobody of the shop reads: samples of templates, machines, platforms, names of files."""

import re

from discount_broker.discovery.extract.vocabulary import words

SAMPLE_LOCAL = re.compile(
    r"^(?:e-?mail|mail|name|your?|your[._-]?(?:e?mail|name|address)|user(?:name)?|login|you|me|"
    r"(?:john|jane)[._]?(?:doe|smith)|j\.?doe|jan[._]?kowalski|max[._]?mustermann|erika[._]?mustermann|"
    r"(?:ivan(?:ov)?|petr(?:ov)?)[._]?(?:ivanov|petrov)|mario[._]?rossi|juan[._]?perez|jean[._]?dupont|"
    r"vorname(?:[._]nachname)?|nome(?:[._]cognome)?|imie(?:[._]nazwisko)?|nombre(?:[._]apellidos?)?|"
    r"prenom(?:[._]nom)?|first(?:name)?[._]last(?:name)?|someone|somebody|example|sample|test|foo|xxx+|"
    r"abc|asd|qwe(?:rty)?|123+|o\.teu\.email|ihre?|deine?|votre|ton|tu|su|twoj|adres|correo|adresse|"
    r"ejemplo|exemplo|exemple|beispiel|przyklad|primer|pochta|vash[ae]?|imya|address|"
    r"(?:ihre|deine|votre|tu|twoj)[._-]?(?:e?mail|adresse|correo))$"
)
SHORT_SAMPLES = words("mail email me adres correo address tu su ton")
"""Names that are samples on a sample's domain alone: `mail@mail.com`, but not `mail@kettles.pl`."""
SAMPLE_DOMAIN = re.compile(
    r"(?:^|\.)(?:example|exemple|exemplo|ejemplo|beispiel|primer|przyklad|yourdomain|your-?domain|"
    r"your-?site|your-?company|your-?e?mail|your-?store|your-?shop|your-?website|"
    r"domain|domena|domaine|dominio|mydomain|mysite|website|company|firma|server|site|test|email|host|"
    r"somewhere|sample|xyz|abc|acme|bigpond|agency|provider|anbieter|adresse|correo|xxx+|aaa|asd)\.[a-z.]{2,6}$"
)
ALWAYS_SAMPLE = re.compile(
    r"(?:^|\.)(?:example|exemple|exemplo|ejemplo|beispiel|yourdomain|your-domain|yoursite|your-site|"
    r"youremail|your-email|mysite|yourstore|your-store|yourshop|yourcompany|your-company|mydomain|domena|"
    r"yourwebsite|primer|mailservice|companyname|mycompany|my-?shop|mystore)\.[a-z.]{2,6}$|"
    r"(?:^|\.)domain\.(?:com|ru|tld|de|org)$|\.(?:invalid|example|test)$|"
    r"^(?:email|website|server|test|site|company|mail)\.(?:com|ru|net|tld)$(?<!^mail\.ru)(?<!^mail\.com)"
)
OWN_SAMPLE = re.compile(r"^(?:nome\.cognome|vorname\.nachname|matricola|name\.surname|firstname\.lastname)$")
MACHINE_DOMAIN = re.compile(
    r"(?:^|\.)(?:sentry\.io|sentry[\w.-]*|ingest\.[\w.-]+|wixpress\.com|bugsnag\.com|rollbar\.com|raygun\.io|"
    r"group\.calendar\.google\.com|[\w-]+\.gserviceaccount\.com|schema\.org|w3\.org|mastodon\.[a-z]+|"
    r"lemmy\.[a-z]+|hachyderm\.io|webmention\.io|jabber\.\w+|[cg]\.us|s\.whatsapp\.net|"
    r"privaterelay\.appleid\.com)$|(?:^|\.)(?:social|community|mastodon|lemmy)\."
)
PLATFORMS = words(
    "shopify.com myshopify.com squarespace.com weebly.com wix.com godaddy.com jimdo.com ecwid.com "
    "webflow.com bigcommerce.com prestashop.com shopware.com strato.de ionos.de tilda.cc tilda.ws "
    "insales.ru ucoz.ru ucoz.com nethouse.ru cloudflare.com wordpress.com wordpress.org elementor.com "
    "woocommerce.com envato.com themeforest.net jivosite.com jivo.ru bitrix24.ru horoshop.ua prom.ua"
)
"""Whoever runs the shop's site is not the shop, except on pages of its own."""
NOT_MAIL = words("git@github.com git@gitlab.com git@bitbucket.org rating@mail.ru filler@godaddy.com")
FILE_ENDING = re.compile(
    r"\.(?:png|jpe?g|gif|webp|svg|avif|ico|bmp|css|js|mjs|json|map|html?|php|woff2?|ttf|eot|"
    r"mp4|webm|pdf|zip|ts|vue|min)$"
)
HASH = re.compile(r"[0-9a-f]{16,}")


def is_file(domain: str) -> bool:
    """What is no domain but the end of a file's name: `logo@2x.png`."""
    return bool(FILE_ENDING.search(domain))


def is_placeholder(local: str, domain: str, *, is_own: bool) -> bool:
    """A place-holder of a template; hardly anything on a shop's own domain is one."""
    if is_own:
        return bool(OWN_SAMPLE.match(local))
    if ALWAYS_SAMPLE.search(domain):
        return True
    return bool(SAMPLE_LOCAL.match(local)) and (
        local not in SHORT_SAMPLES or bool(SAMPLE_DOMAIN.search(domain)) or domain.startswith(f"{local}.")
    )


def is_machine(local: str, domain: str, *, is_own: bool) -> bool:
    """Error trackers, networks of other kinds, the platform a shop runs on."""
    if f"{local}@{domain}" in NOT_MAIL or HASH.fullmatch(local):
        return True
    return bool(MACHINE_DOMAIN.search(domain)) or (domain in PLATFORMS and not is_own)
