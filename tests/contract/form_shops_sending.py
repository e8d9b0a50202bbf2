"""A letter, and a way to send it to a shop's form over real HTTP or over the fake."""

from contextlib import ExitStack

from discount_broker.adapters.http_fetch import GuardedFetcher
from discount_broker.adapters.web_form import FormReport, WebFormChannel
from discount_broker.outreach.form_filling import Letter
from tests.contract.servers import serving
from tests.contract.test_fetchers import nobody_knows
from tests.fakes import FakeFetcher, Site

LETTER = Letter(
    name="Скидка",
    email="reply+r7k2m9@in.broker.test",
    phone="+74951234567",
    subject="Запрос R-7K2M9",
    text="Здравствуйте!\nПокупатель готов купить чайник.\nhttps://broker.test/o/abc",
    link="https://broker.test/o/abc",
)


class Sender:
    """Sends a letter to the form of a shop, over real HTTP or over the fake."""

    def __init__(self, running: ExitStack, *, is_real: bool) -> None:
        self._running, self._is_real = running, is_real

    def __call__(self, shop: Site, letter: Letter = LETTER, path: str = "/contact") -> FormReport:
        return self.channel(shop).send_form(f"http://shop.test{path}", letter)

    def channel(self, shop: Site) -> WebFormChannel:
        if not self._is_real:
            return WebFormChannel(FakeFetcher({"shop.test": shop}), service_name="Скидка")
        place = self._running.enter_context(serving(shop)).place
        fetcher = GuardedFetcher(
            user_agent="DiscountBrokerBot/1.0",
            resolve=(("shop.test", place),),
            delay=0,
            look_up=nobody_knows,
        )
        return WebFormChannel(fetcher, service_name="Скидка")
