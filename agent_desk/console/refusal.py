"""How the command line says no: one line on stderr that names the field by its path, exit status 2."""

from collections.abc import Iterable, Mapping

from agent_desk.wording import Wording

PATH_MAX = 120
REFUSED = 2


class Refused(Exception):
    """Input that cannot be used; `path` names it, `key` is the wording of the sentence, `choices` what would do."""

    def __init__(
        self,
        path: str,
        key: str = "errors.invalid_value",
        choices: Iterable[str] = (),
        values: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(path, key)
        self.path = path
        self.key = key
        self.choices = tuple(choices)
        self.values = dict(values or {})

    def line(self, wording: Wording) -> str:
        """Return the refusal as one printable line."""
        path = printable(self.path)
        sentence = wording.text(self.key, path=path, **self.values)
        choices = f" ({', '.join(self.choices)})" if self.choices else ""
        return f"{path}: {sentence}{choices}"


def printable(text: str) -> str:
    """Return `text` on one line, without anything a terminal obeys, cut to a readable length."""
    clean = "".join(char if char.isprintable() else "�" for char in text)
    return clean if len(clean) <= PATH_MAX else f"{clean[:PATH_MAX]}…"
