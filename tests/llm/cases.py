# SPDX-License-Identifier: MIT
"""Own recordings, written from the notes on the protocols and named after their
numbers: one row per case, what a server sends and what it has to mean. The
expectation is written by hand and says what reader.py's first lines say; the
defaults are a complete, empty answer with the dialect's word for a plain end.

Strings are the wire's text (r"" where JSON has escapes), bytes what no text is.

Numbers without a row, as no recorded answer can show them, and where they are
tested instead:
- http (connections, time, other hosts): 31, 62, 100, 104
- requests (what is sent): 90, 93, 95, 134 (but for what is kept), 146
- tools (what is done with a call): 88, 94
- runs (what follows from an answer): 101, 102, 103, 106, 122, 123; their rows
  here hold the error's text only. 144: a pause is continued
- models and pulls: 117, 118, 119, 120
- settings: 121
- the doors to a terminal: 35 and 105, where control sequences lose their power;
  decode prints JSON, and what the server sent
"""

import json

CASES = []
PLAIN_ENDS = {"responses": None, "anthropic": "end_turn"}


class Case:
    def __init__(self, dialect, name, comment, parts, expected):
        self.name = "case %s: %s" % (name, comment)
        self.dialect = dialect
        self.body = b"".join(part if isinstance(part, bytes) else part.encode()
                             for part in parts)
        outcome = expected.get("outcome", "complete")
        self.expected = {
            "outcome": outcome, "text": "", "thinking": "", "calls": [],
            "finish_reason": (PLAIN_ENDS.get(dialect, "stop")
                              if outcome == "complete" else None),
            "model": None, "error_contains": None, "opaque": [], "shows": [],
            **expected,
            "usage": {"input": None, "output": None, "reasoning": None,
                      "cached": None, **expected.get("usage", {})}}


def chat(name, comment, *parts, **expected):
    CASES.append(Case("chat-completions", name, comment, parts, expected))


def ollama(name, comment, *parts, **expected):
    CASES.append(Case("ollama", name, comment, parts, expected))


def call(name, arguments, ident=None, whole=True, as_json=False):
    expected = {"name": name, "id": ident, "arguments": arguments, "whole": whole}
    return {**expected, "as_json": True} if as_json else expected


def D(payload, end="\n\n"):
    """One event."""
    return "data: " + payload + end


def delta(members, finish="null"):
    """One chunk whose delta has these members."""
    return ('{"object":"chat.completion.chunk","choices":[{"index":0,"delta":{%s},'
            '"finish_reason":%s}]}' % (members, finish))


def text(content):
    return delta('"content":"%s"' % content)


def tools(*fragments, finish="null"):
    return D(delta('"tool_calls":[%s]' % ",".join(fragments), finish))


def said(content, more=""):
    """One line of Ollama's."""
    return ('{"model":"m","message":{"role":"assistant","content":"%s"%s},'
            '"done":false}\n' % (content, more))


def detail(content):
    """One element of reasoning_details."""
    return {"kind": "reasoning-details",
            "json": {"type": "reasoning.text", "text": content}}


A, B = text("a"), text("b")
STOP = D(delta("", '"stop"'))
TOOL_CALLS = D(delta("", '"tool_calls"'))
DONE = "data: [DONE]\n\n"
CALL = '{"index":0,"id":"x","function":{"name":"f","arguments":"{}"}}'
OVER = ('{"model":"m","message":{"role":"assistant","content":""},"done":true,'
        '"done_reason":"stop"}\n')
OK = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
BOM = b"\xef\xbb\xbf"


# 7.1 framing

chat("1", "one BOM is skipped", BOM, D(A), STOP, text="a")
chat("2", "a second BOM is data: its line has an unknown field",
     BOM, BOM, D(A), D(B), STOP, text="b")
chat("3", "lines end in a lone CR",
     D(A, "\r\r"), D(B, "\r\r"), D(delta("", '"stop"'), "\r\r"), text="ab")
chat("4", "lines end in CRLF",
     D(A, "\r\n\r\n"), D(B, "\r\n\r\n"), D(delta("", '"stop"'), "\r\n\r\n"), text="ab")
chat("5", "CRLF is one end of a line, between and inside of events",
     "event: e\r\n", D(A, "\r\n\n"), ": c\r", D(B, "\n\r\n"), STOP, text="ab")
chat("6", "an event ended by two CR and nothing more",
     D(A, "\r\r"), D(delta("", '"stop"'), "\r\r"), text="a")
chat("7", "LF and CR are two ends", D(A, "\n\r"), D(B, "\n\r"), STOP, text="ab")
chat("8", "data without a colon is empty data, which is no JSON and no damage",
     "data\n\ndata\ndata\n\n", tools(CALL), TOOL_CALLS, "data:",
     finish_reason="tool_calls", calls=[call("f", "{}", "x")])
chat("9", "data of several lines, with and without the one space",
     'data:{"choices":\ndata:\ndata: [{"delta":\ndata:  {"content":"a"}}]}\n\n',
     STOP, text="a")
chat("10", "an event's name without data is forgotten",
     "event: error\n\n", D(A), STOP, text="a")
chat("11", "the last name wins",
     "event: error\nevent: message\n", D(A), D(B), STOP, text="ab")
chat("11b", "the last name wins, though it be error",
     D(A), "event: message\nevent: error\n", D('{"message":"broken here"}'), STOP,
     outcome="error", text="a", error_contains="broken here")
chat("12", "ids, also with NUL",
     "id: 1\n", D(A), "id\n", D(B), b"id: 2\0\n", STOP, text="ab")
chat("13", "retry of every kind",
     "retry: 10\nretry: 1x\nretry:\nretry: +5\nretry:-1\n"
     "retry: 99999999999999999999\n", D(A), STOP, text="a")
chat("14", "names of fields are exact",
     "Data: %s\n data: %s\ndata : %s\n" % (B, B, B), D(A), STOP, text="a")
chat("15", "fields with NUL and dashes are unknown",
     b'data:{"choices":\rData:1\ndata\0:2\ndata: [{"delta":\r',
     b"\0data:4\nda-ta:3\rdata_5\n data:32\n",
     'data:{"content":"a"}}]\rdata:}\n\n', STOP, text="a")
chat("16", "comments, empty ones too",
     ": c\n\n:\n\n: ping\r\n\r\n", D(A), ":\n", STOP, text="a")
chat("17", "JSON over two lines of data",
     'data: {"choices":[{"delta":{"content":"a"},\ndata: "finish_reason":"stop"}]}\n\n',
     text="a")
chat("18", "UTF-8 of two, three and four bytes",
     D(text("caf\u00e9\u20ac\U0001f600")), STOP, text="caf\u00e9\u20ac\U0001f600")
chat("19", "bytes that are no UTF-8: one U+FFFD for each maximal part",
     b'data: {"choices":[{"delta":{"content":"a\xffb\xe2\x82"}}]}\n\n', STOP,
     text="a\ufffdb\ufffd")
chat("19b", "an overlong form and a surrogate's bytes",
     b'data: {"choices":[{"delta":{"content":"\xc0\x80.\xed\xa0\x80."}}]}\n\n', STOP,
     text="\ufffd\ufffd.\ufffd\ufffd\ufffd.")
chat("20", "an event of an id and empty data",
     "id: x\ndata: \n\n", tools(CALL), TOOL_CALLS,
     finish_reason="tool_calls", calls=[call("f", "{}", "x")])
chat("21", "the last event lacks its empty line",
     D(A), D(delta("", '"stop"'), "\n"), text="a")
chat("21b", "the last event lacks even its LF",
     D(A), D(delta("", '"stop"'), ""), text="a")
chat("21c", "[DONE] lacks its LF", D(A), "data: [DONE]", text="a", finish_reason=None)
chat("22", "half an event at the end", D(A), 'data: {"choices":[{"delta":{"content":"x',
     outcome="cut", text="a")
for number, start in (("22c", "event: message_start\n"), ("22d", "id: 5\n\n"), ("22e", "d")):
    chat(number, "cut before the first data", start, outcome="cut")
chat("22b", "half an event after the finish is discarded and damages nothing",
     tools(CALL), TOOL_CALLS, 'data: {"choices":[],"usa',
     finish_reason="tool_calls", calls=[call("f", "{}", "x")])
chat("23", "one line of 8 MiB", D(text("x" * (8 << 20))), STOP, text="x" * (8 << 20))
chat("24", "200 000 empty lines and comments",
     "\n" * 100000, ":\n" * 100000, D(A), STOP, text="a")
chat("25", "a field named error",
     D(A), 'error: {"error":{"message":"failed to decode"}}\n\n',
     outcome="error", text="a", error_contains="failed to decode")
chat("26", "a raw body pasted into the stream",
     D(A), '{"error":{"message":"boom","code":500}}\n',
     outcome="error", text="a", error_contains="boom")
chat("27", "an error for a body", '{"error":{"message":"out of order"}}',
     outcome="error", error_contains="out of order")
chat("28", "a whole chat.completion though a stream was asked for", r'''
{"id":"c","object":"chat.completion","model":"m1","choices":[{"index":0,
 "message":{"role":"assistant","content":"Hi","tool_calls":[{"id":"x",
  "type":"function","function":{"name":"f","arguments":"{\"a\": 1}"}}]},
 "finish_reason":"tool_calls"}],
 "usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}}
''', text="Hi", finish_reason="tool_calls", model="m1",
     calls=[call("f", '{"a": 1}', "x")], usage={"input": 3, "output": 4})
chat("28b", "empty lines and a BOM before the body", BOM, "\n\r\n \n",
     '{"choices":[{"message":{"content":"a"},"finish_reason":"stop"}]}', text="a")
chat("28c", "half a body",
     '{"choices":[{"message":{"content":"a"},"finish_reason":"st', outcome="cut")
chat("28d", "chunks one per line without framing",
     A + "\n" + B + "\n\n" + delta("", '"stop"') + "\n"
     + '{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}',
     text="ab", usage={"input": 1, "output": 2})
chat("29", "no Content-Type at all",
     "HTTP/1.1 200 OK\r\n\r\n", D(A), STOP, text="a")
chat("29b", "the wrong Content-Type",
     "HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\n\r\n",
     D(A), STOP, text="a")
chat("30", "a web page", "<!DOCTYPE html><html><body>Log in</body></html>",
     outcome="error")
chat("30b", "a web page with a head, after blanks",
     "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n\n  <html></html>",
     outcome="error")
ollama("30c", "a web page in place of Ollama", "<html></html>\n", outcome="error")
chat("32", "closed in the middle of a transfer chunk",
     OK, "Transfer-Encoding: chunked\r\n\r\n",
     "%x\r\n%s\r\nff\r\ndata: {" % (len(D(A)), D(A)), outcome="cut", text="a")
chat("32b", "closed in the middle of a transfer chunk, after the finish",
     OK, "Transfer-Encoding: chunked\r\n\r\n",
     "%x\r\n%s\r\nff\r\n: p" % (len(D(A) + STOP), D(A) + STOP), text="a")
chat("32c", "transfer chunks that cut lines and letters; extension and trailer",
     OK, "transfer-encoding: Chunked\r\n\r\n",
     b'28;x=y\r\ndata: {"choices":[{"delta":{"content":"\xe2\r\n',
     b'08\r\n\x82\xac"}}]}\n\r\n1\r\n\n\r\n',
     "%X\r\n%s\r\n0\r\nX: y\r\n\r\n" % (len(STOP), STOP), text="\u20ac")
chat("32d", "the head says chunked, the body was recorded without",
     OK, "Transfer-Encoding: chunked\r\n\r\n", D(A), STOP, text="a")
chat("32e", "100 before 200",
     "HTTP/1.1 100 Continue\r\n\r\n", OK, "\r\n", D(A), STOP, text="a")
chat("32f", "nothing at all", outcome="cut")


# 7.2 JSON

chat("33", "a surrogate pair over two chunks",
     D(text(r"\ud83d")), D(text(r"\ude00!")), STOP, text="\U0001f600!")
chat("33b", "lone halves",
     D(text(r"a\ud83d")), D(text(r"b\ude00c")), STOP, text="a\ufffdb\ufffdc")
chat("33c", "a lone half at the end", D(text(r"a\ud83d")), STOP, text="a\ufffd")
chat("33d", "halves in the wrong order", D(text(r"\ude00\ud83d.")), STOP,
     text="\ufffd\ufffd.")
chat("33e", "a pair over two fragments of arguments",
     tools(r'{"index":0,"id":"x","function":{"name":"f","arguments":"{\"a\":\"\ud83d"}}'),
     tools(r'{"index":0,"function":{"arguments":"\ude00\"}"}}'), TOOL_CALLS,
     finish_reason="tool_calls", calls=[call("f", '{"a":"\U0001f600"}', "x")])
chat("33f", "a pair over two chunks of thinking",
     D(delta(r'"reasoning":"\ud83d"')), D(delta(r'"reasoning":"\ude00"')), D(A), STOP,
     thinking="\U0001f600", text="a")
ollama("33g", "a pair over two lines of Ollama",
       said(r"\ud83d"), said(r"\ude00"), OVER, text="\U0001f600", model="m")
chat("34", "NUL is a character", D(text(r"a\u0000b")), STOP, text="a\0b")
chat("35", "control sequences pass unchanged",
     D(text(r"\u001b]0;pwn\u0007\u001b[2J\u009b31m\u202e")), STOP,
     text="\x1b]0;pwn\x07\x1b[2J\x9b31m\u202e")
chat("35b", "a control sequence over two chunks",
     D(text(r"\u001b")), D(text("[2J")), STOP, text="\x1b[2J")
chat("36", "numbers that JSON or C does not have",
     D('{"created":1e400,"id":9223372036854775808,"choices":[{"delta":{"content":"a"},'
       '"logprobs":{"x":NaN,"y":-Infinity}}]}'), STOP, text="a")
chat("37", "an unreadable chunk: text stays, calls do not",
     tools(CALL), D(A), D('{"id":}]}'), D(B), TOOL_CALLS, text="ab",
     finish_reason="tool_calls", calls=[call("f", "{}", "x", whole=False)])
chat("38", "JSON that is no object",
     D("[1,2]"), D('"text"'), D("null"), D("123"), tools(CALL), TOOL_CALLS,
     finish_reason="tool_calls", calls=[call("f", "{}", "x")])
chat("39", "keys twice, unknown, in any order",
     D('{"choices":[{"finish_reason":null,"new":{"delta":1},'
       '"delta":{"content":"x","new":[],"content":"a"},"index":0}],"object":""}'),
     STOP, text="a")
chat("39b", "nested 500 deep", D(
    '{"x":%s%s,"choices":[{"delta":{"content":"a"}}]}' % ("[" * 500, "]" * 500)),
     STOP, text="a")
chat("39c", "100 000 opening brackets are an unreadable chunk",
     D(A), D('{"x":' + "[" * 100000), tools(CALL), STOP, text="a",
     calls=[call("f", "{}", "x", whole=False)])
for wrong in ("{}", "5", "true"):
    chat("40 " + wrong, "a wrong type is absent", D(A),
         D(delta('"content":%s,"reasoning":%s,"tool_calls":%s,"refusal":%s'
                 % (wrong, wrong, wrong, wrong), wrong)),
         D('{"choices":%s,"usage":[],"model":%s}' % (wrong, wrong)),
         D('{"choices":[{"delta":[],"message":%s}]}' % wrong),
         D('{"choices":[%s,null,"x"]}' % wrong), STOP, text="a")
chat("40b", "an index that is no number",
     '{"choices":[{"index":"1","message":{"content":"a"},"finish_reason":"stop"}]}',
     text="a")
ollama("40c", "wrong types in Ollama",
       '{"message":[],"done":"true"}\n{"message":{"content":{},"thinking":5,'
       '"tool_calls":{}},"done":0}\n', said("a"), OVER, text="a", model="m")
chat("40d", "a fragment's index that is no number is absent",
     tools(r'{"index":"0","id":"x","function":{"name":"f","arguments":"{\"a\""}}'),
     tools('{"index":"0","function":{"arguments":":1}"}}'),
     tools('{"index":[],"id":5,"function":{"name":{},"arguments":[]}}'), TOOL_CALLS,
     finish_reason="tool_calls", calls=[call("f", '{"a":1}', "x")])


# 7.3 chunks

chat("41", "the first chunk of Azure",
     D('{"choices":[],"prompt_filter_results":[{"prompt_index":0}],"id":"","model":""}'),
     D(A), STOP, text="a")
chat("41b", "choices null, delta null", D('{"choices":null,"model":null}'),
     D('{"choices":[{"index":0,"delta":null,"finish_reason":null}]}'), D(A), STOP, text="a")
chat("42", "a choice without a delta",
     D(A), D('{"choices":[{"index":0,"finish_reason":null,"content_filter_offsets":{}}]}'),
     STOP, text="a")
chat("43", "content null", D(delta('"role":"assistant","content":null')), D(A), STOP,
     text="a")
chat("44", "the role in every delta",
     D(delta('"role":"assistant","content":"a"')),
     D(delta('"role":"assistant","content":"b"')), STOP, text="ab")
chat("45", "content in parts",
     D(delta('"content":[{"type":"thinking","thinking":[{"type":"text","text":"t"}]},'
             '{"type":"text","text":"a"}]')), D(B), STOP, thinking="t", text="ab")
chat("46", "message repeats the text so far, delta counts",
     D('{"choices":[{"message":{"content":"Hel"},"delta":{"content":"Hel"}}]}'),
     D('{"choices":[{"message":{"content":"Hello"},"delta":{"content":"lo"}}]}'),
     D('{"choices":[{"message":{"content":"Hello"},"delta":{"content":""},'
       '"finish_reason":"stop"}]}'), text="Hello")
chat("46b", "a text beside the delta repeats it",
     D('{"choices":[{"index":0,"text":"a","delta":{"content":"a"}}]}'), STOP, text="a")
chat("47", "message only, once",
     D('{"choices":[{"message":{"content":"Hello"},"finish_reason":"stop"}]}'), DONE,
     text="Hello")
chat("48", "the finish twice, the second with usage", tools(CALL), TOOL_CALLS,
     D('{"choices":[{"delta":{"content":""},"finish_reason":"tool_calls"}],'
       '"usage":{"prompt_tokens":3,"completion_tokens":2}}'), DONE,
     finish_reason="tool_calls", calls=[call("f", "{}", "x")],
     usage={"input": 3, "output": 2})
chat("49", "usage after the finish", D(A), STOP,
     D('{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,'
       '"prompt_tokens_details":{"cached_tokens":1},'
       '"completion_tokens_details":{"reasoning_tokens":1}}}'), DONE, text="a",
     usage={"input": 3, "output": 2, "cached": 1, "reasoning": 1})
chat("50", "usage in every chunk: the last, not the sum",
     D('{"choices":[{"delta":{"content":"a"}}],"usage":{"prompt_tokens":3,"completion_tokens":1}}'),
     D('{"choices":[{"delta":{"content":"b"}}],"usage":{"prompt_tokens":3,"completion_tokens":2}}'),
     D('{"choices":[{"delta":{},"finish_reason":"stop"}],'
       '"usage":{"prompt_tokens":3,"completion_tokens":4}}'),
     text="ab", usage={"input": 3, "output": 4})
chat("51", "usage with nulls",
     D(A), D('{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":null,'
             '"prompt_tokens_details":null,"completion_tokens_details":{}}}'), STOP,
     text="a", usage={"input": 3})
chat("51b", "usage null does not undo one before",
     D('{"choices":[{"delta":{"content":"a"}}],"usage":{"prompt_tokens":3,"completion_tokens":1}}'),
     D('{"choices":[{"delta":{},"finish_reason":"stop"}],"usage":null}'),
     text="a", usage={"input": 3, "output": 1})
chat("51c", "cached tokens under DeepSeek's name",
     D(A), STOP, D('{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2,'
                   '"prompt_cache_hit_tokens":8}}'),
     text="a", usage={"input": 9, "output": 2, "cached": 8})
chat("51d", "usage in x_groq",
     D(A), D('{"choices":[{"delta":{},"finish_reason":"stop"}],'
             '"x_groq":{"usage":{"prompt_tokens":9,"completion_tokens":2}}}'),
     text="a", usage={"input": 9, "output": 2})
chat("52", "a finish_reason that is empty or absent is none",
     D(delta('"content":"a"', '""')), D('{"choices":[{"delta":{"content":"b"}}]}'),
     outcome="cut", text="ab")
chat("53", "[DONE] without a finish_reason", D(A), DONE, text="a", finish_reason=None)
chat("54", "a finish_reason without [DONE]", D(A), STOP, text="a")
chat("55", "neither", D(A), D(B), outcome="cut", text="ab")
chat("55b", "neither, though the transfer ended properly",
     OK, "Transfer-Encoding: chunked\r\n\r\n",
     "%x\r\n%s\r\n0\r\n\r\n" % (len(D(A)), D(A)), outcome="cut", text="a")
chat("56", "[DONE] and blanks; nothing counts after it",
     D(A), "data: [DONE]  \n\n", D(B), STOP, text="a", finish_reason=None)
chat("56b", "[DONE] without the space", D(A), "data:[DONE]\n\n", text="a",
     finish_reason=None)
chat("57", "[DONE] and nothing before", DONE, outcome="error")
chat("58", "an error in a chunk with choices, then [DONE]",
     D(delta('"content":"a"', '"length"')),
     D('{"error":{"message":"Token limit reached","code":400},'
       '"choices":[{"delta":{"content":""},"finish_reason":null}]}'), DONE,
     outcome="error", text="a", finish_reason="length",
     error_contains="Token limit reached")
chat("59", "an event named error",
     D(A), 'event: error\ndata: {"error":{"message":"Tool call validation failed",'
     r'"code":"tool_use_failed","failed_generation":"call f of x","status_code":400}}'
     "\n\n", outcome="error", text="a", error_contains="Tool call validation failed",
     shows=["call f of x"])
chat("60", "an error that is a string", D(A), D('{"error":"Model crashed"}'), DONE,
     outcome="error", text="a", error_contains="Model crashed")
chat("60b", "an object named error",
     D('{"object":"error","message":"too large","code":400}'),
     outcome="error", error_contains="too large")
chat("60c", "an error inside of an object",
     D('{"error":{"object":"error","message":"bad request","code":400}}'),
     outcome="error", error_contains="bad request")
chat("60g", "an error twice in one object: LM Studio",
     D(A), D('{"error":{"message":"Compute error."},"message":"Compute error."}'),
     outcome="error", text="a", error_contains="Compute error.")
chat("60d", "an error after the finish", D(A), STOP, D('{"error":{"message":"late"}}'),
     outcome="error", text="a", finish_reason="stop", error_contains="late")
chat("60e", "calls before an error are not whole",
     tools(CALL), TOOL_CALLS, D('{"error":{"message":"late"}}'), DONE,
     outcome="error", finish_reason="tool_calls", error_contains="late",
     calls=[call("f", "{}", "x", whole=False)])
chat("60f", "nothing counts after an error", D('{"error":"first"}'), D(A), STOP, DONE,
     outcome="error", error_contains="first")
chat("61", "error null is none", D('{"error":null,"choices":[{"delta":{"content":"a"}}]}'),
     STOP, text="a")
chat("63", "finish_reason error", D(A), D(delta("", '"error"')), DONE,
     outcome="error", text="a", finish_reason="error")
chat("63b", "finish_reason error after another",
     D(delta('"content":"a"', '"stop"')), D(delta("", '"error"')), DONE,
     outcome="error", text="a", finish_reason="error")
chat("63c", "an unknown word", D(A), D(delta("", '"eos"')), text="a", finish_reason="eos")
chat("63d", "the first word stands",
     D(delta('"content":"a"', '"length"')), STOP, DONE, text="a", finish_reason="length")
chat("64", "the same thinking under both names",
     D(delta('"reasoning":"r","reasoning_content":"r","content":"a"')), STOP,
     thinking="r", text="a")
chat("64b", "thinking under either name",
     D(delta('"reasoning_content":"q"')), D(delta('"reasoning":"r"')), D(A), STOP,
     thinking="qr", text="a")
chat("64c", "reasoning_details beside reasoning, and alone",
     D(delta('"reasoning":"q","reasoning_details":[{"type":"reasoning.text","text":"q"}]')),
     D(delta('"reasoning_details":[{"type":"reasoning.text","text":"r"}]')), D(A), STOP,
     thinking="qr", text="a", opaque=[detail("q"), detail("r")])
chat("64d", "reasoning_details that nobody can read are kept, with all their members",
     D(delta('"content":"","reasoning":null,"reasoning_details":[{"type":'
             '"reasoning.encrypted","data":"EjQ/+==","format":"g-v1","id":"t","index":0}]')),
     D(A), STOP, text="a", opaque=[{"kind": "reasoning-details", "json": {
         "type": "reasoning.encrypted", "data": "EjQ/+==", "format": "g-v1", "id": "t",
         "index": 0}}])
chat("64e", "reasoning_details without an element, and null",
     D(delta('"reasoning_details":[]')), D(delta('"reasoning_details":null')), D(A), STOP,
     text="a")
chat("64f", "fragments of reasoning_details are put together by type and index",
     D(delta('"reasoning_details":[{"type":"reasoning.text","text":"q","signature":"",'
             '"format":"c-v1","index":0}]')),
     D(delta('"reasoning_details":[{"type":"reasoning.text","text":"r","signature":null,'
             '"format":"c-v1","index":0}]')),
     D(delta('"reasoning_details":[{"type":"reasoning.text","signature":"EqU/+==",'
             '"format":"c-v1","index":0},{"type":"reasoning.encrypted","data":"gA","index":0}]')),
     D(A), STOP, thinking="qr", text="a", opaque=[
         {"kind": "reasoning-details", "json": {
             "type": "reasoning.text", "text": "qr", "signature": "EqU/+==",
             "format": "c-v1", "index": 0}},
         {"kind": "reasoning-details", "json": {
             "type": "reasoning.encrypted", "data": "gA", "index": 0}}])
chat("64g", "two encrypted ones with ids of their own and the same index stay two",
     D(delta('"reasoning_details":[{"type":"reasoning.encrypted","data":"gA","id":"t1",'
             '"index":0}]')),
     D(delta('"reasoning_details":[{"type":"reasoning.encrypted","data":"gB","id":"t2",'
             '"index":0}]')), D(A), STOP, text="a", opaque=[
         {"kind": "reasoning-details", "json": {
             "type": "reasoning.encrypted", "data": data, "id": ident, "index": 0}}
         for data, ident in (("gA", "t1"), ("gB", "t2"))])
chat("65", "<think> over chunks",
     D(text("<thi")), D(text("nk>a</th")), D(text("ink>b")), STOP, thinking="a", text="b")
chat("65b", "less-than is text", D(text("x < think")), STOP, text="x < think")
chat("65c", "<thinkpad> is text", D(text("<thinkpad>a")), STOP, text="<thinkpad>a")
chat("65d", "<think> that is not closed", D(text("<think>a")), D(B), STOP, thinking="ab")
chat("65e", "the tags' white space goes, the text's own stays",
     D(text(r"\n <think>\n")), D(text(r"a b\n")), D(text("</think>")), D(text(r"\n\n")),
     D(text(r"c \n")), STOP, thinking="a b", text="c \n")
chat("65f", "<think> later in the text is text",
     D(text("a<think>b</think>c")), STOP, text="a<think>b</think>c")
chat("65g", "only the first is split off",
     D(text("<think>a</think>b<think>c</think>")), STOP, thinking="a",
     text="b<think>c</think>")
chat("65h", "where the server sends thinking apart, tags are text",
     D(delta('"reasoning_content":"r"')), D(text("<think>a</think>b")), STOP,
     thinking="r", text="<think>a</think>b")
chat("65i", "the beginning of a tag at the end is text", D(text("<thi")), STOP, text="<thi")
chat("65j", "the beginning of a closing tag at the end is thinking",
     D(text("<think>a</thi")), STOP, thinking="a</thi")
chat("65k", "half of a closing tag inside", D(text("<think>a</")), D(text("b></think>c")),
     STOP, thinking="a</b>", text="c")
chat("65l", "white space alone is text", D(text(r" \n")), D(text(" ")), STOP, text=" \n ")
chat("65m", "white space before text stays", D(text(r"\n ")), D(A), STOP, text="\n a")
chat("65n", "in a body",
     '{"choices":[{"message":{"content":"<think>a</think>b"},"finish_reason":"stop"}]}',
     thinking="a", text="b")
chat("66", "a refusal is shown", D(delta('"refusal":"I can\'t"')), STOP, text="I can't")
chat("66b", "a refusal that is empty or null",
     D(delta('"content":"a","refusal":""')), D(delta('"refusal":null')), STOP, text="a")
chat("67", "padding, timings and other keys",
     D('{"choices":[{"delta":{"content":"a"}}],"obfuscation":"aJ9","p":"abcd",'
       '"x_groq":{"id":"q"},"timings":{"predicted_n":1}}'), STOP, text="a")
chat("68", "other choices",
     D('{"choices":[{"index":1,"delta":{"content":"x"}},{"index":0,"delta":{"content":"a"}}]}'),
     D('{"choices":[{"index":1,"delta":{},"finish_reason":"length"}]}'), STOP, text="a")
chat("68b", "the finish of another choice is no finish of ours",
     D(A), D('{"choices":[{"index":1,"delta":{},"finish_reason":"stop"}]}'),
     outcome="cut", text="a")
chat("69", "comments for a long time", ": PROCESSING\n\n" * 300, D(A), STOP, text="a")
chat("70", "a grapheme over three chunks",
     D(text("\U0001f469")), D(text("\u200d")), D(text("\U0001f4bb")), STOP,
     text="\U0001f469\u200d\U0001f4bb")
chat("70a", "another id in every chunk",
     D('{"id":"1","model":"m1","choices":[{"delta":{"content":"a"}}]}'),
     D('{"id":"2","model":"m1","choices":[{"delta":{"content":"b"}}]}'), STOP,
     text="ab", model="m1")


# 7.4 tool calls

ONE = r'"arguments":"{\"a\":1}"'


def extra(content, number):
    """What belongs to the call of that number."""
    return {"kind": "extra-content", "json": content, "call": number}


chat("71", "two without an index in one chunk",
     tools('{"function":{"name":"a","arguments":"{}"}}',
           '{"function":{"name":"b","arguments":"{}"}}'), TOOL_CALLS,
     finish_reason="tool_calls", calls=[call("a", "{}"), call("b", "{}")])
chat("72", "two without an index, one per chunk, ids empty",
     tools('{"id":"","function":{"name":"a","arguments":"{}"}}'),
     tools('{"id":"","function":{"name":"b","arguments":"{}"}}'), TOOL_CALLS,
     finish_reason="tool_calls", calls=[call("a", "{}"), call("b", "{}")])
chat("72b", "no index: fragments go to their id, else to the last",
     tools('{"id":"x","function":{"name":"a","arguments":"{"}}'),
     tools('{"id":"y","function":{"name":"b","arguments":"{"}}'),
     tools(r'{"id":"x","function":{"arguments":"\"q\":1}"}}'),
     tools('{"function":{"arguments":"}"}}'), TOOL_CALLS, finish_reason="tool_calls",
     calls=[call("a", '{"q":1}', "x"), call("b", "{}", "y")])
chat("73", "index always 0, ids differ",
     tools('{"index":0,"id":"x","function":{"name":"a","arguments":"{}"}}'),
     tools('{"index":0,"id":"y","function":{"name":"b","arguments":"{}"}}'), TOOL_CALLS,
     finish_reason="tool_calls", calls=[call("a", "{}", "x"), call("b", "{}", "y")])
chat("74", "index always 0, no ids",
     tools('{"index":0,"function":{"name":"a","arguments":"{}"}}'),
     tools('{"index":0,"function":{"name":"b","arguments":"{}"}}'), TOOL_CALLS,
     finish_reason="tool_calls", calls=[call("a", "{}"), call("b", "{}")])
chat("75", "the first index is 1",
     tools('{"index":1,"id":"x","function":{"name":"a","arguments":""}}'),
     tools('{"index":1,"function":{%s}}' % ONE), TOOL_CALLS,
     finish_reason="tool_calls", calls=[call("a", '{"a":1}', "x")])
chat("76", "a continuation with an empty id",
     tools(r'{"index":0,"id":"x","function":{"name":"a","arguments":"{\"a\""}}'),
     tools('{"index":0,"id":"","function":{"arguments":":1}"}}'), TOOL_CALLS,
     finish_reason="tool_calls", calls=[call("a", '{"a":1}', "x")])
chat("77", "a continuation with an empty name",
     tools(r'{"index":0,"id":"x","function":{"name":"a","arguments":"{\"a\""}}'),
     tools('{"index":0,"id":null,"function":{"name":"","arguments":":1}"}}'), TOOL_CALLS,
     finish_reason="tool_calls", calls=[call("a", '{"a":1}', "x")])
chat("78", "id and name in every fragment",
     tools(r'{"index":0,"id":"x","function":{"name":"a","arguments":"{\"a\""}}'),
     tools('{"index":0,"id":"x","function":{"name":"a","arguments":":1}"}}'), TOOL_CALLS,
     finish_reason="tool_calls", calls=[call("a", '{"a":1}', "x")])
chat("79", "interleaved",
     tools('{"index":0,"id":"x","function":{"name":"a","arguments":"{"}}'),
     tools('{"index":1,"id":"y","function":{"name":"b","arguments":"{"}}'),
     tools(r'{"index":0,"function":{"arguments":"\"q\":1}"}}'),
     tools(r'{"index":1,"function":{"arguments":"\"r\":2}"}}'), TOOL_CALLS,
     finish_reason="tool_calls",
     calls=[call("a", '{"q":1}', "x"), call("b", '{"r":2}', "y")])
chat("80", "arguments: an object, null, never sent, empty",
     tools('{"index":0,"id":"x","function":{"name":"a","arguments":{"x":1}}}',
           '{"index":1,"id":"y","function":{"name":"b","arguments":null}}',
           '{"index":2,"id":"z","function":{"name":"c"}}',
           '{"index":3,"id":"w","function":{"name":"d","arguments":""}}'), TOOL_CALLS,
     finish_reason="tool_calls",
     calls=[call("a", '{"x":1}', "x", as_json=True), call("b", "{}", "y"),
            call("c", "{}", "z"), call("d", "{}", "w")])
chat("81", "the whole arguments once more",
     tools('{"index":0,"id":"x","function":{"name":"a",%s}}' % ONE),
     tools('{"index":0,"id":"x","function":{%s}}' % ONE), TOOL_CALLS,
     finish_reason="tool_calls", calls=[call("a", '{"a":1}', "x")])
chat("81b", "equal fragments are no repeat",
     tools(r'{"index":0,"id":"x","function":{"name":"a","arguments":"{\"a\":"}}'),
     tools('{"index":0,"function":{"arguments":"1"}}'),
     tools('{"index":0,"function":{"arguments":"1"}}'),
     tools('{"index":0,"function":{"arguments":"}"}}'), TOOL_CALLS,
     finish_reason="tool_calls", calls=[call("a", '{"a":11}', "x")])
chat("82", "cut inside of an escape",
     tools(r'{"index":0,"id":"x","function":{"name":"a","arguments":"{\"a\":\"\\u00"}}'),
     tools(r'{"index":0,"function":{"arguments":"e9\"}"}}'), TOOL_CALLS,
     finish_reason="tool_calls", calls=[call("a", r'{"a":"\u00e9"}', "x")])
chat("83", "arguments cut by the length",
     tools(r'{"index":0,"id":"x","function":{"name":"a","arguments":"{\"a\":\"x"}}'),
     D(delta("", '"length"')), DONE, finish_reason="length",
     calls=[call("a", '{"a":"x', "x", whole=False)])
chat("83b", "the call before the one that was cut is whole",
     tools(CALL, r'{"index":1,"id":"y","function":{"name":"a","arguments":"{\"a\""}}'),
     D(delta("", '"length"')), DONE, finish_reason="length",
     calls=[call("f", "{}", "x"), call("a", '{"a"', "y", whole=False)])
chat("84", "half arguments and a clean finish: a whole call that is wrong",
     tools(r'{"index":0,"id":"x","function":{"name":"a","arguments":"{\"a\":\"x"}}'),
     TOOL_CALLS, finish_reason="tool_calls", calls=[call("a", '{"a":"x', "x")])
chat("85", "calls and finish_reason stop", tools(CALL), STOP, DONE,
     calls=[call("f", "{}", "x")])
chat("85b", "finish_reason tool_calls and no calls", D(A), TOOL_CALLS, DONE, text="a",
     finish_reason="tool_calls")
chat("86", "a call, then the end without a mark", tools(CALL), outcome="cut",
     calls=[call("f", "{}", "x", whole=False)])
for wrong in ("[1]", r"\"s\"", "{} trailing", r"{\"a\":1}{\"b\":2}"):
    chat("87 " + wrong, "arguments that are no object: the text is kept",
         tools('{"index":0,"id":"x","function":{"name":"a","arguments":"%s"}}' % wrong),
         TOOL_CALLS, finish_reason="tool_calls",
         calls=[call("a", wrong.replace("\\", ""), "x")])
chat("89", "names that nobody offered",
     tools(r'{"index":0,"id":"x","function":{"name":"functions.a","arguments":"{}"}}',
           r'{"index":1,"id":"y","function":{"name":"parallel","arguments":'
           r'"{\"tool_uses\":[]}"}}'), TOOL_CALLS, finish_reason="tool_calls",
     calls=[call("functions.a", "{}", "x"), call("parallel", '{"tool_uses":[]}', "y")])
chat("91", "a fragment with extra content only",
     tools(CALL), tools('{"extra_content":{"google":{"thought_signature":"s"}}}'),
     TOOL_CALLS, finish_reason="tool_calls", calls=[call("f", "{}", "x")],
     opaque=[extra({"google": {"thought_signature": "s"}}, 0)])
chat("91b", "extra content beside the function, of the second call",
     tools(CALL, '{"index":1,"id":"y","function":{"name":"g","arguments":"{}"},'
           '"extra_content":{"google":{"thought_signature":"A+/="}}}'),
     TOOL_CALLS, finish_reason="tool_calls",
     calls=[call("f", "{}", "x"), call("g", "{}", "y")],
     opaque=[extra({"google": {"thought_signature": "A+/="}}, 1)])
chat("91c", "extra content that is null", tools(
    '{"index":0,"id":"x","function":{"name":"f","arguments":"{}"},"extra_content":null}'),
     TOOL_CALLS, finish_reason="tool_calls", calls=[call("f", "{}", "x")])
chat("92", "128 parallel calls", tools(*(
    '{"index":%d,"id":"c%d","function":{"name":"f%d","arguments":"{}"}}' % (i, i, i)
    for i in range(128))), TOOL_CALLS, finish_reason="tool_calls",
     calls=[call("f%d" % i, "{}", "c%d" % i) for i in range(128)])
chat("2.5/1", "a name in two pieces, before arguments",
     tools('{"index":0,"id":"x","function":{"name":"get_"}}'),
     tools('{"index":0,"function":{"name":"weather","arguments":"{}"}}'), TOOL_CALLS,
     finish_reason="tool_calls", calls=[call("get_weather", "{}", "x")])
chat("2.5/5", "a call without a name is one, which can be answered",
     tools('{"index":0,"id":"x","function":{"arguments":"{}"}}'), D(A), TOOL_CALLS,
     text="a", finish_reason="tool_calls", calls=[call(None, "{}", "x")])
chat("2.5/5a", "a call that says nothing is none",
     tools('{"index":0,"function":{"name":"","arguments":""}}'), D(A), TOOL_CALLS,
     text="a", finish_reason="tool_calls")
chat("2.5/5b", "a call without a name is one, in a body",
     '{"choices":[{"message":{"tool_calls":[{"id":"x","function":{"name":"f",'
     '"arguments":"{}"}},{"id":"y","function":{"arguments":"{}"}}]},'
     '"finish_reason":"tool_calls"}]}', finish_reason="tool_calls",
     calls=[call("f", "{}", "x"), call(None, "{}", "y")])
ollama("2.5/5c", "a call without a name is one",
       said("", ',"tool_calls":[{"function":{"name":"a","arguments":{}}},'
            '{"function":{"arguments":{}}},null]'), OVER, model="m",
       calls=[call("a", "{}", as_json=True), call(None, "{}", as_json=True)])
chat("2.5/8", "the old function_call",
     D(delta(r'"function_call":{"name":"a","arguments":"{\"q\""}')),
     D(delta('"function_call":{"arguments":":1}"}')), D(delta("", '"function_call"')),
     finish_reason="function_call", calls=[call("a", '{"q":1}')])
chat("2.2", "role, text and call in one chunk, tool_calls null in others",
     D(delta('"role":"assistant","content":"a","tool_calls":[%s]' % CALL)),
     D(delta('"content":"b","tool_calls":null')), D(delta('"tool_calls":[]')), TOOL_CALLS,
     text="ab", finish_reason="tool_calls", calls=[call("f", "{}", "x")])


# 7.5 errors before the stream

def failed(status, body, kind="application/json"):
    return "HTTP/1.1 %s\r\nContent-Type: %s\r\n\r\n%s" % (status, kind, body)


chat("96", "an error in an array",
     failed("400 Bad Request", '[{"error":{"code":400,"message":"no such key"}}]'),
     outcome="error", error_contains="no such key")
chat("97", "detail", failed("401 Unauthorized", '{"detail":"Invalid API Key"}'),
     outcome="error", error_contains="Invalid API Key")
chat("97b", "error beside code",
     failed("400 Bad Request", '{"code":"invalid-argument","error":"Incorrect API key"}'),
     outcome="error", error_contains="Incorrect API key")
chat("97c", "detail with places",
     failed("422 Unprocessable", '{"detail":[{"loc":["body","x"],"msg":"field required"}]}'),
     outcome="error", error_contains="field required")
chat("97d", "the first of several",
     failed("400 Bad Request", '{"errors":[{"message":"no such tool"},{"message":"x"}]}'),
     outcome="error", error_contains="no such tool")
chat("97e", "what the provider behind the gateway said",
     failed("429 Too Many Requests", '{"error":{"code":429,"metadata":{"raw":"slow down",'
            '"provider_name":"p"}},"user_id":"u"}'),
     outcome="error", error_contains="slow down")
chat("97f", "a message and no error",
     failed("400 Bad Request", '{"id":"q","message":"invalid request: no model"}'),
     outcome="error", error_contains="invalid request: no model")
ollama("98", "an error inside of an error's string",
       failed("500 Internal Server Error", r'{"error":"{\"error\":{\"message\":'
              r'\"request (9412 tokens) exceeds the available context size\"}}"}'),
       outcome="error", error_contains="request (9412 tokens) exceeds")
ollama("99", "403 and nothing", failed("403 Forbidden", ""), outcome="error",
       error_contains="403")
ollama("99b", "plain text", failed("404 Not Found", "404 page not found", "text/plain"),
       outcome="error", error_contains="404")
chat("99c", "a web page", failed("502 Bad Gateway", "<html>Bad Gateway</html>", "text/html"),
     outcome="error", error_contains="502")
chat("99d", "a status of failure makes no answer of an answer",
     failed("500 Internal Server Error", '{"choices":[{"message":{"content":"a"},'
            '"finish_reason":"stop"}]}'), outcome="error")


ollama("98b", "an error in an error in an error, then the text",
       failed("500 Internal Server Error", json.dumps({"error": json.dumps(
           {"error": {"message": json.dumps({"error": "deep down"})}})})),
       outcome="error", error_contains="deep down")
for name, status, body, found in (
        ("101", "429 Too Many Requests",
         '{"error":{"message":"You exceeded your quota","code":"insufficient_quota"}}',
         "You exceeded your quota"),
        ("101b", "402 Payment Required",
         '{"error":{"message":"Insufficient credits","code":402}}', "Insufficient credits"),
        ("102", "400 Bad Request", '{"error":{"message":"Unsupported parameter: \'max_tokens\'",'
         '"param":"max_tokens","code":"unsupported_parameter"}}', "Unsupported parameter"),
        ("103", "422 Unprocessable Entity",
         '{"detail":[{"loc":["body","stream_options"],"msg":"extra fields not permitted"}]}',
         "extra fields not permitted"),
        ("106", "503 Service Unavailable",
         '{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}',
         "Loading model")):
    chat(name, "the text of " + status, failed(status, body), outcome="error",
         error_contains=found)
chat("105", "a very long error is cut short",
     failed("500 Internal Server Error", '{"error":{"message":"no more %s"}}' % ("x" * (1 << 20))),
     outcome="error", error_contains="no more xxx")
chat("105b", "a very long page", failed("502 Bad Gateway", "<p>x</p>" * (1 << 17), "text/html"),
     outcome="error", error_contains="502")
ollama("122", "thinking is not supported",
       failed("400 Bad Request", r'{"error":"\"m\" does not support thinking"}'),
       outcome="error", error_contains='"m" does not support thinking')


# 7.6 chunks of Ollama

chat("124", "Ollama's /v1 swallows errors: an empty delta, then the end",
     D(delta('"role":"assistant","content":""')), outcome="cut")
