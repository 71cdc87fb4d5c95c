"""Logs to stderr: JSON lines for machines, one readable line on a terminal; secrets are in neither."""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from typing import Any, Final, TextIO

HIDDEN: Final = "[hidden]"
WORDS: Final = "badge|pin|password|token|secret|api_?key|authorization|cookie|signature|csrf"
SECRET_NAME: Final = re.compile(rf"(^|[_-])({WORDS})($|[_-])", re.IGNORECASE)
SECRET_TEXT: Final = re.compile(
    rf"(\b(?:\w+[_-])?(?:{WORDS})(?:[_-]\w+)?[\"']? *[=:] *[\"']?(?:(?:bearer|device|basic) +)?|\bbearer +)"
    r"[^\s\"',;&})]+",
    re.IGNORECASE,
)
CLIENTS_FAULT: Final = "Invalid UTF-8"
COLOURS: Final = {"WARNING": "\x1b[33m{}\x1b[0m", "ERROR": "\x1b[31m{}\x1b[0m", "CRITICAL": "\x1b[31m{}\x1b[0m"}
STANDARD: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message"}


def setup(level: str, form: str = "auto", stream: TextIO | None = None) -> None:
    """Send all logs of this process to `stream` (stderr) from `level` up; calling it again replaces what was set.

    `form` is `json`, `text`, or `auto`: text on a terminal, JSON elsewhere.
    """
    out = stream or sys.stderr
    handler = logging.StreamHandler(out)
    is_text = out.isatty() if form == "auto" else form == "text"
    handler.setFormatter(Readable() if is_text else JsonLines())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    hush()


def hush() -> None:
    """Keep from the log what clients put there: the frames and headers of every socket, and text that is no UTF-8."""
    wire = logging.getLogger("uvicorn.error")
    wire.setLevel(max(logging.INFO, logging.getLogger().level))
    wire.addFilter(_is_ours)


def _is_ours(record: logging.LogRecord) -> bool:
    return not record.getMessage().startswith(CLIENTS_FAULT)


class JsonLines(logging.Formatter):
    """One JSON object a line: at (UTC), level, logger, message, whatever `extra` gave, error (with its traceback)."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"at": at, "level": record.levelname.lower(), "logger": record.name, "message": message(record)}
        return json.dumps(line | facts(record) | failure(record), default=str, ensure_ascii=False)


class Readable(logging.Formatter):
    """For people: time, level, logger, message, facts; the traceback below."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the line."""
        at = datetime.fromtimestamp(record.created, UTC).astimezone().strftime("%H:%M:%S")
        level = COLOURS.get(record.levelname, "{}").format(record.levelname)
        told = "".join(f"  {name}={value}" for name, value in facts(record).items())
        head = f"{at} {level} {record.name}: {message(record)}{told}"
        return "\n".join((head, *failure(record).values()))


def message(record: logging.LogRecord) -> str:
    """Give the text with its arguments in it and its secrets out of it."""
    return hidden(record.getMessage())


def facts(record: logging.LogRecord) -> dict[str, Any]:
    """Give what the caller added as `extra`, without its secrets."""
    return {name: _fact(name, value) for name, value in vars(record).items() if name not in STANDARD}


def _fact(name: str, value: object) -> object:
    if SECRET_NAME.search(name):
        return HIDDEN
    return hidden(value) if isinstance(value, str) else value


def failure(record: logging.LogRecord) -> dict[str, str]:
    """Give the traceback under the name `error`, where there is one."""
    if not record.exc_info or record.exc_info[0] is None:
        return {}
    return {"error": hidden("".join(traceback.format_exception(*record.exc_info)).rstrip())}


def hidden(text: str) -> str:
    """Hide what follows words like `pin=` or `Bearer` in a text."""
    return SECRET_TEXT.sub(rf"\1{HIDDEN}", text)
