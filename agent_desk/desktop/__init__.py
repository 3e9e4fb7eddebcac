"""Windows and dialogs; the only package that imports PySide6."""

from agent_desk.desktop.singletons import keep_singletons

keep_singletons()
