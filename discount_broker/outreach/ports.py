"""What taking in mail needs from the outside world."""

from typing import Protocol


class SigningCertificates(Protocol):
    """Amazon SNS, asked by us. Contract: `tests/contract/test_amazon_sns.py`."""

    def read(self, url: str) -> bytes:
        """The certificate (PEM) at this address of SNS; remembered, for one signs for a year.

        Raises:
            CertificateUnavailable

        """
        ...

    def confirm(self, url: str) -> bool:
        """Subscribe to our topic by opening the address that SNS sent for it; whether that worked."""
        ...


class CertificateUnavailable(Exception):
    """It cannot be had now: nobody can tell whether a notification is Amazon's."""


class SignedTokens(Protocol):
    """Remembers what came under a one-time token. Contract: `tests/contract/test_signed_tokens.py`."""

    def is_first_or_same(self, token: str, digest: str) -> bool:
        """False where the token brought something else before: somebody uses it a second time."""
        ...


class MailAuthenticity(Protocol):
    """Whose mail it is, found out by ourselves. Contract: `tests/contract/test_dkim_check.py`."""

    def check(self, content: bytes) -> dict[str, str]:
        """`{"dkim": "pass", "domain": "shop.example", "by": "us"}`; `none` where nobody signed.

        `temperror` where no name server answered: asking again later may help. Never raises.
        """
        ...


class MailboxUnreachable(Exception):
    """The mailbox cannot be opened now; the mails are still in it."""
