"""Everything about one session as PDF: what is known at a glance, then section by section, each row under its heading."""

from agent_desk.adapters.pdf_page import (
    INK,
    LEFT,
    LINE,
    MM,
    MUTED,
    NEXT_PAGE_TOP,
    RIGHT,
    SUNK,
    Box,
    Faces,
    Flow,
    Text,
)
from agent_desk.adapters.pdf_text import clip, wrap
from agent_desk.ports import CaseFile, CaseRow

LABEL_WIDTH = 42 * MM
TEXT_LEFT = LEFT + LABEL_WIDTH + 4 * MM
MARK_WIDTH = 18 * MM
FACTS_ACROSS = 3
MOST_ROWS = 200  # of one text; what may be typed is shorter
LABEL_SIZE, TEXT_SIZE, DETAIL_SIZE = 8.5, 9.5, 8.5
TEXT_STEP, DETAIL_STEP, GAP = 13.0, 11.5, 9.0

_Run = tuple[float, Text]  # how far below the one before, and what


def lay_out_case(case: CaseFile, faces: Faces) -> list[list[Text | Box]]:
    """Return the pages of a case file."""
    flow = Flow(NEXT_PAGE_TOP)
    _head(flow, case, faces)
    for heading, rows in case.sections:
        _section(flow, heading, rows, faces)
    return flow.pages


def _head(flow: Flow, case: CaseFile, faces: Faces) -> None:
    width = RIGHT - LEFT
    flow.put(
        Text(LEFT, flow.y, clip(case.company, faces["semibold"], 10, width), "semibold", 10, MUTED),
        Text(LEFT, flow.y + 27, clip(case.title, faces["semibold"], 19, width), "semibold", 19),
    )
    flow.y += 44
    across = width / FACTS_ACROSS
    down = -(-len(case.facts) // FACTS_ACROSS)
    flow.put(Box(LEFT, flow.y, width, 14 + 29 * down, SUNK, 8))
    for at, (label, value) in enumerate(case.facts):
        row, place = divmod(at, FACTS_ACROSS)
        x, y = LEFT + 12 + across * place, flow.y + 18 + 29 * row
        flow.put(
            Text(x, y, clip(label, faces["regular"], 8, across - 18), size=8, ink=MUTED),
            Text(x, y + 12.5, clip(value, faces["semibold"], 9.5, across - 18), "semibold"),
        )
    flow.y += 14 + 29 * down + 12


def _section(flow: Flow, heading: str, rows: tuple[CaseRow, ...], faces: Faces) -> None:
    # A heading never stands alone at the foot of a page.
    if flow.room(34 + (_least(rows[0], faces) if rows else 0)):
        flow.y -= 6
    flow.y += 16
    flow.put(Text(LEFT, flow.y, clip(heading, faces["semibold"], 12, RIGHT - LEFT), "semibold", 12))
    flow.y += 7
    for row in rows:
        _row(flow, row, faces)


def _row(flow: Flow, row: CaseRow, faces: Faces) -> None:
    labels, runs = _labels(row, faces), _runs(row, faces)
    flow.room(_least(row, faces))
    flow.put(Box(LEFT, flow.y, RIGHT - LEFT, 0.5, LINE))
    top = flow.y + 4
    flow.put(*(Text(LEFT, top + 9 + 11 * at, text, size=LABEL_SIZE, ink=MUTED) for at, text in enumerate(labels)))
    if row.mark:
        mark = clip(row.mark, faces["semibold"], LABEL_SIZE, MARK_WIDTH)
        flow.put(Text(RIGHT, top + 9, mark, "semibold", LABEL_SIZE, MUTED, 1))
    flow.y = top
    for step, run in runs:
        if flow.room(step):
            top = 0.0  # its label stays on the page before
        flow.y += step
        flow.put(Text(run.x, flow.y - 4, run.text, run.face, run.size, run.ink))
    flow.y = max(flow.y, top + 11 * len(labels)) + GAP - 4


def _labels(row: CaseRow, faces: Faces) -> list[str]:
    return wrap(row.label, faces["regular"], LABEL_SIZE, LABEL_WIDTH, 3)


def _least(row: CaseRow, faces: Faces) -> float:
    """Return how much of a row must have room on a page for it to begin there."""
    height = sum(step for step, _run in _runs(row, faces))
    return max(11 * len(_labels(row, faces)), min(height, 3 * TEXT_STEP)) + GAP


def _runs(row: CaseRow, faces: Faces) -> list[_Run]:
    width = RIGHT - TEXT_LEFT - (MARK_WIDTH if row.mark else 0)
    texts = [("semibold", TEXT_SIZE, TEXT_STEP, INK, row.text)]
    texts += [("regular", DETAIL_SIZE, DETAIL_STEP, MUTED, detail) for detail in row.details]
    return [
        (step, Text(TEXT_LEFT, 0, part, face, size, ink))
        for face, size, step, ink, text in texts
        for line in text.splitlines()
        for part in wrap(line, faces[face], size, width, MOST_ROWS)
    ]
