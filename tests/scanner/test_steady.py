"""A hand holds a label before a camera: what counts, when, and what does not."""

from __future__ import annotations

from scanner_client.decode import Read
from scanner_client.steady import Steady

A = Read("A-01-02", "Code128", ("zxing",))
B = Read("4006381333931", "EAN13", ("zxing", "zbar"))
WEAK = Read("PART1", "Code39", ("zxing",))


def counted(steady: Steady, frames: list[tuple[Read, ...]], start: int = 0, step: int = 50) -> list[str]:
    return [read.text for n, reads in enumerate(frames) for read in steady.see(reads, start + n * step)]


def test_many_frames_are_one_scan() -> None:
    assert counted(Steady(frames=3), [(A,)] * 200) == ["A-01-02"]


def test_a_glimpse_is_no_scan() -> None:
    assert counted(Steady(frames=3), [(A,), (A,), (), (), (), (A,), (A,)]) == []


def test_a_frame_that_could_not_be_read_does_not_lose_the_others() -> None:
    assert counted(Steady(frames=3), [(A,), (A,), (), (A,), (A,)]) == ["A-01-02"]


def test_chance_misreads_do_not_add_up() -> None:
    assert counted(Steady(frames=2), [(A,), (), (), (A,), (), (), (A,)]) == []


def test_again_only_after_the_cool_down_out_of_sight() -> None:
    steady = Steady(frames=2, cool_down=1_000)
    assert counted(steady, [(A,)] * 3) == ["A-01-02"]
    assert counted(steady, [(A,)] * 3, start=600) == []
    assert counted(steady, [(A,)] * 3, start=2_000) == ["A-01-02"]


def test_the_cool_down_is_per_code() -> None:
    steady = Steady(frames=2, cool_down=60_000)
    assert counted(steady, [(A,), (A,), (B,), (B,), (A,), (A,)]) == ["A-01-02", "4006381333931"]


def test_several_codes_in_one_frame() -> None:
    assert counted(Steady(frames=2), [(A, B), (A, B), (A, B)]) == ["A-01-02", "4006381333931"]


def test_a_weak_symbology_seen_by_one_engine_takes_twice_the_frames() -> None:
    assert counted(Steady(frames=2), [(WEAK,)] * 3) == []
    assert counted(Steady(frames=2), [(WEAK,)] * 4) == ["PART1"]


def test_codes_that_left_are_forgotten() -> None:
    steady = Steady(frames=1, cool_down=100)
    for n in range(1_000):
        steady.see((Read(f"CODE-{n}", "Code128", ("zxing",)),), n * 50)
    assert len(steady._seen) < 10
