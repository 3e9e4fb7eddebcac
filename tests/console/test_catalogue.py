"""`deskctl catalogue`: what is sold, at which price."""

from tests.support.deskctl import deskctl
from tests.support.reference import CATALOGUE


def test_every_service_is_listed_with_its_seven_facts() -> None:
    services = deskctl("catalogue", "--json").json
    assert [one["code"] for one in services] == list(CATALOGUE.services)
    assert len(services) == 23
    assert services[9] == {
        "code": "mail.account",
        "domain": "mail",
        "label": "Installer un compte de messagerie",
        "unit": "account",
        "price_cents": 2900,
        "pro_only": False,
        "valid_from": "2014-01-01",
    }


def test_the_table_reads_like_a_price_list() -> None:
    lines = deskctl("catalogue").out.splitlines()
    assert len(lines) == 23
    assert "Offert" in lines[2]
    assert "Pro uniquement" in lines[10]
    assert "29,00\u00a0€  par compte" in lines[9]


def test_the_table_speaks_english_where_the_terminal_does() -> None:
    lines = deskctl("catalogue", environment={"LC_MESSAGES": "en_US.UTF-8", "LANG": "fr_FR.UTF-8"}).out.splitlines()
    assert "Install a mail account" in lines[9]
    assert "€29.00" in lines[9]


def test_there_is_none_before_the_first() -> None:
    said = deskctl("catalogue", "--json", "--date", "2013-12-31")
    assert said.refuses("date")
    assert "2014-01-01" in said.err
