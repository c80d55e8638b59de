# SPDX-License-Identifier: MIT
"""Own recordings of the dialect anthropic; cases.py says what a row is."""
import json

from cases import CASES, OK, Case, call, failed


def anthropic(name, comment, *parts, **expected):
    CASES.append(Case("anthropic", name, comment, parts, expected))


def event(kind, **members):
    return "event: %s\ndata: %s\n\n" % (kind, json.dumps({"type": kind, **members}))


def start(ident="msg_1", model="m1", content=(), **usage):
    return event("message_start", message={
        "id": ident, "type": "message", "role": "assistant", "model": model,
        "content": list(content), "stop_reason": None, "usage": usage})


def block(kind, index=0, **members):
    return event("content_block_start", index=index,
                 content_block={"type": kind, **members})


def delta(kind, index=0, **members):
    return event("content_block_delta", index=index, delta={"type": kind, **members})


def stop(index=0):
    return event("content_block_stop", index=index)


def text(*pieces, index=0):
    return "".join(delta("text_delta", index, text=piece) for piece in pieces)


def given(*pieces, index=0):
    """A call's arguments."""
    return "".join(delta("input_json_delta", index, partial_json=piece)
                   for piece in pieces)


def reason(word="end_turn", **usage):
    return event("message_delta", delta={"stop_reason": word, "stop_sequence": None},
                 usage=usage)


def whole(kind, index, *deltas, **members):
    return block(kind, index, **members) + "".join(deltas) + stop(index)


def tool(index=0, ident="toolu_1", name="f"):
    return block("tool_use", index, id=ident, name=name, input={})


START = start()
STOP = event("message_stop")
END = reason() + STOP
TOOL_END = reason("tool_use") + STOP
TEXT = block("text", 0, text="") + text("a") + stop(0)
PING = event("ping")
TOOL = tool() + given("", '{"a"', ":1}") + stop(0)
ONE = call("f", '{"a":1}', "toolu_1")
CUT_ONE = {**ONE, "whole": False}


# 7.8, by number

anthropic("135", "pings before everything and in between", PING, START, PING,
          block("text", 0, text=""), PING, text("a"), PING, stop(0), PING, reason(), PING,
          STOP, text="a", model="m1")
anthropic("136", "padding after the JSON and inside of it", START, TEXT, reason(),
          'event: message_stop\ndata: {"type":"message_stop"       }       \n\n',
          text="a", model="m1")
anthropic("137", "an error after text", START, block("text", 0, text=""), text("a"),
          event("error", error={"type": "overloaded_error", "message": "Overloaded"}),
          outcome="error", text="a", model="m1", error_contains="Overloaded")
anthropic("137b", "a whole call, then an error", START, TOOL,
          event("error", error={"type": "api_error", "message": "Internal server error"}),
          outcome="error", model="m1", calls=[CUT_ONE],
          error_contains="Internal server error")
anthropic("137c", "an error first",
          event("error", error={"type": "overloaded_error", "message": "Overloaded"}),
          outcome="error", error_contains="Overloaded")
anthropic("137d", "an error in OpenAI's form, as imitations have it", START,
          'data: {"error":{"code":500,"message":"out of order","type":"server_error"}}\n\n',
          outcome="error", model="m1", error_contains="out of order")
anthropic("137e", "an error before the stream", failed(
    "529 Overloaded", '{"type":"error","error":{"type":"overloaded_error",'
    '"message":"Overloaded"},"request_id":"req_1"}'), outcome="error",
          error_contains="Overloaded")
anthropic("137f", "an error for a body", '{"type":"error","error":{"type":'
          '"authentication_error","message":"invalid x-api-key"},"request_id":null}',
          outcome="error", error_contains="invalid x-api-key")
anthropic("138", "arguments in pieces, the first empty; the start's {} is no prefix",
          START, TOOL, TOOL_END, finish_reason="tool_use", model="m1", calls=[ONE])
anthropic("138b", "no arguments at all", START, tool(), stop(0), TOOL_END,
          finish_reason="tool_use", model="m1", calls=[call("f", "{}", "toolu_1")])
anthropic("138c", "one empty piece", START, tool(), given(""), stop(0), TOOL_END,
          finish_reason="tool_use", model="m1", calls=[call("f", "{}", "toolu_1")])
anthropic("138d", "all arguments in the start, and no piece", START,
          whole("tool_use", 0, id="toolu_1", name="f", input={"a": 1}), TOOL_END,
          finish_reason="tool_use", model="m1",
          calls=[call("f", '{"a":1}', "toolu_1", as_json=True)])
anthropic("138e", "the start has no input at all: llama-server", START,
          block("tool_use", 0, id="toolu_1", name="f"), given('{"a":1}'), stop(0), TOOL_END,
          finish_reason="tool_use", model="m1", calls=[ONE])
anthropic("138f", "the text of the arguments is kept as it is, cut in an escape", START,
          tool(), given('{"a" : "\\u00', 'e9\\ud83d', '\\ude00"}'), stop(0), TOOL_END,
          finish_reason="tool_use", model="m1",
          calls=[call("f", r'{"a" : "\u00e9\ud83d\ude00"}', "toolu_1")])

SIGNED = {"kind": "signature", "json": "EqQBCgYIAhACGk+/=="}
THOUGHT = whole("thinking", 0, delta("thinking_delta", thinking="t"),
                delta("signature_delta", signature=SIGNED["json"]),
                thinking="", signature="")
anthropic("139", "a block of thinking with nothing but a signature", START,
          whole("thinking", 0, delta("signature_delta", signature=SIGNED["json"]),
                thinking="", signature=""),
          whole("text", 1, text("a", index=1), text=""), END, text="a", model="m1",
          opaque=[SIGNED])
anthropic("139b", "thinking and its signature", START, THOUGHT,
          whole("text", 1, text("a", index=1), text=""), END, thinking="t", text="a",
          model="m1", opaque=[SIGNED])
anthropic("139c", "redacted thinking, between other thinking", START, THOUGHT,
          whole("redacted_thinking", 1, data="EmwKAhgB+/=="),
          whole("thinking", 2, delta("thinking_delta", 2, thinking="u"),
                delta("signature_delta", 2, signature="ErUB"), thinking=""),
          whole("text", 3, text("a", index=3), text=""), END, thinking=[["t"], ["u"]], text="a",
          model="m1", opaque=[SIGNED, {"kind": "redacted-thinking", "json": "EmwKAhgB+/=="},
                              {"kind": "signature", "json": "ErUB"}])
anthropic("139d", "an empty signature is none: llama-server", START,
          whole("thinking", 0, delta("thinking_delta", thinking="t"),
                delta("signature_delta", signature=""), thinking=""), END, thinking="t",
          model="m1")
anthropic("139e", "thinking before a call", START, THOUGHT, tool(1),
          given('{"a":1}', index=1), stop(1), TOOL_END, thinking="t", model="m1",
          finish_reason="tool_use", calls=[ONE], opaque=[SIGNED])

SEARCH = {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {}}
FOUND = {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": [
    {"type": "web_search_result", "url": "https://x", "title": "X",
     "encrypted_content": "EqA/+=="}]}
anthropic("140", "a block that nobody knows is kept raw, and not shown", START,
          whole("hologram", 0, depth=3, text="not this", more={"a": [None, 1.5, "\u00e9"]}),
          whole("text", 1, text("a", index=1), text=""), END, text="a", model="m1",
          opaque=[{"kind": "block", "json": {"type": "hologram", "depth": 3, "text": "not this",
                                             "more": {"a": [None, 1.5, "\u00e9"]}}}])
anthropic("140b", "the server's own tools are no calls of ours", START,
          whole("server_tool_use", 0, given("", '{"query": ', '"x"}'), **{
              key: value for key, value in SEARCH.items() if key != "type"}),
          whole("web_search_tool_result", 1, tool_use_id="srvtoolu_1",
                content=FOUND["content"]),
          whole("text", 2, text("a", index=2), text=""), END, text="a", model="m1",
          opaque=[{"kind": "block", "json": {**SEARCH, "input": {"query": "x"}}},
                  {"kind": "block", "json": FOUND}])
anthropic("140c", "unknown deltas and events, citations", START, block("text", 0, text=""),
          text("a"), delta("citations_delta", citation={"cited_text": "c"}),
          delta("hologram_delta", depth=3), event("weather", text="rain"), text("b"), stop(0),
          END, text="ab", model="m1")
anthropic("141", "the same message begins twice", START, START, TEXT, END, text="a",
          model="m1")
anthropic("141b", "another message begins: its own thinking and call only", start("msg_a"),
          THOUGHT, tool(1, "toolu_a"), given('{"a"', index=1), start("msg_b"),
          whole("thinking", 0, delta("thinking_delta", thinking="u"),
                delta("signature_delta", signature="ErUB"), thinking=""),
          tool(1), given('{"a":1}', index=1), stop(1), TOOL_END, thinking="u", model="m1",
          finish_reason="tool_use", calls=[ONE],
          opaque=[{"kind": "signature", "json": "ErUB"}])
anthropic("141c", "another message begins: a whole call of the first is not run",
          start("msg_a"), tool(0, "toolu_a"), given("{}"), stop(0), start("msg_b"), TEXT,
          END, text="a", model="m1")
anthropic("141d", "another message begins, and does not end", start("msg_a"), TEXT,
          start("msg_b"), block("text", 0, text=""), text("b"), outcome="cut", text="b",
          model="m1")
anthropic("142", "a count that is null keeps the first", start(input_tokens=10, output_tokens=1),
          TEXT, reason(output_tokens=5, input_tokens=None), STOP, text="a", model="m1",
          usage={"input": 10, "output": 5})
anthropic("142b", "counts are of the whole message, the last one stands",
          start(input_tokens=10, output_tokens=1), TEXT,
          event("message_delta", delta={}, usage={"output_tokens": 3}),
          reason(output_tokens=5, input_tokens=12), STOP, text="a", model="m1",
          usage={"input": 12, "output": 5})
anthropic("142c", "what was read from and written to the cache is input",
          start(input_tokens=10, cache_creation_input_tokens=20, cache_read_input_tokens=70,
                output_tokens=1), TEXT, reason(output_tokens=5), STOP, text="a", model="m1",
          usage={"input": 100, "output": 5, "cached": 70})
anthropic("142d", "some counts at the end, others null",
          start(input_tokens=10, cache_creation_input_tokens=20, cache_read_input_tokens=70),
          TEXT, reason(output_tokens=5, input_tokens=11, cache_read_input_tokens=None), STOP,
          text="a", model="m1", usage={"input": 101, "output": 5, "cached": 70})
anthropic("142e", "counts at the end only", START, TEXT,
          reason(input_tokens=10, output_tokens=5), STOP, text="a", model="m1",
          usage={"input": 10, "output": 5})
anthropic("142f", "no usage anywhere", START, TEXT,
          event("message_delta", delta={"stop_reason": "end_turn"}), STOP, text="a",
          model="m1")
anthropic("143", "a call cut by the length is not run", START, tool(), given('{"a":"x'),
          stop(0), reason("max_tokens"), STOP, finish_reason="max_tokens", model="m1",
          calls=[call("f", '{"a":"x', "toolu_1", whole=False)])
anthropic("143b", "the call before it is whole", START, TOOL, tool(1, "toolu_2"),
          given('{"a"', index=1), stop(1), reason("max_tokens"), STOP, model="m1",
          finish_reason="max_tokens",
          calls=[ONE, call("f", '{"a"', "toolu_2", whole=False)])
anthropic("143c", "half arguments and a clean end: a whole call that is wrong", START,
          tool(), given('{"a":"x'), stop(0), TOOL_END, finish_reason="tool_use", model="m1",
          calls=[call("f", '{"a":"x', "toolu_1")])
for word in ("pause_turn", "stop_sequence", "model_context_window_exceeded", "max_tokens",
             "astonished"):
    anthropic("144 " + word, "the server's word", START, TEXT, reason(word), STOP, text="a",
              model="m1", finish_reason=word)
anthropic("144", "a refusal with details, after some text", START, TEXT,
          event("message_delta", delta={"stop_reason": "refusal", "stop_details": {
              "type": "refusal", "category": "cyber", "explanation": "Not about locks."}},
                usage={"output_tokens": 5}), STOP, text=[["a"], ["", "Not about locks."]],
          model="m1", finish_reason="refusal", usage={"output": 5},
          shows=["Not about locks."])
anthropic("144b", "a refusal without details", START,
          event("message_delta", delta={"stop_reason": "refusal", "stop_details": None},
                usage={}), STOP, model="m1", finish_reason="refusal")
anthropic("145", "a block begins before another has stopped, and none stops", START,
          block("thinking", 0, thinking=""), delta("thinking_delta", thinking="t"),
          block("text", 1, text=""), text("a", index=1), tool(2),
          given('{"a"', index=2), delta("thinking_delta", thinking="u"),
          text("b", index=1), given(":1}", index=2), TOOL_END, thinking="tu", text="ab",
          model="m1", finish_reason="tool_use", calls=[ONE])
anthropic("145b", "all stop at the end: llama-server", START,
          block("thinking", 0, thinking=""), delta("thinking_delta", thinking="t"),
          delta("signature_delta", signature=""), block("text", 1, text=""),
          text("a", index=1), tool(2), given('{"a":1}', index=2), stop(0), stop(1), stop(2),
          TOOL_END, thinking="t", text="a", model="m1", finish_reason="tool_use",
          calls=[ONE])
anthropic("145c", "two calls, interleaved", START, tool(), tool(1, "toolu_2", "g"),
          given('{"a"'), given('{"b"', index=1), given(":1}"), given(":2}", index=1), stop(1),
          stop(0), TOOL_END, model="m1", finish_reason="tool_use",
          calls=[ONE, call("g", '{"b":2}', "toolu_2")])
anthropic("147", "a stop_reason, then the end: the text is accepted", START, TEXT, reason(),
          text="a", model="m1")
anthropic("147b", "a stop_reason, then the end: calls of blocks that were stopped", START,
          TOOL, reason("tool_use"), model="m1", finish_reason="tool_use", calls=[ONE])
anthropic("147c", "a stop_reason, then the end: a call whose block was not", START, tool(),
          given('{"a":1}'), reason("tool_use"), model="m1", finish_reason="tool_use",
          calls=[CUT_ONE])
anthropic("147d", "neither", START, TEXT, outcome="cut", text="a", model="m1")
anthropic("147e", "neither, after a call that was stopped", START, TOOL, outcome="cut",
          model="m1", calls=[CUT_ONE])
anthropic("147f", "usage without a stop_reason is no end", START, TEXT,
          event("message_delta", delta={"stop_reason": None}, usage={"output_tokens": 2}),
          outcome="cut", text="a", model="m1", usage={"output": 2})
anthropic("147g", "the last line lacks its LF", START, TEXT, reason(), STOP.rstrip(),
          text="a", model="m1")


# Section 4, and what holds for all streams

anthropic("1", "a BOM and CRLF", "\ufeff", (START + TEXT + END).replace("\n", "\r\n"),
          text="a", model="m1")
anthropic("33b", "a surrogate pair over two pieces of the arguments", START, tool(),
          given('{"a":"\ud83d', '\ude00"}'), stop(0), TOOL_END, model="m1",
          finish_reason="tool_use", calls=[call("f", '{"a":"\U0001f600"}', "toolu_1")])
anthropic("34", "NUL and control sequences pass unchanged", START,
          whole("text", 0, text("a\0b\x1b[2J"), text=""), END, text="a\0b\x1b[2J",
          model="m1")
anthropic("4f", "pieces of a call that never began, the end of a block likewise", START,
          given("{", index=3), stop(9), TEXT, END, text="a", model="m1")
anthropic("4g", "a stop_reason that a later null does not undo", START, TEXT,
          reason("max_tokens"),
          event("message_delta", delta={"stop_reason": None}, usage={"output_tokens": 2}), STOP,
          text="a", model="m1", finish_reason="max_tokens", usage={"output": 2})
anthropic("92", "128 parallel calls", START, *(
    tool(i, "c%d" % i, "f%d" % i) + given("{}", index=i) + stop(i) for i in range(128)),
          TOOL_END, model="m1", finish_reason="tool_use",
          calls=[call("f%d" % i, "{}", "c%d" % i) for i in range(128)])

BODY = {"id": "msg_1", "type": "message", "role": "assistant", "model": "m1", "content": [
    {"type": "thinking", "thinking": "t", "signature": SIGNED["json"]},
    {"type": "text", "text": "a"}, {**SEARCH, "input": {"query": "x"}}, FOUND,
    {"type": "tool_use", "id": "toolu_1", "name": "f", "input": {"a": 1}}],
        "stop_reason": "tool_use", "stop_sequence": None,
        "usage": {"input_tokens": 3, "cache_read_input_tokens": 4, "output_tokens": 5}}
anthropic("28", "a body in place of a stream", json.dumps(BODY), thinking="t", text="a",
          model="m1", finish_reason="tool_use", usage={"input": 7, "output": 5, "cached": 4},
          calls=[call("f", '{"a":1}', "toolu_1", as_json=True)],
          opaque=[SIGNED, {"kind": "block", "json": BODY["content"][2]},
                  {"kind": "block", "json": FOUND}])
anthropic("28b", "a body after a head", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
          "\r\n", json.dumps({**BODY, "content": BODY["content"][1:2],
                              "stop_reason": "end_turn", "usage": {}}), text="a", model="m1")
anthropic("4", "text in the start of a block", START, whole("text", 0, text(" b"), text="a"),
          END, text="a b", model="m1")
anthropic("4b", "two blocks of text, one after the other", START, TEXT,
          whole("text", 1, text("b", index=1), text=""), END, text="ab", model="m1")
anthropic("4c", "no event lines", *(part.split("\n", 1)[1] for part in (
    START, block("text", 0, text=""), text("a"), stop(0), reason(), STOP)), text="a",
          model="m1")
anthropic("33", "a surrogate pair over two deltas", START,
          whole("text", 0, text("\ud83d", "\ude00"), text=""), END, text="\U0001f600",
          model="m1")
anthropic("37", "an unreadable event: text stays, calls do not", START, TEXT,
          "event: ping\ndata: {\"type\":}\n\n", tool(1), given('{"a":1}', index=1), stop(1),
          TOOL_END, text="a", model="m1", finish_reason="tool_use", calls=[CUT_ONE])
anthropic("38", "JSON that is no object", START, "data: [1]\n\ndata: null\n\ndata: \"x\"\n\n",
          TOOL, TOOL_END, model="m1", finish_reason="tool_use", calls=[ONE])
anthropic("40", "wrong types are absent", START, block("text", 0, text=""),
          delta("text_delta", text={}), delta("text_delta", text=5),
          event("content_block_delta", index=0, delta="x"), text("a"), stop(0),
          event("message_delta", delta=[], usage="x"),
          event("message_delta", delta={"stop_reason": 5}, usage={"output_tokens": "5"}),
          END, text="a", model="m1")
anthropic("87", "arguments that are no object: the text is kept", START, tool(),
          given("[1]"), stop(0), TOOL_END, model="m1", finish_reason="tool_use",
          calls=[call("f", "[1]", "toolu_1")])
anthropic("32", "transfer chunks that cut the events",
          OK, "Transfer-Encoding: chunked\r\n\r\n", *(
              "%x\r\n%s\r\n" % (len(part), part) for stream in [START + TEXT + END]
              for part in (stream[:100], stream[100:101], stream[101:])), "0\r\n\r\n",
          text="a", model="m1")
anthropic("32f", "nothing at all", outcome="cut")
anthropic("57", "an answer without a block is complete and empty", START, END, model="m1")
anthropic("30", "a web page", "<html>Log in</html>", outcome="error")
anthropic("4d", "another model stands in: what answered is its name", START,
          whole("fallback", 0, **{"from": {"model": "m1"}, "to": {"model": "m2"}}),
          whole("text", 1, text("a", index=1), text=""), END, text="a", model="m2",
          opaque=[{"kind": "block", "json": {"type": "fallback", "from": {"model": "m1"},
                                             "to": {"model": "m2"}}}])
anthropic("4e", "tokens of thinking", START, TEXT, reason(
    output_tokens=9, output_tokens_details={"thinking_tokens": 7}), STOP, text="a",
          model="m1", usage={"output": 9, "reasoning": 7})
anthropic("2.5/5", "a call without a name is one, which can be answered", START, TOOL,
          tool(1, "toolu_2", ""), given("{}", index=1), stop(1), TOOL_END, model="m1",
          finish_reason="tool_use", calls=[ONE, call(None, "{}", "toolu_2")])
