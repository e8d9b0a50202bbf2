"""Which riddle guards a form."""

import re
from collections.abc import Collection
from typing import Any

from lxml import etree

from discount_broker.discovery.extract.forms.descriptions import Captcha, FieldRole

MARKS = (
    (Captcha.SMARTCAPTCHA, re.compile(r"smart-?captcha|smart-token|captcha-api\.yandex", re.IGNORECASE)),
    (Captcha.TURNSTILE, re.compile(r"turnstile", re.IGNORECASE)),
    (Captcha.HCAPTCHA, re.compile(r"h-?captcha(?![a-z]*\.(?:php|jpg|png|gif))", re.IGNORECASE)),
    (Captcha.RECAPTCHA, re.compile(r"g-recaptcha|recaptcha", re.IGNORECASE)),
)
WORDS = ("captcha", "turnstile", "smart-token")
"""Each of the patterns holds one of these."""


def captcha_of(form: Any, is_mentioned: bool, roles: Collection[FieldRole]) -> Captcha | None:
    """`is_mentioned`: the page speaks of one anywhere, so that a closer look is worth while."""
    if is_mentioned:
        markup = etree.tostring(form, encoding="unicode", with_tail=False)[:200_000]
        lowered = markup.lower()
        # A plain look for a word costs a hundredth of a pattern's.
        if any(word in lowered for word in WORDS):
            for kind, pattern in MARKS:
                if pattern.search(markup):
                    return kind
    if FieldRole.CAPTCHA not in roles:
        return None
    return Captcha.IMAGE if form.find(".//img") is not None else Captcha.OTHER
