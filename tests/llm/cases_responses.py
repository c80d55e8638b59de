# SPDX-License-Identifier: MIT
"""Own recordings of the dialect responses; cases.py says what a row is."""
import json

from cases import CASES, DONE, OK, Case, call, failed


def responses(name, comment, *parts, **expected):
    CASES.append(Case("responses", name, comment, parts, expected))


def event(kind, named=True, **members):
    """One event; the members as JSON."""
    return "%sdata: %s\n\n" % ("event: %s\n" % kind if named else "",
                               json.dumps({"type": kind, **members}))


def R(kind, **members):
    return event("response." + kind, **members)


def item(kind, **members):
    return {"type": kind, **members}


def said(text):
    """A message, as a snapshot has it."""
    return item("message", id="msg_1", role="assistant", status="completed",
                content=[{"type": "output_text", "text": text, "annotations": []}])


def function(arguments, name="f", call_id="call_1", status="completed"):
    return item("function_call", id="fc_1", call_id=call_id, name=name,
                arguments=arguments, status=status)


def text(delta, index=0, item_id="msg_1"):
    return R("output_text.delta", item_id=item_id, output_index=index,
             content_index=0, delta=delta)


def arguments(delta, index=0, item_id="fc_1"):
    return R("function_call_arguments.delta", item_id=item_id, output_index=index,
             delta=delta)


def added(copy, index=0):
    return R("output_item.added", output_index=index, item=copy)


def done(copy, index=0):
    return R("output_item.done", output_index=index, item=copy)


def end(status="completed", output=(), **members):
    return R(status, response={"id": "resp_1", "object": "response", "status": status,
                               "model": "m1", "output": list(output), **members})


CREATED = R("created", response={"id": "resp_1", "object": "response", "model": "m1",
                                 "status": "in_progress", "output": [], "usage": None})
MESSAGE = added(item("message", id="msg_1", role="assistant", content=[]))
CALL = added(function("", status="in_progress"))
WHOLE = CALL + arguments('{"a":') + arguments("1}")
ONE = call("f", '{"a":1}', "call_1")
CUT_ONE = call("f", '{"a":1}', "call_1", whole=False)


# 7.7, by number

responses("125", "an error event, then response.failed: one error", CREATED,
          event("error", sequence_number=2, error={"message": "no more quota",
                                                   "code": "insufficient_quota"}),
          end("failed", error={"code": "insufficient_quota", "message": "no more quota"}),
          outcome="error", model="m1", error_contains="no more quota")
responses("125b", "response.failed alone, usage null", CREATED, MESSAGE, text("a"),
          end("failed", error={"code": "server_error", "message": "went away"}, usage=None),
          outcome="error", text="a", model="m1", error_contains="went away")
responses("125c", "calls before a failure are not whole", CREATED, WHOLE,
          done(function('{"a":1}')), end("failed", error={"message": "went away"}),
          outcome="error", model="m1", error_contains="went away", calls=[CUT_ONE])
responses("125d", "response.failed without a reason", CREATED, end("failed", error=None),
          outcome="error", model="m1")
responses("126", "an error that is flat",
          event("error", code="c", message="out of order", param=None, sequence_number=1),
          outcome="error", error_contains="out of order")
responses("126b", "an error as chat has it, then [DONE]", CREATED, MESSAGE, text("a"),
          'data: {"error":{"message":"too much","code":"500"}}\n\n', DONE,
          outcome="error", text="a", model="m1", error_contains="too much")
responses("126c", "an error named by its event only", CREATED,
          'event: error\ndata: {"message":"broken here"}\n\n', outcome="error", model="m1",
          error_contains="broken here")
responses("126d", "an error for a body", '{"error":{"message":"no such model"}}',
          outcome="error", error_contains="no such model")
responses("126e", "an error before the stream",
          failed("400 Bad Request", '{"error":{"message":"Item \'rs_1\' not found",'
                 '"type":"invalid_request_error","param":"input","code":null}}'),
          outcome="error", error_contains="Item 'rs_1' not found")
responses("126f", "error null is none", CREATED, MESSAGE, text("a"),
          end(error=None, incomplete_details=None), text="a", model="m1")
responses("127", "another item_id in each event", CREATED,
          added(item("message", id="i1", content=[])), text("a", item_id="i2"),
          text("b", item_id="i3"),
          R("output_text.done", item_id="i4", output_index=0, content_index=0, text="ab"),
          done({**said("ab"), "id": "i5"}),
          added({**function(""), "id": "i6"}, 1), arguments('{"a"', 1, "i7"),
          arguments(":1}", 1, "i8"),
          R("function_call_arguments.done", item_id="i9", output_index=1,
            arguments='{"a":1}'),
          done({**function('{"a":1}'), "id": "i10"}, 1),
          end(output=[{**said("ab"), "id": "i11"}, {**function('{"a":1}'), "id": "i12"}]),
          text="ab", model="m1", calls=[ONE])
responses("128", "no event lines, [DONE] at the end",
          event("response.created", False, response={"id": "r", "model": "m1"}),
          event("response.output_text.delta", False, item_id="i", output_index=0,
                content_index=0, delta="a"),
          event("response.completed", False, response={"status": "completed", "output": []}),
          DONE, text="a", model="m1")
responses("128b", "[DONE] alone is no end", CREATED, MESSAGE, text("a"), DONE,
          outcome="cut", text="a", model="m1")
responses("129", "created and completed only: all from the snapshot", CREATED,
          end(output=[item("reasoning", id="rs_1", summary=[
              {"type": "summary_text", "text": "t"}]), said("a"), function('{"a":1}')],
              usage={"input_tokens": 3, "output_tokens": 4, "total_tokens": 7}),
          text="a", thinking="t", model="m1", calls=[ONE], usage={"input": 3, "output": 4})
responses("129b", "deltas, done, copy and snapshot: nothing doubled", CREATED, MESSAGE,
          R("content_part.added", item_id="msg_1", output_index=0, content_index=0,
            part={"type": "output_text", "text": ""}), text("a"), text("b"),
          R("output_text.done", item_id="msg_1", output_index=0, content_index=0, text="ab"),
          R("content_part.done", item_id="msg_1", output_index=0, content_index=0,
            part={"type": "output_text", "text": "ab"}), done(said("ab")),
          added(function(""), 1), arguments('{"a":1}', 1),
          R("function_call_arguments.done", item_id="fc_1", output_index=1,
            arguments='{"a":1}'), done(function('{"a":1}'), 1),
          end(output=[said("ab"), function('{"a":1}')]), text="ab", model="m1", calls=[ONE])
responses("129h", "the end of a text before its last delta: not doubled", CREATED, MESSAGE,
          text("Par"), R("output_text.done", item_id="msg_1", output_index=0, content_index=0,
                         text="Paris."), text("is."), done(said("Paris.")),
          end(output=[said("Paris.")]), text="Paris.", model="m1")
responses("129c", "an item in the snapshot that was never streamed", CREATED, MESSAGE,
          text("a"), done(said("a")), end(output=[said("a"), function('{"a":1}')]),
          text="a", model="m1", calls=[ONE])
responses("129d", "output_item.done only", CREATED, done(said("a")),
          done(function('{"a":1}'), 1), end(), text="a", model="m1", calls=[ONE])
responses("129e", "a body in place of a stream", json.dumps(
    {"id": "r", "object": "response", "status": "completed", "model": "m1", "error": None,
     "output": [said("a"), function('{"a":1}')],
     "usage": {"input_tokens": 9, "output_tokens": 5,
               "input_tokens_details": {"cached_tokens": 8},
               "output_tokens_details": {"reasoning_tokens": 2}}}),
          text="a", model="m1", calls=[ONE],
          usage={"input": 9, "output": 5, "cached": 8, "reasoning": 2})
responses("129f", "a body that failed", json.dumps(
    {"object": "response", "status": "failed", "model": "m1", "output": [],
     "error": {"code": "server_error", "message": "went away"}}),
          outcome="error", model="m1", error_contains="went away")
responses("130", "no deltas, done has all", CREATED, CALL,
          R("function_call_arguments.done", item_id="fc_1", output_index=0,
            arguments='{"a":1}'), end(), model="m1", calls=[ONE])
responses("130b", "one delta has all", CREATED, CALL, arguments('{"a":1}'), end(),
          model="m1", calls=[ONE])
responses("130c", "done is right where the deltas are not", CREATED, CALL,
          arguments('{"a":'), R("function_call_arguments.done", item_id="fc_1",
                                output_index=0, arguments='{"a":1}'),
          done(function('{"a":1}')), end(), model="m1", calls=[ONE])
responses("130f", "the copy of the item is right where the deltas say another thing", CREATED,
          CALL, arguments("{}"), done(function('{"a":1}')), end(), model="m1", calls=[ONE])
responses("130g", "the whole arguments in done, again in the copy", CREATED, CALL,
          arguments('{"a":1}'), R("function_call_arguments.done", item_id="fc_1",
                                  output_index=0, arguments='{"a":1}'),
          done(function('{"a":1}')), end(output=[function('{"a":1}')]), model="m1",
          calls=[ONE])
responses("130d", "output_text.done without deltas", CREATED, MESSAGE,
          R("output_text.done", item_id="msg_1", output_index=0, content_index=0, text="a"),
          end(), text="a", model="m1")
responses("130e", "arguments that are empty", CREATED, CALL, done(function("")), end(),
          model="m1", calls=[call("f", "{}", "call_1")])
responses("131", "cut by the length: what is open is not run", CREATED, MESSAGE, text("a"),
          added(function(""), 1), arguments('{"a":', 1),
          end("incomplete", incomplete_details={"reason": "max_output_tokens"},
              usage={"input_tokens": 3, "output_tokens": 16}),
          text="a", model="m1", finish_reason="max_output_tokens",
          usage={"input": 3, "output": 16},
          calls=[call("f", '{"a":', "call_1", whole=False)])
responses("131b", "cut by the length: an item that says it is incomplete", CREATED, CALL,
          arguments('{"a":'), done(function('{"a":', status="incomplete")),
          end("incomplete", incomplete_details={"reason": "max_output_tokens"},
              output=[function('{"a":', status="incomplete")]),
          model="m1", finish_reason="max_output_tokens",
          calls=[call("f", '{"a":', "call_1", whole=False)])
responses("131d", "cut by the length: the call before is whole", CREATED, WHOLE,
          done(function('{"a":1}')), added(function("", "g", "call_2"), 1),
          arguments('{"b"', 1),
          end("incomplete", incomplete_details={"reason": "max_output_tokens"}), model="m1",
          finish_reason="max_output_tokens",
          calls=[ONE, call("g", '{"b"', "call_2", whole=False)])
responses("131e", "cut by the length: what is open is not run, whole as it may look", CREATED,
          WHOLE, done(function('{"a":1}')), added(function("", "g", "call_2"), 1),
          arguments("{}", 1),
          end("incomplete", incomplete_details={"reason": "max_output_tokens"}), model="m1",
          finish_reason="max_output_tokens",
          calls=[ONE, call("g", "{}", "call_2", whole=False)])
responses("131f", "cut by the length: an incomplete item whose arguments are whole", CREATED,
          CALL, arguments("{}"), done(function("{}", status="incomplete")),
          end("incomplete", incomplete_details={"reason": "max_output_tokens"}),
          model="m1", finish_reason="max_output_tokens",
          calls=[call("f", "{}", "call_1", whole=False)])
responses("131c", "cut by a filter", CREATED, MESSAGE, text("a"),
          end("incomplete", incomplete_details={"reason": "content_filter"}),
          text="a", model="m1", finish_reason="content_filter")
for number, delta, summary in (("132", True, True), ("132b", False, True),
                               ("132c", False, False)):
    parts = []
    for part, said_so in enumerate(("q", "r")):
        where = {"item_id": "rs_1", "output_index": 0, "summary_index": part}
        parts += [R("reasoning_summary_part.added", **where,
                    part={"type": "summary_text", "text": ""})]
        parts += [R("reasoning_summary_text.delta", **where, delta=said_so)] * delta
        parts += [R("reasoning_summary_text.done", **where, text=said_so)] * summary
    responses(number, "two parts of a summary are two paragraphs" + (
        "" if delta else ", without deltas" if summary else ", in the copy only"),
              CREATED, added(item("reasoning", id="rs_1", summary=[])), *parts,
              done(item("reasoning", id="rs_1", summary=[
                  {"type": "summary_text", "text": "q"},
                  {"type": "summary_text", "text": "r"}])),
              added(item("message", id="msg_1"), 1), text("a", 1), end(),
              thinking="q\n\nr", text="a", model="m1")
responses("132d", "reasoning as text", CREATED, added(item("reasoning", id="rs_1")),
          R("reasoning_text.delta", item_id="rs_1", output_index=0, content_index=0, delta="q"),
          R("reasoning_text.delta", item_id="rs_1", output_index=0, content_index=0, delta="r"),
          R("reasoning_text.done", item_id="rs_1", output_index=0, content_index=0, text="qr"),
          done(item("reasoning", id="rs_1", summary=[],
                    content=[{"type": "reasoning_text", "text": "qr"}])),
          added(item("message", id="msg_1"), 1), text("a", 1), end(),
          thinking="qr", text="a", model="m1")
responses("133", "the end without a mark", CREATED, MESSAGE, text("a"), done(said("a")),
          outcome="cut", text="a", model="m1")
responses("133b", "a call that was done, then the end without a mark", CREATED, WHOLE,
          done(function('{"a":1}')), outcome="cut", model="m1", calls=[CUT_ONE])
responses("133c", "half of the last event", CREATED, MESSAGE, text("a"),
          end(output=[said("a")])[:-40], outcome="cut", text="a", model="m1")
responses("133d", "the last event lacks its empty line", CREATED, MESSAGE, text("a"),
          end().rstrip(), text="a", model="m1")

REASONING = item("reasoning", id="rs_1", summary=[], encrypted_content="gAAAA+/==")
responses("134", "reasoning that is encrypted is kept", CREATED,
          added(item("reasoning", id="rs_1", summary=[], encrypted_content="gA")),
          done(REASONING), added(item("message", id="msg_1"), 1), text("a", 1), end(),
          text="a", model="m1", opaque=[{"kind": "reasoning-item", "json": REASONING}])
responses("134b", "reasoning that is not encrypted cannot go back", CREATED,
          added(item("reasoning", id="rs_1", summary=[])),
          done(item("reasoning", id="rs_1", summary=[], encrypted_content=None)),
          added(item("message", id="msg_1"), 1), text("a", 1), end(), text="a", model="m1")
responses("134c", "encrypted reasoning in the snapshot only", CREATED,
          end(output=[REASONING, said("a")]), text="a", model="m1",
          opaque=[{"kind": "reasoning-item", "json": REASONING}])
responses("134d", "two of them, before the call each belongs to", CREATED,
          done(REASONING), done(function('{"a":1}'), 1),
          done({**REASONING, "encrypted_content": "gBBBB"}, 2), done(said("a"), 3), end(),
          text="a", model="m1", calls=[ONE], opaque=[
              {"kind": "reasoning-item", "json": REASONING},
              {"kind": "reasoning-item",
               "json": {**REASONING, "encrypted_content": "gBBBB"}}])


# Section 3, and what holds for all streams

SEARCH = item("web_search_call", id="ws_1", status="completed",
              action={"type": "search", "query": "x"})
responses("3", "queued, in progress, unknown events and members", CREATED,
          R("queued", response={"id": "r", "status": "queued"}),
          R("in_progress", response={"id": "r", "status": "in_progress"}), MESSAGE,
          R("holographic.delta", delta="x", output_index=0), event("keepalive"),
          R("output_text.delta", item_id="msg_1", output_index=0, content_index=0,
            delta="a", obfuscation="aJ9", logprobs=[], sequence_number=4),
          R("output_text.annotation.added", item_id="msg_1", output_index=0,
            content_index=0, annotation_index=0, annotation={"type": "url_citation"}),
          end(), text="a", model="m1")
responses("3b", "a refusal is shown", CREATED, MESSAGE,
          R("refusal.delta", item_id="msg_1", output_index=0, content_index=0, delta="I ca"),
          R("refusal.delta", item_id="msg_1", output_index=0, content_index=0, delta="n't"),
          R("refusal.done", item_id="msg_1", output_index=0, content_index=0,
            refusal="I can't"), end(), text="I can't", model="m1")
responses("3c", "the deltas of two calls, interleaved", CREATED, CALL,
          added(function("", "g", "call_2"), 1), arguments('{"a"'), arguments('{"b"', 1),
          arguments(":1}"), arguments(":2}", 1), done(function('{"a":1}')),
          done(function('{"b":2}', "g", "call_2"), 1), end(), model="m1",
          calls=[ONE, call("g", '{"b":2}', "call_2")])
responses("3d", "one part of the text after another", CREATED, MESSAGE, text("a"),
          R("output_text.delta", item_id="msg_1", output_index=0, content_index=0, delta="b"),
          text(""), end(), text="ab", model="m1")
responses("3e", "no output_index, all items done at the end: llama-server",
          event("response.created", response={"id": "r", "object": "response"}),
          R("output_item.added", item=item("reasoning", id="rs_1", summary=[], content=[])),
          R("reasoning_text.delta", item_id="rs_1", delta="t"),
          R("output_item.added", item=item("message", id="msg_1", content=[])),
          R("output_text.delta", item_id="msg_1", delta="a"),
          R("output_item.added", item=function("")),
          R("function_call_arguments.delta", item_id="fc_1", delta='{"a":1}'),
          R("output_item.added", item={**function("", "g", "call_2"), "id": "fc_2"}),
          R("function_call_arguments.delta", item_id="fc_2", delta='{"b":2}'),
          R("output_item.done", item=item("reasoning", id="rs_1", summary=[], content=[
              {"type": "reasoning_text", "text": "t"}], encrypted_content="")),
          R("output_item.done", item=said("a")),
          R("output_item.done", item=function('{"a":1}')),
          R("output_item.done", item={**function('{"b":2}', "g", "call_2"), "id": "fc_2"}),
          end(output=[item("reasoning", id="rs_1", content=[
              {"type": "reasoning_text", "text": "t"}]), said("a"), function('{"a":1}'),
                      {**function('{"b":2}', "g", "call_2"), "id": "fc_2"}]),
          thinking="t", text="a", model="m1", calls=[ONE, call("g", '{"b":2}', "call_2")])
responses("3f", "an item of another kind is kept raw, and not shown", CREATED,
          added({**SEARCH, "status": "in_progress"}),
          R("web_search_call.searching", output_index=0, item_id="ws_1"), done(SEARCH),
          added(item("message", id="msg_1"), 1), text("a", 1), end(), text="a", model="m1",
          opaque=[{"kind": "block", "json": SEARCH}])
responses("3g", "usage", CREATED, MESSAGE, text("a"),
          end(usage={"input_tokens": 9, "output_tokens": 5, "total_tokens": 14,
                     "input_tokens_details": {"cached_tokens": 8},
                     "output_tokens_details": {"reasoning_tokens": 2}}),
          text="a", model="m1", usage={"input": 9, "output": 5, "cached": 8, "reasoning": 2})
responses("3h", "usage without details", CREATED, MESSAGE, text("a"),
          end(usage={"input_tokens": 9, "output_tokens": 5, "input_tokens_details": None}),
          text="a", model="m1", usage={"input": 9, "output": 5})
responses("37", "an unreadable event: text stays, calls do not", CREATED, MESSAGE, text("a"),
          'data: {"type":}\n\n', text("b"), added(function(""), 1), arguments('{"a":1}', 1),
          done(function('{"a":1}'), 1), end(), text="ab", model="m1", calls=[CUT_ONE])
responses("33", "a surrogate pair over two deltas", CREATED, MESSAGE,
          text("\ud83d"), text("\ude00"), end(), text="\U0001f600", model="m1")
responses("1", "a BOM and CRLF", "\ufeff",
          (CREATED + MESSAGE + text("a") + end()).replace("\n", "\r\n"), text="a", model="m1")
responses("33b", "a surrogate pair over two pieces of the arguments", CREATED, CALL,
          arguments('{"a":"\ud83d'), arguments('\ude00"}'), end(), model="m1",
          calls=[call("f", '{"a":"\U0001f600"}', "call_1")])
responses("34", "NUL and control sequences pass unchanged", CREATED, MESSAGE,
          text("a\0b\x1b[2J"), end(), text="a\0b\x1b[2J", model="m1")
responses("92", "128 parallel calls", CREATED, *(
    added(function("", "f%d" % i, "c%d" % i), i) + arguments("{}", i)
    + done(function("{}", "f%d" % i, "c%d" % i), i) for i in range(128)), end(), model="m1",
          calls=[call("f%d" % i, "{}", "c%d" % i) for i in range(128)])
responses("40", "wrong types are absent", CREATED, MESSAGE,
          R("output_text.delta", output_index=0, content_index=0, delta={}),
          R("output_text.delta", output_index=0, content_index=0, delta=5),
          R("output_item.added", output_index=1, item="x"), R("output_item.done", item=None),
          text("a"), R("output_text.done", output_index=0, content_index=0, text=[]),
          end(usage=[], output=[None, "x"]) , text="a", model="m1")
responses("38", "JSON that is no object", CREATED, "data: [1]\n\ndata: null\n\ndata: \"x\"\n\n",
          WHOLE, done(function('{"a":1}')), end(), model="m1", calls=[ONE])
responses("87", "arguments that are no object: the text is kept", CREATED, CALL,
          arguments("[1]"), done(function("[1]")), end(), model="m1",
          calls=[call("f", "[1]", "call_1")])
responses("32", "transfer chunks that cut the events",
          OK, "Transfer-Encoding: chunked\r\n\r\n", *(
              "%x\r\n%s\r\n" % (len(part), part)
              for whole in [CREATED + MESSAGE + text("a") + end()]
              for part in (whole[:100], whole[100:101], whole[101:])), "0\r\n\r\n",
          text="a", model="m1")
responses("32f", "nothing at all", outcome="cut")
responses("57", "an answer without any item is complete and empty", CREATED, end(),
          model="m1")
responses("30", "a web page", "<html>Log in</html>", outcome="error")
responses("129g", "a snapshot with another numbering than the stream's: ids tell", CREATED,
          done(said("a"), 0), done({**said("b"), "id": "msg_2"}, 2),
          end(output=[said("a"), {**said("b"), "id": "msg_2"}]), text=[["a"], ["b"]],
          model="m1")
responses("2.5/5", "a call without a name is one, which can be answered", CREATED,
          WHOLE, done(function('{"a":1}')), added(function("", "", "call_2"), 1),
          arguments("{}", 1), done(function("{}", "", "call_2"), 1), end(), model="m1",
          calls=[ONE, call(None, "{}", "call_2")])
