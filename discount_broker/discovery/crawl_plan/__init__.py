"""Which page of a shop next, and when to stop. Pure."""

from discount_broker.discovery.crawl_plan.page_keys import language_root, page_key
from discount_broker.discovery.crawl_plan.plan import Errand, Plan, Sight, Step, begin

__all__ = ["Errand", "Plan", "Sight", "Step", "begin", "language_root", "page_key"]
