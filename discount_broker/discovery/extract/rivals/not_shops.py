"""Sites that searches for products are full of and that are no shop one could write to. Data."""

from urllib.parse import urlsplit

from discount_broker.discovery.extract.vocabulary import words
from discount_broker.kernel.urls import registrable_domain

ANYWHERE = {
    "marketplace": words(
        "amazon ebay aliexpress alibaba temu etsy joom ozon wildberries allegro cdiscount fnac rakuten "
        "mercadolibre mercadolivre shopee lazada wish walmart kaufland rozetka kaspi trendyol hepsiburada "
        "emag bol otto newegg taobao jd dhgate made-in-china poizon flipkart jumia cdek megamarket"
    ),
    "comparison": words(
        "idealo geizhals billiger heureka ceneo kelkoo pricerunner pricespy prisjakt skroutz twenga "
        "shopzilla pricegrabber guenstiger preisvergleich e-katalog ekatalog hotline nadavi priceua "
        "arukereso toppreise tweakers camelcamelcamel keepa sravni aport"
    ),
    "classifieds": words(
        "avito youla olx kufar gumtree craigslist kleinanzeigen leboncoin marktplaats willhaben "
        "subito wallapop milanuncios vinted depop shpock bazos sbazar drom farpost "
        "tori blocket finn ricardo tutti anibis"
    ),
    "social": words(
        "youtube youtu facebook instagram twitter tiktok pinterest reddit telegram whatsapp "
        "linkedin livejournal tumblr rutube dzen threads discord snapchat medium quora twitch vimeo"
    ),
    "media": words(
        "wikipedia wikimedia wikidata wikihow fandom otzovik irecommend 4pda ixbt rtings cnet techradar "
        "pcmag theverge engadget gsmarena notebookcheck tomshardware computerbild habr pikabu "
        "drive2 overclockers stiftungwarentest trustpilot sitejabber trustedshops consumerreports "
        "ifixit manualslib manualzz manualsonline rambler lenta dxomark nanoreview versus "
        "stackexchange stackoverflow slideshare scribd issuu yelp tripadvisor goodreads"
    ),
    "search": words("google bing duckduckgo yahoo yandex baidu ecosia startpage"),
    "job_or_code": words("github gitlab indeed glassdoor npmjs pypi sourceforge"),
}
HOSTS = {
    "marketplace": words(
        "market.yandex.ru market.yandex.com beru.ru wb.ru goods.ru sbermegamarket.ru prom.ua satu.kz deal.by "
        "tiu.ru pulscen.ru blizko.ru flagma.ru regmarkets.ru all.biz lamoda.ru mobile.bg emag.ro "
        "bigl.ua epicentrk.ua makro.ua apteka.ru uteka.ru zdravcity.ru livemaster.ru"
    ),
    "comparison": words("shopmania.com price.ru sravni.ru e-katalog.ru onliner.by 1k.by shop.by migom.by"),
    "classifieds": words("auto.ru mobile.de autoscout24.de"),
    "social": words("vk.com vk.ru ok.ru x.com t.me"),
    "job_or_code": words("hh.ru archive.org"),
    "media": words(
        "mail.ru chip.de chip.info which.co.uk rbc.ru kp.ru product-test.ru roskachestvo.gov.ru test.de"
    ),
}
KIND_OF_NAME = {name: kind for kind, names in ANYWHERE.items() for name in names}
KIND_OF_HOST = {host: kind for kind, hosts in HOSTS.items() for host in hosts}
KIND_OF_PREFIX = {
    **dict.fromkeys(words("forum forums community answers"), "social"),
    **dict.fromkeys(words("blog blogs wiki news otzyvy reviews docs support help manuals"), "media"),
    **dict.fromkeys(words("market marketplace"), "marketplace"),
}


def kind_of_site(url: str) -> str:
    """What a site is that is no shop: `marketplace`, `media`, …; empty where nothing is known of it."""
    domain = registrable_domain(url)
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    known = KIND_OF_HOST.get(host) or KIND_OF_HOST.get(domain)
    if known:
        return known
    name, prefix = domain.partition(".")[0], host.partition(".")[0]
    by_name = KIND_OF_NAME.get(name, "")
    return by_name or (KIND_OF_PREFIX.get(prefix, "") if host != domain else "")
