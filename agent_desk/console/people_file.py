"""People as a list in CSV: a line of titles, then one person a line."""

import csv
import io
from collections.abc import Iterator

from agent_desk.actions.add_people import MOST, NewPerson
from agent_desk.console.refusal import Refused

BYTES_MAX = 2 * 1024 * 1024
NEEDED = ("login", "name", "role")
TITLES = (*NEEDED, "team", "email")


def read_people(raw: bytes, name: str) -> tuple[NewPerson, ...]:
    """Return the people of a list, fields separated by ; or , as its first line is; Refused names file and line."""
    try:
        text = raw.decode("utf-8-sig") if len(raw) <= BYTES_MAX else ""
        titles = text.partition("\n")[0]
        rows = csv.reader(io.StringIO(text), delimiter=";" if ";" in titles else ",", strict=True)
        return tuple(_people(rows, name))
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused(name, "errors.people_file") from error


def _people(rows: Iterator[list[str]], name: str) -> Iterator[NewPerson]:
    titles = [title.strip().lower() for title in next(rows, [])]
    if len(set(titles)) != len(titles) or not set(NEEDED) <= set(titles) <= set(TITLES):
        raise Refused(name, "errors.people_file")
    for line, row in enumerate(rows, start=2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(titles) or line > MOST:
            raise Refused(f"{name}:{line}", "errors.people_file")
        yield NewPerson(**dict(zip(titles, (cell.strip() for cell in row), strict=True)))
