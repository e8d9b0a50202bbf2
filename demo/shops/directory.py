"""The shops themselves: who they are, what they charge, and how each can be reached."""

from dataclasses import dataclass, field
from decimal import Decimal

from demo.shops.catalogue import PRODUCTS, Product


@dataclass(frozen=True)
class Listing:
    """One product in one shop."""

    product: Product
    price: Decimal
    old_price: Decimal | None
    currency: str
    language: str

    @property
    def title(self) -> str:
        return self.product.title[self.language]

    @property
    def path(self) -> str:
        return f"/{'catalog' if self.language == 'ru' else 'products'}/{self.product.slug()}"

    def shown(self, amount: Decimal) -> str:
        """A price as the shop prints it: `12 990 ₽` or `€149.00`."""
        if self.currency == "EUR":
            return f"€{amount:,.2f}"
        return f"{amount:,.0f}".replace(",", "\N{NO-BREAK SPACE}") + "\N{NO-BREAK SPACE}₽"


@dataclass(frozen=True, kw_only=True)
class Shop:
    key: str
    name: str
    language: str
    tagline: str
    about: str
    city: str
    phone: str
    difference: dict[str, str]
    """What makes this shop a case of its own, told on the page that lists them all."""
    markup: str
    """How its product pages describe themselves to machines: `jsonld`, `microdata`, `opengraph`, `plain`."""
    prices: dict[str, str]
    old_prices: dict[str, str] = field(default_factory=dict)
    mail: str = ""
    mailbox_is_dead: bool = False
    form: str = ""
    """Kind of feedback form, if any: `token`, `script`, `captcha`."""
    feed: str = ""
    """Path of its product feed, if it has one."""
    charset: str = "utf-8"
    ground: str = "#f3efe7"
    """Background of its pictures."""

    @property
    def host(self) -> str:
        return f"{self.key}.localhost"

    @property
    def currency(self) -> str:
        return "RUB" if self.language == "ru" else "EUR"

    @property
    def listings(self) -> list[Listing]:
        return [self._listing(key) for key in self.prices]

    def _listing(self, key: str) -> Listing:
        old = self.old_prices.get(key)
        return Listing(
            PRODUCTS[key],
            Decimal(self.prices[key]),
            Decimal(old) if old else None,
            self.currency,
            self.language,
        )

    def find_listing(self, slug: str) -> Listing | None:
        return next((listing for listing in self.listings if listing.product.slug() == slug), None)


SHOPS = {
    shop.key: shop
    for shop in (
        Shop(
            key="veter",
            name="Ветер",
            language="ru",
            tagline="Велосипеды и снаряжение для тех, кто едет сам",
            about="Маленький магазин с мастерской у реки. Собираем велосипед при вас, подгоняем "
            "посадку и год "
            "подтягиваем спицы бесплатно.",
            city="Тверь, набережная Гребцов, 4",
            phone="+7 (482) 200-10-41",
            difference={
                "ru": "адрес почты на виду: JSON-LD и mailto",
                "en": "address in plain sight: JSON-LD and mailto",
            },
            markup="jsonld",
            prices={
                "city3": "48990",
                "trail29": "86900",
                "bre45": "11490",
                "duo2": "18900",
                "varm75": "2790",
            },
            old_prices={"city3": "54900"},
            mail="zakaz@veter.localhost",
            ground="#e3eef0",
        ),
        Shop(
            key="zvukovik",
            name="Звуковик",
            language="ru",
            tagline="Наушники, колонки и винил с прослушиванием",
            about="Приходите с любимой пластинкой: послушаем на всём, что есть. Кто разобрался на "
            "слух, тот не вернёт.",
            city="Казань, улица Мастеров, 17",
            phone="+7 (843) 200-17-17",
            difference={
                "ru": "адрес спрятан от роботов; форма с маркером, приманкой и согласием; страница "
                "в windows-1251",
                "en": "address hidden from robots; form with token, honeypot and consent; page in "
                "windows-1251",
            },
            markup="microdata",
            prices={"h7": "12990", "bolle": "4990", "plate1": "27900", "l1": "4490"},
            old_prices={"h7": "14990"},
            mail="salon@zvukovik.localhost",
            form="token",
            charset="windows-1251",
            ground="#cfc3e3",
        ),
        Shop(
            key="teplodom",
            name="Тёплый дом",
            language="ru",
            tagline="Кухня, чай, кофе и всё, от чего дома уютно",
            about="Возим то, чем пользуемся сами. Каждую кофемолку проверяем на зерне, каждый "
            "чайник – на кипятке.",
            city="Новосибирск, улица Тополиная, 8",
            phone="+7 (383) 200-08-08",
            difference={
                "ru": "адреса нет, только форма, которая отвечает сценарию (JSON)",
                "en": "no address at all, only a form that answers a script (JSON)",
            },
            markup="opengraph",
            prices={"m2": "5490", "gusk": "7990", "varm75": "2990", "bolle": "5190", "l1": "4290"},
            form="script",
            ground="#f6e7d3",
        ),
        Shop(
            key="kontora",
            name="Контора",
            language="ru",
            tagline="Мебель и свет для работы. Опт и розница",
            about="Оснащаем рабочие места с 2009 года. Работаем с организациями по счёту, с "
            "частными лицами – по карте.",
            city="Екатеринбург, проспект Чертёжников, 101, офис 3",
            phone="+7 (343) 200-01-01",
            difference={
                "ru": "форма с картинкой-проверкой, а указанный ящик почты не существует",
                "en": "a form with a captcha, and the printed mailbox does not exist",
            },
            markup="plain",
            prices={"flex": "21900", "l1": "3990", "h7": "13490"},
            mail="info@kontora.localhost",
            mailbox_is_dead=True,
            form="captcha",
            ground="#eceff3",
        ),
        Shop(
            key="sklad5",
            name="Склад № 5",
            language="ru",
            tagline="Цены со склада, выдача в день заказа",
            about="Большой склад у кольцевой дороги. Без зала и консультантов, зато дешевле.",
            city="Москва, 5-й складской проезд, 55",
            phone="+7 (495) 200-55-55",
            difference={
                "ru": "конкурент, известный из своего файла товаров (YML)",
                "en": "a rival known from its product feed (YML)",
            },
            markup="jsonld",
            prices={
                "city3": "46500",
                "trail29": "82900",
                "h7": "12490",
                "bolle": "4790",
                "m2": "5190",
                "gusk": "7650",
                "bre45": "10990",
                "duo2": "17900",
                "l1": "3890",
            },
            mail="opt@sklad5.localhost",
            feed="/feed.yml",
            ground="#fff3bf",
        ),
        Shop(
            key="fjord",
            name="Fjord & Field",
            language="en",
            tagline="Good gear for a long way home",
            about="A family shop in an old boat house. We mend what we sell, and say so when you do "
            "not need it.",
            city="14 Quay Lane, Galway",
            phone="+353 91 555 014",
            difference={
                "ru": "английский магазин в евро, известный из файла товаров Google Merchant",
                "en": "an English shop selling in euro, known from its Google Merchant feed",
            },
            markup="jsonld",
            prices={
                "city3": "559",
                "h7": "149",
                "bolle": "59",
                "m2": "64",
                "bre45": "129",
                "duo2": "215",
                "varm75": "32",
            },
            old_prices={"bre45": "149"},
            mail="hello@fjord.localhost",
            feed="/feed.xml",
            ground="#e4ebe0",
        ),
        Shop(
            key="lavka",
            name="Тихая лавка",
            language="ru",
            tagline="Вещи, которые служат долго",
            about="Открыто, когда открыто. Заходите, если застанете.",
            city="Суздаль, Слободская улица, 2",
            phone="+7 (492) 200-22-02",
            difference={
                "ru": "почту принимает, но никогда не отвечает",
                "en": "takes its mail and never answers",
            },
            markup="microdata",
            prices={
                "city3": "47900",
                "m2": "5390",
                "gusk": "8200",
                "varm75": "2690",
                "bre45": "11900",
                "l1": "4100",
            },
            mail="pochta@lavka.localhost",
            feed="/feed.yml",
            ground="#efe9f4",
        ),
        Shop(
            key="harbour",
            name="Harbour Cycles",
            language="en",
            tagline="Bikes and travel kit by the old harbour",
            about="Hire, repair, sale. The workshop is open until the tide turns.",
            city="2 Slipway, Whitby",
            phone="+44 1947 555 022",
            difference={
                "ru": "robots.txt закрывает страницу контактов: мы туда не заходим",
                "en": "robots.txt forbids the contact page: we stay out",
            },
            markup="jsonld",
            prices={"city3": "575", "trail29": "989", "bre45": "135", "h7": "155"},
            mail="workshop@harbour.localhost",
            ground="#dfe7f5",
        ),
    )
}


def find_shop(host: str) -> Shop | None:
    """The shop a Host header means, whatever the port."""
    return SHOPS.get(host.partition(":")[0].lower().removesuffix(".localhost"))
