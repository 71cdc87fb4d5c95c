"""How it is measured: the words of docs/bench.md that do not change with the figures."""

from __future__ import annotations

METHOD = """\
## How it is measured

- **Server**: `pickwave serve` in a process of its own (TLS off on the loopback), a fresh database on the disk, every
  commit durable. The floor is laid first: 500 SKUs in bins, orders of five lines, tasks of sixty lines in their
  pickers' hands; one session and one device a handheld.
- **Generator**: another process on the same cores. Each handheld has a websocket of its own; its frames are made
  beforehand. A line is three scans: bin, SKU with the quantity typed, tote; the third moves the goods, the line, the
  shipment and the order. Every scan passes all rules and is a row; `answered` must equal the rows of the table `scan`.
- **Closed loop**: each handheld sends its next scan when the last is acknowledged. **Open loop** (`--rate`): scans are
  due on a fixed schedule, and their time counts from when they were due, not from when they could be sent.
- The warm-up (2 s) is not counted.
- **Raw group commit**: in the same run, before the server starts, 60 groups of 128 scans go through the real bus on a
  copy of the database while all its statements are noted. They are played again on fresh copies by `sqlite3` (WAL,
  `synchronous=FULL`, `executemany`) or `asyncpg` (one statement with arrays) alone: the best of three. `ratio` is
  acknowledged over this. `raw_writes_per_s` leaves the reading statements out.
- **fdatasync**: 4 KiB appended and synced, over and over, on the same file system.
- **Memory and processor** are the server processes' together (`/proc`); `rss_mb` of `bench scans` sums their peaks.
- **Supervisor**: a second socket watches the floor; a scan is seen once the screen counts it.
- **Growth**: past orders with their lines, stops, scans, moves, journal and oplog are written by SQL, then groups of
  128 scans are timed in-process; the median group tells.
- **Reservations**: orders of one unit are allocated at the same moment by four processes.
"""
