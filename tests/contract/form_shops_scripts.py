"""Shops whose forms only a script sends, with a stand-in for the server each script talks to."""

from typing import ClassVar
from urllib.parse import parse_qsl, urlsplit

from tests.contract.form_shops import posted
from tests.contract.form_shops_carts import JoomlaShop, MagentoShop, PrestaShopShop, ZenCartShop
from tests.contract.form_shops_engines import (
    BitrixFeedbackShop,
    BitrixWebFormShop,
    ContactForm7Shop,
    EngineShop,
    OpenCart3Shop,
    OpenCart4Shop,
    ShopifyShop,
    data,
    page,
)
from tests.fakes import Answer, Asked, redirect


class ScriptShop(EngineShop):
    """Forms that only their script sends: what it has to send is told by the class."""

    address = ""
    needs: tuple[tuple[str, str], ...] = ()
    answer: ClassVar[object] = None
    wants_script = True

    def take(self, asked: Asked) -> Answer:
        fields = posted(asked)
        is_script = asked.headers.get("x-requested-with") == "XMLHttpRequest" or not self.wants_script
        if urlsplit(asked.url).path != self.address or not is_script:
            return redirect("/")
        if missing := [name for name, value in self.needs if fields.get(name) != value]:
            return data({"success": False, "message": f"missing {missing}"})
        self.keep(fields)
        return data(self.answer)


class InSalesShop(ScriptShop):
    address = "/client_account/feedback.json"
    answer: ClassVar[object] = {"status": "ok", "notice": "Сообщение успешно отправлено!"}
    form = (
        '<form action="/client_account/feedback" method="post"><input type="hidden" name="lang" value="ru">'
        '<label>Имя <input name="feedback[name]"></label><label>Телефон '
        '<input name="feedback[phone]"></label>'
        '<label>E-mail <input name="feedback[from]"></label>'
        '<label>Сообщение <textarea name="feedback[content]"></textarea></label>'
        "<button>Отправить</button></form>"
    )


class TildaShop(ScriptShop):
    address = "/procces/"
    needs = (("tildaspec-formskey", "k77"), ("tildaspec-projectid", "5"), ("form-spec-comments", ""))
    answer: ClassVar[object] = {"message": "OK", "results": ["1:2"]}
    form = (
        '<div id="allrecords" data-tilda-project-id="5" data-tilda-page-id="6" data-tilda-formskey="k77">'
        '<form id="form9" class="t-form js-form-proccess" action="/procces/" method="POST">'
        '<input type="hidden" name="formservices[]" value="aa11"><input name="Name" placeholder="Имя">'
        '<input name="Email" placeholder="E-mail">'
        '<textarea name="Textarea" placeholder="Сообщение"></textarea>'
        '<div style="position:absolute;left:-5000px">'
        '<input name="form-spec-comments" tabindex="-1" value=""></div>'
        '<button type="submit">Отправить</button></form></div>'
    )


class WpFormsShop(ScriptShop):
    address = "/wp/wp-admin/admin-ajax.php"
    needs = (("wpforms[token]", "tok1"), ("action", "wpforms_submit"), ("wpforms[submit]", "wpforms-submit"))
    answer: ClassVar[object] = {"success": True, "data": {"confirmation": "<p>Thanks for contacting us!</p>"}}
    head = (
        "<script>wpforms_settings = {"
        '"ajaxurl":"http:\\/\\/shop.test\\/wp\\/wp-admin\\/admin-ajax.php"}</script>'
    )
    form = (
        '<form id="wpforms-form-4" class="wpforms-form wpforms-ajax-form" data-formid="4" method="post"'
        ' enctype="multipart/form-data" action="/contact" data-token="tok1">'
        '<label>Name <input name="wpforms[fields][0]" required></label>'
        '<label>Email <input type="email" name="wpforms[fields][1]" required></label>'
        '<label>Comment <textarea name="wpforms[fields][2]" required></textarea></label>'
        '<div class="wpforms-field-hp"><label>Website</label><input name="wpforms[hp]"></div>'
        '<input type="hidden" name="wpforms[id]" value="4">'
        '<input type="hidden" name="wpforms[post_id]" value="8">'
        '<button type="submit" name="wpforms[submit]" value="wpforms-submit">Submit</button></form>'
    )


class ElementorShop(ScriptShop):
    address = "/wp-admin/admin-ajax.php"
    needs = (("action", "elementor_pro_forms_send_form"), ("post_id", "8"))
    answer: ClassVar[object] = {
        "success": True,
        "data": {"message": "Your submission was successful.", "data": []},
    }
    form = (
        '<form class="elementor-form" method="post" name="New">'
        '<input type="hidden" name="post_id" value="8">'
        '<input type="hidden" name="form_id" value="ab1">'
        '<input name="form_fields[name]" placeholder="Name">'
        '<input type="email" name="form_fields[email]" placeholder="Email" required>'
        '<textarea name="form_fields[message]" placeholder="Message"></textarea>'
        '<button type="submit">Send</button></form>'
    )


class GravityShop(ScriptShop):
    """Thanks whoever comes, and keeps what browsers sent."""

    address = "/contact"
    wants_script = False
    needs = (("version_hash", "1f2e"), ("gform_submit", "3"), ("input_9", ""))
    head = (
        '<script>var gform_theme_config = {"common":{"form":{"honeypot":{"version_hash":"1f2e"}}}};</script>'
    )
    form = (
        '<form method="post" id="gform_3" action="/contact"><label for="i1">Name</label>'
        '<input id="i1" name="input_1">'
        '<label for="i2">Email</label><input id="i2" type="email" name="input_2">'
        '<label for="i3">Message</label><textarea id="i3" name="input_3"></textarea>'
        '<div class="gfield--type-honeypot"><label for="i9">Website</label><input id="i9" name="input_9">'
        "<p>This field is for validation purposes and should be left unchanged.</p></div>"
        '<input type="hidden" name="gform_submit" value="3"><input type="submit" value="Submit"></form>'
    )

    def take(self, asked: Asked) -> Answer:
        fields = posted(asked)
        if all(fields.get(name) == value for name, value in self.needs):
            self.keep(fields)
        return page('<div id="gform_confirmation_message_3">Thanks for contacting us!</div>')


class FluentShop(ScriptShop):
    address = "/wp-admin/admin-ajax.php"
    needs = (("action", "fluentform_submit"), ("form_id", "7"))
    answer: ClassVar[object] = {
        "success": True,
        "data": {"result": {"message": "Thank you for your message."}},
    }
    form = (
        '<form data-form_id="7" id="fluentform_7" class="frm-fluent-form ff-el-form-top" method="POST">'
        '<input type="hidden" name="_fluentform_7_fluentformnonce" value="n1">'
        '<input name="names[first_name]" placeholder="First Name">'
        '<input name="names[last_name]" placeholder="Last Name">'
        '<input type="email" name="email" placeholder="Email" required>'
        '<textarea name="message" placeholder="Your Message"></textarea>'
        '<button type="submit">Submit</button></form>'
    )

    def keep(self, fields: dict[str, str]) -> None:
        super().keep(dict(parse_qsl(fields["data"])))


class ForminatorShop(ScriptShop):
    address = "/wp-admin/admin-ajax.php"
    needs = (("action", "forminator_submit_form_custom-forms"), ("forminator_nonce", "n2"))
    answer: ClassVar[object] = {"success": True, "data": {"message": "Thank you for contacting us!"}}
    form = (
        '<form id="forminator-module-12" class="forminator-ui forminator-custom-form" method="post"'
        ' style="display:none"><label>Name <input name="name-1"></label>'
        '<label>Email <input type="email" name="email-1"></label>'
        '<label>Message <textarea name="textarea-1"></textarea></label>'
        '<input type="hidden" name="forminator_nonce" value="n2">'
        '<input type="hidden" name="form_id" value="12">'
        '<input type="hidden" name="action" value="forminator_submit_form_custom-forms">'
        "<button>Send</button></form>"
    )


class OdooShop(ScriptShop):
    address = "/website/form/mail.mail"
    needs = (("csrf_token", "abc123o"), ("email_to", "info@shop.test"))
    answer: ClassVar[object] = {"id": 41}
    head = '<script>var odoo = {csrf_token: "abc123o"};</script>'
    form = (
        '<form action="/website/form/" method="post" enctype="multipart/form-data"'
        ' data-model_name="mail.mail"'
        ' data-success-page="/contactus-thank-you"><label>Your Name <input name="name" required></label>'
        '<label>Your Email <input type="email" name="email_from" required></label>'
        '<label>Subject <input name="subject" required></label>'
        '<label>Your Question <textarea name="description" required></textarea></label>'
        '<input type="hidden" name="email_to" value="info@shop.test"><a href="#" class="btn">Submit'
        "</a></form>"
    )


class AjaxFormShop(ScriptShop):
    address = "/assets/components/ajaxform/action.php"
    needs = (("af_action", "md5x"), ("pageId", "12"))
    answer: ClassVar[object] = {"success": True, "message": "Форма успешно отправлена", "data": []}
    head = (
        '<script>AjaxForm.initialize({"actionUrl":"\\/assets\\/components\\/ajaxform\\/action.php",'
        '"pageId":12});</script>'
    )
    form = (
        '<form class="ajax_form" action="" method="post"><input name="name" placeholder="Имя">'
        '<input type="email" name="email" placeholder="E-mail">'
        '<textarea name="message" placeholder="Текст"></textarea>'
        '<input type="hidden" name="af_action" value="md5x"><button type="submit">Отправить</button></form>'
    )


class CsCartShop(ScriptShop):
    address = "/index.php"
    wants_script = False
    needs = (("security_hash", "f" * 32), ("dispatch[pages.send_form]", "Send"), ("page_id", "30"))
    answer: ClassVar[object] = {
        "notifications": {"1": {"type": "N", "message": "Thank you for your message"}}
    }
    head = f"<script>Tygh.security_hash = '{'f' * 32}';</script>"
    form = (
        '<form action="/index.php" method="post" enctype="multipart/form-data">'
        '<input type="hidden" name="fake" value="1"><input type="hidden" name="page_id" value="30">'
        '<label for="e2">Your name</label><input id="e2" name="form_values[2]">'
        '<label for="e3">E-mail</label><input id="e3" name="form_values[3]">'
        '<label for="e4">Message</label><textarea id="e4" name="form_values[4]"></textarea>'
        '<button type="submit" name="dispatch[pages.send_form]" value="Send">Send</button></form>'
    )


ENGINES: dict[str, type[EngineShop]] = {
    "contact_form_7": ContactForm7Shop,
    "wpforms": WpFormsShop,
    "elementor": ElementorShop,
    "gravity_forms": GravityShop,
    "fluent_forms": FluentShop,
    "forminator": ForminatorShop,
    "bitrix_web_form": BitrixWebFormShop,
    "bitrix_feedback": BitrixFeedbackShop,
    "shopify": ShopifyShop,
    "opencart_3": OpenCart3Shop,
    "opencart_4": OpenCart4Shop,
    "prestashop": PrestaShopShop,
    "magento": MagentoShop,
    "zen_cart": ZenCartShop,
    "joomla": JoomlaShop,
    "insales": InSalesShop,
    "tilda": TildaShop,
    "cs_cart": CsCartShop,
    "odoo": OdooShop,
    "modx_ajaxform": AjaxFormShop,
}
"""By the name of the recipe that sends their forms."""
