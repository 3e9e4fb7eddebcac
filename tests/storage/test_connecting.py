"""Why a server lets nobody in: real servers, each with one thing wrong."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent_desk.storage import connecting
from agent_desk.storage.addresses import parameters, safe
from agent_desk.storage.database import Database
from agent_desk.storage.faults import DatabaseFault
from tests.support.certificates import Authority, new_authority
from tests.support.postgresql import Server
from tests.support.servers import Node, networked

NAME = "db.desk.test"
SCRAM = "hostssl all all 127.0.0.1/32 scram-sha-256"


@pytest.fixture(scope="module")
def authority() -> Iterator[Authority]:
    """Give whom the desks trust."""
    folder = Path(tempfile.mkdtemp(prefix="desk-ca-"))
    yield new_authority(folder)
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def secure(authority: Authority) -> Iterator[Node]:
    """Give a server as it should be: TLS under its own name, passwords by SCRAM."""
    with networked(authority.server(NAME)) as made:
        made.sql(
            "CREATE ROLE nadia LOGIN PASSWORD 'right'",
            "CREATE ROLE karim LOGIN PASSWORD 'right' VALID UNTIL '2020-01-01'",
            "CREATE ROLE ines LOGIN PASSWORD 'right' CONNECTION LIMIT 0",
            "SET password_encryption = 'md5'; CREATE ROLE old LOGIN PASSWORD 'right'",
        )
        yield made


@pytest.fixture(autouse=True)
def _each_time_as_it_should_be(secure: Node) -> None:
    secure.allow(SCRAM)


def refused(address: str) -> DatabaseFault:
    with pytest.raises(DatabaseFault) as found:
        Database.open(address).close()
    assert "right" not in f"{found.value!r} {found.value.__cause__}"
    return found.value


def address(secure: Node, authority: Authority, **more: str) -> str:
    usual = {"name": NAME, "user": "nadia", "password": "right", "sslrootcert": str(authority.file)}
    return secure.over_network(**usual | more)


def test_a_server_as_it_should_be_is_used_encrypted(secure: Node, authority: Authority) -> None:
    database = Database.open(address(secure, authority))
    with database.read() as tx:
        driver = tx.connection.driver_connection
        assert driver is not None
        assert driver.pgconn.ssl_in_use
        assert (
            tx.exec_driver_sql("SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()").scalar_one() >= "TLSv1.2"
        )
    database.close()


def test_another_name_or_another_authority_is_not_believed(secure: Node, authority: Authority, tmp_path: Path) -> None:
    assert refused(address(secure, authority, name="other.desk.test")).code == "tls_certificate"
    stranger = new_authority(tmp_path)
    assert refused(address(secure, stranger)).code == "tls_certificate"


def test_authorities_that_cannot_be_read_are_named_as_such(secure: Node, tmp_path: Path) -> None:
    missing = str(tmp_path / "missing.crt")
    assert refused(secure.over_network(NAME, "nadia", "right", sslrootcert=missing)).code == "tls_authority"


def test_a_server_without_encryption_gets_nothing(authority: Authority) -> None:
    with networked() as plain:
        plain.allow("host all all 127.0.0.1/32 scram-sha-256")
        assert refused(address(plain, authority)).code == "tls_missing"
        plain.sql("CREATE ROLE nadia LOGIN PASSWORD 'right'")
        weak = plain.over_network(NAME, "nadia", "right", sslmode="disable")
        Database.open(weak).close()  # only because the address says so


@pytest.mark.parametrize("method", ["password", "trust"])
def test_a_server_that_asks_for_the_password_in_another_way_does_not_get_it(
    secure: Node, authority: Authority, method: str
) -> None:
    secure.allow(f"hostssl all all 127.0.0.1/32 {method}")
    assert refused(address(secure, authority)).code == "sign_in_method"


def test_an_md5_password_is_not_told(secure: Node, authority: Authority) -> None:
    secure.allow("hostssl all all 127.0.0.1/32 md5")
    assert refused(address(secure, authority, user="old")).code == "sign_in_method"


@pytest.mark.parametrize(("user", "password"), [("nadia", "wrong"), ("nobody", "right"), ("karim", "right")])
def test_a_wrong_password_an_unknown_account_and_an_expired_one_get_one_sentence(
    secure: Node, authority: Authority, user: str, password: str
) -> None:
    assert refused(address(secure, authority, user=user, password=password)).code == "password_refused"


def test_a_password_that_is_not_there_is_asked_for(secure: Node, authority: Authority) -> None:
    assert refused(address(secure, authority, password="")).code == "password_missing"


def test_a_password_file_of_libpq_serves(secure: Node, authority: Authority, tmp_path: Path) -> None:
    kept = tmp_path / "passwords"
    kept.write_text(f"{NAME}:*:*:nadia:right\n")
    kept.chmod(0o600)
    found = secure.over_network(NAME, "nadia", "", sslrootcert=str(authority.file), passfile=str(kept))
    Database.open(found).close()
    assert "password" not in parameters(safe(found))


def test_a_database_that_is_not_there_is_named_as_such(secure: Node, authority: Authority) -> None:
    assert refused(address(secure, authority, database="nowhere")).code == "database_missing"


def test_an_account_that_may_not_come_from_here_is_told_so(secure: Node, authority: Authority) -> None:
    secure.allow("hostssl all somebody 127.0.0.1/32 scram-sha-256")
    assert refused(address(secure, authority)).code == "not_let_in"


def test_a_server_without_a_free_place_says_so(secure: Node, authority: Authority) -> None:
    assert refused(address(secure, authority, user="ines")).code == "server_full"


def test_where_no_server_can_be_written_to_that_is_said(secure: Node) -> None:
    several = secure.url(target_session_attrs="read-write")
    secure.sql("ALTER DATABASE desk SET default_transaction_read_only = on")
    try:
        assert refused(several).code == "no_primary"
    finally:
        secure.sql("SET default_transaction_read_only = off; ALTER DATABASE desk RESET default_transaction_read_only")


def test_a_server_too_old_is_refused_in_one_sentence(postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "OLDEST_SERVER", 99)
    fault = refused(postgresql_url)
    assert (fault.code, fault.values["needed"]) == ("server_old", 99)


def test_a_database_in_another_encoding_is_refused_in_one_sentence(postgresql_server: Server) -> None:
    postgresql_server.run("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    try:
        fault = refused(postgresql_server.url("latin"))
        assert (fault.code, fault.values) == ("server_encoding", {"encoding": "LATIN1"})
    finally:
        postgresql_server.run("DROP DATABASE latin WITH (FORCE)")
