# SPDX-License-Identifier: MIT
"""How answers are framed, for the second reader: HTTP, events, lines."""
import re

from turn import BLANK, get, message_in, parse_loose


# HTTP

def dechunk(body):
    """Undo the chunked transfer coding, or return what was never in it."""
    out, at = b"", 0
    while True:
        size = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]*(;[^\r\n]*)?\r\n").match(body, at)
        if not size:
            return out if at else body
        length = int(size[1], 16)
        if not length:
            return out
        out += body[size.end():size.end() + length]
        at = size.end() + length + 2


def split_http(raw):
    """(status or None, body) of a recording with or without a head."""
    status = None
    while line := re.match(rb"HTTP/[\d.]+ (\d{3})", raw):
        head, *rest = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)
        raw = rest[0] if rest else b""
        status = int(line[1])
        if status >= 200:
            if re.search(rb"(?im)^transfer-encoding:.*chunked", head):
                raw = dechunk(raw)
            break
    return status, raw


# Events

def is_bare(body):
    """JSON without framing, where events were asked for?"""
    return body.lstrip(BLANK)[:1] in ("{", "[")


def read_sse(turn, body, take):
    """Give take(turn, data, event name, is this what stood at the end?) each
    event, until the turn has ended."""
    data, event = [], None
    for line in re.split(r"\r\n|\r|\n", body):
        if not line:
            if data:
                take(turn, "\n".join(data), event, False)
            data, event = [], None
        field, _, value = line.partition(":")
        value = value[1:] if value.startswith(" ") else value
        if field == "data":
            data.append(value)
        elif field == "event":
            event = value
        elif field == "error" or line.startswith("{"):
            outside(turn, value if field == "error" else line, field)
        if turn.ended or turn.failed:
            return
    if data:
        take(turn, "\n".join(data), event, True)


def outside(turn, text, field):
    """A field named error, or a raw body pasted into the stream."""
    try:
        value = parse_loose(text)
    except ValueError:
        return
    if field == "error" and value or get(value, "error") or get(value, "object") == "error":
        turn.fail(message_in(value))


def event_value(turn, data, event, at_end):
    """The JSON of one event's data, or None: half a value at the end of all is
    no event, one before that damage."""
    if not data.strip(BLANK):
        return None
    try:
        return parse_loose(data)
    except ValueError:
        if at_end:
            return None
        if event == "error":
            turn.fail(data)
        turn.damaged = True
    return None
