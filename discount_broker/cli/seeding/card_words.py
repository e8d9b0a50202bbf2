"""What the seeded cards of buyers say: invented, in Russian and in English."""

from dataclasses import dataclass

from discount_broker.accounts.status import ContactWishKind, Standing


@dataclass(frozen=True)
class ContactWishWords:
    kind: ContactWishKind
    words: str
    from_minute: int | None = None
    until_minute: int | None = None


ORIGINS = (
    ({"via": "form", "referrer": "search.example"}, "searcher"),
    ({"via": "form", "referrer": "forum.example"}, "recommended"),
    ({"via": "form", "referrer": "", "campaign": "spring"}, "campaign"),
    ({"via": "bookmarklet", "referrer": ""}, "regular"),
    ({"via": "api", "referrer": "", "campaign": "partner"}, "partner"),
    ({"via": "form", "referrer": ""}, ""),
)
"""Where somebody came from, and the lead type that follows."""
CATEGORIES = {
    "ru": ("Кофемашины", "Инструмент", "Велосипеды", "Для сна", "Детям", "Рыбалка"),
    "en": ("Coffee", "Power tools", "Outdoor", "Audio"),
}
STANDINGS = {
    Standing.LOYAL: {"ru": "Пятый запрос за год, всегда покупает.", "en": "Fifth request, always buys."},
    Standing.DIFFICULT: {"ru": "Торгуется и после согласия.", "en": "Haggles on after agreeing."},
    Standing.NONE: {"ru": "", "en": ""},
}
QUIET, WRITE, NOT_ON = ContactWishKind.QUIET_HOURS, ContactWishKind.WRITE_ONLY, ContactWishKind.NOT_ON
CONTACT_WISHES = {
    "ru": (
        ContactWishWords(QUIET, "с 13 до 15 сплю", 13 * 60, 15 * 60),
        ContactWishWords(QUIET, "после девяти вечера не звоните", 21 * 60, 9 * 60),
        ContactWishWords(WRITE, "писать, не звонить"),
        ContactWishWords(NOT_ON, "в этот день не беспокоить, я в дороге"),
    ),
    "en": (
        ContactWishWords(QUIET, "asleep 13:00 to 15:00", 13 * 60, 15 * 60),
        ContactWishWords(WRITE, "write, do not call"),
        ContactWishWords(NOT_ON, "not on that day, please"),
    ),
}
BUYER_NOTES = {
    "ru": (
        "Просит говорить короче, на работе слушают.",
        "Берёт для маленькой мастерской, возьмёт ещё, если цена устроит.",
        "Читает почту вечером.",
    ),
    "en": (
        "Buys for a small workshop; more will follow if the price is right.",
        "Reads mail in the evening.",
    ),
}
