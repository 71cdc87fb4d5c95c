"""Prometheus metrics in a registry of our own: counted where it happens, gauges read only when somebody asks.

A scan costs some 2 µs here: the children of labels are made once and kept, nothing is built for an operation.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Iterator, Mapping
from functools import cache
from time import perf_counter

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    Metric,
    ProcessCollector,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import generate_latest

REGISTRY = CollectorRegistry()
CONTENT_TYPE = CONTENT_TYPE_LATEST
LATENCY = (0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256)
GAUGES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "pickwave_queue_depth": ("Commands that wait for their group", ("queue",)),
    "pickwave_connected_devices": ("Devices with an open socket", ()),
    "pickwave_connected_sockets": ("Open sockets", ()),
    "pickwave_device_waiting_operations": ("Operations that connected devices said they still have to send", ()),
    "pickwave_journal_position": ("Last committed position of the journal", ()),
    "pickwave_follow_lag": ("Entries of the journal that this process has not told its sockets yet", ()),
    "pickwave_jobs": ("Jobs that wait or were given up", ("kind", "state")),
}
"""What is read when it is asked for: what it means, and its labels."""
Readings = Mapping[str, Mapping[tuple[str, ...], float]]

ProcessCollector(registry=REGISTRY)
_acks = Histogram(
    "pickwave_ack_seconds", "Arrival of an operation to its outcome", ["queue"], registry=REGISTRY, buckets=LATENCY
)
_urgent, _bulk = _acks.labels("urgent"), _acks.labels("bulk")
_groups = Histogram("pickwave_group_size", "Operations a group", registry=REGISTRY, buckets=SIZES)
_commits = Histogram("pickwave_commit_seconds", "How long a commit took", registry=REGISTRY, buckets=LATENCY)
_rollbacks = Counter("pickwave_group_rollbacks", "Groups rolled back, to be tried again", registry=REGISTRY)
_commands = Counter("pickwave_commands", "Commands with an outcome", ["command"], registry=REGISTRY)
_refusals = Counter("pickwave_refusals", "Answers that were no", ["code"], registry=REGISTRY)
_runs = Counter("pickwave_job_runs", "Runs of jobs and how they ended", ["kind", "end"], registry=REGISTRY)
_of_command, _of_code, _of_run = cache(_commands.labels), cache(_refusals.labels), cache(_runs.labels)


def answered(command: str, code: str, seconds: float, *, bulk: bool) -> None:
    """Count an outcome: its command's kind, the code it was refused with ('' = committed), and how long it took."""
    (_bulk if bulk else _urgent).observe(seconds)
    _of_command(command).inc()
    if code:
        _of_code(code).inc()


def put_off(code: str) -> None:
    """Count an operation that has no outcome yet: `busy`, `disk_full`, `gap`."""
    _of_code(code).inc()


async def commit(work: Awaitable[None], operations: int) -> None:
    """Wait for a group's commit, and count both."""
    start = perf_counter()
    await work
    _commits.observe(perf_counter() - start)
    _groups.observe(operations)


def rolled_back() -> None:
    """Count a group that failed."""
    _rollbacks.inc()


def job_ran(kind: str, error: str, *, final: bool) -> None:
    """Count a job's run: done, failed (to be tried again), or given up at once."""
    end = "done" if not error else "refused" if final else "failed"
    _of_run(kind, end).inc()


def exposition(readings: Readings) -> bytes:
    """Give all metrics in Prometheus' text format, each with the label `worker`: this process."""
    return generate_latest(_Labelled(readings))


class _Labelled:
    """What is exposed: counters and readings, so that those of several worker processes are not taken for one."""

    def __init__(self, readings: Readings) -> None:
        self.readings, self.worker = readings, {"worker": str(os.getpid())}

    def collect(self) -> Iterator[Metric]:
        for metric in (*REGISTRY.collect(), *_gauges(self.readings)):
            samples = (sample for sample in metric.samples if not sample.name.endswith("_created"))
            metric.samples = [sample._replace(labels=self.worker | sample.labels) for sample in samples]
            yield metric


def _gauges(readings: Readings) -> Iterator[Metric]:
    for name, (help_text, labels) in GAUGES.items():
        family = GaugeMetricFamily(name, help_text, labels=labels)
        for values, reading in readings.get(name, {}).items():
            family.add_metric(values, reading)
        yield family
