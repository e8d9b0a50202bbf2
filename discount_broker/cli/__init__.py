"""Commands for the terminal; each module registers its own."""

from flask import Flask

from discount_broker.cli import database, discover, incoming, inspect, mail, operations, seed, shops, sms


def register(app: Flask) -> None:
    for module in (database, operations, incoming, inspect, mail, discover, seed, shops, sms):
        module.register(app)
