"""A postcode tells the territory, and with it holidays, time zone and travel ceiling."""

import pytest

from agent_desk.rules.session import Territory
from agent_desk.rules.territories import POSTCODES, territory_of


@pytest.mark.parametrize(
    ("postcode", "territory"),
    [
        ("35000", Territory.METROPOLE),
        ("", Territory.METROPOLE),
        ("97", Territory.METROPOLE),
        ("975 00", Territory.METROPOLE),
        ("67000", Territory.ALSACE_MOSELLE),
        ("57 100", Territory.ALSACE_MOSELLE),
        ("68", Territory.ALSACE_MOSELLE),
        ("97110", Territory.GUADELOUPE),
        ("97 110", Territory.GUADELOUPE),
        ("97200", Territory.MARTINIQUE),
        ("973 00", Territory.GUYANE),
        ("97400", Territory.REUNION),
        ("97600", Territory.MAYOTTE),
    ],
)
def test_the_first_digits_tell_the_territory(postcode: str, territory: Territory) -> None:
    assert territory_of(postcode) is territory


def test_every_territory_but_metropolitan_france_has_its_postcodes() -> None:
    assert set(POSTCODES.values()) == set(Territory) - {Territory.METROPOLE}
