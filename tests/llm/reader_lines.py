# SPDX-License-Identifier: MIT
"""The second reader of what comes in lines: the dialects ollama (section 1 of
the notes) and events (section 4 of the design, "As JSON")."""
import json

from turn import BLANK, Calls, add_part, get, message_in, parse_loose, string, typed


# Ollama

def ollama_call(turn, fragment):
    """A native call of Ollama: never a fragment."""
    call = turn.calls.new(id=string(fragment, "id"),
                          name=string(fragment, "function", "name"))
    arguments = get(fragment, "function", "arguments")
    if isinstance(arguments, (dict, str)):
        call["as_json"] = True
        call["arguments"] = (arguments if isinstance(arguments, str)
                             else json.dumps(arguments))


def ollama_object(turn, value):
    if get(value, "error"):
        turn.fail(message_in(value))
    if turn.ended or turn.failed or not isinstance(value, dict):
        return
    turn.model = turn.model or string(value, "model")
    turn.reasoning += string(value, "message", "thinking") or ""
    turn.content += string(value, "message", "content") or ""
    for fragment in typed(get(value, "message", "tool_calls"), list) or []:
        ollama_call(turn, fragment)
    counts = {"input": typed(value.get("prompt_eval_count"), int) or None,
              "output": typed(value.get("eval_count"), int) or None}
    if any(counts.values()):
        turn.set_usage(**counts)
    turn.finish = turn.finish or string(value, "done_reason")
    turn.ended = turn.complete = value.get("done") is True


def read_ollama(turn, body):
    try:
        ollama_object(turn, parse_loose(body))
        return
    except ValueError:
        pass
    lines = body.split("\n")
    for number, line in enumerate(lines, 1):
        line = line.strip(BLANK)
        try:
            if line:
                ollama_object(turn, parse_loose(line))
        except ValueError:
            if not line.startswith("{"):
                turn.fail(line)
            elif number < len(lines):
                turn.damaged = True
        if turn.failed:
            return


# Our own events

def event_call(calls, turn, event):
    """tool-call-start, -delta or -end; only what has ended is whole."""
    number = typed(event.get("call"), int)
    if event["type"] == "tool-call-start":
        calls[number] = turn.calls.new(closed=False, id=string(event, "id"),
                                       name=string(event, "name"))
    call = calls.get(number)
    if call and event["type"] == "tool-call-delta":
        call["arguments"] += string(event, "arguments") or ""
    if call and event["type"] == "tool-call-end":
        call["id"] = string(event, "id") or call["id"]
        call["name"] = string(event, "name") or call["name"]
        call["arguments"] = string(event, "arguments") or ""
        call["closed"] = True


def finish_events(turn, event):
    turn.ended = True
    turn.finish = string(event, "finish_reason")
    turn.complete = event.get("outcome") == "complete"
    if event.get("outcome") == "error":
        turn.fail(message_in(event))


def events_object(calls, turn, event):
    kind = string(event, "type") or ""
    if kind == "text-delta":
        turn.content += string(event, "text") or ""
    elif kind == "thinking-delta":
        turn.reasoning += string(event, "text") or ""
    elif kind.startswith("tool-call-"):
        event_call(calls, turn, event)
    elif kind == "usage":
        turn.set_usage(**{key: event.get(key) for key in
                          ("input", "output", "reasoning", "cached")})
    elif kind == "model-reported":
        turn.model = turn.model or string(event, "model")
    elif kind == "opaque":
        turn.opaque.append({key: event[key] for key in ("kind", "json", "call")
                            if key in event})
    elif kind == "superseded":  # the answer began anew
        turn.content = turn.reasoning = ""
        turn.opaque, turn.calls = [], Calls()
    elif kind == "run-finished":
        finish_events(turn, event)


def read_events(turn, body):
    calls = {}
    for line in body.split("\n"):
        try:
            value = parse_loose(line) if line.strip(BLANK) else None
        except ValueError:
            continue
        if not turn.ended:
            events_object(calls, turn, value)
    turn.blocks = True          # whoever sent this has split <think> off
    add_part(turn.text_parts, turn.content)
    add_part(turn.thinking_parts, turn.reasoning)
