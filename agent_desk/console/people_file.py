"""People, and customers' contacts, as a list in CSV: a line of titles, then one a line."""

import csv
import io
from collections.abc import Collection, Iterator

from agent_desk.actions.add_people import MOST, NewPerson
from agent_desk.console.refusal import Refused
from agent_desk.rules.pro import NewContact

BYTES_MAX = 2 * 1024 * 1024
NEEDED = ("login", "name", "role")
TITLES = (*NEEDED, "team", "email")
CONTACT_NEEDED = ("customer_number", "team")
CONTACT_TITLES = (*CONTACT_NEEDED, "login")


def read_people(raw: bytes, name: str) -> tuple[NewPerson, ...]:
    """Return the people of a list, fields separated by ; or , as its first line is; Refused names file and line."""
    return tuple(NewPerson(**row) for row in _rows(raw, name, NEEDED, TITLES))


def read_contacts(raw: bytes, name: str) -> tuple[NewContact, ...]:
    """Return the dedicated contacts of a list, as `read_people` reads one."""
    return tuple(NewContact(**row) for row in _rows(raw, name, CONTACT_NEEDED, CONTACT_TITLES))


def _rows(raw: bytes, name: str, needed: Collection[str], known: Collection[str]) -> list[dict[str, str]]:
    try:
        text = raw.decode("utf-8-sig") if len(raw) <= BYTES_MAX else ""
        titles = text.partition("\n")[0]
        rows = csv.reader(io.StringIO(text), delimiter=";" if ";" in titles else ",", strict=True)
        return list(_titled(rows, name, needed, known))
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused(name, "errors.people_file") from error


def _titled(
    rows: Iterator[list[str]], name: str, needed: Collection[str], known: Collection[str]
) -> Iterator[dict[str, str]]:
    titles = [title.strip().lower() for title in next(rows, [])]
    if len(set(titles)) != len(titles) or not set(needed) <= set(titles) <= set(known):
        raise Refused(name, "errors.people_file")
    for line, row in enumerate(rows, start=2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(titles) or line > MOST:
            raise Refused(f"{name}:{line}", "errors.people_file")
        yield dict(zip(titles, (cell.strip() for cell in row), strict=True))
