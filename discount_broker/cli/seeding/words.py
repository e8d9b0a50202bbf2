"""Names, goods and sentences of the seeded desk: invented, in Russian and in English."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class ShopWords:
    name: str
    domain: str
    country: str
    language: str
    phone: str
    """Without its last two digits."""


@dataclass(frozen=True)
class PersonWords:
    name: str
    role: str
    note: str = ""


@dataclass(frozen=True)
class Goods:
    title: str
    brand: str
    price: Decimal


SHOPS = (
    ShopWords("Кофемания на кухне", "kofe-kuhnya.example", "RU", "ru", "+749500010"),
    ShopWords("ТехноСклад", "tehnosklad.example", "RU", "ru", "+749500021"),
    ShopWords("Дом инструмента", "dom-instrumenta.example", "RU", "ru", "+781200032"),
    ShopWords("Велоград", "velograd.example", "RU", "ru", "+734300043"),
    ShopWords("Сон и покой", "son-pokoy.example", "RU", "ru", "+784300054"),
    ShopWords("Электрик и Ко", "electric-ko.example", "RU", "ru", "+738300065"),
    ShopWords("Мир колясок", "mir-kolyasok.example", "RU", "ru", "+749500076"),
    ShopWords("Рыбак-турист", "rybak-turist.example", "RU", "ru", "+786100087"),
    ShopWords("Звук рядом", "zvuk-ryadom.example", "RU", "ru", "+781200098"),
    ShopWords("Алматы Техно", "almaty-techno.example", "KZ", "ru", "+772700010"),
    ShopWords("Brew & Bean", "brew-and-bean.example", "GB", "en", "+4420794601"),
    ShopWords("North Trail Outfitters", "north-trail.example", "GB", "en", "+4420794602"),
    ShopWords("Harbour Audio", "harbour-audio.example", "US", "en", "+1212555010"),
    ShopWords("Werkzeug Direkt", "werkzeug-direkt.example", "DE", "en", "+493023125"),
)

GOODS = {
    "ru": (
        Goods("Рожковая кофемашина De'Longhi Dedica EC 685.M, серебристая", "De'Longhi", Decimal(24990)),
        Goods("Аккумуляторная дрель-шуруповёрт Bosch GSR 12V-15 FC", "Bosch", Decimal(14690)),
        Goods("Горный велосипед STELS Navigator 710 MD 27.5 (2026), рама 18", "STELS", Decimal(38900)),
        Goods("Матрас Askona Mediflex Classic 160×200", "Askona", Decimal(46500)),
        Goods("Коляска-трансформер Tutis Viva Life 2 в 1, серый меланж", "Tutis", Decimal(61300)),
        Goods("Робот-пылесос Dreame L10s Pro Gen 2", "Dreame", Decimal(32990)),
        Goods("Лодка ПВХ Хантер 320 ЛК, зелёная", "Хантер", Decimal(41200)),
        Goods("Беспроводные наушники Sony WH-1000XM5, чёрные", "Sony", Decimal(29990)),
        Goods("Стабилизатор напряжения Ресанта АСН-12000/1-Ц", "Ресанта", Decimal(18450)),
    ),
    "en": (
        Goods("Espresso machine Gaggia Classic Evo Pro, brushed steel", "Gaggia", Decimal("449.00")),
        Goods("Fjällräven Kajka 65 M/L backpack, deep forest", "Fjällräven", Decimal("329.95")),
        Goods("Bosch Professional GSB 18V-55 cordless combi drill, 2 × 4.0 Ah", "Bosch", Decimal("219.00")),
        Goods("KEF LSX II wireless speakers, pair, carbon black", "KEF", Decimal("1199.00")),
        Goods("Hario Switch immersion dripper 03 with 100 filters", "Hario", Decimal("54.50")),
    ),
}
CURRENCY = {"RU": "RUB", "KZ": "KZT", "GB": "GBP", "US": "USD", "DE": "EUR"}

BUYERS = (
    "anna.k", "sergey.belov", "m.petrova", "ilya1987", "olga-and-cat", "j.smith", "natalia.v", "d.orlov",
    "tom.becker", "svetlana.r", "kate.w", "pavel.n", "lena.home", "victor.m", "marina.sh", "alex.green",
)  # fmt: skip
NOTES = {
    "ru": (
        "",
        "",
        "Заберу сам, самовывоз удобнее доставки.",
        "Покупаю в подарок к пятнице, упаковка важна.",
        "Если цвет другой, тоже подойдёт.",
        "Возьму две штуки, если цена устроит.",
    ),
    "en": (
        "",
        "",
        "I can collect it myself.",
        "It is a present for Friday.",
        "Any colour is fine.",
    ),
}
BEST_TIMES = {
    "ru": ("", "после 18:00", "с 10 до 13, потом дети спят", "лучше писать, чем звонить"),
    "en": ("", "after six in the evening", "mornings", "please write, do not call"),
}
PEOPLE: dict[str, tuple[PersonWords | None, ...]] = {
    "ru": (
        PersonWords("Ирина", "оператор"),
        PersonWords("Максим", "продавец", "После обеда сговорчивее."),
        PersonWords("Елена Викторовна", "старший менеджер", "Решает по скидкам сама, доб. 114."),
        PersonWords("Олег", "директор"),
        None,
    ),
    "en": (
        PersonWords("Sarah", "front desk"),
        PersonWords("Mike", "sales", "Friendlier after lunch."),
        PersonWords("Ms Turner", "store manager", "Decides on prices herself, extension 114."),
        None,
        PersonWords("Jonas", "call centre"),
    ),
}
"""Whom one meets; None is somebody who gives no name."""
CALL_NOTES: dict[str, dict[str, tuple[str, ...]]] = {
    "no_answer": {"ru": ("Гудки, потом сброс.", "Играет музыка."), "en": ("Rings out.", "Voicemail.")},
    "busy": {"ru": ("Занято три раза подряд.",), "en": ("Engaged, three times in a row.",)},
    "gatekeeper": {
        "ru": ("«Пишите на почту». Кто её читает, не знает.", "Говорит, скидок не бывает, не соединяет."),
        "en": ("“Send us an e-mail.” Could not say who reads it.", "Would not put me through."),
    },
    "call_back": {"ru": ("Менеджер на обеде, просили через час.",), "en": ("In a meeting until three.",)},
    "promised": {
        "ru": ("Посмотрит письмо и ответит сам.", "Обещает перезвонить после согласования с директором."),
        "en": ("Will look at the letter and answer.", "Says she needs a word with the owner first."),
    },
    "offered": {"ru": ("Готовы на 7 %, если забирать самому.",), "en": ("Seven per cent for collection.",)},
    "refused": {"ru": ("Цена уже по акции, ниже не могут.",), "en": ("Already on sale, nothing further.",)},
    "wrong_number": {"ru": ("Частный номер, магазина здесь нет.",), "en": ("A private number.",)},
}  # fmt: skip
REPLIES = {
    "ru": (
        (
            "Re: Покупатель просит цену",
            "Здравствуйте! На эту модель можем сделать 5 %, при оплате картой.\n\nС уважением,\nМаксим",
        ),
        ("Ваш запрос", "Добрый день. А кто вы такие? Скидку обсудить можно, пусть покупатель позвонит нам."),
        (
            "Re: запрос",
            "Добрый день! Скидки нет, но положим в подарок чашки и доставим бесплатно до субботы.",
        ),
    ),
    "en": (
        ("Re: A buyer asks", "Hi,\n\nwe could do 20 off if they collect from our shop by Sunday.\n\nMike"),
        ("Re: your request", "Hello, is this genuine? We might have something. Who am I dealing with?"),
    ),
}
AUTO_REPLIES = {
    "ru": ("Автоответ", "Ваше письмо получено и будет рассмотрено в течение 3 рабочих дней."),
    "en": ("Automatic reply", "Thank you for your message. We aim to answer within three working days."),
}
OFFER_TEXTS = {"ru": "При самовывозе из магазина.", "en": "When collected from the shop."}
FIRST = ("Grace", "Oleg", "Nina", "Ruslan", "Ingrid", "Pavel", "Zoya", "Martin")
LAST = ("Becker", "Kim", "Novak", "Sosna", "Lindt", "Okoro")
FLAGS = {
    "ru": ("Магазин просит договор. Кто решает?", "Обещали трижды. Звонить ещё или закрыть?"),
    "en": ("They want a contract. Who decides?", "Promised three times. Call again, or close?"),
}
LEAD_COMMENTS = {
    "ru": ("Хорошо сделано.", "Ещё один звонок директору, потом закрыть.", "Поговорим в четверг."),
    "en": ("Well done.", "One more call to the owner, then close it.", "Let us talk on Thursday."),
}
COLLEAGUES = (
    ("vera@desk.example", "Вера Лаптева"),
    ("tim@desk.example", "Tim Ashworth"),
    *((f"{first}.{last}@desk.example".lower(), f"{first} {last}") for last in LAST for first in FIRST),
)
"""As many of them as the size of the desk asks for."""
