"""Errors a caller is expected to handle; anything else is a bug."""


class BrokerError(Exception):
    """Base of every error this program raises on purpose."""


class NotFound(BrokerError):
    """No such thing, or not yours to see."""


class Forgotten(NotFound):
    """It was, and went with a buyer who was forgotten."""


class NotAllowed(BrokerError):
    """It exists, and you may not do this to it."""


class TokenExpired(NotAllowed):
    """A link that was right once and is too old now."""


class IllegalTransition(BrokerError):
    """The event makes no sense in the current status."""

    def __init__(self, status: object, event: object) -> None:
        super().__init__(f"{event!s} is not possible while {status!s}")


class Refused(BrokerError):
    """Input a person can mend. `code` names the sentence shown to them, `field` where it belongs."""

    def __init__(self, code: str, field: str = "") -> None:
        super().__init__(code)
        self.code, self.field = code, field
