# SPDX-License-Identifier: MIT
"""What the second reader gathers from an answer, of whatever dialect, and what
it makes of that in the end. reader.py says what the expectation holds.
"""
import json
import re
import sys

MAX_DEPTH = 2048                # of JSON: what the program's parser allows
BLANK = " \t\r\n"
CUT_WORDS = ("length", "model_length", "max_tokens", "max_output_tokens",
             "model_context_window_exceeded", "refusal")
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


def objects(value, *path):
    """The objects in the list at path."""
    return [item for item in typed(get(value, *path), list) or []
            if isinstance(item, dict)]


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


# The turn

class Calls:
    """Tool calls put together from fragments."""

    def __init__(self):
        self.all = []
        self.by_index = {}

    def new(self, **members):
        self.all.append({"name": None, "id": None, "arguments": "",
                         "as_json": False, "closed": True, **members})
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
        """A fragment, of which nobody says that it is one; the call it is of."""
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
        return call


class Turn:
    def __init__(self):
        self.content = ""       # as it came; <think> is split off at the end
        self.reasoning = ""
        self.blocks = False     # or the dialect has blocks: see add_part()
        self.text_parts = []
        self.thinking_parts = []
        self.calls = Calls()
        self.opaque = []        # {kind, json[, call]}
        self.usage = {}
        self.finish = None
        self.model = None
        self.shows = []         # what the user has to see somewhere
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

    def outcome(self):
        return ("error" if self.failed else
                "complete" if self.complete else "cut")

    def finished_calls(self):
        for call in self.calls.all:
            arguments = whole_characters(call["arguments"])
            if not (call["name"] or call["id"] or is_object(arguments)):
                continue
            if arguments.strip(BLANK) in ("", "null"):
                arguments = "{}"
            whole = (self.outcome() == "complete" and not self.damaged
                     and call["closed"] and
                     (is_object(arguments) or self.finish not in CUT_WORDS))
            name = call["name"] and whole_characters(call["name"])
            found = {"name": name, "id": call["id"], "arguments": arguments,
                     "whole": whole}
            yield {**found, "as_json": True} if call["as_json"] else found

    def expectation(self):
        thinking, text = ((joined(self.thinking_parts), joined(self.text_parts))
                          if self.blocks else self.split_think())
        return {"outcome": self.outcome(), "text": text, "thinking": thinking,
                "calls": list(self.finished_calls()),
                "usage": {key: self.usage.get(key) for key in
                          ("input", "output", "reasoning", "cached")},
                "finish_reason": self.finish, "model": self.model,
                "error_contains": words(self.message),
                "opaque": self.opaque, "shows": self.shows}


def add_part(parts, *readings):
    """A block's text. Where a server said it twice and not the same (recordings
    that somebody has shortened) there are several readings."""
    known = []
    for reading in readings:
        if reading and whole_characters(reading) not in known:
            known.append(whole_characters(reading))
    if known:
        parts.append(known)


def joined(parts):
    """The text, or, where the notes leave open what stands between the blocks,
    or which reading counts, the list of parts with their readings."""
    if not parts:
        return ""
    return parts[0][0] if len(parts) == 1 and len(parts[0]) == 1 else parts


def same_text(expected, got):
    """Is this the text? Parts may be joined by nothing or by empty lines."""
    if isinstance(expected, str):
        return expected == got
    ends = {0}
    for number, readings in enumerate(expected):
        starts = {end + len(between) for end in ends
                  for between in (("", "\n", "\n\n") if number else ("",))
                  if got.startswith(between, end)}
        ends = {start + len(reading) for start in starts for reading in readings
                if got.startswith(reading, start)}
    return len(got) in ends
