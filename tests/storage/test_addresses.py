"""What a server is told unless its address says otherwise."""

from pathlib import Path

import pytest

from agent_desk.storage.addresses import conninfo, is_remote, listening, parameters, safe, shown, weaknesses
from agent_desk.storage.faults import DatabaseFault

FAR = "postgresql+psycopg://nadia@db.example/desk"


def test_over_a_network_the_server_is_known_and_passwords_go_by_scram_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", __file__)
    told = parameters(safe(FAR))
    assert (told["sslmode"], told["sslrootcert"]) == ("verify-full", __file__)
    assert (told["require_auth"], told["gssencmode"]) == ("scram-sha-256", "disable")
    assert weaknesses(safe(FAR)) == ()


@pytest.mark.parametrize(
    "place",
    ["/desk?host=/run/postgresql", "/desk", "localhost/desk", "127.0.0.1:5433/desk", "[::1]/desk", "/d?host=127.8.0.1"],
)
def test_what_stays_on_this_machine_needs_neither(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PGHOST", raising=False)
    url = safe(f"postgresql://nadia@{place}")
    assert not is_remote(url)
    assert {"sslmode", "require_auth", "sslrootcert"}.isdisjoint(parameters(url))
    assert weaknesses(url) == ()


def test_a_host_or_a_service_of_the_surroundings_counts_as_far_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", "db.example")
    assert is_remote(safe("postgresql://nadia@/desk"))
    monkeypatch.delenv("PGHOST")
    assert is_remote(safe("postgresql://nadia@/desk?service=desks"))


def test_a_name_of_this_machine_that_leads_elsewhere_counts_as_far_away(monkeypatch: pytest.MonkeyPatch) -> None:
    assert parameters(safe("postgresql://nadia@localhost/desk?hostaddr=198.51.100.7"))["sslmode"] == "verify-full"
    assert is_remote(safe("postgresql://nadia@/desk?host=localhost,/run&hostaddr=127.0.0.1,198.51.100.7"))
    assert not is_remote(safe("postgresql://nadia@localhost/desk?hostaddr=127.0.0.1"))
    monkeypatch.setenv("PGHOSTADDR", "198.51.100.7")
    assert is_remote(safe("postgresql://nadia@localhost/desk"))


def test_a_name_that_leads_to_this_machine_is_still_checked() -> None:
    assert parameters(safe(f"{FAR}?hostaddr=127.0.0.1"))["sslmode"] == "verify-full"


def test_a_weaker_way_is_taken_only_as_written_and_is_named() -> None:
    url = safe("postgresql://nadia:secret@db.example/desk?sslmode=require&require_auth=md5")
    assert (parameters(url)["sslmode"], parameters(url)["require_auth"]) == ("require", "md5")
    assert "sslrootcert" not in parameters(url)
    assert weaknesses(url) == ("password", "tls", "sign_in")


def test_several_hosts_are_asked_for_the_one_that_can_be_written_to() -> None:
    url = safe("postgresql+psycopg://nadia@/desk?host=one.example:5432&host=two.example:5433")
    told = parameters(url)
    assert (told["host"], told["port"]) == ("one.example,two.example", "5432,5433")
    assert told["target_session_attrs"] == "read-write"
    assert "target_session_attrs" not in parameters(safe(FAR))
    assert shown(url) == "one.example, two.example / desk"


def test_one_far_host_among_near_ones_makes_all_of_them_far() -> None:
    assert is_remote(safe("postgresql://nadia@/desk?host=127.0.0.1:5432&host=two.example:5432"))


def test_dead_servers_are_noticed() -> None:
    told = parameters(safe(FAR))
    assert int(told["connect_timeout"]) <= 5
    assert int(told["keepalives_idle"]) + int(told["keepalives_interval"]) * int(told["keepalives_count"]) <= 20
    assert int(told["tcp_user_timeout"]) <= 15_000


@pytest.mark.parametrize(
    "address", ["", "nonsense", "mysql://x/y", "postgresql+psycopg2://x/y", "postgresql://x:port/y", "oracle://x"]
)
def test_what_is_no_address_of_ours_is_refused(address: str) -> None:
    with pytest.raises(DatabaseFault) as refused:
        safe(address)
    assert refused.value.code == "address_refused"


def test_a_file_stays_as_it_is_named(tmp_path: Path) -> None:
    assert str(safe(f"sqlite:///{tmp_path}/desk.sqlite3")) == f"sqlite:///{tmp_path}/desk.sqlite3"
    assert weaknesses(safe("sqlite:///desk.sqlite3")) == ()


def test_who_listens_goes_the_direct_way_as_safely_as_the_other() -> None:
    told = listening("postgresql://nadia@pooler.example:6432/desk", "postgresql://nadia@db.example/desk")
    assert "host='db.example'" in told
    assert "sslmode='verify-full'" in told
    assert "host='pooler.example'" in listening("postgresql://nadia@pooler.example/desk", "")


def test_quotes_in_a_password_do_not_end_it() -> None:
    assert r"password='a\'b\\c d'" in conninfo(safe("postgresql://nadia:a'b%5Cc%20d@db.example/desk"))


def test_where_a_database_is_can_be_shown_to_anybody() -> None:
    told = shown(safe("postgresql://nadia:secret@db.example:6432/desk?passfile=/etc/pass"))
    assert told == "db.example / desk"
