"""deskctl in this process: what it was given, what it said."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agent_desk.wiring.console import Terminal, run


@dataclass(frozen=True)
class Said:
    """What a command printed, and its exit status."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Return what was printed, as a machine reads it."""
        return json.loads(self.out)

    def refuses(self, path: str) -> bool:
        """Tell whether the command refused as the terms ask: status 2, nothing on stdout, one line naming the path."""
        one_line = self.err.count("\n") == 1 and self.err.endswith("\n")
        return self.status == 2 and not self.out and one_line and self.err.startswith(f"deskctl: {path}: ")


def deskctl(*arguments: str, given: bytes = b"", environment: Mapping[str, str] | None = None) -> Said:
    """Run one command with `given` on its standard input."""
    out, err = io.StringIO(), io.StringIO()
    status = run(arguments, Terminal(io.BytesIO(given), out, err, environment or {}))
    return Said(status, out.getvalue(), err.getvalue())
