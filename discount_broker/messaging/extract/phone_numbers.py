"""One spelling (E.164) for the number a text goes to, and the clock of its owner. Pure."""

from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumberType
from phonenumbers import timezone as places

from discount_broker.kernel.business_time import ZONE_OF_COUNTRY

TAKES_TEXTS = frozenset(
    {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE, PhoneNumberType.PERSONAL_NUMBER}
)
LONGEST = 40


@lru_cache(maxsize=1024)
def textable_number(written: str, home_zone: str) -> str | None:
    """The number as E.164 if a text can reach it; `8 916 …` is read as in the country of `home_zone`."""
    if len(written) > LONGEST:
        return None
    try:
        number = phonenumbers.parse(written, region_of(home_zone))
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in TAKES_TEXTS:
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def region_of(zone: str) -> str | None:
    """The country whose clock this is; None where that is no country of ours."""
    return next((country for country, its in ZONE_OF_COUNTRY.items() if its == zone), None)


@lru_cache(maxsize=1024)
def zone_of_number(number: str, home_zone: str) -> str:
    """The IANA zone where the owner of an E.164 number most likely is.

    A number of a country with many zones may be anywhere in it: then it is our own zone where that is
    one of them, else the zone of the country's capital.
    """
    zones: tuple[str, ...] = places.time_zones_for_number(phonenumbers.parse(number))
    if home_zone in zones or not zones or zones[0] == places.UNKNOWN_TIMEZONE:
        return home_zone
    region = phonenumbers.region_code_for_number(phonenumbers.parse(number))
    capital = ZONE_OF_COUNTRY.get(region or "", "")
    return capital if capital in zones else zones[len(zones) // 2]
