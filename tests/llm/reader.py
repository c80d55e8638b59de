#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: reader.py DIALECT FILE

The second reader: what a recorded response of a chat endpoint means, worked out
from the notes on the protocols and not from the program, which is judged by it.
DIALECT is ollama or chat-completions; FILE a body, or a whole HTTP response.
Prints one JSON object:

  outcome        complete, cut or error
  text thinking  the whole of each
  calls          {name, id, arguments, whole}; as_json: equal by value is enough
  usage          {input, output, reasoning, cached}, null where unknown
  finish_reason  the server's word, or null
  model          the first name that the server gave, or null
  error_contains words of the server's own message, or null

Nothing here streams: the whole answer is read, then split and judged, so that a
mistake of the program in its increments cannot be repeated here.
"""
import json
import re
import sys

MAX_DEPTH = 2048                # of JSON: what the program's parser allows
CUT_WORDS = ("length", "model_length", "max_tokens")
BLANK = " \t\r\n"
sys.setrecursionlimit(MAX_DEPTH + 100)


# JSON and text

def parse(text, **options):
    """The value of a JSON text; ValueError if it is none."""
    try:
        return json.loads(text, **options)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def parse_loose(text):
    """As the program reads servers: NaN and Infinity are null."""
    return parse(text, parse_constant=lambda word: None)


def refuse(word):
    raise ValueError(word)


def is_object(text):
    """Is this text one whole JSON object, strictly?"""
    try:
        return isinstance(parse(text, parse_constant=refuse), dict)
    except ValueError:
        return False


def whole_characters(text):
    """Surrogate halves that meet are joined, the others become U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def typed(value, kind):
    """The value if it is of that type, else None: wrong types are absent."""
    if isinstance(value, bool) and kind is not bool:
        return None
    return value if isinstance(value, kind) else None


def get(value, *path):
    """The member at path, or None where any step is missing or no object."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def first(value):
    return value[0] if isinstance(value, list) and value else None


def string(value, *path):
    """The string at path, or None if there is none or an empty one."""
    return typed(get(value, *path), str) or None


# Errors

def message_in(value, depth=0):
    """The sentence for the user in any server's error object, or None."""
    if isinstance(value, list):
        value = first(value)
    if isinstance(value, str):
        found = value
    else:
        found = (string(value, "error", "message") or string(value, "error")
                 or string(value, "message")
                 or string(value, "detail")
                 or string(first(get(value, "detail")), "msg")
                 or string(value, "error", "metadata", "raw")
                 or string(first(get(value, "errors")), "message"))
    if found and depth < 3:
        try:
            inner = parse_loose(found)
        except ValueError:
            return found
        if isinstance(inner, (dict, list)):
            return message_in(inner, depth + 1) or found
    return found


def words(message):
    """The beginning of a message, as far as it is plain text."""
    plain = re.split(r"[^\x20-\x7e]", message.strip())[0] if message else ""
    return plain[:60].strip() or None


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


# The turn

class Calls:
    """Tool calls put together from fragments."""

    def __init__(self):
        self.all = []
        self.by_index = {}

    def new(self):
        self.all.append({"name": None, "id": None, "arguments": "",
                         "as_json": False})
        return self.all[-1]

    def slot(self, index, ident, name):
        if index is not None:
            call = self.by_index.get(index)
            other = call and ident and call["id"] and ident != call["id"]
            again = (call and name and not ident and call["name"]
                     and is_object(call["arguments"]))
            if not call or other or again:
                call = self.by_index[index] = self.new()
            return call
        if ident:
            known = [call for call in self.all if call["id"] == ident]
            return known[-1] if known else self.new()
        return self.new() if name or not self.all else self.all[-1]

    def add(self, fragment):
        ident = string(fragment, "id")
        name = string(fragment, "function", "name")
        call = self.slot(typed(get(fragment, "index"), int), ident, name)
        call["id"] = call["id"] or ident
        if not call["name"]:
            call["name"] = name
        elif name and name != call["name"] and not call["arguments"]:
            call["name"] += name
        arguments = get(fragment, "function", "arguments")
        if isinstance(arguments, dict):
            call["arguments"] = json.dumps(arguments)
            call["as_json"] = True
        elif isinstance(arguments, str):
            if not (arguments == call["arguments"] and is_object(arguments)):
                call["arguments"] += arguments

    def add_whole(self, fragment):
        """A native call of Ollama: never a fragment."""
        call = self.new()
        call["id"] = string(fragment, "id")
        call["name"] = string(fragment, "function", "name")
        arguments = get(fragment, "function", "arguments")
        if isinstance(arguments, (dict, str)):
            call["as_json"] = True
            call["arguments"] = (arguments if isinstance(arguments, str)
                                 else json.dumps(arguments))


class Turn:
    def __init__(self):
        self.content = ""       # as it came; <think> is split off at the end
        self.reasoning = ""
        self.calls = Calls()
        self.legacy = None      # the name of the one call of function_call
        self.usage = {}
        self.finish = None
        self.model = None
        self.chunks = 0
        self.streamed = self.messaged = False
        self.ended = False      # nothing after this counts
        self.complete = False   # the dialect's own mark was seen
        self.damaged = False
        self.failed = False
        self.message = None

    def fail(self, message):
        self.failed = True
        self.message = message

    def set_usage(self, **counts):
        self.usage = {key: typed(value, int) for key, value in counts.items()}

    def split_think(self):
        """(thinking, text) of the content."""
        text = whole_characters(self.content)
        thinking = whole_characters(self.reasoning)
        start = text.lstrip(BLANK)
        if thinking or not start.startswith("<think>"):
            return thinking, text
        inside, _, after = start[len("<think>"):].partition("</think>")
        return inside.strip(BLANK), after.lstrip(BLANK)

    def expectation(self):
        thinking, text = self.split_think()
        outcome = ("error" if self.failed else
                   "complete" if self.complete else "cut")
        calls = []
        for call in self.calls.all:
            if not call["name"]:
                continue
            arguments = whole_characters(call["arguments"])
            if arguments.strip(BLANK) in ("", "null"):
                arguments = "{}"
            whole = (outcome == "complete" and not self.damaged and
                     (is_object(arguments) or self.finish not in CUT_WORDS))
            calls.append({"name": whole_characters(call["name"]),
                          "id": call["id"], "arguments": arguments,
                          "whole": whole})
            if call["as_json"]:
                calls[-1]["as_json"] = True
        return {"outcome": outcome, "text": text, "thinking": thinking,
                "calls": calls,
                "usage": {key: self.usage.get(key) for key in
                          ("input", "output", "reasoning", "cached")},
                "finish_reason": self.finish, "model": self.model,
                "error_contains": words(self.message)}


# Ollama

def ollama_object(turn, value):
    if get(value, "error"):
        turn.fail(message_in(value))
    if turn.ended or turn.failed or not isinstance(value, dict):
        return
    turn.model = turn.model or string(value, "model")
    turn.reasoning += string(value, "message", "thinking") or ""
    turn.content += string(value, "message", "content") or ""
    for call in typed(get(value, "message", "tool_calls"), list) or []:
        turn.calls.add_whole(call)
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


# Chat Completions

def parts(content):
    """(text, thinking) of a content that is a string or a list of parts."""
    if isinstance(content, str):
        return content, ""
    text = thinking = ""
    for part in typed(content, list) or []:
        kind = get(part, "type")
        if kind == "text":
            text += string(part, "text") or ""
        elif kind == "thinking":
            inner = get(part, "thinking")
            thinking += parts(inner)[0]
    return text, thinking


def reasoning_of(delta):
    named = [string(delta, key) for key in ("reasoning_content", "reasoning")]
    if named[0] == named[1]:
        named.pop()
    found = "".join(filter(None, named))
    if found:
        return found
    return "".join(string(detail, "text") or string(detail, "summary") or ""
                   for detail in typed(get(delta, "reasoning_details"), list) or [])


def chat_delta(turn, delta):
    text, thinking = parts(delta.get("content"))
    turn.reasoning += reasoning_of(delta) + thinking
    turn.content += text + (string(delta, "refusal") or "")
    for fragment in typed(delta.get("tool_calls"), list) or []:
        if isinstance(fragment, dict):
            turn.calls.add(fragment)
    legacy = typed(delta.get("function_call"), dict)
    if legacy:
        turn.calls.add({"index": -1, "function": dict(
            legacy, name=None if turn.legacy else legacy.get("name"))})
        turn.legacy = turn.legacy or string(legacy, "name")


def chat_usage(turn, value, choice):
    for usage in (value.get("usage"), get(value, "x_groq", "usage"),
                  get(choice, "usage")):
        if isinstance(usage, dict) and usage:
            cached = get(usage, "prompt_tokens_details", "cached_tokens")
            if typed(cached, int) is None:
                cached = usage.get("prompt_cache_hit_tokens")
            turn.set_usage(
                input=usage.get("prompt_tokens"),
                output=usage.get("completion_tokens"), cached=cached,
                reasoning=get(usage, "completion_tokens_details",
                              "reasoning_tokens"))
            return


def chat_finish(turn, word):
    """The first word stands, but for a later error."""
    if word:
        turn.complete = True
        turn.finish = word if word == "error" else turn.finish or word


def chat_object(turn, value, event=None):
    if get(first(value), "error"):
        value = first(value)
    if event == "error" or get(value, "error") or get(value, "object") == "error":
        turn.fail(message_in(value))
    if not isinstance(value, dict):
        return
    turn.chunks += 1
    turn.model = turn.model or string(value, "model")
    choices = [choice for choice in typed(value.get("choices"), list) or []
               if isinstance(choice, dict)
               and not typed(choice.get("index"), int)]
    chat_usage(turn, value, choices[0] if choices else None)
    for choice in choices:
        chat_finish(turn, string(choice, "finish_reason"))
        if turn.failed:
            continue
        delta = typed(choice.get("delta"), dict)
        message = typed(choice.get("message"), dict)
        if delta is not None:
            turn.streamed = True
            chat_delta(turn, delta)
        elif message is not None and not turn.streamed and not turn.messaged:
            turn.messaged = True
            chat_delta(turn, message)


def chat_data(turn, data, event=None, at_end=False):
    """One event's data. Half a value at the end of all is no event."""
    if data.strip(BLANK).startswith("[DONE]"):
        turn.ended = turn.complete = True
        if not turn.chunks:
            turn.fail(None)
        return
    if not data.strip(BLANK):
        return
    try:
        chat_object(turn, parse_loose(data), event)
    except ValueError:
        if at_end:
            return
        if event == "error":
            turn.fail(data)
        turn.damaged = True


def read_bare(turn, body):
    """A JSON body, or JSON objects one per line."""
    try:
        chat_object(turn, parse_loose(body))
        return
    except ValueError:
        pass
    lines = body.split("\n")
    for number, line in enumerate(lines, 1):
        chat_data(turn, re.sub(r"^data:", "", line.strip(BLANK)),
                  at_end=number == len(lines))
        if turn.ended or turn.failed:
            return


def read_sse(turn, body):
    data, event = [], None
    for line in re.split(r"\r\n|\r|\n", body):
        if not line:
            if data:
                chat_data(turn, "\n".join(data), event)
            data, event = [], None
        field, _, value = line.partition(":")
        value = value[1:] if value.startswith(" ") else value
        if field == "data":
            data.append(value)
        elif field == "event":
            event = value
        elif field == "error" or line.startswith("{"):
            chat_outside(turn, value if field == "error" else line, field)
        if turn.ended or turn.failed:
            return
    if data:
        chat_data(turn, "\n".join(data), event, at_end=True)


def chat_outside(turn, text, field):
    """A field named error, or a raw body pasted into the stream."""
    try:
        value = parse_loose(text)
    except ValueError:
        return
    if field == "error" and value or get(value, "error") or get(value, "object") == "error":
        turn.fail(message_in(value))


def read_chat(turn, body):
    read = read_bare if body.lstrip(BLANK)[:1] in ("{", "[") else read_sse
    read(turn, body)
    turn.failed = turn.failed or turn.finish == "error"


# All together

READERS = {"ollama": read_ollama, "chat-completions": read_chat}


def read_error_body(turn, status, body):
    try:
        message = message_in(parse_loose(body))
    except ValueError:
        message = None if body.lstrip(BLANK).startswith("<") else body
    turn.fail(words(message) or str(status))


def read(dialect, raw):
    turn = Turn()
    status, body = split_http(raw)
    if body.startswith(b"\xef\xbb\xbf"):
        body = body[3:]
    body = body.decode("utf-8", "replace")
    if status and status >= 400:
        read_error_body(turn, status, body)
    elif body.lstrip(BLANK).startswith("<"):
        turn.fail(None)
    elif body.strip(BLANK):
        READERS[dialect](turn, body)
    return turn.expectation()


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in READERS:
        sys.exit(__doc__.split("\n", 1)[0])
    with open(sys.argv[2], "rb") as file:
        expectation = read(sys.argv[1], file.read())
    print(json.dumps(expectation, indent=1))


if __name__ == "__main__":
    main()
