"""Commands for the terminal; each module registers its own."""

from flask import Flask

from discount_broker.cli import database, discover, inspect, mail, operations, seed


def register(app: Flask) -> None:
    for module in (database, operations, inspect, mail, discover, seed):
        module.register(app)
