"""Every label, in every output, is read back by a decoder and says exactly what was put in."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter

import labels
from labels.text import fitted
from labels.zpl import RUNS

SSCC = "340999990000000018"
KINDS: dict[str, tuple[labels.Label, str]] = {
    "bin": (labels.bin_label(labels.Bin("A-01-01-2", "47", 1)), "A-01-01-2"),
    "bin matrix": (labels.bin_label(labels.Bin("A-01-01-2", "47", 0, matrix=True)), "A-01-01-2"),
    "sku gtin": (labels.sku_label(labels.Item("TEAPOT", "Teapot, cast iron", "4006381333931")), "4006381333931"),
    "sku pack": (labels.sku_label(labels.Item("MUG", "Кружка Κύπελλο", "CASE-MUG", 12)), "CASE-MUG"),
    "tote": (labels.tote_label("T001"), "T001"),
    "badge": (labels.badge_label("Zoë Ångström", "picker", "BADGE-7QX2"), "BADGE-7QX2"),
    "parcel": (
        labels.parcel_label(labels.Parcel(SSCC, "Main\nLeeds", "Zoë\n1 High St\nLyon", "FR", "Own van", "1001")),
        f"(00){SSCC}",
    ),
    "slip": (
        labels.packing_slip(labels.Slip("ORDER-1001", "Main", "Zoë", "2026", (labels.Line("MUG", "Mug", 2, 1),)))[0],
        "ORDER-1001",
    ),
}


def read(image: Image.Image) -> set[str]:
    """Give the texts of all codes in a picture."""
    return {found.text for found in zxingcpp.read_barcodes(np.array(image.convert("L")))}


def unpacked(zpl: bytes) -> Image.Image:
    """Draw the graphic field of a label, by the rules of the ZPL II manual (^GFA, alternative compression)."""
    head, _, rest = zpl.decode().partition("^GFA,")
    total, _, across, field = rest.partition("^FS")[0].split(",", 3)
    width = int(head.partition("^PW")[2].partition("^")[0])
    lengths = {letter: count for count, letter in RUNS.items()}
    rows: list[str] = []
    row, run = "", 0
    for letter in field:
        if letter in lengths:
            run += lengths[letter]
        elif letter == ":":
            rows.append(rows[-1])
        elif letter == ",":
            rows.append(row.ljust(2 * int(across), "0"))
            row = ""
        else:
            row += letter * (run or 1)
            run = 0
        if len(row) == 2 * int(across):
            rows.append(row)
            row = ""
    bits = np.unpackbits(np.frombuffer(bytes.fromhex("".join(rows)), np.uint8).reshape(-1, int(across)), axis=1)
    assert bits.size == int(total) * 8
    return Image.fromarray((1 - bits[:, :width]) * np.uint8(255))


def from_pdf(label: labels.Label) -> Image.Image:
    """Draw a label's PDF with an independent renderer at 203 dpi."""
    page = pypdfium2.PdfDocument(labels.render(label, "pdf"))[0]
    picture: Image.Image = page.render(scale=203 / 72).to_pil()
    return picture


OUTPUTS: dict[str, Callable[[labels.Label], Image.Image]] = {
    "png": lambda label: Image.open(io.BytesIO(labels.render(label, "png"))),
    "zpl": lambda label: unpacked(labels.render(label, "zpl")),
    "zpl 300": lambda label: unpacked(labels.render(label, "zpl", dpi=300)),
    "pdf": from_pdf,
}


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("kind", KINDS)
def test_it_reads_back(kind: str, output: str) -> None:
    label, text = KINDS[kind]
    assert read(OUTPUTS[output](label)) == {text}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "slip"])
def test_it_reads_back_blurred_and_tilted(kind: str) -> None:
    label, text = KINDS[kind]
    picture = OUTPUTS["png"](label).convert("L")
    photo = picture.resize((picture.width * 2, picture.height * 2)).rotate(4, expand=True, fillcolor=255)
    assert read(photo.filter(ImageFilter.GaussianBlur(1.6))) == {text}


@settings(max_examples=40, deadline=None)
@given(code=st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-./", min_size=1, max_size=14))
def test_any_bin_code_reads_back(code: str) -> None:
    assert read(OUTPUTS["png"](labels.bin_label(labels.Bin(code, "42")))) == {code}


@settings(max_examples=60, deadline=None)
@given(name=st.text(max_size=60))
def test_words_are_never_cut(name: str) -> None:
    label = labels.sku_label(labels.Item("SKU-1", name.replace("\x00", "")))
    texts = [e for e in label.elements if isinstance(e, labels.model.Text) and e.text == name]
    for text in texts:
        lines, _ = fitted(text)
        assert "".join("".join(lines).split()) == "".join(name.split())


def test_a_code_that_cannot_fit_is_named() -> None:
    with pytest.raises(labels.LabelError, match="too small"):
        labels.render(labels.bin_label(labels.Bin("A" * 60, "42")), "png")


def test_sheets_hold_every_label() -> None:
    many = [labels.bin_label(labels.Bin(f"A-{n:02}", "42")) for n in range(50)]
    document = pypdfium2.PdfDocument(labels.render(many, "pdf", stock="a4-3x8"))
    assert len(document) == 3
    found = set().union(*(read(page.render(scale=300 / 72).to_pil()) for page in document))
    assert found == {f"A-{n:02}" for n in range(50)}
    with pytest.raises(labels.LabelError, match="larger"):
        labels.render(labels.tote_label("T1"), "pdf", stock="a4-3x8")
