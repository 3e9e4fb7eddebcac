"""What makes a site unwell, and what does not."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from agent_desk.rules.health import Expected, Vitals, ailments
from agent_desk.wording import load_wording

SITE = Expected(mailer=True, gateway=True, checkpoint_every=timedelta(minutes=5))
DESK = Expected(mailer=False, gateway=False, checkpoint_every=timedelta(minutes=5))
NOW = timedelta(seconds=20)
WELL = Vitals(mailer_seen=NOW, gateway_seen=NOW, checkpoint_age=timedelta(minutes=4), uncovered=3, room=10**10)


def test_a_site_where_everything_runs_is_well() -> None:
    assert ailments(WELL, SITE) == ()
    assert ailments(Vitals(), DESK) == ()


@pytest.mark.parametrize(
    ("found", "signs"),
    [
        ({"mailer_seen": None}, ("no_mailer",)),
        ({"mailer_seen": timedelta(minutes=2)}, ()),
        ({"mailer_seen": timedelta(minutes=2, seconds=1)}, ("no_mailer",)),
        ({"gateway_seen": None}, ("no_gateway",)),
        ({"mail_overdue": timedelta(minutes=5)}, ("mails_overdue",)),
        ({"mail_overdue": timedelta(minutes=4, seconds=59)}, ()),
        ({"checkpoint_age": timedelta(minutes=15)}, ()),
        ({"checkpoint_age": timedelta(minutes=16)}, ("checkpoint_old",)),
        ({"checkpoint_age": timedelta(days=3), "uncovered": 0}, ()),
        ({"checkpoint_age": None}, ("checkpoint_old",)),
        ({"guessing": True}, ("guessing",)),
        ({"clock_apart": timedelta(seconds=59)}, ()),
        ({"clock_apart": timedelta(minutes=1)}, ("clock_wrong",)),
        ({"decisions_wrong": 1, "room": 1}, ("disk_low", "decisions_differ")),
        ({"mails": {"uncertain": 3}, "oldest_mail": timedelta(days=1)}, ()),  # a person's business, not the site's
    ],
)
def test_each_sign_is_told(found: dict[str, Any], signs: tuple[str, ...]) -> None:
    assert ailments(replace(WELL, **found), SITE) == signs


def test_what_a_desk_does_itself_is_not_missed() -> None:
    assert ailments(replace(WELL, mailer_seen=None, gateway_seen=None), DESK) == ()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_sign_has_its_words(language: str) -> None:
    day = timedelta(days=1)
    all_wrong = Vitals(room=0, decisions_wrong=1, mail_overdue=day, uncovered=1, guessing=True, clock_apart=day)
    signs = set(ailments(all_wrong, SITE))
    assert load_wording(language).table("health").keys() == signs | {"well"}
