"""What an agent feels at each key: the catalogue list redrawn, the next step painted."""

from tests.benchmarks.figure import Figure
from tests.benchmarks.screen import answer, start, x_server

FRAME_MS = 16.0


def measure() -> list[Figure]:
    """Return the figures of keys on a real X server, against one frame of a screen."""
    with x_server() as display:
        felt = answer(start(display, "tests.benchmarks.felt_desk"))
    return [
        Figure("keystroke to redrawn catalogue list", felt["keystroke_ms"], "ms", 0.5, FRAME_MS, "one frame"),
        Figure("step to next step, painted", felt["step_ms"], "ms", 3.0, FRAME_MS, "one frame"),
    ]
