"""Shops of further engines: their traps and their ways to say thanks."""

import json
from urllib.parse import quote

from tests.contract.form_shops import posted
from tests.contract.form_shops_engines import EngineShop, page
from tests.fakes import Answer, Asked, redirect


class PrestaShopShop(EngineShop):
    """A token that the cookie knows, a trap called `url`, and one general complaint, in Latvian."""

    def __init__(self) -> None:
        super().__init__()
        self.age = 0
        """Seconds that pass between the page and the post."""

    def show(self, notice: str = "", **headers: str) -> Answer:
        return page(
            f'{notice}<form action="/contact" method="post"><select name="id_contact">'
            '<option value="2">Customer service</option><option value="1">Webmaster</option></select>'
            '<input name="from" type="email" value=""><textarea name="message"></textarea>'
            "<style>input[name=url] { display: none !important; }</style>"
            '<input type="text" name="url" value=""><input type="hidden" name="token" value="t-1">'
            '<input type="submit" name="submitMessage" value="Sūtīt"></form>',
            Set_Cookie="PrestaShop-1=t-1; Path=/",
        )

    def take(self, asked: Asked) -> Answer:
        fields = posted(asked)
        is_known = fields["token"] == "t-1" and "PrestaShop-1=t-1" in asked.headers.get("cookie", "")
        if fields["url"] or not is_known or self.age > 600 or "submitMessage" not in fields:
            return self.show('<div class="notification alert-danger"><ul><li>Radās kļūda.</li></ul></div>')
        self.keep(fields)
        return self.show(
            '<div class="col-xs-12 alert alert-success"><ul><li>Jūsu ziņa nosūtīta.</li></ul></div>'
        )


class MagentoShop(EngineShop):
    """A page from the cache with somebody's key; the outcome is a cookie."""

    form = (
        '<form class="form contact" action="/contact/index/post/" id="contact-form" method="post">'
        '<input name="form_key" type="hidden" value="cachedKey0000001">'
        '<label>Name <input name="name"></label><label>Email <input name="email" type="email"></label>'
        '<label>Phone Number <input name="telephone" type="tel"></label>'
        '<label>What’s on your mind? <textarea name="comment"></textarea></label>'
        '<input type="hidden" name="hideit" value=""><button type="submit">Submit</button></form>'
    )

    def take(self, asked: Asked) -> Answer:
        fields = posted(asked)
        knows = f"form_key={fields['form_key']}" in asked.headers.get("cookie", "")
        if knows and not fields["hideit"]:
            self.keep(fields)
            return self._flash("success", "We'll respond to you very soon.")
        return self._flash("error", "Invalid Form Key. Please refresh the page.")

    def _flash(self, kind: str, text: str) -> Answer:
        told = quote(json.dumps([{"type": kind, "text": text}]))
        return Answer(
            status=302, headers={"Location": "/contact", "Set-Cookie": f"mage-messages={told}; Path=/"}
        )


class ZenCartShop(EngineShop):
    """A trap with a new name in every session; what is caught there is thanked for."""

    def __init__(self) -> None:
        super().__init__()
        self.trap = "rkq81z"

    def get(self, asked: Asked) -> Answer:
        return (
            page("<p>Your message has been successfully sent.</p>") if "success" in asked.url else self.show()
        )

    def show(self, notice: str = "", **headers: str) -> Answer:
        return page(
            '<form name="contact_us" action="/index.php?main_page=contact_us&amp;action=send" method="post">'
            '<input type="hidden" name="securityToken" value="z-1">'
            '<label>Full Name <input name="contactname"></label><label>Email Address '
            '<input name="email"></label>'
            '<label>Message <textarea name="enquiry"></textarea></label>'
            f'<input type="text" name="{self.trap}" size="40" style="visibility:hidden; display:none;"'
            ' autocomplete="off"><input type="submit" value="Send"></form>'
        )

    def take(self, asked: Asked) -> Answer:
        fields = posted(asked)
        is_spam = fields[self.trap] or "://" in fields["contactname"] or fields["securityToken"] != "z-1"
        if not is_spam:
            self.keep(fields)
        return redirect("/index.php?main_page=contact_us&action=success")


class JoomlaShop(EngineShop):
    """Back to the first page, with the notice as data for a script."""

    form = (
        '<form id="contact-form" action="/index.php" method="post">'
        '<label>Name <input name="jform[contact_name]" required></label>'
        '<label>Email <input type="email" name="jform[contact_email]" required></label>'
        '<label>Subject <input name="jform[contact_subject]" required></label>'
        '<label>Message <textarea name="jform[contact_message]" required></textarea></label>'
        '<label><input type="checkbox" name="jform[contact_email_copy]" value="1"> Send me a copy</label>'
        '<button type="submit">Send Email</button><input type="hidden" name="option" value="com_contact">'
        '<input type="hidden" name="task" value="contact.submit">'
        '<input type="hidden" name="0a1b" value="1"></form>'
    )

    def __init__(self, kind: str = "success", said: str = "E-posts on saadetud") -> None:
        super().__init__()
        self.kind, self.said = kind, said

    def get(self, asked: Asked) -> Answer:
        if asked.path != "/":
            return self.show()
        told = json.dumps({"joomla.messages": [{self.kind: [self.said]}]})
        return page(
            f'<script type="application/json" class="joomla-script-options new">{told}</script><p>Home</p>'
        )

    def take(self, asked: Asked) -> Answer:
        self.keep(posted(asked))
        return redirect("/", 303)
