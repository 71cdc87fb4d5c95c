"""Operations on their way survive whatever happens to the machine, and are numbered without gaps."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from scanner_client.outbox import Outbox
from server.kernel.refusal import Refusal
from server.protocol.picking import Scan

BIN = Scan("T", "L", "bin", "A-01-02", "Code128")


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with closing(Outbox(tmp_path / "outbox.db", lambda: 1_000)) as opened:
        yield opened


def seqs(outbox: Outbox) -> list[int]:
    return [entry.op.seq for entry in outbox.waiting()]


def test_operations_wait_in_order_over_a_restart(outbox: Outbox, tmp_path: Path) -> None:
    first = outbox.add(BIN, "ann", "open/bin")
    outbox.add(BIN, "ann")
    outbox.close()
    with closing(Outbox(tmp_path / "outbox.db")) as again:
        assert seqs(again) == [1, 2]
        assert again.waiting(1) == [first]
    assert (first.op.at, first.op.by, first.op.cmd) == (1_000, "ann", BIN)


def test_it_leaves_only_on_an_answer_and_a_refused_one_is_kept_to_be_seen(outbox: Outbox) -> None:
    one, two, three = (outbox.add(BIN, "ann") for _ in range(3))
    assert outbox.committed(one.op.op_id) == one
    assert outbox.committed(one.op.op_id) is None
    assert outbox.rejected(two.op.op_id, "wrong_bin", {"expected": "A-01-03"}) == two
    assert seqs(outbox) == [3]
    [refused] = outbox.refused()
    assert (refused.op, refused.code, refused.facts) == (two.op, "wrong_bin", {"expected": "A-01-03"})
    outbox.committed(three.op.op_id)
    assert (outbox.count, outbox.add(BIN, "ann").op.seq) == (0, 4)


def test_a_new_outbox_goes_on_where_the_server_is(outbox: Outbox) -> None:
    outbox.add(BIN, "ann")
    outbox.add(BIN, "ann")
    outbox.meet(40)
    assert seqs(outbox) == [41, 42]
    outbox.meet(90)
    assert seqs(outbox) == [41, 42]
    assert outbox.add(BIN, "ann").op.seq == 43


def test_what_no_server_would_understand_is_never_stored(outbox: Outbox) -> None:
    with pytest.raises(Refusal, match="bad_value"):
        outbox.add(Scan("T", "L", "bin", "x" * 600), "ann")
    assert (outbox.count, outbox.last_seq) == (0, 0)


def test_a_full_disk_stores_nothing(outbox: Outbox) -> None:
    outbox.add(BIN, "ann")
    outbox._db.execute("PRAGMA max_page_count=1")
    with pytest.raises(Refusal, match="disk_full"):
        _fill(outbox)
    assert seqs(outbox) == list(range(1, outbox.last_seq + 1))


def test_every_commit_reaches_the_disk(outbox: Outbox) -> None:
    assert outbox._db.execute("PRAGMA synchronous").fetchone() == (2,)
    assert outbox._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def _fill(outbox: Outbox) -> None:
    for _ in range(1_000):
        outbox.add(BIN, "ann")


ADD_FOREVER = """
    import sys
    from scanner_client.outbox import Outbox
    from server.protocol.picking import Scan
    outbox = Outbox(sys.argv[1])
    while True:
        entry = outbox.add(Scan("T", "L", "bin", "A-01-02"), "ann")
        print(entry.op.seq, entry.op.op_id, flush=True)
"""


def test_what_was_added_survives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "outbox.db"
    command = [sys.executable, "-c", textwrap.dedent(ADD_FOREVER), str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdout is not None
        told = [process.stdout.readline().split() for _ in range(30)]
        os.kill(process.pid, signal.SIGKILL)
        told += [line.split() for line in process.stdout if line.endswith("\n")]
    with closing(Outbox(path)) as outbox:
        kept = {str(entry.op.seq): entry.op.op_id for entry in outbox.waiting()}
        assert outbox._db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert all(kept[seq] == op_id for seq, op_id in told)
    assert sorted(map(int, kept)) == list(range(1, len(kept) + 1))
