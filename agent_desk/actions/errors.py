"""How an action says no."""

from collections.abc import Mapping

from agent_desk.rules.gates import Blocker


class Refusal(Exception):
    """An action changed nothing; `code` is a key of the wording table `errors`, `values` fill its sentence.

    `fields` are dotted paths in the content, `blockers` what a gate still misses.
    """

    def __init__(
        self,
        code: str,
        fields: tuple[str, ...] = (),
        blockers: tuple[Blocker, ...] = (),
        values: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.fields = fields
        self.blockers = blockers
        self.values = dict(values or {})
