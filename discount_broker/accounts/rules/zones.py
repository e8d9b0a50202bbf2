"""By whose clock a buyer lives, as far as their number tells. Pure."""

import phonenumbers
from babel.core import get_global

from discount_broker.kernel.business_time import ZONE_OF_COUNTRY
from discount_broker.messaging.extract.phone_numbers import LONGEST, region_of


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
