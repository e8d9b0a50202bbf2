"""A renderer with fresh translations, and how the snapshots are renewed.

    pytest tests/messages --renew-snapshots

writes `snapshots/` anew from what the templates say now; look at the difference before committing it.
"""

from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from discount_broker.messaging.rendering import TRANSLATIONS, Renderer


@pytest.fixture(scope="session")
def renews_snapshots(pytestconfig: pytest.Config) -> bool:
    return pytestconfig.getoption("--renew-snapshots", default=False)


@pytest.fixture(scope="session")
def translations(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalogues as they are written, whether or not they have been compiled for the program."""
    compiled = tmp_path_factory.mktemp("translations")
    for source in TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"):
        target = compiled / source.relative_to(TRANSLATIONS).with_suffix(".mo")
        target.parent.mkdir(parents=True)
        with source.open("rb") as written, target.open("wb") as binary:
            write_mo(binary, read_po(written))
    return compiled


@pytest.fixture(scope="session")
def renderer(translations: Path) -> Renderer:
    return Renderer(translations=translations)
