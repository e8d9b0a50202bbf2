"""Seeded letters that belong to no request for certain, read as any other."""

import hashlib
from datetime import datetime, timedelta
from email.message import EmailMessage
from random import Random

from discount_broker.cli.seeding.desk_words import STRAY, StrayWords
from discount_broker.discount_requests.rules import NUMBER_LETTERS
from discount_broker.kernel.db import db
from discount_broker.kernel.site import site
from discount_broker.outreach.models import InboundMail, Outreach
from discount_broker.outreach.use_cases import read_mail


class StraySeeder:
    def __init__(self, chance: Random, now: datetime) -> None:
        self.chance, self.now = chance, now

    def receive(self, asked: dict[str, Outreach]) -> None:
        """`asked`: an outreach to a shop of each language, which the letters may be about."""
        for number, words in enumerate(STRAY, 1):
            outreach = asked.get(words.language)
            if words.language and outreach is None:
                continue
            at = self.now - timedelta(hours=7 * number)
            content = self._written(words, outreach)
            mail = InboundMail(
                digest=hashlib.sha256(content).hexdigest(),
                recipient=f"info@{site().mail_domain}",
                content=content,
                received_at=at,
            )
            db.session.add(mail)
            db.session.commit()
            read_mail(mail.id, at)

    def _written(self, words: StrayWords, outreach: Outreach | None) -> bytes:
        message = EmailMessage()
        facts = self._facts(outreach) if outreach else {}
        message["From"] = words.sender.format(**facts)
        message["To"], message["Subject"] = f"info@{site().mail_domain}", words.subject.format(**facts)
        for name, value in words.headers:
            message[name] = value
        message.set_content(words.text.format(**facts))
        return message.as_bytes()

    def _facts(self, outreach: Outreach) -> dict[str, str]:
        shop = outreach.shop
        return {
            "shop": shop.name,
            "label": shop.domain.partition(".")[0],
            "product": outreach.product_title,
            "slip": self._slip(outreach.discount_request.number),
        }

    def _slip(self, number: str) -> str:
        """The number as somebody types it who reads it from paper: one letter is wrong."""
        others = [letter for letter in NUMBER_LETTERS if letter != number[-1]]
        return number[:-1] + self.chance.choice(others)
