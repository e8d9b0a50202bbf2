"""What a phone number tells of its owner: how it is found again, and by whose clock they live. Pure."""

import re

import phonenumbers
from babel.core import get_global

from discount_broker.kernel.business_time import ZONE_OF_COUNTRY
from discount_broker.messaging.extract.phone_numbers import LONGEST, region_of

DIGITS_KEPT = 10
"""From the end: `8 916 …` and `+7 916 …` are one number."""


def last_digits(written: str) -> str:
    """By which digits a number is known, however it was written."""
    return re.sub(r"\D", "", written)[-DIGITS_KEPT:]


def zone_of_phone(written: str, home_zone: str) -> str:
    """The zone of the number's country; empty where there is none, or it has several and none is usual.

    `8 916 …` is read as in the country of `home_zone`.
    """
    if not written or len(written) > LONGEST:
        return ""
    try:
        region = phonenumbers.region_code_for_number(phonenumbers.parse(written, region_of(home_zone))) or ""
    except phonenumbers.NumberParseException:
        return ""
    zones = get_global("territory_zones").get(region, [])
    usual = home_zone if home_zone in zones else ZONE_OF_COUNTRY.get(region, "")
    return usual or (zones[0] if len(zones) == 1 else "")
