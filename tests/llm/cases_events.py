# SPDX-License-Identifier: MIT
"""Own recordings of the dialect events; cases.py says what a row is. compare.py
reads the events of all other cases as this dialect, too."""
import json

from cases import CASES, Case, call


def events(name, comment, *parts, **expected):
    CASES.append(Case("events", "events " + name, comment, parts, expected))


def event(kind, /, **members):
    return json.dumps({"type": kind, **members}) + "\n"


def text(content):
    return event("text-delta", text=content)


def begin(number=1, ident="x", name="f"):
    return event("tool-call-start", call=number, id=ident, name=name)


def piece(arguments, number=1):
    return event("tool-call-delta", call=number, arguments=arguments)


def end(arguments, number=1, ident="x", name="f"):
    return event("tool-call-end", call=number, id=ident, name=name, arguments=arguments)


def finished(outcome="complete", **members):
    return event("run-finished", outcome=outcome, **members)


STOP = finished(finish_reason="stop")
ONE = call("f", '{"a":1}', "x")

events("1", "text and thinking", event("thinking-delta", text="q"),
       event("thinking-delta", text="r"), text("a"), text("b"), STOP, thinking="qr",
       text="ab")
events("2", "without run-finished it is cut", text("a"), outcome="cut", text="a")
events("2b", "nothing at all", outcome="cut")
events("2c", "half of the last line", text("a"), STOP[:20], outcome="cut", text="a")
events("2d", "the last line lacks its LF", text("a"), STOP.strip(), text="a")
events("3", "it says itself that it was cut", text("a"), finished("cut"), outcome="cut",
       text="a")
events("4", "it failed", text("a"), finished("error", error="out of order"),
       outcome="error", text="a", error_contains="out of order")
events("5", "the word of its server", text("a"), finished(finish_reason="length"), text="a",
       finish_reason="length")
events("5b", "no word of its server", text("a"), finished(), text="a", finish_reason=None)
events("6", "a call", begin(), piece('{"a"'), piece(":1}"), end('{"a":1}'),
       finished(finish_reason="tool_calls"), finish_reason="tool_calls", calls=[ONE])
events("6b", "a call without pieces", begin(), end('{"a":1}'), STOP, calls=[ONE])
events("6c", "a call that does not end is not whole", begin(), piece('{"a":1}'), STOP,
       calls=[{**ONE, "whole": False}])
events("6d", "a call that has ended, then the end without run-finished", begin(),
       end('{"a":1}'), outcome="cut", calls=[{**ONE, "whole": False}])
events("6e", "two calls, interleaved", begin(), begin(2, "y", "g"), piece('{"a"'),
       piece('{"b"', 2), piece(":1}"), piece(":2}", 2), end('{"a":1}'),
       end('{"b":2}', 2, "y", "g"), STOP, calls=[ONE, call("g", '{"b":2}', "y")])
events("6f", "the text of the arguments is kept", begin(), end('{ "a" : 1e2, "\\u00e9":"x" }'),
       STOP, calls=[call("f", '{ "a" : 1e2, "\\u00e9":"x" }', "x")])
events("6g", "the end of a call has its whole name", begin(name="get_"),
       end('{"a":1}', name="get_weather"), STOP, calls=[call("get_weather", '{"a":1}', "x")])
events("7", "usage and model", event("model-reported", model="m1"), text("a"),
       event("usage", input=9, output=5, reasoning=2, cached=8), STOP, text="a", model="m1",
       usage={"input": 9, "output": 5, "reasoning": 2, "cached": 8})
events("7b", "usage of which not all is known", text("a"), event("usage", output=5), STOP,
       text="a", usage={"output": 5})
events("8", "events and members that nobody knows",
       event("session-opened", seq=1), event("hologram", text="x"),
       event("text-delta", text="a", seq=7, run=3, attempt=2, mood="good"),
       event("attempt-finished", outcome="complete"), STOP, text="a")
events("9", "empty lines and CRLF", "\r\n\n", text("a").replace("\n", "\r\n"), "\n",
       STOP.replace("\n", "\r\n"), text="a")
events("10", "text is text: tags, NUL, control sequences, letters of all sizes",
       text("<think>a</think>b"), text("\0\x1b[2J"), text("\u00e9\u20ac\U0001f600"), STOP,
       text="<think>a</think>b\0\x1b[2J\u00e9\u20ac\U0001f600")
events("11", "opaque blobs pass", event("opaque", kind="signature", json="EqQ+/=="),
       text("a"), event("opaque", kind="block", json={"type": "hologram", "depth": 3}), STOP,
       text="a", opaque=[{"kind": "signature", "json": "EqQ+/=="},
                         {"kind": "block", "json": {"type": "hologram", "depth": 3}}])
events("12", "what was taken back", text("a"), begin(), event("superseded", text="anew"),
       text("b"), STOP, text="b")
