"""From settings to adapters; the only place that knows which adapter stands behind a port."""

from decimal import Decimal
from functools import partial
from pathlib import Path

from flask import Flask
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from discount_broker.adapters.amazon_sns import AmazonSns
from discount_broker.adapters.dev_mailbox import MailFolder, SmtpReply
from discount_broker.adapters.dkim_check import DkimCheck
from discount_broker.adapters.dkim_signing import load_signer
from discount_broker.adapters.http_fetch import GuardedFetcher, Limits
from discount_broker.adapters.imap_mailbox import ImapMailbox
from discount_broker.adapters.mail_pacing import PacedMailChannel
from discount_broker.adapters.mail_providers import MxProviders
from discount_broker.adapters.mail_receiver import MailReceiver
from discount_broker.adapters.mail_routes import DnsMailRoutes
from discount_broker.adapters.mail_turns import RedisTurns
from discount_broker.adapters.redirect import RedirectChannel
from discount_broker.adapters.rq_queue import RqJobQueue
from discount_broker.adapters.search import BraveSearch, SearxngSearch, SerperSearch, YandexSearch
from discount_broker.adapters.signed_tokens import RedisSignedTokens
from discount_broker.adapters.sms import make_sms_channel
from discount_broker.adapters.smtp import SmtpChannel
from discount_broker.adapters.web_form import WebFormChannel, human_pause
from discount_broker.adapters.webhook_call import GuardedHookCaller
from discount_broker.discovery.ports import SearchEngine
from discount_broker.messaging.ports import ChannelKind, Channels
from discount_broker.settings import Settings
from discount_broker.web.sms import receipt_address

LARGEST_FEED = 200_000_000
ONE_SMALL_FILE = Limits(size=20_000, seconds=5, redirects=0, takes_any_type=True)


def connect(app: Flask, settings: Settings) -> None:
    """Hang one of each adapter on the application. Nothing is opened before it is used."""
    # Everything goes on without this server when it is away, so nobody waits long for it.
    redis = Redis.from_url(settings.redis_url, socket_timeout=2, retry=Retry(NoBackoff(), 1))
    fetcher = make_fetcher(settings, redis)
    forms = WebFormChannel(
        fetcher,
        service_name=settings.service_name,
        phone=settings.service_phone,
        pause=human_pause(settings.clock_speed),
    )
    mail = make_mail_channel(settings, redis)
    app.extensions.update(
        job_queue=RqJobQueue(redis),
        fetcher=fetcher,
        mail_routes=DnsMailRoutes(settings.fetch_resolve),
        feed_fetcher=make_fetcher(
            settings, redis, Limits(size=LARGEST_FEED, seconds=300, takes_any_type=True)
        ),
        form_sender=forms,
        hook_caller=make_hook_caller(settings),
        channels=make_channels(settings, mail, forms),
        staying_connected=mail.staying_connected,
        search_engine=make_search_engine(settings),
        **ways_in(settings, redis),
    )
    if settings.mailbox:
        app.extensions.update(
            dev_mailbox=MailFolder(Path(settings.mailbox)), dev_reply=SmtpReply(settings.smtp_url)
        )


def make_mail_channel(settings: Settings, redis: Redis) -> PacedMailChannel:
    """Mail at the pace of each provider, signed where there is a key."""
    sign = None
    if settings.dkim_key:
        sign = load_signer(settings.dkim_key, settings.dkim_selector, settings.mail_from)
    smtp = SmtpChannel(
        settings.smtp_url, mail_from=settings.mail_from, mail_domain=settings.mail_domain, sign=sign
    )
    providers = MxProviders(redis, settings.fetch_resolve)
    return PacedMailChannel(smtp, RedisTurns(redis), providers, mails_per_minute=settings.mails_per_minute)


def make_channels(settings: Settings, mail: PacedMailChannel, forms: WebFormChannel) -> Channels:
    """How messages leave; outside production all of them to one mailbox, if the settings name it."""
    if settings.redirect_to:
        return {kind: RedirectChannel(mail, settings.redirect_to, kind) for kind in ChannelKind}
    channels: Channels = {ChannelKind.EMAIL: mail, ChannelKind.WEB_FORM: forms}
    if settings.sms_url:
        channels[ChannelKind.SMS] = make_sms_channel(
            settings.sms_url,
            sender=settings.sms_sender,
            price=Decimal(str(settings.sms_price)),
            receipt_url=receipt_address,
        )
    return channels


def ways_in(settings: Settings, redis: Redis) -> dict[str, object]:
    """What takes mail in, and what finds out whose it is."""
    return {
        "make_mail_receiver": partial(MailReceiver, settings.mail_listen, settings.mail_domain),
        "make_imap_mailbox": partial(ImapMailbox, settings.imap_url),
        "amazon_sns": AmazonSns(make_fetcher(settings, redis, ONE_SMALL_FILE)),
        "signed_tokens": RedisSignedTokens(redis),
        "mail_authenticity": DkimCheck(),
    }


def make_fetcher(settings: Settings, redis: Redis, limits: Limits | None = None) -> GuardedFetcher:
    return GuardedFetcher(
        user_agent=f"DiscountBrokerBot/1.0 (+{settings.base_url.rstrip('/')}/bot)",
        allow=settings.fetch_allow,
        resolve=settings.fetch_resolve,
        delay=settings.fetch_delay,
        redis=redis,
        limits=limits or Limits(),
    )


def make_hook_caller(settings: Settings) -> GuardedHookCaller:
    return GuardedHookCaller(
        user_agent=f"DiscountBroker-Webhooks/1.0 (+{settings.base_url.rstrip('/')}/api)",
        https_only=settings.is_public,
        allow=settings.fetch_allow,
        resolve=settings.fetch_resolve,
    )


def make_search_engine(settings: Settings) -> SearchEngine | None:
    """The engine of the settings; None where rivals come from feeds and earlier requests alone."""
    key, url = settings.search_key, settings.search_url
    match settings.search_engine:
        case "searxng":
            return SearxngSearch(url)
        case "brave":
            return BraveSearch(key, url)
        case "yandex":
            return YandexSearch(key, settings.search_folder, url)
        case "serper":
            return SerperSearch(key, url)
    return None


def limiter_storage(settings: Settings) -> str:
    """The same server as the queue, in the spelling of the rate limiter."""
    return settings.redis_url.replace("unix://", "redis+unix://", 1)
