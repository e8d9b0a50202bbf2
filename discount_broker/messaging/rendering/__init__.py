"""Saying messages: the words the program comes with, or the version a lead wrote, in a frame of ours."""

from discount_broker.messaging.rendering.defaults import Default
from discount_broker.messaging.rendering.environments import LOCALES, TEMPLATES, TRANSLATIONS
from discount_broker.messaging.rendering.phrases import clip, moment, money, one_line, percent, wrapped
from discount_broker.messaging.rendering.renderer import (
    Context,
    Rendered,
    Renderer,
    render_form_text,
    render_mail,
    render_sms,
    renderer,
    scope_of,
)
from discount_broker.messaging.rendering.wording import Wording

__all__ = [
    "LOCALES",
    "TEMPLATES",
    "TRANSLATIONS",
    "Context",
    "Default",
    "Rendered",
    "Renderer",
    "Wording",
    "clip",
    "moment",
    "money",
    "one_line",
    "percent",
    "render_form_text",
    "render_mail",
    "render_sms",
    "renderer",
    "scope_of",
    "wrapped",
]
