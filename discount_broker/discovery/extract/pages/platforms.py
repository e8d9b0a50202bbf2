"""Where shops that are built with well-known software keep their contacts."""

SIGNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("cdn.shopify.com", ("/pages/contact", "/pages/contact-us", "/policies/contact-information")),
    ("route=product/", ("/index.php?route=information/contact", "/contact-us")),
    ("/bitrix/", ("/contacts/", "/about/contacts/", "/company/contacts/")),
    ("static.insales", ("/page/contacts", "/page/contact")),
    ("tildacdn", ("/contacts",)),
    ("prestashop", ("/contact-us", "/index.php?controller=contact")),
    ("woocommerce", ("/contact/", "/contacts/")),
    ("Magento_", ("/contact",)),
    ("/shopware", ("/contact", "/kontaktformular")),
    ("jtl-shop", ("/kontakt",)),
    ("bigcommerce.com", ("/contact-us/",)),
)
"""What gives the software away in the source of a page, and where its shops are used to have them."""


def usual_paths(html: str) -> tuple[str, ...]:
    """Paths to try when no link tells the way."""
    return next((paths for sign, paths in SIGNS if sign in html), ())
