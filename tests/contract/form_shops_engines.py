"""Shops of known engines, each taking and refusing letters as its engine is known to do."""

import json
import re

from tests.contract.form_shops import posted
from tests.fakes import NOT_FOUND, Answer, Asked, redirect

PAGE = (
    "<!doctype html><html><head><title>Contact</title>{head}</head>"
    "<body><h1>Contact us</h1>{body}</body></html>"
)
JSON = "application/json; charset=utf-8"
AJAX_MODE = '<input type="hidden" name="bxajaxid" value="9f"><input type="hidden" name="AJAX_CALL" value="Y">'


def page(body: str, head: str = "", **headers: str) -> Answer:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(PAGE.format(head=head, body=body).encode(), headers=told)


def data(content: object, status: int = 200) -> Answer:
    return Answer(json.dumps(content).encode(), status, content_type=JSON)


class EngineShop:
    """A form at /contact. `posts` is all that was posted, `taken` the letters that the shop kept."""

    form = ""
    head = ""

    def __init__(self) -> None:
        self.posts: list[Asked] = []
        self.taken: list[dict[str, str]] = []

    def __call__(self, asked: Asked) -> Answer:
        if asked.path == "/robots.txt":
            return NOT_FOUND
        if asked.method == "POST":
            self.posts.append(asked)
            return self.take(asked)
        return self.get(asked)

    def get(self, asked: Asked) -> Answer:
        return self.show() if asked.path == "/contact" else NOT_FOUND

    def show(self, notice: str = "", **headers: str) -> Answer:
        return page(notice + self.form, self.head, **headers)

    def take(self, asked: Asked) -> Answer:
        raise NotImplementedError

    def keep(self, fields: dict[str, str]) -> None:
        self.taken.append(fields)


class ContactForm7Shop(EngineShop):
    """415 for anything but parts, 400 without the unit tag, 200 for everything else."""

    head = (
        '<script>var wpcf7 = {"api":{"root":"http:\\/\\/shop.test\\/wp-json\\/",'
        '"namespace":"contact-form-7\\/v1"}};</script>'
    )
    form = (
        '<form action="/contact#wpcf7-f12-p3-o1" method="post" class="wpcf7-form init" data-status="init">'
        '<input type="hidden" name="_wpcf7" value="12">'
        '<input type="hidden" name="_wpcf7_version" value="5.9">'
        '<input type="hidden" name="_wpcf7_unit_tag" value="wpcf7-f12-p3-o1">'
        '<label>Your name <input name="your-name" aria-required="true"></label>'
        '<label>Your email <input type="email" name="your-email" aria-required="true"></label>'
        '<label>Phone <input type="tel" name="tel-1"></label>'
        '<label>Your message <textarea name="your-message"></textarea></label>'
        '<label><input type="checkbox" name="acceptance-1" value="1"> I agree to data processing</label>'
        '<p style="display:none"><textarea name="_wpcf7_ak_hp_textarea" maxlength="100"></textarea></p>'
        '<input type="submit" value="Send" class="wpcf7-submit"></form>'
    )

    def __init__(self, status: str = "mail_sent", invalid: dict[str, str] | None = None) -> None:
        super().__init__()
        self.status, self.invalid = status, invalid or {}

    def take(self, asked: Asked) -> Answer:
        if asked.path != "/wp-json/contact-form-7/v1/contact-forms/12/feedback":
            return data({"code": "wpcf7_not_found"}, 404)
        if not asked.headers["content-type"].startswith("multipart/form-data"):
            return data({"code": "wpcf7_unsupported_media_type"}, 415)
        fields = posted(asked)
        if "_wpcf7_unit_tag" not in fields:
            return data({"code": "wpcf7_unit_tag_not_found"}, 400)
        if self.invalid and len(self.posts) == 1:
            complaints = [{"field": name, "message": said} for name, said in self.invalid.items()]
            return data(
                {"status": "validation_failed", "message": "Check the fields.", "invalid_fields": complaints}
            )
        if self.status == "mail_sent":
            self.keep(fields)
        said = {"mail_sent": "Thank you for your message.", "spam": "There was an error."}.get(
            self.status, "Hm"
        )
        return data({"contact_form_id": 12, "status": self.status, "message": said, "invalid_fields": []})


class BitrixFeedbackShop(EngineShop):
    """main.feedback: nothing without a value for `submit`, a session that is not this one is told."""

    sessid = "0123456789abcdef0123456789abcdef"
    head = "<meta charset=windows-1251>"

    def __init__(self) -> None:
        super().__init__()
        self.stale_first = False

    def get(self, asked: Asked) -> Answer:
        if "success=" in asked.url:
            return self._said('<div class="mf-ok-text">Спасибо, ваше сообщение принято.</div>')
        return super().get(asked)

    def show(self, notice: str = "", **headers: str) -> Answer:
        is_old = self.stale_first and not self.posts
        return self._said(notice + self._form("f" * 32 if is_old else self.sessid))

    def _form(self, sessid: str) -> str:
        return (
            f'<form action="/contact" method="POST"><input type="hidden" name="sessid" value="{sessid}">'
            'Ваше имя <input name="user_name"> Ваш E-mail <input name="user_email">'
            'Сообщение <textarea name="MESSAGE"></textarea>'
            '<input type="hidden" name="PARAMS_HASH" value="77aa">'
            '<input type="submit" name="submit" value="Отправить"></form>'
        )

    def _said(self, body: str) -> Answer:
        content = PAGE.format(head=self.head, body=body).encode("cp1251")
        return Answer(
            content,
            content_type="text/html; charset=windows-1251",
            headers={"Set-Cookie": "PHPSESSID=s1; Path=/"},
        )

    def take(self, asked: Asked) -> Answer:
        fields = posted(asked, "cp1251")
        if not fields.get("submit"):
            return self.show()
        has_session = "PHPSESSID=s1" in asked.headers.get("cookie", "")
        if fields.get("sessid") != self.sessid or not has_session:
            return self.show(
                '<font class="errortext">Ваша сессия истекла. Отправьте сообщение повторно.</font>'
            )
        self.keep(fields)
        return redirect(f"/contact?success={fields['PARAMS_HASH']}")


class BitrixWebFormShop(EngineShop):
    """form.result.new: a stale sessid shows the form again, filled, and says nothing."""

    KEYS = ("0" * 32, "1" * 32, "2" * 32)

    def __init__(self, stale: int = 0, *, is_cached: bool = False) -> None:
        super().__init__()
        self.stale, self.is_cached = stale, is_cached
        self.fragment = ""
        """What a form in AJAX mode is answered with instead of a redirect."""

    def get(self, asked: Asked) -> Answer:
        if asked.path == "/bitrix/tools/composite_data.php":
            return Answer(
                f'{{"bitrix_sessid":"{self.KEYS[0]}"}}'.encode(),
                content_type=JSON,
                headers={"Set-Cookie": "PHPSESSID=s1; Path=/"},
            )
        return self.show()

    def show(self, notice: str = "", message: str = "", **headers: str) -> Answer:
        key = "" if self.is_cached and not self.posts else self.KEYS[len(self.posts)]
        cookie = {} if self.is_cached and not self.posts else {"Set_Cookie": "PHPSESSID=s1; Path=/"}
        return page(
            f'<form name="SIMPLE_FORM_1" action="/contact" method="POST" enctype="multipart/form-data">'
            f'<input type="hidden" name="sessid" value="{key}">'
            f'<input type="hidden" name="WEB_FORM_ID" value="1">'
            f"{AJAX_MODE if self.fragment else ''}"
            'Имя* <input name="form_text_1"> E-mail* <input name="form_email_2">'
            f'Вопрос* <textarea name="form_textarea_3">{message}</textarea>'
            '<input type="submit" name="web_form_submit" value="Отправить"></form>',
            **cookie,
        )

    def take(self, asked: Asked) -> Answer:
        fields = posted(asked)
        is_own = fields["sessid"] == self.KEYS[len(self.posts) - 1] and "PHPSESSID" in asked.headers.get(
            "cookie", ""
        )
        if not fields.get("web_form_submit"):
            return self.show()
        if not is_own or len(self.posts) <= self.stale:
            return self.show(message=fields["form_textarea_3"])
        self.keep(fields)
        if fields.get("AJAX_CALL"):
            return Answer(self.fragment.encode())
        return redirect("/contact?WEB_FORM_ID=1&RESULT_ID=9&formresult=addok")


class ShopifyShop(EngineShop):
    """Thanks in the address, or a page with a riddle."""

    form = (
        '<form method="post" action="/contact#ContactForm" id="ContactForm" accept-charset="UTF-8">'
        '<input type="hidden" name="form_type" value="contact"><input type="hidden" name="utf8" value="✓">'
        '<label>Name <input name="contact[Name]"></label>'
        '<label>Email <input type="email" name="contact[email]" required></label>'
        '<label>Comment <textarea name="contact[Comment]"></textarea></label><button>Send</button></form>'
    )

    def __init__(self, *, is_guarded: bool = False) -> None:
        super().__init__()
        self.is_guarded = is_guarded

    def get(self, asked: Asked) -> Answer:
        return (
            page("<p>Prove that you are no robot</p>") if asked.path == "/challenge" else super().get(asked)
        )

    def take(self, asked: Asked) -> Answer:
        if self.is_guarded:
            return redirect("/challenge")
        self.keep(posted(asked))
        return redirect("/contact?contact_posted=true#ContactForm")


class OpenCart3Shop(EngineShop):
    """Errors beside the fields, thanks on a page of their own."""

    form = (
        '<form action="/index.php?route=information/contact" method="post" enctype="multipart/form-data">'
        '<div class="required"><label for="n">Your Name</label><div><input name="name" id="n"></div></div>'
        '<div class="required"><label for="e">E-Mail Address</label><div>'
        '<input name="email" id="e"></div></div>'
        '<div class="required"><label for="q">Enquiry</label><div>'
        '<textarea name="enquiry" id="q"></textarea></div></div>'
        '<input type="submit" value="Submit"></form>'
    )

    def get(self, asked: Asked) -> Answer:
        if "information/contact/success" in asked.url:
            return page("<p>Your enquiry has been successfully sent to the store owner!</p>")
        return self.show()

    def take(self, asked: Asked) -> Answer:
        fields = posted(asked)
        if not (3 <= len(fields["name"]) <= 32 and 10 <= len(fields["enquiry"]) <= 3000):
            return self.show('<div class="text-danger">Enquiry must be between 10 and 3000 characters!</div>')
        self.keep(fields)
        return redirect("/index.php?route=information/contact/success")


class OpenCart4Shop(EngineShop):
    """JSON from a route whose spelling differs by version."""

    def __init__(self, route: str = "information/contact.send", error: dict[str, str] | None = None) -> None:
        super().__init__()
        self.route, self.error = route, error
        self.form = (
            f'<form id="form-contact" action="/index.php?route={route}&amp;language=en-gb" method="post"'
            ' data-oc-toggle="ajax"><label>Your Name <input name="name"></label>'
            '<label>E-Mail Address <input name="email"></label>'
            '<label>Enquiry <textarea name="enquiry"></textarea></label>'
            '<button type="submit">Submit</button></form>'
        )

    def take(self, asked: Asked) -> Answer:
        assert self.route in asked.url.replace("%7C", "|")
        if self.error:
            return data({"error": self.error})
        self.keep(posted(asked))
        return data(
            {"redirect": "http://shop.test/index.php?route=information/contact.success&language=en-gb"}
        )


def boundary_of(asked: Asked) -> str:
    found = re.search(r"boundary=(\S+)", asked.headers["content-type"])
    assert found
    return found.group(1)
