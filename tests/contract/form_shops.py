"""Shops whose feedback forms are of different makes; each remembers the letters it took."""

from email import message_from_bytes
from urllib.parse import parse_qsl

from tests.fakes import NOT_FOUND, Answer, Asked, redirect

CONTACT = """<!doctype html><html lang="ru"><head><title>Контакты</title></head><body>
<h1>Контакты</h1><p>Телефон 8 800 000-00-00</p><h2>Обратная связь</h2>{notice}
<form action="{action}" method="post" {attributes}>
{extra}
<label for="n">Ваше имя</label><input id="n" name="name" required value="{name}">
<label for="e">E-mail</label><input id="e" name="email" type="email" required>
<label for="m">Сообщение</label>
<textarea id="m" name="message" required>{message}</textarea>
<label><input type="checkbox" name="agree" value="Y" required>
Согласен на обработку персональных данных</label>
<label><input type="checkbox" name="news" value="1" checked> Подписаться на рассылку</label>
<button name="send" value="go">Отправить</button>
</form></body></html>"""


def posted(asked: Asked, charset: str = "utf-8") -> dict[str, str]:
    """The fields of a posted form, in either encoding."""
    content_type = asked.headers["content-type"]
    if content_type.startswith("multipart/form-data"):
        mail = message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + asked.body)
        parts = mail.get_payload()
        assert isinstance(parts, list)
        return {
            str(part.get_param("name", header="content-disposition")): part.get_payload(decode=True).decode(
                charset
            )
            for part in parts
        }
    return dict(parse_qsl(asked.body.decode("ascii"), keep_blank_values=True, encoding=charset))


class FormShop:
    """A page with a form at /contacts, and whatever `answer` says to it."""

    def __init__(
        self,
        *,
        answer: Answer | None = None,
        attributes: str = "",
        extra: str = "",
        charset: str = "utf-8",
        page: str = CONTACT,
    ) -> None:
        self.answer, self.attributes, self.extra, self.charset, self.page = (
            answer,
            attributes,
            extra,
            charset,
            page,
        )
        self.taken: list[dict[str, str]] = []
        self.hangs_up = False

    def __call__(self, asked: Asked) -> Answer:
        if asked.path == "/robots.txt":
            return NOT_FOUND
        if asked.method == "POST":
            return self._take(asked)
        if asked.path in ("/contacts", "/"):
            return self.show()
        return NOT_FOUND

    def show(self, notice: str = "", name: str = "", message: str = "") -> Answer:
        page = self.page.format(
            action="/send",
            attributes=self.attributes,
            extra=self.extra,
            notice=notice,
            name=name,
            message=message,
        )
        return Answer(page.encode(self.charset), content_type=f"text/html; charset={self.charset}")

    def _take(self, asked: Asked) -> Answer:
        self.taken.append(posted(asked, self.charset))
        if self.hangs_up:
            raise ConnectionError
        return self.answer or self.show("<p class=status>Спасибо! Ваше сообщение отправлено.</p>")


class StrictShop(FormShop):
    """Wants the token it gave, the cookie that goes with it, and an empty trap."""

    def __init__(self) -> None:
        super().__init__(
            extra='<input type="hidden" name="csrf_token" value="t-81">'
            '<p style="display:none"><label>Сайт'
            '<input name="website" tabindex="-1" autocomplete="off"></label></p>'
        )

    def show(self, notice: str = "", name: str = "", message: str = "") -> Answer:
        shown = super().show(notice, name, message)
        return Answer(
            shown.content, content_type=shown.content_type, headers={"Set-Cookie": "visitor=v-1; Path=/"}
        )

    def __call__(self, asked: Asked) -> Answer:
        if asked.method == "GET" and asked.path == "/contacts/thanks":
            return Answer("<h1>Контакты</h1>".encode())
        return super().__call__(asked)

    def _take(self, asked: Asked) -> Answer:
        fields = posted(asked)
        self.taken.append(fields)
        knows = fields.get("csrf_token") == "t-81" and "visitor=v-1" in asked.headers.get("cookie", "")
        if not knows or fields.get("website"):
            return self.show("<p class=error>Ошибка: форма устарела</p>", fields["name"], fields["message"])
        return redirect("/contacts/thanks", 303)
