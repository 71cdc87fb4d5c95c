"""Every frame of the websocket, as tagged unions. One JSON text message is one frame; unknown fields are refused."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from server.protocol.base import MOST, Answer, Count, Facts, Whole, snake
from server.protocol.packing import Grams, PackingCommand, PackView
from server.protocol.people import PeopleCommand
from server.protocol.picking import Id, PickingCommand, TaskView
from server.protocol.shipping import ManifestView, ShippingCommand
from server.protocol.waves import PickerView, RefusalCount, StationView, WavesCommand, WaveView

PROTOCOL = 1
"""Version of the wire; the server takes this one and the one before."""

LiveCommand = PickingCommand | PackingCommand | ShippingCommand | WavesCommand | PeopleCommand


class Frame(msgspec.Struct, frozen=True, tag_field="t", tag=snake, forbid_unknown_fields=True):
    """Base of all frames."""


class Hello(Frame, frozen=True):
    """First frame of a client: where it stopped. `position` 0 asks for a snapshot; `seq` is the last op it made."""

    protocol: Count
    position: Count
    seq: Count
    waiting: Count = 0


class Op(Frame, frozen=True):
    """A command in its envelope.

    `seq` counts per device from 1 without gaps; `at` is the device's clock (ms); `by` is the user signed in
    when it was made.
    """

    op_id: Annotated[str, Meta(min_length=26, max_length=26)]
    seq: Annotated[int, Meta(ge=1, le=MOST)]
    at: Whole
    by: Annotated[str, Meta(max_length=64)]
    cmd: LiveCommand


class Lost(Frame, frozen=True):
    """The device lost operations before `seq` (storage wiped): logged, and `seq` is expected next."""

    seq: Annotated[int, Meta(ge=1, le=MOST)]


class Ping(Frame, frozen=True):
    """Is anybody there? `waiting` = operations in the outbox, for the supervisor."""

    n: Count
    waiting: Count = 0


class Watch(Frame, frozen=True):
    """Subscribe to coalesced latest state of a site: `floor` (progress) or `none`."""

    what: Literal["floor", "none"]
    site: str = ""


class Weight(Frame, frozen=True):
    """What a station's scale shows now, told by the bridge beside it: latest state, never stored or replayed."""

    station: Id
    scale: Annotated[str, Meta(max_length=64)]
    grams: Grams
    stable: bool
    raw: Annotated[str, Meta(max_length=200)]
    status: Literal["ok", "busy", "overload", "underload", "wrong_unit", "offline"] = "ok"


ClientFrame = Hello | Op | Lost | Ping | Watch | Weight


class Welcome(Frame, frozen=True):
    """Answer to hello: who you are, the journal's position, the last seq the server has from this device."""

    user: str
    name: str
    device: str
    site: str
    permissions: tuple[str, ...]
    position: int
    seq: int
    protocol: int
    version: str


class Changed(Frame, frozen=True):
    """State of tasks after the journal moved from `since` to `until`. A client not at `since` says hello again.

    With `snapshot` the list is complete: forget tasks that are not in it (once the outbox has been replayed).
    """

    since: int
    until: int
    tasks: tuple[TaskView, ...]
    gone: tuple[str, ...]
    snapshot: bool = False


class Committed(Frame, frozen=True):
    """The operation is durable on the server. `result` is what a station needs to go on."""

    op_id: str
    seq: int
    position: int
    result: PackView | ManifestView | Answer | None = None


class Rejected(Frame, frozen=True):
    """The rules refused the operation; the sequence advances, the outcome is stored."""

    op_id: str
    seq: int
    code: str
    facts: Facts


class Expected(Frame, frozen=True):
    """There is a gap: send `seq` next."""

    seq: int


class Progress(Frame, frozen=True):
    """Latest state of a site's floor, at most ten a second; never replayed."""

    at: int
    site: str
    waves: tuple[WaveView, ...]
    pickers: tuple[PickerView, ...]
    stations: tuple[StationView, ...]
    refusals: tuple[RefusalCount, ...]


class Notice(Frame, frozen=True):
    """Something the station or person should know now: a printer out of paper, a label in the queue."""

    code: str
    facts: Facts


class Error(Frame, frozen=True):
    """A frame was not understood; the socket stays open, ten in a row close it."""

    code: str
    facts: Facts


class Pong(Frame, frozen=True):
    """Answer to ping with the server's clock (ms)."""

    n: int
    at: int


ServerFrame = Welcome | Changed | Committed | Rejected | Expected | Progress | Notice | Error | Pong

decode_client = msgspec.json.Decoder(ClientFrame).decode
decode_server = msgspec.json.Decoder(ServerFrame).decode
encode = msgspec.json.Encoder().encode
