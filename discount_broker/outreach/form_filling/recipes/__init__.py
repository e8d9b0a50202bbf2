"""Forms that need their own way: one file a make, each data and a few lines."""

from discount_broker.outreach.form_filling.drafts import OpenForm
from discount_broker.outreach.form_filling.recipes import (
    bitrix_feedback,
    bitrix_web_form,
    contact_form_7,
    cs_cart,
    elementor,
    fluent_forms,
    forminator,
    gravity_forms,
    insales,
    joomla,
    magento,
    modx_ajaxform,
    odoo,
    opencart_3,
    opencart_4,
    plain,
    prestashop,
    shopify,
    tilda,
    wpforms,
    zen_cart,
)
from discount_broker.outreach.form_filling.recipes.recipe import Recipe

__all__ = ["RECIPES", "Recipe", "recipe_for"]

RECIPES: tuple[Recipe, ...] = (
    contact_form_7.RECIPE,
    wpforms.RECIPE,
    elementor.RECIPE,
    gravity_forms.RECIPE,
    fluent_forms.RECIPE,
    forminator.RECIPE,
    bitrix_web_form.RECIPE,
    bitrix_feedback.RECIPE,
    shopify.RECIPE,
    opencart_4.RECIPE,
    opencart_3.RECIPE,
    prestashop.RECIPE,
    magento.RECIPE,
    insales.RECIPE,
    tilda.RECIPE,
    cs_cart.RECIPE,
    zen_cart.RECIPE,
    joomla.RECIPE,
    odoo.RECIPE,
    modx_ajaxform.RECIPE,
    plain.RECIPE,
)
"""The first that recognises a form sends it; the last recognises all."""


def recipe_for(form: OpenForm) -> Recipe:
    return next(recipe for recipe in RECIPES if recipe.recognises(form))
