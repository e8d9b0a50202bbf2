"""Commands for the terminal; each module registers its own."""

from flask import Flask

from discount_broker.cli import inspect


def register(app: Flask) -> None:
    inspect.register(app)
