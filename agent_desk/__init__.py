"""Agent Desk: guided, billed and confirmed remote assistance."""

__version__ = "0.4.1"
