"""One spelling (E.164) for the number a text goes to, and the clock of its owner. Pure."""

from functools import lru_cache

import phonenumbers
from babel.core import get_global
from phonenumbers import PhoneNumberType

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
def zones_of_number(number: str, home_zone: str) -> tuple[str, ...]:
    """The IANA zones in which the owner of an E.164 number may be: those of its country.

    Where our own zone is one of them it is the only one, for most of our buyers live where we are.
    """
    region = phonenumbers.region_code_for_number(phonenumbers.parse(number))
    zones = tuple(get_global("territory_zones").get(region or "", ()))
    return (home_zone,) if home_zone in zones or not zones else zones
