"""The front doors: the desk itself, and the self-test."""

import sys
from importlib import import_module

import agent_desk.desktop.unhooked  # noqa: F401 - before all that loads Qt

DOORS = {"--self-test": "self_test"}


def main() -> int:
    """Open the door that the first argument names, the desk by default; return the exit status."""
    first, *rest = sys.argv[1:] or [""]
    door, arguments = (DOORS[first], rest) if first in DOORS else ("desktop", sys.argv[1:])
    # Loaded by name: the desk must not pay for the self-test's imports.
    status: int = import_module(f"agent_desk.wiring.{door}").main(arguments)
    return status


if __name__ == "__main__":
    sys.exit(main())
