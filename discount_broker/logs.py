"""Structured logs: one JSON object a line, with the ids of the web request or the job."""

import logging

import structlog

LIBRARIES_TO_HUSH = ("rq.worker", "mail.log", "urllib3", "alembic.runtime.migration", "flask-limiter")
"""Busy ones; and some that would write down whose mail, or whose network address, it was."""


def configure_logging() -> None:
    """Route every logger through structlog. Harmless when called twice."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    output = logging.StreamHandler()
    output.setFormatter(_formatter(shared))
    root = logging.getLogger()
    if not any(isinstance(h.formatter, structlog.stdlib.ProcessorFormatter) for h in root.handlers):
        root.addHandler(output)
    root.setLevel(logging.INFO)
    _leave_out_what_no_line_says()
    for name in LIBRARIES_TO_HUSH:
        logging.getLogger(name).setLevel(logging.WARNING)


def _leave_out_what_no_line_says() -> None:
    """Spare each line what it would cost to find out its file, thread and process.

    https://docs.python.org/3/howto/logging.html#optimization
    """
    logging._srcfile = None
    logging.logThreads = logging.logMultiprocessing = logging.logProcesses = False


def _formatter(shared: list[structlog.typing.Processor]) -> structlog.stdlib.ProcessorFormatter:
    """JSON for our own lines and for those of the libraries alike."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.processors.format_exc_info,
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
