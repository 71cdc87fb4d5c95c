"""Paths of pictures in, codes out: one JSON object a line each, for measuring decoders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from time import perf_counter
from typing import TextIO

import msgspec

from scanner_client.decode import decode
from scanner_client.sources import load


def answer_paths(paths: Iterable[str], out: TextIO, formats: Sequence[str]) -> None:
    """Decode each picture named; `ms` is the decoding alone. A picture that cannot be read has no results."""
    for line in paths:
        image = load(Path(line.strip()))
        start = perf_counter()
        reads = () if image is None else decode(image, formats)
        took = round((perf_counter() - start) * 1_000, 2)
        results = [{"format": read.symbology, "text": read.text} for read in reads]
        out.write(msgspec.json.encode({"results": results, "ms": took}).decode() + "\n")
        out.flush()
