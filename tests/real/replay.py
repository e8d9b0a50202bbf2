"""A web server's answers for saved sites: each page under its own host and path, nothing else."""

from collections.abc import Iterable

from tests.fakes import NOT_FOUND, Answer, Asked
from tests.real.saved_pages import SavedPage, SavedSite, page_key

TAKEN = """<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title></head>
<body><h1>{title}</h1><p>{said}</p></body></html>"""
THANKS = {
    "ru": ("Спасибо!", "Ваше сообщение отправлено. Мы ответим вам в ближайшее время."),
    "en": ("Thank you!", "Your message has been sent. We will get back to you shortly."),
}


class Replay:
    """Answers for all the sites at once, by the Host header; takes every form."""

    def __init__(self, sites: Iterable[SavedSite]) -> None:
        self._pages: dict[str, SavedPage] = {}
        self._russian: set[str] = set()
        for site in sites:
            self._pages |= site.pages
            if site.is_russian:
                self._russian |= site.hosts

    def answer(self, asked: Asked) -> Answer:
        if asked.method == "POST":
            return self._thanks(asked)
        page = self._pages.get(page_key(asked.url))
        return NOT_FOUND if page is None else Answer(page.read(), content_type=page.content_type)

    def _thanks(self, asked: Asked) -> Answer:
        host = asked.headers["host"].partition(":")[0]
        language = "ru" if host in self._russian else "en"
        title, said = THANKS[language]
        return Answer(TAKEN.format(language=language, title=title, said=said).encode())
