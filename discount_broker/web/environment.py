"""Where templates find what all of them know."""

from collections.abc import MutableMapping
from typing import Any

from flask import Flask
from flask.templating import Environment


class PageEnvironment(Environment):
    """As Flask has it, but what all templates know is copied once for each of them.

    Jinja lays one map over the other, and goes through both whenever a template is drawn or imported.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}


def init_app(app: Flask) -> None:
    app.jinja_environment = PageEnvironment
