"""Statements made ready once: SQLAlchemy writes the SQL and converts the values, SQLite's driver runs it.

Wrapped in SQLAlchemy's results, a statement costs ten times what SQLite takes to run it, and closing a session runs
fifteen. With PostgreSQL the way to the server costs more than either, so there SQLAlchemy does it all.
"""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Delete, Dialect, Insert, Select, Update
from sqlalchemy.exc import IntegrityError

Convert = Callable[[Any], Any] | None
Values = Mapping[str, Any]


class Ready:
    """One statement with values to be given by name; rows answer to the names of their columns."""

    def __init__(self, statement: Select[Any] | Insert | Update | Delete) -> None:
        self._statement = statement
        self._prepared: dict[tuple[str, ...], _Prepared] = {}

    def all(self, tx: Connection, values: Values) -> Sequence[Any]:
        """Return all rows found."""
        if tx.dialect.name != "sqlite":
            return tx.execute(self._statement, values).all()
        prepared = self._for(tx, values)
        return prepared.rows(prepared.execute(tx, values).fetchall())

    def first(self, tx: Connection, values: Values) -> Any | None:
        """Return the first row found, or None."""
        if tx.dialect.name != "sqlite":
            return tx.execute(self._statement, values).first()
        prepared = self._for(tx, values)
        # All are fetched: a statement left halfway would hold the transaction open.
        return next(iter(prepared.rows(prepared.execute(tx, values).fetchall())), None)

    def run(self, tx: Connection, *values: Values) -> None:
        """Run it for each of `values`, which have the same names."""
        if not values:
            return
        if tx.dialect.name != "sqlite":
            tx.execute(self._statement, list(values))
        else:
            self._for(tx, values[0]).execute_each(tx, values)

    def _for(self, tx: Connection, values: Values) -> "_Prepared":
        names = tuple(values)
        if names not in self._prepared:
            self._prepared[names] = _Prepared(self._statement, names, tx.dialect)
        return self._prepared[names]


class _Prepared:
    """SQL for SQLite, and how each value goes in and comes out."""

    def __init__(
        self, statement: Select[Any] | Insert | Update | Delete, names: Sequence[str], dialect: Dialect
    ) -> None:
        compiled: Any = statement.compile(dialect=dialect, column_keys=list(names))
        columns = list(statement.exported_columns)
        self._sql = str(compiled)
        self._known = {name: one.value for name, one in compiled.binds.items() if not one.required}
        self._in: list[tuple[str, Convert]] = [
            (name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect))
            for name in compiled.positiontup
        ]
        converts = (one.type.dialect_impl(dialect).result_processor(dialect, None) for one in columns)
        self._out = [(place, convert) for place, convert in enumerate(converts) if convert is not None]
        # Its names are known at run time only, which neither ruff nor mypy expects.
        row: Any = namedtuple("row", [one.name for one in columns])  # type: ignore[misc]  # noqa: PYI024
        self._row = row._make

    def execute(self, tx: Connection, values: Values) -> sqlite3.Cursor:
        """Run it once."""
        driver: Any = tx.connection.driver_connection
        try:
            cursor: sqlite3.Cursor = driver.execute(self._sql, self._given(values))
        except sqlite3.IntegrityError as error:
            raise IntegrityError(self._sql, None, error, hide_parameters=True) from error
        return cursor

    def execute_each(self, tx: Connection, values: Sequence[Values]) -> None:
        """Run it for each of `values`."""
        driver: Any = tx.connection.driver_connection
        try:
            driver.executemany(self._sql, map(self._given, values))
        except sqlite3.IntegrityError as error:
            raise IntegrityError(self._sql, None, error, hide_parameters=True) from error

    def rows(self, found: Sequence[Sequence[Any]]) -> list[Any]:
        """Return what the driver found with every value converted, under the names of its columns."""
        return [self._row(self._converted(row)) for row in found]

    def _converted(self, row: Sequence[Any]) -> Sequence[Any]:
        values = list(row)
        for place, convert in self._out:
            values[place] = convert(values[place])
        return values

    def _given(self, values: Values) -> list[Any]:
        if self._known:
            values = {**self._known, **values}
        return [values[name] if convert is None else convert(values[name]) for name, convert in self._in]
