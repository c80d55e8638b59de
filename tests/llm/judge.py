# SPDX-License-Identifier: MIT
"""What differs between what was expected of an answer and what the program's
events say. An expectation is what reader.py prints."""
import json

from turn import same_text

STATUS = {"complete": (0,), "cut": (3,), "error": (1, 2, 4, 5, 6)}
# Responses has no word for why it ends; who wants one may say one of these.
WORDS = {("responses", "complete"): ("completed", "stop", "tool_calls"),
         ("responses", "error"): ("failed", "error")}
# The kinds of opaque blobs that go by two names: an item is what Responses
# calls a block.
SAME_KIND = {"item": "block"}
ERROR_MAX = 4096                # bytes of any server's message


def short(value):
    text = json.dumps(value)
    return text if len(text) < 300 else "%s … %s (%d)" % (text[:140], text[-120:], len(text))


def standing(events):
    """What stands before a "superseded" was taken back."""
    last = max((at for at, event in enumerate(events)
                if event["type"] == "superseded"), default=-1)
    return events[last + 1:]


# Calls

def same_arguments(expected, got):
    if not isinstance(got, str):
        return False
    if not expected.get("as_json") and got.strip() != "null":
        return got == expected["arguments"]
    try:
        return (json.loads(got) or {}) == json.loads(expected["arguments"])
    except ValueError:
        return False


def call_differences(expected, events):
    started = {event.get("call"): event for event in events
               if event["type"] == "tool-call-start"}
    ended = sorted((event for event in events if event["type"] == "tool-call-end"),
                   key=lambda end: end.get("call") or 0)
    wanted = [call for call in expected["calls"] if call["whole"]]
    if len(ended) != len(wanted):
        yield "calls", [call["name"] for call in wanted], [
            [event.get("name"), event.get("arguments")] for event in ended]
        return
    for call, event in zip(wanted, ended):
        if event.get("name") != call["name"]:
            yield "call's name", call["name"], event.get("name")
        if call["id"] and event.get("id") != call["id"]:
            yield "call's id", call["id"], event.get("id")
        if not same_arguments(call, event.get("arguments")):
            yield "arguments", call["arguments"], event.get("arguments")
        if event.get("call") not in started:
            yield "tool-call-start", call["name"], None


# Opaque blobs

def blobs(items, dialect, loose):
    """[kind, value] of each; the details of reasoning one by one. An id of
    Responses is taken off before the item goes back."""
    for item in items:
        kind, value = item.get("kind"), item.get("json")
        kind = SAME_KIND.get(kind, kind)
        several = isinstance(value, list) and kind == "reasoning-details"
        for one in value if several else [value]:
            if isinstance(one, dict):
                drop = ["id"] if dialect == "responses" else []
                one = {key: member for key, member in one.items()
                       if key not in drop + loose}
            yield [kind, one]


def opaque_differences(expected, events, dialect):
    if expected["outcome"] != "complete":
        return
    found = [event for event in standing(events) if event["type"] == "opaque"]
    loose = [key for blob in expected["opaque"] for key in blob.get("loose", ())]
    wanted = list(blobs(expected["opaque"], dialect, loose))
    got = list(blobs(found, dialect, loose))
    if wanted != got:
        yield "opaque", wanted, got
    calls = dict(enumerate(event.get("call") for event in events
                           if event["type"] == "tool-call-start"))
    for blob, event in zip(expected["opaque"], found):
        if "call" in blob and event.get("call") != calls.get(blob["call"]):
            yield "opaque's call", blob["call"], event.get("call")


# The rest

def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from strings(item)


def text_of(events, kind):
    """The text of one kind, or the deltas if one is empty or none at all."""
    deltas = [event.get("text") for event in standing(events)
              if event["type"] == kind + "-delta"]
    if all(isinstance(delta, str) and delta for delta in deltas):
        return "".join(deltas)
    return deltas


def end_differences(expected, status, finished, dialect):
    outcome = expected["outcome"]
    if status not in STATUS[outcome]:
        yield "exit status", STATUS[outcome], status
    if finished["type"] != "run-finished":
        yield "last line", "run-finished", finished["type"]
    if finished.get("outcome") != outcome:
        yield "outcome", outcome, finished.get("outcome")
    word = finished.get("finish_reason") or None
    if word != expected["finish_reason"] and not (
            expected["finish_reason"] is None
            and word in WORDS.get((dialect, outcome), ())):
        yield "finish_reason", expected["finish_reason"], word
    error = finished.get("error")
    error = error if isinstance(error, str) else json.dumps(error) if error else ""
    if (outcome == "error") > bool(error) or (outcome == "complete" and error):
        yield "error", outcome == "error", error
    if (expected["error_contains"] or "").lower() not in error.lower():
        yield "error", expected["error_contains"], error
    if len(error.encode()) > ERROR_MAX:
        yield "error", "at most %d bytes" % ERROR_MAX, error


def differences(expected, result, dialect):
    """(what, expected, got) for all that differs."""
    if isinstance(result, str):
        yield "run", "events", result
        return
    status, events = result
    yield from end_differences(expected, status, events[-1], dialect)
    for kind in ("text", "thinking"):
        got = text_of(events, kind)
        if not isinstance(got, str):
            yield kind + "-delta", "text in each", got
        elif not same_text(expected[kind], got):
            yield kind, expected[kind], got
    yield from call_differences(expected, events)
    yield from opaque_differences(expected, events, dialect)
    usage = [event for event in events if event["type"] == "usage"] or [{}]
    for key, value in expected["usage"].items():
        if (usage[-1].get(key) or None) != (value or None):
            yield "usage " + key, value, usage[-1].get(key)
    models = [event.get("model") for event in events
              if event["type"] == "model-reported"] or [None]
    if models[-1] != expected["model"]:
        yield "model", expected["model"], models[-1]
    for words in expected["shows"]:
        if not any(words in text for event in events for text in strings(event)):
            yield "shows", words, None
    seqs = [event.get("seq") for event in events]
    if not all(isinstance(seq, int) for seq in seqs) or any(
            a >= b for a, b in zip(seqs, seqs[1:])):
        yield "seq", "strictly increasing", seqs


# The reader against a case

def reader_differences(case, got):
    for key, value in case.expected.items():
        if key == "error_contains":
            same = (value or "").lower() in (got[key] or "").lower()
        elif key in ("text", "thinking"):
            same = got[key] == value if isinstance(value, list) else (
                same_text(got[key], value))
        elif key == "calls":
            same = len(value) == len(got[key]) and all(
                {**a, "arguments": ""} == {**b, "arguments": ""} and
                same_arguments(a, b["arguments"]) for a, b in zip(value, got[key]))
        else:
            same = value == got[key]
        if not same:
            yield key, value, got[key]
