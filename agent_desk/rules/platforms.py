"""Systems a computer may run, as the table of platforms knows them (4.1 and house rules)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Platform:
    """One system. `supported` ones may be worked on, at once unless `feasibility_needed`; `source` is who says so."""

    key: str
    label_fr: str
    label_en: str
    supported: bool
    screen_sharing: bool
    feasibility_needed: bool
    source: str

    def label(self, language: str) -> str:
        """Return the name in `language` ("fr" or "en")."""
        return self.label_fr if language == "fr" else self.label_en

    @property
    def ready(self) -> bool:
        """Tell whether work may go on without asking for feasibility."""
        return self.supported and not self.feasibility_needed
