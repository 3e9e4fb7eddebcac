"""Whether text on a customer's screen can be read in the agent's window: each letter must look most like itself."""

import random
import string
from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

from playwright.sync_api import Page

from tests.support.xvfb import Screen

LETTERS = "".join(one for one in string.ascii_letters + string.digits if one not in "Il1O0")
SIZE = 16  # points, what a browser shows by itself
CELL = (12, 22)
LINES = 4
TOP = 40  # of the first line in the page

Shape = tuple[float, ...]
Place = tuple[int, int]

_PAGE = f"""<!doctype html><style>body{{margin:0;background:#fff;color:#000}}
p{{position:absolute;left:20px;margin:0;height:{CELL[1]}px;white-space:nowrap;font:{SIZE}px/{CELL[1]}px monospace}}
b{{display:inline-block;font-weight:normal;width:{CELL[0]}px;text-align:center}}</style>"""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page full of letters: what they are, and where each stands on the customer's screen."""

    letters: str
    places: list[Place]
    models: dict[str, Shape]


def write(page: Page, screen: Screen, seed: int) -> Sheet:
    """Show every letter once and then lines of letters drawn by lot; return them with the shapes as the customer sees them."""
    chance = random.Random(seed)
    drawn = "".join(chance.choice(LETTERS) for _ in range(len(LETTERS) * LINES))
    lines = [LETTERS, *(drawn[start : start + len(LETTERS)] for start in range(0, len(drawn), len(LETTERS)))]
    page.set_content(
        _PAGE
        + "".join(
            f'<p style="top:{TOP + 2 * number * CELL[1]}px">{"".join(f"<b>{one}</b>" for one in line)}</p>'
            for number, line in enumerate(lines)
        )
    )
    page.evaluate(
        "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 100))))"
    )
    left, top = page.evaluate("[screenX + (outerWidth - innerWidth) / 2 + 20, screenY + outerHeight - innerHeight]")
    rows = [
        [(int(left) + column * CELL[0], int(top) + TOP + 2 * number * CELL[1]) for column in range(len(LETTERS))]
        for number in range(len(lines))
    ]
    models = {letter: shape(screen, place) for letter, place in zip(LETTERS, rows[0], strict=True)}
    return Sheet(drawn, [place for row in rows[1:] for place in row], models)


def read(sheet: Sheet, screen: Screen, seen: Callable[[int, int], Place]) -> float:
    """Return which part of the letters is recognised on the agent's screen, where `seen` says that they are."""
    looks = (shape(screen, seen(*place)) for place in sheet.places)
    right = sum(letter == _most_like(look, sheet.models) for letter, look in zip(sheet.letters, looks, strict=True))
    return right / len(sheet.letters)


def shape(screen: Screen, place: Place) -> Shape:
    """Return a cell's greens, centred and of length 1."""
    x, y = place
    greens = [screen.row(x, y + line, CELL[0])[1::4] for line in range(CELL[1])]
    points = [point for row in greens for point in row]
    middle = sum(points) / len(points)
    centred = [point - middle for point in points]
    length = sqrt(sum(one * one for one in centred)) or 1.0
    return tuple(one / length for one in centred)


def _most_like(look: Shape, models: dict[str, Shape]) -> str:
    return max(models, key=lambda letter: sum(one * other for one, other in zip(look, models[letter], strict=True)))
