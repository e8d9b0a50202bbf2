"""`sms-addresses`, as the person calls it who sets the gateway up."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from click.testing import Result
from flask import Flask

from discount_broker.web.sms import door_address


@pytest.fixture
def printed(app: Flask, request: pytest.FixtureRequest) -> Iterator[Result]:
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, sms_url=request.param)
    yield app.test_cli_runner().invoke(args=["sms-addresses"])
    app.extensions["settings"] = settings


@pytest.mark.parametrize("printed", ["kannel://u:p@127.0.0.1:13013"], indirect=True)
def test_kannel_is_told_how_to_hand_over_what_phones_say(printed: Result) -> None:
    assert f"{door_address('kannel', 'text')}?from=%p&text=%b&charset=%C" in printed.output


@pytest.mark.parametrize("printed", ["twilio://AC1:tok@api.twilio.com"], indirect=True)
def test_twilio_needs_one_address(printed: Result) -> None:
    assert printed.output.strip().endswith(door_address("twilio", "text"))
    assert "tok@" not in printed.output


@pytest.mark.parametrize("printed", ["smsc://u:p@smsc.ru"], indirect=True)
def test_smsc_needs_an_address_for_receipts_too(printed: Result) -> None:
    assert door_address("smsc", "text") in printed.output
    assert door_address("smsc", "receipt") in printed.output


@pytest.mark.parametrize("printed", ["folder:///tmp/x"], indirect=True)
def test_a_demonstration_needs_none(printed: Result) -> None:
    assert "nothing to type in" in printed.output


@pytest.mark.parametrize("printed", [""], indirect=True)
def test_without_a_gateway_a_sentence_says_so(printed: Result) -> None:
    assert printed.exit_code == 1
    assert "BROKER_SMS_URL is not set" in printed.output
