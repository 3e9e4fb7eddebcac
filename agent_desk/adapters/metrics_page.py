"""A page of figures in Prometheus' text format, written by hand and served by a thread of its own."""

import threading
from collections.abc import Callable, Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic

from agent_desk.logfile import told
from agent_desk.ports import Metric

PATH = "/metrics"
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
PATIENCE_SECONDS = 5.0  # for whoever asks slowly
KEPT_SECONDS = 5.0  # so that asking often costs the database nothing

Measure = Callable[[], Sequence[Metric]]


def render(metrics: Sequence[Metric]) -> str:
    """Return the figures as text (https://prometheus.io/docs/instrumenting/exposition_formats/)."""
    lines = []
    for metric in metrics:
        lines += [f"# HELP {metric.name} {metric.help}", f"# TYPE {metric.name} {metric.kind}"]
        for label, value in metric.samples:
            named = "" if label is None else f'{{{label[0]}="{_quoted(label[1])}"}}'
            lines.append(f"{metric.name}{named} {value:.17g}")
    return "".join(f"{line}\n" for line in lines)


class MetricsPage:
    """Serves what `measure` returns, the same for a few seconds; on no other path is anything."""

    def __init__(self, host: str, port: int, measure: Measure) -> None:
        """Take the address; OSError where it is not to be had."""
        self._measure = measure
        self._lock = threading.Lock()
        self._kept: tuple[float, bytes] | None = None
        page = self

        class Handler(BaseHTTPRequestHandler):
            timeout = PATIENCE_SECONDS
            server_version, sys_version = "agent-desk", ""
            error_message_format = ""

            def do_GET(self) -> None:
                page.answer(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
                """Say nothing: who asks is nobody's business."""

        self._server = _Server((host, port), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), name="metrics", daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """Return the port it is served at."""
        port: int = self._server.server_address[1]
        return port

    def close(self) -> None:
        """Serve no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, asked: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        status, body = HTTPStatus.NOT_FOUND, b""
        if asked.path == PATH:
            try:
                status, body = HTTPStatus.OK, self._body()
            except Exception as error:  # noqa: BLE001 (who measures is told that there is no figure, not why)
                told(error)
                status = HTTPStatus.SERVICE_UNAVAILABLE
        asked.send_response(status)
        asked.send_header("Content-Type", CONTENT_TYPE)
        asked.send_header("Content-Length", str(len(body)))
        asked.end_headers()
        asked.wfile.write(body)

    def _body(self) -> bytes:
        with self._lock:
            if self._kept is None or monotonic() - self._kept[0] > KEPT_SECONDS:
                self._kept = monotonic(), render(self._measure()).encode()
            return self._kept[1]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of connections that broke; they would be printed with their address."""


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
