"""The real engines on pictures drawn here: what a warehouse prints is read, what is none is not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from scanner_client import engines
from scanner_client.decode import decode, formats_from, is_plausible
from server.kernel.refusal import Refusal
from tests.scanner.pictures import beside, label

LABELS = [
    ("Code128", "A-01-02", "Code128"),
    ("EAN13", "4006381333931", "EAN13"),
    ("EAN8", "96385074", "EAN8"),
    ("UPCA", "036000291452", "EAN13"),
    ("ITF14", "00012345678905", "ITF"),
    ("Code39", "SHELF7", "Code39"),
    ("QRCode", "TOTE-0012", "QRCode"),
    ("DataMatrix", "0104006381333931", "DataMatrix"),
    ("Aztec", "BADGE 7", "Aztec"),
    ("PDF417", "MANIFEST 12", "PDF417"),
]


@pytest.mark.parametrize(("drawn", "text", "symbology"), LABELS)
def test_every_symbology_is_read(drawn: str, text: str, symbology: str) -> None:
    [read] = decode(label(text, drawn))
    assert (read.text.lstrip("0"), read.symbology) == (text.lstrip("0"), symbology)
    assert len(read.position) == 4


def test_engines_that_agree_are_named() -> None:
    [read] = decode(label("4006381333931", "EAN13"))
    assert read.engines == tuple(engines.available())


def test_several_codes_in_one_picture() -> None:
    picture = beside(label("A-01-02"), label("4006381333931", "EAN13"), label("TOTE-1", "QRCode"))
    assert {read.text for read in decode(picture)} == {"A-01-02", "4006381333931", "TOTE-1"}


def test_only_the_formats_asked_for() -> None:
    picture = beside(label("A-01-02"), label("TOTE-1", "QRCode"))
    assert [read.text for read in decode(picture, formats_from("qr code, EAN-13"))] == ["TOTE-1"]
    assert formats_from("") == engines.FORMATS


def test_a_format_nobody_knows_is_refused() -> None:
    with pytest.raises(Refusal, match="bad_value"):
        formats_from("EAN13,Runes")


def test_colour_and_a_turned_label() -> None:
    turned = np.asarray(cv2.rotate(label("A-01-02"), cv2.ROTATE_90_CLOCKWISE), np.uint8)
    coloured = np.asarray(cv2.cvtColor(turned, cv2.COLOR_GRAY2BGR), np.uint8)
    assert [read.text for read in decode(coloured)] == ["A-01-02"]


def test_nothing_is_read_from_noise() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (240, 320), np.uint8)
    assert decode(noise) == ()


def test_what_no_label_says_is_not_believed() -> None:
    assert not is_plausible("ITF", "123456")
    assert not is_plausible("Code39", "7")
    assert is_plausible("ITF", "00012345678905")


def test_without_zbar_the_other_engine_reads_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "ZBAR_MODULE", "no_such_library")
    engines.available.cache_clear()
    engines._zbar.cache_clear()
    try:
        [read] = decode(label("4006381333931", "EAN13"))
        assert read.engines == ("zxing",)
    finally:
        monkeypatch.undo()
        engines.available.cache_clear()
        engines._zbar.cache_clear()
