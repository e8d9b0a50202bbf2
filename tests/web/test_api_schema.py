"""The API keeps what its description promises, whatever it is sent."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import CHECKS
from schemathesis.specs.openapi import checks

from discount_broker.accounts.queries.api_clients import find_token
from discount_broker.accounts.use_cases import issue_api_token, make_api_client
from discount_broker.discount_requests.status import RequestStatus
from discount_broker.kernel.clock import utcnow
from discount_broker.web.api_document import openapi
from discount_broker.web.limits import limiter
from discount_broker.webhooks.use_cases import add_webhook
from tests.builders import a_request, an_operator
from tests.web.test_api import an_offer

assert checks is not None, "importing it is what makes its checks known"
PROMISES = CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
        "negative_data_rejection",
        "ignored_auth",
        "allow_header_conformance",
        "unsupported_method",
    ]
)


@pytest.fixture
def now() -> datetime:
    return utcnow()


under_test: list[Flask] = []
schema = schemathesis.openapi.from_dict(openapi("http://broker.test", "Discount Broker"))


def serve(environ: Any, start_response: Any) -> Any:
    """The application of the test that runs: the description is read before there is one."""
    return under_test[-1](environ, start_response)


schema.app = serve


@pytest.fixture(autouse=True)
def unlimited() -> Iterator[None]:
    """Hundreds of calls a minute are the point here."""
    limiter.enabled = False
    yield
    limiter.enabled = True


@pytest.fixture
def headers(app: Flask, now: datetime) -> dict[str, str]:
    lead = an_operator(now)
    token = issue_api_token(make_api_client("Finder", "ada@finder.example", lead.id, now), "", lead.id, now)
    found = find_token(token)
    assert found is not None
    under_test[:] = [app]
    mine = {"api_client_id": found.api_client_id}
    a_request(now, RequestStatus.ASKED, api_reference="1", **mine)
    add_webhook(found.api_client_id, "https://finder.example/hooks", lead.id, now, https_only=True)
    an_offer(now, {**mine, "api_reference": "2"})
    return {"Authorization": f"Bearer {token}"}


@schema.parametrize()
@settings(
    max_examples=40,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_the_api_answers_as_its_description_says(case: Any, headers: dict[str, str]) -> None:
    case.call_and_validate(headers=headers, checks=PROMISES)
