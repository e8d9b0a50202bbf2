import os
import time

import pytest

from tests.real.installation import installed
from tests.real.report import report
from tests.real.saved_pages import CORPORA, SavedSite, choose, read_sites
from tests.real.walk import Walk, walk

MOST_SITES = 160
"""As many as a minute and a half allows for."""
ABSENT = "the saved pages of real sites are not here: ../shared/corpora beside the repository"
REPORT = pytest.StashKey[str]()


@pytest.fixture(scope="session")
def sites() -> list[SavedSite]:
    if not CORPORA.is_dir():
        if os.environ.get("CI"):
            pytest.fail(ABSENT)
        pytest.skip(ABSENT)
    return choose(read_sites(), MOST_SITES)


@pytest.fixture(scope="session")
def walks(
    sites: list[SavedSite], tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> list[Walk]:
    """One request to every site, once for all the tests that look at them."""
    began = time.monotonic()
    with installed(sites, tmp_path_factory.mktemp("real")) as installation:
        made = [walk(site, installation) for site in sites]
    pytestconfig.stash[REPORT] = report(made, time.monotonic() - began)
    return made


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if REPORT in config.stash:
        terminalreporter.section("real sites")
        terminalreporter.write(config.stash[REPORT])
