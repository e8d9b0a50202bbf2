"""Every background job there is, one line each."""

from uuid import UUID

from discount_broker.accounts import use_cases as accounts
from discount_broker.checks import use_cases as checks
from discount_broker.discount_requests import use_cases as discount_requests
from discount_broker.discount_requests.use_cases import submit_draft
from discount_broker.discovery import use_cases as discovery
from discount_broker.escalation import use_cases as escalation
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.sweeping import in_turn
from discount_broker.messaging import use_cases as messaging
from discount_broker.notifications import use_cases as notifications
from discount_broker.offers import use_cases as offers
from discount_broker.outreach import use_cases as outreach
from discount_broker.scorecards import use_cases as scorecards
from discount_broker.watches import use_cases as watches
from discount_broker.webhooks import use_cases as webhooks
from workers.runtime import adapter, job, sweep, sweeps

BUSY = 50
"""Jobs that wait in the queue when nothing in it can be lost."""


def is_quiet() -> bool:
    """Whether there is time for what nobody waits for: the other sweeps of this tick may stand behind us."""
    return (adapter("job_queue").waiting() or 0) <= len(sweeps)


@job
def read_product(request_id: UUID) -> None:
    discovery.read_product(request_id, adapter("fetcher"), utcnow())


@job
def plan_outreach(request_id: UUID) -> None:
    outreach.plan_outreach(request_id, utcnow(), may_search=adapter("search_engine") is not None)


@job
def find_rivals(request_id: UUID) -> None:
    discovery.find_rivals(request_id, adapter("search_engine"), adapter("fetcher"), utcnow())


@job
def plan_rivals(request_id: UUID) -> None:
    outreach.plan_rivals(request_id, utcnow())


@job
def discover_contacts(shop_id: UUID) -> None:
    discovery.discover_contacts(shop_id, adapter("fetcher"), adapter("mail_routes"), utcnow())


@job
def answer_by_rule(outreach_id: UUID) -> None:
    offers.answer_by_rule(outreach_id, utcnow())


@job
def ask_shop(shop_id: UUID) -> None:
    now = utcnow()
    offers.answer_by_rules(shop_id, now)  # whom a rule gives all they wish for is not asked about
    outreach.ask_shop(shop_id, now)


@job
def deliver(delivery_id: UUID) -> None:
    messaging.deliver(delivery_id, adapter("channels"), utcnow())


@job
def settle_delivery(delivery_id: UUID) -> None:
    outreach.settle_delivery(delivery_id, utcnow())
    escalation.go_on_with_cases_of(delivery_id, utcnow())


@job
def read_mail(inbound_mail_id: UUID) -> None:
    outreach.authenticate_mail(inbound_mail_id, adapter("mail_authenticity"))
    outreach.read_mail(inbound_mail_id, utcnow())


@job
def take_check_answer(inbound_mail_id: UUID) -> None:
    checks.take_answer(inbound_mail_id, utcnow())


@job
def read_price(outreach_id: UUID) -> None:
    outreach.read_price(outreach_id, adapter("fetcher"), utcnow())


@job
def read_watched_page(page_id: UUID) -> None:
    watches.read_watched_page(page_id, adapter("fetcher"), utcnow())


@job
def submit_ask(request_id: UUID) -> None:
    webhooks.submit_ask(request_id, submit_draft, utcnow())


@job
def call_hook(call_id: UUID) -> None:
    webhooks.call_hook(call_id, adapter("hook_caller"), utcnow())


@job
def read_feed(shop_id: UUID) -> None:
    discovery.read_feed(shop_id, adapter("fetcher"), utcnow())


@job
def requeue_shop(shop_id: UUID) -> None:
    escalation.requeue_shop(shop_id, utcnow())


@sweep
def ring_lost_bells() -> None:
    """Rows that wait for a job whose ring was lost, or that never came back from a dead worker."""
    if (adapter("job_queue").waiting() or 0) > BUSY:
        return  # whatever waits in the queue is not lost
    now = utcnow()
    in_turn(
        lambda: messaging.requeue_lost(now),
        lambda: discovery.requeue_lost(now),
        lambda: discovery.requeue_lost_searches(now),
        outreach.requeue_lost,
        lambda: outreach.requeue_lost_prices(now),
        checks.requeue_lost,
    )


@sweep
def reread_watched_pages() -> None:
    if is_quiet():
        watches.ring_due_pages(utcnow())


@sweep
def tell_programs() -> None:
    now = utcnow()
    in_turn(
        webhooks.ring_waiting_asks,
        lambda: webhooks.make_hook_calls(now),
        lambda: webhooks.ring_hook_calls(now),
    )


@sweep
def refresh_contacts() -> None:
    if is_quiet():
        outreach.refresh_contacts(utcnow())


@sweep
def ring_for_feeds() -> None:
    if is_quiet():
        discovery.ring_for_feeds(utcnow())


@sweep
def take_due_steps() -> None:
    outreach.take_due_steps(utcnow())


@sweep
def open_due_cases() -> None:
    escalation.open_due_cases(utcnow())


@sweep
def open_reviews() -> None:
    escalation.open_reviews(utcnow())


@sweep
def wake_promises() -> None:
    escalation.wake_promises(utcnow())


@sweep
def watch_clocks() -> None:
    escalation.watch_clocks(utcnow())


@sweep
def wind_clocks() -> None:
    escalation.wind_clocks(utcnow())


@sweep
def wake_queue() -> None:
    now = utcnow()
    in_turn(
        lambda: escalation.wake_queue(now),
        lambda: escalation.requeue_merged(now),
        lambda: escalation.forget_presence(now),
    )


@sweep
def draft_offers() -> None:
    offers.draft_offers(utcnow())


@sweep
def tell_what_rules_gave() -> None:
    offers.tell_what_rules_gave(utcnow())


@sweep
def expire_offers() -> None:
    offers.expire_offers(utcnow())


@sweep
def pass_on_acceptances() -> None:
    offers.pass_on_acceptances(utcnow())


@sweep
def remind_unconfirmed() -> None:
    discount_requests.remind_unconfirmed(utcnow())


@sweep
def tell_the_silence() -> None:
    outreach.tell_the_silence(utcnow())


@sweep
def ask_outcomes() -> None:
    offers.ask_outcomes(utcnow())


@sweep
def remind_endings() -> None:
    offers.remind_endings(utcnow())


@sweep
def erase_leaving() -> None:
    offers.erase_leaving(utcnow())


@sweep
def send_waiting_news() -> None:
    notifications.send_waiting_news(utcnow())


@sweep
def send_greetings() -> None:
    notifications.send_greetings(utcnow())


@sweep
def learn_rates() -> None:
    outreach.learn_rates(utcnow())


@sweep
def sweep_sessions() -> None:
    accounts.sweep_sessions(utcnow())


@sweep
def compute_scorecards() -> None:
    scorecards.compute_scorecards(utcnow())


@sweep
def draw_checks() -> None:
    now = utcnow()
    in_turn(
        lambda: checks.draw_round(now),
        lambda: checks.close_unanswered(now),
        lambda: checks.tell_reports(now),
    )
