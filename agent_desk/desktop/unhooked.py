"""PySide6 without its hook on imports: to be imported before anything else of Qt.

WORKAROUND (PySide6 6.12): for `from __feature__ import …`, which nobody uses here, it takes the place of Python's import
and reads the source of every module imported after it, of any library. That is a quarter of the time they take to load.
"""

import builtins

_plain = builtins.__import__

import PySide6.QtCore  # noqa: E402, F401 - it sets the hook

builtins.__import__ = _plain
