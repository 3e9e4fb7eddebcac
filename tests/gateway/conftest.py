"""The browser and the desk the page's tests share; a browser takes a second to start, so there is one for all."""

from tests.support.browser import chromium, desk, playwright

__all__ = ["chromium", "desk", "playwright"]
