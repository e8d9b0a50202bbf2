"""Amazon SNS, asked by us: certificates of its signers, and the one press that confirms a subscription."""

import logging
import threading
from datetime import datetime, timedelta

from discount_broker.discovery.ports import Fetcher, FetchRefused
from discount_broker.kernel.clock import utcnow
from discount_broker.outreach.ports import CertificateUnavailable

log = logging.getLogger(__name__)
BELIEVED_FOR = timedelta(days=1)
MOST_REMEMBERED = 20


class AmazonSns:
    """Through the guarded fetcher; give it one with a short time and a small size."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._known: dict[str, tuple[datetime, bytes]] = {}
        self._lock = threading.Lock()

    def read(self, url: str) -> bytes:
        with self._lock:
            read_at, pem = self._known.get(url, (None, b""))
        now = utcnow()
        if read_at is not None and now - read_at < BELIEVED_FOR:
            return pem
        pem = self._fetch(url)
        with self._lock:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            self._known[url] = (now, pem)
        return pem

    def confirm(self, url: str) -> bool:
        try:
            status = self._fetcher.fetch(url).status
        except FetchRefused as refused:
            log.warning("the subscription was not confirmed: %s", refused.why)
            return False
        return status == 200

    def _fetch(self, url: str) -> bytes:
        try:
            page = self._fetcher.fetch(url)
        except FetchRefused as refused:
            raise CertificateUnavailable(refused.why) from refused
        if page.status != 200 or page.url != url:
            raise CertificateUnavailable(f"status {page.status}")
        return page.content
