"""The browser and the desk of the page's tests; a browser takes a second to start, so each file has one for all."""

from tests.support.browser import chromium, desk, playwright

__all__ = ["chromium", "desk", "playwright"]
