"""The page of figures: what Prometheus reads, and nothing else."""

import socket
from collections.abc import Iterator, Sequence
from contextlib import closing
from http.client import HTTPConnection

import pytest

from agent_desk.adapters import metrics_page
from agent_desk.adapters.metrics_page import MetricsPage, render
from agent_desk.ports import Metric

HEARD = Metric(
    "agent_desk_heard_total", "What was heard.", "counter", ((("reply", 'a"b\\c\nd'), 3), (("reply", "no"), 0))
)
AGE = Metric("agent_desk_age_seconds", "How old.", "gauge", ((None, 1.5),))
NONE = Metric("agent_desk_none", "Not known.", "gauge", ())


def test_figures_are_written_as_prometheus_reads_them() -> None:
    assert render([HEARD, AGE, NONE]) == (
        "# HELP agent_desk_heard_total What was heard.\n"
        "# TYPE agent_desk_heard_total counter\n"
        'agent_desk_heard_total{reply="a\\"b\\\\c\\nd"} 3\n'
        'agent_desk_heard_total{reply="no"} 0\n'
        "# HELP agent_desk_age_seconds How old.\n"
        "# TYPE agent_desk_age_seconds gauge\n"
        "agent_desk_age_seconds 1.5\n"
        "# HELP agent_desk_none Not known.\n"
        "# TYPE agent_desk_none gauge\n"
    )


class Measured:
    """Counts how often it is asked; fails when told to."""

    def __init__(self) -> None:
        self.asked = 0
        self.fails = False

    def __call__(self) -> Sequence[Metric]:
        self.asked += 1
        if self.fails:
            raise RuntimeError("Éloïse Secrète")
        return [AGE]


@pytest.fixture
def measured() -> Measured:
    return Measured()


@pytest.fixture
def page(measured: Measured) -> Iterator[MetricsPage]:
    """Give a page on this machine."""
    with closing(MetricsPage("127.0.0.1", 0, measured)) as made:
        yield made


def fetch(page: MetricsPage, path: str = "/metrics", method: str = "GET") -> tuple[int, str]:
    with closing(HTTPConnection("127.0.0.1", page.port, timeout=10)) as asked:
        asked.request(method, path)
        answer = asked.getresponse()
        return answer.status, answer.read().decode()


def test_it_gives_the_figures_and_keeps_them_for_a_moment(page: MetricsPage, measured: Measured) -> None:
    assert [fetch(page) for _ in range(3)] == [(200, render([AGE]))] * 3
    assert measured.asked == 1


def test_another_path_or_method_gives_nothing(page: MetricsPage, measured: Measured) -> None:
    assert fetch(page, "/")[0] == 404
    assert fetch(page, "/metrics/..")[0] == 404
    assert fetch(page, method="POST")[0] == 501
    assert measured.asked == 0


def test_figures_that_cannot_be_had_are_said_so_without_a_reason(page: MetricsPage, measured: Measured) -> None:
    measured.fails = True
    assert fetch(page) == (503, "")
    measured.fails = False
    assert fetch(page)[0] == 200


def test_who_connects_and_says_nothing_disturbs_nobody(
    measured: Measured, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(metrics_page, "PATIENCE_SECONDS", 0.2)
    with (
        closing(MetricsPage("127.0.0.1", 0, measured)) as page,
        socket.create_connection(("127.0.0.1", page.port), 10) as silent,
    ):
        assert fetch(page)[0] == 200
        silent.sendall(b"\x00\xff nonsense\r\n\r\n")
        assert b"nonsense" not in silent.recv(1000)
    assert capfd.readouterr().err == ""


def test_an_address_that_is_taken_is_an_error(page: MetricsPage, measured: Measured) -> None:
    with pytest.raises(OSError, match="in use"):
        MetricsPage("127.0.0.1", page.port, measured)
