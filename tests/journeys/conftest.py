"""Journeys that need a customer's browser get its driver."""

from tests.support.browser import playwright

__all__ = ["playwright"]
