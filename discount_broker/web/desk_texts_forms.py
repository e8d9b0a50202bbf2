"""What leads type on the pages of texts."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from discount_broker.escalation.queries.texts import TextName
from discount_broker.escalation.status import TextKind
from discount_broker.escalation.use_cases.texts import LONGEST_NOTE, LONGEST_TITLE, Wording
from discount_broker.web.desk_texts_words import KINDS, READERS, REFUSALS
from discount_broker.web.forms import PageForm, strip
from discount_broker.web.language import NAMES


class TextForm(PageForm):
    """The words of one text, and the version they were made of."""

    own_refusals = REFUSALS

    title = StringField(_l("Title"), filters=[strip], validators=[Length(max=LONGEST_TITLE)])
    body = TextAreaField(_l("The text"))
    note = StringField(_l("Why you change it"), filters=[strip], validators=[Length(max=LONGEST_NOTE)])
    based_on = HiddenField()

    def wording(self) -> Wording:
        version = self.based_on.data or ""
        return Wording(
            title=self.title.data or "",
            body=self.body.data or "",
            note=self.note.data or "",
            based_on=int(version) if version.isascii() and version.isdecimal() and len(version) < 9 else -1,
        )


class NewTextForm(TextForm):
    """A canned text that nobody has written yet."""

    kind = RadioField(
        _l("What is it?"),
        choices=[SelectChoice(kind.value, KINDS[kind]) for kind in (TextKind.MAIL, TextKind.SMS)],
        default=TextKind.MAIL.value,
        validators=[InputRequired()],
    )
    reader = RadioField(
        _l("For whom?"),
        choices=[SelectChoice(key, words) for key, words in READERS.items()],
        default="shop",
        validators=[InputRequired()],
    )
    language = RadioField(
        _l("In which language?"),
        choices=[SelectChoice(key, name) for key, name in NAMES.items()],
        default="en",
        validators=[InputRequired()],
    )
    key = StringField(_l("Short name"), filters=[strip], validators=[Length(max=40)])

    def name(self) -> TextName:
        kind, key = TextKind(self.kind.data), f"{self.reader.data}_{self.key.data or ''}"
        return TextName(kind, key, str(self.language.data))
