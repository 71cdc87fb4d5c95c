"""Traces to a real collector's address: the spans of a history, and nothing at all where none are asked for."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from server import traces

ROOT = Path(__file__).resolve().parents[2]
STORY = Path(__file__).with_name("traced_story.py")
CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class Collector(ThreadingHTTPServer):
    """Keeps the spans it is sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Receive)
        self.spans: list[Span] = []
        self.hooks: list[str] = []


class Receive(BaseHTTPRequestHandler):
    """Takes spans, and a webhook."""

    server: Collector

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.path == "/v1/traces":
            told = ExportTraceServiceRequest.FromString(body)
            self.server.spans += [s for r in told.resource_spans for scope in r.scope_spans for s in scope.spans]
        else:
            self.server.hooks.append(self.headers.get("traceparent", ""))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def play(folder: Path, collector: Collector, **env: str) -> None:
    """Play the story in a process of its own, for tracing is decided once a process."""
    url = f"http://127.0.0.1:{collector.server_port}"
    command = [sys.executable, str(STORY), str(folder), url, CALLER]
    told = {**os.environ, **{name: value.format(url=url) for name, value in env.items()}}
    done = subprocess.run(command, cwd=ROOT, env=told | {"PYTHONPATH": str(ROOT)}, capture_output=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr.decode()


def test_a_request_its_group_and_a_job_with_its_call(tmp_path: Path, collector: Collector) -> None:
    play(tmp_path, collector, OTEL_EXPORTER_OTLP_ENDPOINT="{url}")
    spans = {span.name: span for span in collector.spans}
    request = spans["POST /api/sign-in"]
    assert (request.trace_id.hex(), request.parent_span_id.hex()) == tuple(CALLER.split("-")[1:3])
    told = {a.key: a.value for a in request.attributes}
    assert (told["http.response.status_code"].int_value, told["http.route"].string_value) == (200, "/api/sign-in")
    linked = [s for s in collector.spans if s.name == "group" and any(k.span_id == request.span_id for k in s.links)]
    assert linked, "the group that stored the session links to its request"
    sizes = [a.value.int_value for s in linked for a in s.attributes if a.key == "pickwave.size"]
    assert sizes[0] >= 1
    job = spans["job tell_stock"]
    assert [hook.split("-")[1] for hook in collector.hooks] == [job.trace_id.hex()]


def test_where_none_are_asked_for_nothing_is_sent_or_imported(tmp_path: Path, collector: Collector) -> None:
    play(tmp_path, collector, OTEL_EXPORTER_OTLP_ENDPOINT="", EXPECT="off")
    assert collector.spans == []
    assert collector.hooks == [""]


@pytest.mark.parametrize(
    ("env", "name"),
    [
        ({}, ""),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c"}, "otlp_proto_http"),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://c"}, "otlp_proto_http"),
        ({"OTEL_TRACES_EXPORTER": "console"}, "console"),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c", "OTEL_TRACES_EXPORTER": "none"}, ""),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c", "OTEL_SDK_DISABLED": "true"}, ""),
    ],
)
def test_the_environment_names_the_exporter(env: dict[str, str], name: str) -> None:
    assert traces.exporter(env) == name


def test_an_exporter_that_is_not_installed_is_said_and_harms_nobody(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("OTEL_TRACES_EXPORTER", "pigeon")
    traces.tracing.cache_clear()
    try:
        with traces.span("anything"):
            assert traces.headers() == {}
        assert "no traces to pigeon" in caplog.text
    finally:
        traces.tracing.cache_clear()
