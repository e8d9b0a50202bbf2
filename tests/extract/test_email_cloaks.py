"""Addresses hidden from machines by the systems that shops run on, and those that nobody may invent."""

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discount_broker.discovery.extract.emails.finding import find_emails

URL = "https://www.teashop.de/kontakt"
WANTED = "info@teashop.de"
SHIFTED = "".join(chr(ord(letter) + 1) for letter in f"mailto:{WANTED}")
PAIRED = "".join(f"{place % 4}{chr(ord(letter) + place % 4)}" for place, letter in enumerate(WANTED))
PERCENT = "".join(f"%{byte:02x}" for byte in f"document.write('<a href=\"mailto:{WANTED}\">x</a>')".encode())
LETTERS = "".join(sorted(set(WANTED)))
PLACES = "".join(chr(48 + LETTERS.index(letter)) for letter in WANTED)
CODES = ",".join(str(ord(letter)) for letter in WANTED)


def addresses(markup, url=URL):
    return [found.address for found in find_emails(markup, url)]


def in_base64(text):
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "markup",
    [
        # links, forms and metadata
        '<a href="mailto:Shop%20%3Cinfo@teashop.de%3E">x</a>',
        '<a href="MAILTO:info@teashop.de">x</a>',
        '<a href="mailto://info@teashop.de">x</a>',
        '<a href="mailto:?to=info@teashop.de&subject=a">x</a>',
        '<a href="mailto:info[at]teashop.de">x</a>',
        '<form action="mailto:info@teashop.de" method="post"></form>',
        '<span property="schema:email">info@teashop.de</span>',
        '<meta property="business:contact_data:email" content="info@teashop.de">',
        # in words, in many languages
        "<p>info(at)teashop.de</p>",
        "<p>info [ät] teashop [punkt] de</p>",
        "<p>info{at}teashop{dot}de</p>",
        "<p>info |at| teashop |dot| de</p>",
        "<p>info arroba teashop punto de</p>",
        "<p>info (arobase) teashop (point) de</p>",
        "<p>info (małpa) teashop (kropka) de</p>",
        "<p>info(zavináč)teashop.de</p>",
        "<p>info (chiocciola) teashop.de</p>",
        "<p>info AT teashop DOT de</p>",
        "<p>info -at- teashop.de</p>",
        "<p>info@teashop(dot)de</p>",
        "<p>info @ teashop.de</p>",
        "<p>info[собака]teashop[точка]de</p>",
        "<noscript>info (at) teashop.de</noscript>",
        '<i class="spamspan"><b class="u">info</b> [at] <b class="d">teashop [dot] de</b></i>',
        # cut in pieces, with bait, as a picture
        "<p>info<b>@</b>teashop<i>.</i>de</p>",
        "<p>info<!-- no robots -->@<!-- here -->teashop.de</p>",
        '<p>info<span style="display:none">-go-away-</span>@teashop.de</p>',
        '<p><b>info</b><span class="nospam">null</span><b>@teashop.de</b></p>',
        "<p>infoNOSPAM@teashop.de</p>",
        '<p>info<img src="/at.gif" alt="@">teashop.de</p>',
        "<p>in\u00adfo@tea\u200bshop.de</p>",
        # turned round
        '<p style="unicode-bidi:bidi-override;direction:rtl">ed.pohsaet@ofni</p>',
        "<style>.turn {unicode-bidi: bidi-override}</style><p class='turn'>ed.pohsaet@ofni</p>",
        "<p>ed.pohsaet@ofni</p>",
        # in attributes
        f'<joomla-hidden-mail first="{in_base64("info")}" last="{in_base64("teashop.de")}">x',
        f'<a data-email="{in_base64(WANTED)}">x</a>',
        '<a data-email="ed.pohsaet@ofni">x</a>',
        '<a href="javascript:;" data-enc-email="vasb[at]grnfubc.qr" class="mail-link">x</a>',
        '<span class="cloaked-e-mail" data-name="info" data-domain="teashop.de"></span>',
        '<span class="mail" data-user="ofni" data-website="ed.pohsaet"></span>',
        '<span class="e-mail" data-u="info" data-d="teashop" data-tld="de"></span>',
        '<a href="#" data-mailto-token="nbjmup+jogpAufbtipq/ef" data-mailto-vector="1">x</a>',
        # in what links and buttons do
        "<a href=\"javascript:linkTo_UnCryptMailto('nbjmup+jogpAufbtipq/ef');\">x</a>",
        f"<a href=\"javascript:DeCryptX('{PAIRED}')\">x</a>",
        f"<a href=\"javascript:DeCryptX('{SHIFTED}')\">x</a>",
        "<a href=\"javascript:location='mailto:'+'info'+'@'+'teashop.de'\">x</a>",
        "<a href=\"javascript:location.href='mailto:'+['info','teashop.de'].join('@')\">x</a>",
        "<a href=\"javascript:mail('info','teashop.de')\">x</a>",
        "<button onclick=\"location.href='mailto:info@teashop.de'\">x</button>",
        # in scripts
        "<script>document.write(['info', 'teashop.de'].join('@'))</script>",
        "<script>document.write('ed.pohsaet@ofni'.split('').reverse().join(''))</script>",
        "<script>document.write('info#teashop.de'.replace('#', '@'))</script>",
        "<script>document.write('info[at]teashop.de'.replace(/\\[at\\]/, '@'))</script>",
        "<script>document.write('info' + String.fromCharCode(64) + 'teashop.de')</script>",
        "<script>document.write('info\\x40teashop\\u002ede')</script>",
        "<script>document.write('<a href=\"mail' + 'to:' +\n 'info' + '&#64;' +\n 'teashop.de\">')</script>",
        "<script>var u = 'info', d = 'teashop.de'; document.write(u + '@' + d);</script>",
        "<script>const u='info'; el.innerHTML = `<b>${u}@teashop.de</b>`;</script>",
        f"<script>el.href = 'mailto:' + atob('{in_base64(WANTED)}')</script>",
        f"<script>eval(unescape('{PERCENT}'))</script>",
        f"<script>eval(decodeURIComponent('{PERCENT}'))</script>",
        f"<script>var a = [{CODES}]; document.write(String.fromCharCode.apply(null, a))</script>",
        "<script>document.write('<n uers=\"znvygb:vasb@grnfubc.qr\">'.replace(/[a-z]/g, f))</script>",
        "<script>antispam('info', 'teashop', 'de')</script>",
        "<script>$('#mail').html('info' + '@' + 'teashop.de')</script>",
        f'<script>(function(){{var ml="{LETTERS}",mi="{PLACES}",o="";e.innerHTML=o}}())</script>',
    ],
)
def test_the_address_behind_a_cloak_is_found(markup):
    assert addresses(markup) == [WANTED]


@pytest.mark.parametrize(
    "markup",
    [
        "<p>Meet us at teashop dot matrix</p>",
        "<p>Look at teashop.de for more</p>",
        "<p>Folge uns auf Instagram @teashop.de</p>",
        "<p>inf\u043e@teashop.de</p>",
        "<p>info@te\u0430shop.de</p>",
        "<p>info@teashop.d\u0435</p>",
        "<p>рейтинг@mail.ru</p>",
        f"<p>{'a' * 300}@teashop.de</p>",
        f"<p>info@{'tea.' * 80}de</p>",
        f"<a href='mailto:{'a' * 300}@teashop.de'>x</a>",
        "<p>git clone git@github.com:tea/shop.git</p>",
        "<p>core@2.11.8 and @types/node@18.0.0</p>",
        "<p>logo@2x.webp</p>",
        "<p>ihre@email.de, votre@adresse.fr, twoj@email.pl, tu@correo.es</p>",
        "<p>max.mustermann@beispiel.de, mail@mail.com, filler@godaddy.com</p>",
        "<p>support@shopify.com</p>",
        "<p>0123456789abcdef0123@o12.ingest.us.sentry.io</p>",
        "<input type='email' data-email='x' value='someone@other.de' placeholder='name@firma.de'>",
        "<script>var settings = {email: 'dev@teashop.de'}</script>",
        "<script>while (true) document.write('a@' + Math.random() + '.de')</script>",
        '<img alt="@">',
        '<a data-mailto-token="%%%" data-mailto-vector="x">x</a>',
        '<joomla-hidden-mail first="###" last="###"></joomla-hidden-mail>',
        '<a href="/cdn-cgi/l/email-protection#zz">x</a>',
    ],
)
def test_nothing_is_invented(markup):
    assert addresses(markup) == []


def test_a_mailbox_of_a_shop_on_a_platform_is_its_own_there():
    assert addresses("<p>support@shopify.com</p>", "https://www.shopify.com/") == ["support@shopify.com"]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("pedidos@teashop.de", "prensa@teashop.de"),
        ("zamowienia@teashop.de", "rekrutacja@teashop.de"),
        ("commandes@teashop.de", "dpo@teashop.de"),
        ("bestellung@teashop.de", "karriere@teashop.de"),
        ("kontakt@teashop.de", "anna.schmidt@teashop.de"),
        ("anna.schmidt@teashop.de", "teashop@gmail.com"),
        ("teashop@gmail.com", "kettles@gmail.com"),
        ("info@teashop.de", "noreply@teashop.de"),
    ],
)
def test_the_address_likelier_to_read_an_order_comes_first(better, worse):
    assert addresses(f"<p>{worse}</p><p>{better}</p>") == [better, worse]


SHOWN = st.text(alphabet="abАа1.-_@ (at)[dot]\u200b\uff20&#;\n<b>", max_size=120)


@settings(max_examples=80)
@given(SHOWN)
def test_any_text_is_read_without_complaint(text):
    for found in find_emails(f"<p>{text}</p>", URL):
        assert found.address.isascii()
        assert len(found.address) <= 254


@settings(max_examples=80)
@given(
    st.lists(st.sampled_from([*"'\"`+()[],.ab=@\\/\n", "var ", "document.write(", ".join(", "atob(", "64"]))
)
def test_any_script_is_read_without_complaint(parts):
    assert isinstance(addresses(f"<script>document.write('@'+{' '.join(parts)})</script>"), list)


@pytest.mark.parametrize(
    "page",
    [
        "".join(f"a{number}@b{number}.de " for number in range(120_000)),
        "<br>".join(f"a{number}@teashop.de" for number in range(80_000)),
        "a@" * 1_000_000,
        "(at)" * 500_000,
        "info (at) " * 200_000,
        "a" * 63 + "@" + "b." * 1_000_000,
        "<p>" + "info<b>@</b>" * 150_000,
        "<script>document.write('@')" + "a" * 19_000 + "</script>",
        ("<script>document.write(" + "'@'+" * 4_000 + "</script>") * 100,
        ("<script>document.write(" + "(" * 19_000 + "'@'</script>") * 100,
        ("<script>document.write('@');" + "a = '" * 3_800 + "</script>") * 100,
        ("<script>document.write('@');" + "\\'" * 9_000 + "</script>") * 100,
        ("<script>document.write('@');" + "a=b+c;" * 3_000 + "</script>") * 100,
        "<a href='mailto:a@b.de'>x</a>" * 60_000,
        "<a data-email='x@y' data-user='a' data-domain='b.c'>x</a>" * 30_000,
        '<img alt="@">' * 150_000,
        "<p style='unicode-bidi:bidi-override'>" * 50_000,
    ],
    ids=range(17),
)
def test_two_million_letters_of_malice_give_no_more_than_a_page_holds(page):
    assert len(json.dumps(addresses(page))) < 200_000
