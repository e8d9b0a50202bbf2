"""Checks DKIM signatures with the keys in the DNS, for mails that no server of ours has checked."""

import logging
import re

import dkim
import dns.exception
import dns.resolver

from discount_broker.messaging.inbound.authentication import (
    Finding,
    from_domain,
    headers_of,
    organisation,
    summary,
    values,
)

logger = logging.getLogger(__name__)
MOST_SIGNATURES = 5
SECONDS_FOR_KEY = 3.0
WEAKEST_KEY = 1024
MOST_BYTES, MOST_OF_HEADERS = 10_000_000, 100_000
LONG_BLANK = re.compile(rb"[ \t]{500}")
END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
SIGNER = re.compile(r"(?:^|;)\s*d\s*=\s*([^;\s]+)")


class DkimCheck:
    """By dkimpy; asks name servers for keys and nobody for anything else.

    Without a `resolver` the machine's own is taken, and looked for only when it is needed.
    """

    def __init__(self, resolver: dns.resolver.Resolver | None = None) -> None:
        self._resolver = resolver

    def check(self, content: bytes) -> dict[str, str]:
        if not _is_bearable(content):
            return {"dkim": "policy", "by": "us"}
        headers = headers_of(content)
        author = from_domain(headers)
        signers = [_signer(line) for line in values(headers, "DKIM-Signature")]
        # Signatures of the author's own organisation first: only those prove who wrote it.
        chosen = sorted(range(len(signers)), key=lambda place: organisation(signers[place]) != author)
        findings = [self._verified(content, place) for place in chosen[:MOST_SIGNATURES]]
        return summary(findings or [Finding("dkim", "none")], author) | {"by": "us"}

    def _verified(self, content: bytes, place: int) -> Finding:
        """What the signature at this place, counted from the top, proves."""
        verifier = dkim.DKIM(content, minkey=WEAKEST_KEY, timeout=int(SECONDS_FOR_KEY))
        try:
            is_right = verifier.verify(idx=place, dnsfunc=self._key)
        except (dns.exception.Timeout, dns.resolver.NoNameservers, OSError):
            return Finding("dkim", "temperror")
        except dkim.ValidationError:
            return Finding("dkim", "fail")
        except Exception as trouble:  # what strangers write into a signature can break any parser
            logger.info("a DKIM signature could not be read: %s", type(trouble).__name__)
            return Finding("dkim", "permerror")
        if is_right and not _covers_all(verifier.signature_fields):
            return Finding("dkim", "policy")
        domain = (verifier.domain or b"").decode("ascii", "replace")
        return Finding("dkim", "pass" if is_right else "fail", {"header.d": domain})

    def _key(self, name: bytes, timeout: float = SECONDS_FOR_KEY) -> bytes | None:
        self._resolver = self._resolver or dns.resolver.Resolver()
        try:
            answers = self._resolver.resolve(
                name.decode("ascii"), "TXT", lifetime=min(timeout, SECONDS_FOR_KEY), search=False
            )
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, dns.exception.SyntaxError, ValueError):
            return None
        return next((b"".join(answer.strings) for answer in answers), None)


def _is_bearable(content: bytes) -> bool:
    """Whether the library is done with it in seconds: blanks and folded headers cost it their square."""
    end = END_OF_HEADERS.search(content)
    return (
        len(content) <= MOST_BYTES
        and (end.start() if end else len(content)) <= MOST_OF_HEADERS
        and LONG_BLANK.search(content) is None
    )


def _signer(signature: str) -> str:
    found = SIGNER.search(signature.replace("\r", "").replace("\n", ""))
    return found.group(1).lower() if found else ""


def _covers_all(fields: dict[bytes, bytes]) -> bool:
    """Whether nothing can be added under the signature, and SHA-1 has no part in it (RFC 8301)."""
    return b"l" not in fields and not fields.get(b"a", b"").endswith(b"-sha1")
