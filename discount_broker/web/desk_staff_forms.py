"""What staff fill in about their accounts."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, PasswordField, RadioField, SelectChoice, StringField
from wtforms.validators import InputRequired, Length

from discount_broker.web.desk_staff_words import REFUSALS, ROLES
from discount_broker.web.forms import PageForm, strip


class StaffForm(PageForm):
    own_refusals = REFUSALS


class NewPasswordForm(StaffForm):
    """A password chosen by the holder of a link."""

    password = PasswordField(
        _l("New password"), validators=[InputRequired(_l("Please type a new password."))]
    )
    again = PasswordField(_l("The new password once more"))

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        return self.again.data == self.password.data or self.wrong("again", "password_differs")


class PasswordForm(NewPasswordForm):
    """Another password for somebody who knows the present one."""

    known = PasswordField(
        _l("Present password"), validators=[InputRequired(_l("Please type your present password."))]
    )


class CodeForm(StaffForm):
    code = StringField(
        _l("Code"), filters=[strip], validators=[InputRequired(_l("Please type the code.")), Length(max=40)]
    )


class TurnOffForm(CodeForm):
    password = PasswordField(
        _l("Your password"), validators=[InputRequired(_l("Please type your password."))]
    )


class OperatorForm(StaffForm):
    name = StringField(
        _l("Name"), filters=[strip], validators=[InputRequired(REFUSALS["name_missing"]), Length(max=100)]
    )
    role = RadioField(_l("Role"), choices=[SelectChoice(role, said) for role, said in ROLES.items()])
    extension = StringField(_l("Extension"), filters=[strip], validators=[Length(max=40)])


class InviteForm(StaffForm):
    email = EmailField(
        _l("E-mail address"),
        filters=[strip],
        validators=[InputRequired(_l("Please type an e-mail address.")), Length(max=254)],
    )
    name = StringField(
        _l("Name"), filters=[strip], validators=[InputRequired(REFUSALS["name_missing"]), Length(max=100)]
    )
    role = RadioField(
        _l("Role"),
        choices=[SelectChoice(role, said) for role, said in ROLES.items()],
        default="operator",
    )
