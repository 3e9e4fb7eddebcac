"""Keeps None, True and False alive under PySide6 6.12.0 on Python 3.11."""

import ctypes
import sys

PLENTY = 1 << 40
IMMORTAL_SINCE = (3, 12)


def keep_singletons() -> None:
    """Make the three objects outlive any number of lost references; nothing to do where Python does it itself.

    WORKAROUND: PySide6 6.12.0 loses a reference to None with each `setText`, each `QSignalBlocker` and many other
    calls, and one to True or False with each answer of an overridden method. Python 3.11 counts them, and ends the
    process when the count is used up: after some hours of typing. Python 3.12 made them immortal (PEP 683).
    """
    if sys.version_info < IMMORTAL_SINCE and sys.getrefcount(None) < PLENTY:
        for single in (None, True, False):
            ctypes.c_ssize_t.from_address(id(single)).value += PLENTY
