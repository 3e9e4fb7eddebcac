"""What our own functions in PostgreSQL refuse, and what is refused in their place on one desk."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

REFUSED = "AD001"  # an SQLSTATE of our own: the message is a key of the wording table `errors`


class RefusedByRights(Exception):
    """The database said no; `code` is a key of the wording table `errors`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@contextmanager
def refusals() -> Iterator[None]:
    """Raise RefusedByRights for what our functions refuse by a code of their own."""
    try:
        yield
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == REFUSED:
            raise RefusedByRights(str(error.orig)) from error
        raise
