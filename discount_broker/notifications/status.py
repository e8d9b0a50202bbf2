"""Kinds of news, the ways they come, and what becomes of one piece. Pure."""

from enum import StrEnum


class NewsKind(StrEnum):
    """What a buyer can be told, as they choose it on the page of their preferences."""

    ASKED = "asked"
    """Shops are searched for and were asked."""
    ANSWERED = "answered"
    """A shop made an offer, wrote, or will call."""
    DECLINED = "declined"
    ENDING = "ending"
    """An offer runs out soon."""
    SILENT = "silent"
    """Nobody has answered yet; what was tried and what comes next."""
    CALLED = "called"
    """We phoned the shop."""
    PROMISED = "promised"
    """A shop promised something, kept it or did not."""
    OUTCOME = "outcome"
    """Did they call, did you get it?"""
    ENDED = "ended"
    """A request is over."""
    WATCH = "watch"
    """A watched product is back, or cheaper."""
    GREETING = "greeting"
    """A word on the birthday, for those who asked."""


class NewsWay(StrEnum):
    """How news come."""

    MAIL = "mail"
    TEXT = "text"
    """By SMS as well as by mail."""
    DIGEST = "digest"
    """Together, once a day."""
    NONE = "none"


class NewsState(StrEnum):
    WAITING = "waiting"
    TOLD = "told"
    DROPPED = "dropped"
    """Overtaken by what happened since, or not wanted."""
