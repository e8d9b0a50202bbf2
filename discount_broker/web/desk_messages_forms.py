"""What leads type on the pages of messages."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import Length

from discount_broker.escalation.use_cases.message_texts import LONGEST_NOTE, TypedText
from discount_broker.web.desk_messages_words import REFUSALS
from discount_broker.web.forms import PageForm, strip


class MessageTextForm(PageForm):
    """The words of one message, and the version they were made of."""

    own_refusals = REFUSALS

    subject = StringField(_l("Subject"), filters=[strip])
    body = TextAreaField(_l("The text"))
    note = StringField(_l("Why you change it"), filters=[strip], validators=[Length(max=LONGEST_NOTE)])
    based_on = HiddenField()

    def typed(self) -> TypedText:
        version = self.based_on.data or ""
        return TypedText(
            subject=self.subject.data or "",
            body=self.body.data or "",
            note=self.note.data or "",
            based_on=int(version) if version.isascii() and version.isdecimal() and len(version) < 9 else -1,
        )
