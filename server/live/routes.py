"""The socket: /live."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from litestar import WebSocket, websocket
from litestar.exceptions import NotAuthorizedException, WebSocketDisconnect

from server.live.hub import Hub
from server.live.session import Session
from server.web.auth import attribute, display_name, socket_actor
from server.web.limits import FRAMES_A_SECOND, Bucket, make_room

log = logging.getLogger(__name__)
Socket = WebSocket[Any, Any, Any]


@websocket("/live", opt={"public": True})
async def live(socket: Socket) -> None:
    """Speak protocol/frames.py. Who is not signed in is told so after the handshake, and why: close code 4401."""
    await socket.accept()
    try:
        actor = await socket_actor(socket)
    except NotAuthorizedException as error:
        await socket.close(4401, error.detail)
        return
    state = socket.app.state
    hub: Hub = state.hub
    if len(hub.sessions) >= state.settings.max_sockets:
        await socket.close(1013, "too many sockets")
        return
    make_room([session for session in hub.of(actor.user) if session.actor.device == actor.device])
    session = Session(
        actor, await display_name(state.database, actor), state.bus, state.clock, attribute(state.database)
    )
    hub.join(session)
    sender = asyncio.create_task(_send(socket, session))
    try:
        await _listen(socket, session)
    except WebSocketDisconnect:
        pass
    except Exception:
        log.exception("the socket of %s failed", actor.device)
        session.close(1011, "failed")
    finally:
        hub.leave(session)
        session.close(1000, "")
        await session.seen()
        await asyncio.gather(sender, return_exceptions=True)


async def _listen(socket: Socket, session: Session) -> None:
    """Take frames until the socket is to be closed; one that sends too fast is not read for a while."""
    bucket = Bucket(FRAMES_A_SECOND)
    while session.closing is None:
        data = await _receive(socket)
        while wait := bucket.wait():
            await asyncio.sleep(wait)
        await session.receive(data)


async def _receive(socket: Socket) -> bytes:
    """Give the next message, text or binary."""
    event: dict[str, Any] = dict(await socket.receive())
    if event["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(detail="gone", code=1000)
    data: bytes = event.get("bytes") or (event.get("text") or "").encode()
    return data


async def _send(socket: Socket, session: Session) -> None:
    """Send what waits until the session is to be closed."""
    while (data := await session.unsent()) is not None:
        await socket.send_text(data)
    if session.closing and session.closing[0] != 1000:  # noqa: PLR2004 - the ordinary end
        await socket.close(*session.closing)


HANDLERS = [live]
