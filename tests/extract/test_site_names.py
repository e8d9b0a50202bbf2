import pytest

from discount_broker.discovery.extract.pages.site_names import find_site_name

OWNER = '{"@type": "%s", "name": "Ветер", "url": "https://www.veter.ru/"}'
MAKER = '{"@type": "Product", "brand": {"@type": "Organization", "name": "Bosch", "url": "https://bosch.de"}}'


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ('<meta property="og:site_name" content=" Тёплый \n дом ">', "Тёплый дом"),
        ('<meta name="application-name" content="Fjord &amp; Field">', "Fjord & Field"),
        (f'<script type="application/ld+json">{OWNER % "OnlineStore"}</script>', "Ветер"),
        (f'<script type="application/ld+json">{OWNER % "BikeStore"}</script>', "Ветер"),
        (f'<script type="application/ld+json">[{MAKER}, {OWNER % "WebSite"}]</script>', "Ветер"),
        (f'<script type="application/ld+json">{MAKER}</script>', ""),
        (f'<meta property="og:site_name" content="{"long " * 30}">', ""),
        ('<meta property="og:site_name" content="https://veter.ru">', ""),
        ("<title>Купить велосипед</title>", ""),
        ("", ""),
    ],
)
def test_a_shop_is_called_what_it_calls_itself(head: str, name: str) -> None:
    assert find_site_name(f"<html><head>{head}</head></html>", "https://veter.ru/p/1") == name
