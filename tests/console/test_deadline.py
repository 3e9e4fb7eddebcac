"""`deskctl deadline`: limits with the offset of the customer's territory."""

import json
from pathlib import Path

import pytest

from tests.support.deskctl import Said, deskctl

EXAMPLES = json.loads((Path(__file__).parents[1] / "cases" / "deadlines.json").read_text(encoding="utf-8"))


def deadline(limit: str, accepted: str, territory: str = "metropole", *more: str) -> Said:
    return deskctl("deadline", limit, "--accepted", accepted, "--territory", territory, *more)


@pytest.mark.parametrize(
    ("limit", "example"),
    [(limit, example) for limit in ("callback", "withdrawal") for example in EXAMPLES[limit]],
    ids=lambda value: value if isinstance(value, str) else value["accepted"],
)
def test_the_examples_of_the_terms_come_out_as_they_stand(limit: str, example: dict[str, str]) -> None:
    said = deadline(limit, example["accepted"], example["territory"], "--json")
    assert (said.status, said.json) == (0, example)


def test_the_answer_has_the_offset_of_the_territory_and_of_the_season() -> None:
    assert deadline("callback", "2026-10-23T16:00Z", "metropole", "--json").json["deadline"] == (
        "2026-10-27T18:00:00+01:00"
    )
    assert deadline("callback", "2026-11-17T10:00Z", "reunion", "--json").json["deadline"] == (
        "2026-11-20T14:00:00+04:00"
    )


def test_a_limit_at_midnight_is_that_of_the_day_just_ended() -> None:
    accepted = "2026-11-19T00:00+01:00"
    assert deadline("callback", accepted, "metropole", "--json").json["deadline"] == "2026-11-22T00:00:00+01:00"
    assert deadline("callback", accepted).out == "samedi 21\u00a0novembre\u00a02026, 24\u00a0h\n"


def test_a_person_reads_days_in_words() -> None:
    assert deadline("callback", "2026-11-19T10:30+01:00").out == "lundi 23\u00a0novembre\u00a02026, 10\u00a0h\u00a030\n"
    lines = deadline("withdrawal", "2026-11-16T10:00+01:00").out.splitlines()
    assert [line.partition("  ")[0].rstrip() for line in lines] == ["délai publié", "délai légal", "délai retenu"]
    assert lines[2].endswith("lundi 30\u00a0novembre\u00a02026")


def test_the_limit_explains_itself_day_by_day() -> None:
    lines = (
        deadline("callback", "2026-10-23T18:00+02:00", "metropole", "--explain").out.replace("\u00a0", " ").splitlines()
    )
    assert lines == [
        "vendredi 23 octobre 2026 : 6 h comptées",
        "samedi 24 octobre 2026 : 24 h comptées",
        "dimanche 25 octobre 2026 : Dimanche, non compté",
        "lundi 26 octobre 2026 : 24 h comptées",
        "mardi 27 octobre 2026 : 18 h comptées",
        "Au plus tard mardi 27 octobre 2026, 18 h",
    ]
    days = deadline("callback", "2026-12-31T20:30+01:00", "metropole", "--explain", "--json").json["days"]
    assert [day["off"] for day in days] == ["", "new_year", "", "sunday", "", ""]
    assert sum(day["seconds"] for day in days) == 72 * 3600


def test_english_readers_get_english_days() -> None:
    said = deskctl(
        "deadline", "callback", "--accepted", "2026-11-19T00:00+01:00", "--territory", "metropole",
        environment={"LANG": "en_GB"},
    )  # fmt: skip
    assert said.out == "Saturday 21\u00a0November\u00a02026, 24:00\n"


def test_days_of_the_site_and_a_longer_withdrawal_may_be_told() -> None:
    off = ("--day-off", "2026-11-20", "--day-off", "2026-11-23", "--json")
    accepted = "2026-11-19T10:00+01:00"
    assert deadline("callback", accepted, "metropole", *off).json["deadline"] == "2026-11-25T10:00:00+01:00"
    longer = deadline("withdrawal", accepted, "metropole", "--published-days", "30", "--json").json
    assert (longer["published"], longer["honoured"]) == ("2026-12-21", "2026-12-21")


@pytest.mark.parametrize("limit", ["callback", "withdrawal"])
@pytest.mark.parametrize(
    "accepted",
    [
        "2026-11-19T10:00",
        "2026-11-19",
        "",
        "now",
        "2026-02-30T10:00Z",
        "2026-11-19T25:00Z",
        "2026-11-19T10:00+25:00",
        "0001-01-01T00:00Z",
        "9999-12-31T23:59Z",
        "1969-12-31T23:59Z",
        "x" * 5000,
        "2026-11-19T10:00+01:00\n",
    ],
)
def test_a_time_without_offset_or_sense_is_refused(limit: str, accepted: str) -> None:
    assert deadline(limit, accepted, "metropole", "--json").refuses("accepted")


def test_a_refused_time_says_that_its_offset_is_missing() -> None:
    assert "+01:00" in deadline("callback", "2026-11-19T10:00").err


@pytest.mark.parametrize("territory", ["mars", "", "Metropole", "metropole\n"])
def test_an_unknown_territory_is_refused_and_the_known_are_named(territory: str) -> None:
    said = deadline("withdrawal", "2026-11-19T10:00Z", territory)
    assert said.refuses("territory")
    assert "alsace-moselle" in said.err


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("published-days", "6"),
        ("published-days", "61"),
        ("published-days", "²"),
        ("published-days", "9" * 5000),
        ("day-off", "soon"),
    ],
)
def test_options_out_of_bounds_are_named(option: str, value: str) -> None:
    assert deadline("withdrawal", "2026-11-19T10:00Z", "metropole", f"--{option}", value).refuses(option)


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        (("callback", "--territory", "metropole"), "accepted"),
        (("withdrawal", "--accepted", "2026-11-19T10:00Z"), "territory"),
        (("mediation", "--accepted", "2026-11-19T10:00Z", "--territory", "metropole"), "limit"),
    ],
)
def test_what_is_missing_or_unknown_is_named(arguments: tuple[str, ...], path: str) -> None:
    assert deskctl("deadline", *arguments, "--json").refuses(path)


def test_an_answer_of_another_level_counts_working_days_and_says_which_are_none() -> None:
    said = deadline("escalation", "2026-12-24T15:00+01:00", "alsace-moselle", "--explain").out.replace("\u00a0", " ")
    assert said.splitlines() == [
        "vendredi 25 décembre 2026 : Noël, non compté",
        "samedi 26 décembre 2026 : Saint-Étienne, non compté",
        "dimanche 27 décembre 2026 : Dimanche, non compté",
        "lundi 28 décembre 2026 : jour ouvré n° 1",
        "mardi 29 décembre 2026 : jour ouvré n° 2",
        "Au plus tard mardi 29 décembre 2026, 18 h",
    ]
    counted = deadline("escalation", "2026-11-27T15:00+01:00", "metropole", "--explain", "--json").json
    assert counted["deadline"] == "2026-12-01T18:00:00+01:00"
    assert [one["working"] for one in counted["days"]] == [0, 0, 1, 2]
    assert (
        deadline("escalation", "2026-11-27T15:00+01:00").out.replace("\u00a0", " ") == "mardi 1er décembre 2026, 18 h\n"
    )


def test_a_visit_that_was_accepted_has_its_day_by_the_evening_of_the_next_working_day() -> None:
    said = deadline("visit", "2026-12-19T12:00+04:00", "reunion", "--explain").out.replace("\u00a0", " ")
    assert said.splitlines() == [
        "dimanche 20 décembre 2026 : Abolition de l’esclavage, non compté",
        "lundi 21 décembre 2026 : jour ouvré n° 1",
        "Au plus tard lundi 21 décembre 2026, 18 h",
    ]
    told = deadline("visit", "2026-12-19T12:00+04:00", "metropole", "--json").json
    assert told["deadline"] == "2026-12-21T18:00:00+01:00"


def test_a_feasibility_answer_takes_four_hours_that_really_pass() -> None:
    # The night the clocks go back: four hours later it is only one o'clock, three hours on.
    said = deadline("feasibility", "2026-10-24T23:30+02:00", "metropole", "--json").json
    assert said["deadline"] == "2026-10-25T02:30:00+01:00"
    lines = deadline("feasibility", "2026-11-23T12:00+01:00", "metropole", "--explain").out.replace("\u00a0", " ")
    assert lines.splitlines() == [
        "Demandé lundi 23 novembre 2026, 12 h : 4 heures, jour et nuit",
        "Au plus tard lundi 23 novembre 2026, 16 h",
    ]


def complaint(channel: str, received: str, *more: str, territory: str = "metropole") -> Said:
    return deskctl(
        "deadline", "complaint", "--received", received, "--channel", channel, "--territory", territory, *more
    )


def test_a_complaint_says_by_when_it_is_answered_and_why() -> None:
    said = complaint("letter", "2026-12-24T09:00+01:00", "--json", "--explain").json
    assert (said["deadline"], said["acknowledged"]) == ("2027-01-05T00:00:00+01:00", True)
    assert [step for step in said["steps"] if "Noël" in step] != []
    lines = complaint("letter", "2026-12-24T09:00+01:00", "--explain").out.splitlines()
    assert lines == said["steps"]
    assert lines[0] == "Reçue par lettre\u00a0: jeudi 24\u00a0décembre\u00a02026, 9\u00a0h, heure du client"
    assert lines[-2] == "Au plus tard lundi 4\u00a0janvier\u00a02027, 24\u00a0h"
    chat = complaint("chat", "2026-10-24T12:00+02:00", "--json").json
    assert (chat["deadline"], chat["acknowledged"]) == ("2026-10-26T11:00:00+01:00", False)


def level(name: str, received: str, *more: str) -> Said:
    return deskctl("deadline", name, "--received", received, "--territory", "metropole", *more)


def test_the_appeal_service_counts_working_days_and_the_mediator_days_on_end() -> None:
    appeal = level("appeal", "2026-12-23T09:00+01:00", "--explain").out.replace("\u00a0", " ").splitlines()
    assert appeal[:4] == [
        "Saisine du service recours : mercredi 23 décembre 2026, 9 h, heure du client",
        "5 jours ouvrés, le jour de la saisine non compté (document 004)",
        "jeudi 24 décembre 2026 : jour ouvré n° 1",
        "vendredi 25 décembre 2026 : Noël, non compté",
    ]
    assert appeal[-2:] == ["jeudi 31 décembre 2026 : jour ouvré n° 5", "Au plus tard jeudi 31 décembre 2026, 24 h"]
    told = level("mediator", "2026-11-23T09:00+01:00", "--explain", "--json").json
    assert told["deadline"] == "2027-02-22T00:00:00+01:00"
    assert [step.replace("\u00a0", " ") for step in told["steps"][1:]] == [
        "90 jours de suite, le jour de la saisine non compté (R612-5)",
        "Au plus tard dimanche 21 février 2027, 24 h",
    ]
    assert level("mediator", "2026-11-23T09:00").refuses("received")


def test_what_a_complaint_needs_is_refused_by_its_name() -> None:
    assert complaint("pigeon", "2026-12-24T09:00+01:00").refuses("channel")
    assert complaint("letter", "2026-12-24T09:00").refuses("received")
    assert deskctl("deadline", "complaint", "--territory", "metropole", "--channel", "chat").refuses("received")


def test_withdrawal_is_explained_step_by_step_past_weekends_and_holidays() -> None:
    lines = deadline("withdrawal", "2026-12-11T10:00+01:00", "alsace-moselle", "--explain").out.replace("\u00a0", " ")
    assert lines.splitlines() == [
        "Accord : vendredi 11 décembre 2026\u202f; ce jour ne compte pas",
        "Publié (10) : 7 jours après, vendredi 18 décembre 2026",
        "Loi (L221-18) : 14 jours après, vendredi 25 décembre 2026",
        "vendredi 25 décembre 2026 : Noël, non compté",
        "samedi 26 décembre 2026 : Saint-Étienne, non compté",
        "dimanche 27 décembre 2026 : Dimanche, non compté",
        "Repoussé au lundi 28 décembre 2026",
        "Retenu, le plus tardif : lundi 28 décembre 2026, jusqu’à minuit",
    ]
    told = deadline("withdrawal", "2026-12-11T10:00+01:00", "metropole", "--explain", "--json").json
    assert (told["honoured"], [len(one["moved_past"]) for one in told["steps"]]) == ("2026-12-28", [0, 3])


def steps(limit: str, accepted: str, territory: str = "metropole", *more: str) -> tuple[str | None, list[str]]:
    """Return the deadline and its explanation, which a person and a program read alike."""
    said = deadline(limit, accepted, territory, "--explain", "--json", *more).json
    assert deadline(limit, accepted, territory, "--explain", *more).out.splitlines() == said["steps"]
    return said["deadline"], [one.replace("\u00a0", " ") for one in said["steps"]]


@pytest.mark.parametrize(
    ("limit", "accepted", "territory", "due", "why"),
    [
        (
            "feasibility", "2026-11-23T12:00+01:00", "metropole", "2026-11-23T16:00:00+01:00",
            "Demandé lundi 23 novembre 2026, 12 h : 4 heures, jour et nuit",
        ),
        (
            "credit", "2026-10-24T12:00+02:00", "metropole", "2026-10-25T11:00:00+01:00",
            "Proposé samedi 24 octobre 2026, 12 h, heure du client : 24 heures de suite, jour et nuit (règle de la maison)",
        ),
        (
            "pro", "2026-02-27T20:30Z", "guyane", "2026-03-01T00:00:00-03:00",
            "Demandé vendredi 27 février 2026, 17 h 30, heure du client : effectif au plus tard à la fin du lendemain, jour ouvré ou non (document 001)",
        ),
        (
            "code", "2026-11-23T23:55+01:00", "metropole", "2026-11-24T00:05:00+01:00",
            "Émis lundi 23 novembre 2026, 23 h 55, heure du client : valable 10 minutes (4.6)",
        ),
        (
            "opinion-link", "2026-11-23T12:00+04:00", "reunion", "2026-12-23T12:00:00+04:00",
            "Courriel écrit lundi 23 novembre 2026, 12 h, heure du client : le lien vaut 30 jours",
        ),
        (
            "withdrawal-link", "2026-12-31T12:00+01:00", "metropole", "2027-03-31T13:00:00+02:00",
            "Courriel écrit jeudi 31 décembre 2026, 12 h, heure du client : le lien vaut 90 jours",
        ),
    ],
)  # fmt: skip
def test_what_ends_at_one_moment_says_why(limit: str, accepted: str, territory: str, due: str, why: str) -> None:
    found, said = steps(limit, accepted, territory)
    assert (found, said[0]) == (due, why)
    assert said[1:] == ["Au plus tard " + deadline(limit, accepted, territory).out.strip().replace("\u00a0", " ")]


def test_what_a_professional_asks_is_effective_by_the_last_minute_of_the_next_day() -> None:
    assert steps("pro", "2028-02-28T00:00+01:00")[1][1] == "Au plus tard mardi 29 février 2028, 24 h"
    assert steps("pro", "2026-12-31T23:59+01:00")[0] == "2027-01-02T00:00:00+01:00"


def test_a_visits_reminder_is_the_day_before_on_the_customers_wall_or_there_is_none() -> None:
    begins = ("--begins", "2026-11-26T08:30-04:00")
    assert steps("reminder", "2026-11-25T16:59-04:00", "martinique", *begins) == (
        "2026-11-25T17:00:00-04:00",
        [
            "Visite jeudi 26 novembre 2026, 8 h 30, heure du client",
            "Convenue mercredi 25 novembre 2026, 16 h 59, avant 17 h de la veille",
            "Rappel la veille à 17 h, heure du client : mercredi 25 novembre 2026, 17 h",
        ],
    )
    none = "Convenue mercredi 25 novembre 2026, 17 h, à 17 h de la veille ou après : pas de rappel"
    assert steps("reminder", "2026-11-25T17:00-04:00", "martinique", *begins) == (
        None,
        ["Visite jeudi 26 novembre 2026, 8 h 30, heure du client", none],
    )
    assert (
        deadline("reminder", "2026-11-25T17:00-04:00", "martinique", *begins).out.replace("\u00a0", " ") == none + "\n"
    )
    assert deadline("reminder", "2026-11-25T17:00-04:00", "martinique").refuses("begins")
    assert deadline("reminder", "2026-11-25T17:00-04:00", "martinique", "--begins", "2026-11-26T08:30").refuses(
        "begins"
    )


@pytest.mark.parametrize(
    ("accepted", "territory", "leaves", "why"),
    [
        ("2026-11-23T19:59+01:00", "metropole", "2026-11-23T19:59:00+01:00", "il part aussitôt"),
        ("2026-11-23T20:00+01:00", "metropole", "2026-11-24T08:00:00+01:00", "il attend 8 h"),
        ("2026-11-24T07:59+01:00", "metropole", "2026-11-24T08:00:00+01:00", "il attend 8 h"),
        ("2026-11-24T08:00+01:00", "metropole", "2026-11-24T08:00:00+01:00", "il part aussitôt"),
        ("2026-10-24T23:00+02:00", "metropole", "2026-10-25T08:00:00+01:00", "il attend 8 h"),
        ("2026-11-23T18:00+01:00", "mayotte", "2026-11-24T08:00:00+03:00", "il attend 8 h"),
        ("2026-12-31T23:30-04:00", "guadeloupe", "2027-01-01T08:00:00-04:00", "il attend 8 h"),
    ],
)
def test_an_sms_waits_for_the_customers_morning(accepted: str, territory: str, leaves: str, why: str) -> None:
    found, said = steps("sms", accepted, territory)
    assert found == leaves
    assert said[0].startswith("SMS écrit ")
    assert said[1].endswith(why)
    assert said[2] == "Part " + deadline("sms", accepted, territory).out.strip().replace("\u00a0", " ")


@pytest.mark.parametrize("limit", ["credit", "pro", "code", "opinion-link", "withdrawal-link", "reminder", "sms"])
def test_each_of_them_refuses_as_the_others_do(limit: str) -> None:
    assert deadline(limit, "2026-11-19T10:00", "metropole", "--begins", "2026-11-26T08:30Z").refuses("accepted")
    assert deadline(limit, "2026-11-19T10:00Z", "mars", "--begins", "2026-11-26T08:30Z").refuses("territory")
    assert deskctl("deadline", limit, "--territory", "metropole").refuses("accepted")
