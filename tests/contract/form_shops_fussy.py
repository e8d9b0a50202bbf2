"""A shop that complains of letters, with a form whose token counts once."""

from collections.abc import Callable

from tests.contract.form_shops import posted
from tests.contract.form_shops_engines import page
from tests.fakes import NOT_FOUND, Answer, Asked

FORM = (
    '<form action="/send" method="post"><input type="hidden" name="once" value="{token}">'
    '<label>Name <input name="name"></label><label>E-mail <input name="email" type="email"></label>'
    '{more}<label>Message <textarea name="message">{message}</textarea></label><button>Send</button></form>'
)


class FussyShop:
    """A form whose token counts once; `complain` says what is wrong with a letter, in the page."""

    def __init__(self, complain: Callable[[dict[str, str]], str], more: str = "") -> None:
        self.complain, self.more = complain, more
        self.posts: list[dict[str, str]] = []
        self.taken: list[dict[str, str]] = []
        self.tokens = 0

    def __call__(self, asked: Asked) -> Answer:
        if asked.path == "/robots.txt":
            return NOT_FOUND
        return self._take(posted(asked)) if asked.method == "POST" else self._show()

    def _show(self, notice: str = "", message: str = "") -> Answer:
        self.tokens += 1
        return page(notice + FORM.format(token=self.tokens, more=self.more, message=message))

    def _take(self, fields: dict[str, str]) -> Answer:
        self.posts.append(fields)
        if fields["once"] != str(self.tokens):
            return self._show("<p class=error>This form was sent already</p>")
        if complaint := self.complain(fields):
            return self._show(complaint, fields["message"])
        self.taken.append(fields)
        return page("<p>Thank you for your message.</p>")
