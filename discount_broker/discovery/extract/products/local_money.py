"""The money of the country that a page is made for."""

from discount_broker.discovery.extract.pages.page import Document
from discount_broker.discovery.extract.phones.finding import country_of
from discount_broker.discovery.extract.vocabulary import words

OF_COUNTRY = {
    "RU": "RUB", "UA": "UAH", "BY": "BYN", "KZ": "KZT", "UZ": "UZS", "KG": "KGS", "GE": "GEL", "AM": "AMD",
    "AZ": "AZN", "GB": "GBP", "UK": "GBP", "US": "USD", "CH": "CHF", "PL": "PLN", "CZ": "CZK", "HU": "HUF",
    "SE": "SEK", "NO": "NOK", "DK": "DKK", "IS": "ISK", "RO": "RON", "BG": "BGN", "RS": "RSD", "TR": "TRY",
    "CA": "CAD", "AU": "AUD", "NZ": "NZD", "MX": "MXN", "AR": "ARS", "CL": "CLP", "CO": "COP", "BR": "BRL",
    "SG": "SGD", "HK": "HKD", "TW": "TWD", "JP": "JPY", "CN": "CNY", "KR": "KRW", "IL": "ILS", "IN": "INR",
    "PK": "PKR", "AE": "AED", "SA": "SAR", "EG": "EGP", "ZA": "ZAR", "MD": "MDL",
    **dict.fromkeys(words("DE AT FR ES IT NL BE FI IE PT GR SK SI LT LV EE LU HR CY MT"), "EUR"),
}  # fmt: skip
NO_COUNTRY = words("co tv me io cc")
"""Suffixes of countries that the whole world uses."""


def money_of_host(host: str) -> str | None:
    """The currency of the country of a domain: it tells which dollar, crown or rouble is meant."""
    suffix = host.rpartition(".")[2].lower()
    return None if suffix in NO_COUNTRY else OF_COUNTRY.get(suffix.upper())


def money_of_page(document: Document) -> str | None:
    """The same for prices that name no currency at all; where the domain says nothing, by the language."""
    return OF_COUNTRY.get(country_of(document)) if document.host.count(".") else None
