# SPDX-License-Identifier: MIT
"""The second reader of the dialect chat-completions: section 2 of the notes."""
import re

from framing import event_value, is_bare, read_sse
from turn import BLANK, first, get, message_in, objects, parse_loose, string, typed, words

FRAGMENTS = ("text", "summary", "data", "signature")    # of reasoning_details


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
                   for detail in objects(delta, "reasoning_details"))


class Chat:
    """One answer. choices other than the first are no matter of ours."""

    def __init__(self, turn):
        self.turn = turn
        self.legacy = None      # the name of the one call of function_call
        self.chunks = 0
        self.streamed = self.messaged = False

    def take_delta(self, delta):
        turn = self.turn
        text, thinking = parts(delta.get("content"))
        turn.reasoning += reasoning_of(delta) + thinking
        turn.content += text + (string(delta, "refusal") or "")
        for detail in objects(delta, "reasoning_details"):
            self.take_detail(detail)
        for fragment in objects(delta, "tool_calls"):
            call = turn.calls.add(fragment)
            if fragment.get("extra_content"):
                turn.opaque.append({"kind": "extra-content",
                                    "json": fragment["extra_content"],
                                    "call": turn.calls.all.index(call)})
        legacy = typed(delta.get("function_call"), dict)
        if legacy:
            turn.calls.add({"index": -1, "function": dict(
                legacy, name=None if self.legacy else legacy.get("name"))})
            self.legacy = self.legacy or string(legacy, "name")

    def take_detail(self, detail):
        """A fragment of the element with its type and index, if these are not
        two of one index that have names; without an index a whole element."""
        for blob in self.turn.opaque:
            known = blob["json"]
            if blob["kind"] == "reasoning-details" and "index" in detail and all(
                    known.get(key) == detail.get(key) for key in ("type", "index")) and (
                        None in (known.get("id"), detail.get("id"))
                        or known["id"] == detail["id"]):
                for key, value in detail.items():
                    old = known.get(key)
                    if key in FRAGMENTS and isinstance(old, str):
                        known[key] = old + (typed(value, str) or "")
                    else:
                        known[key] = old or value
                return
        self.turn.opaque.append({"kind": "reasoning-details", "json": dict(detail)})

    def take_usage(self, value, choice):
        for usage in (value.get("usage"), get(value, "x_groq", "usage"),
                      get(choice, "usage")):
            if isinstance(usage, dict) and usage:
                cached = get(usage, "prompt_tokens_details", "cached_tokens")
                if typed(cached, int) is None:
                    cached = usage.get("prompt_cache_hit_tokens")
                self.turn.set_usage(
                    input=usage.get("prompt_tokens"),
                    output=usage.get("completion_tokens"), cached=cached,
                    reasoning=get(usage, "completion_tokens_details",
                                  "reasoning_tokens"))
                return

    def take_finish(self, word):
        """The first word stands, but for a later error."""
        if word:
            self.turn.complete = True
            if word == "error" or not self.turn.finish:
                self.turn.finish = word

    def take_choice(self, choice):
        self.take_finish(string(choice, "finish_reason"))
        delta = typed(choice.get("delta"), dict)
        message = typed(choice.get("message"), dict)
        if self.turn.failed:
            return
        if delta is not None:
            self.streamed = True
            self.take_delta(delta)
        elif message is not None and not self.streamed and not self.messaged:
            self.messaged = True
            self.take_delta(message)

    def take(self, value, event=None):
        turn = self.turn
        if get(first(value), "error"):
            value = first(value)
        if event == "error" or get(value, "error") or get(value, "object") == "error":
            turn.fail(message_in(value))
            if event and string(value, "error", "failed_generation"):
                turn.shows.append(words(value["error"]["failed_generation"]))
        if not isinstance(value, dict):
            return
        self.chunks += 1
        turn.model = turn.model or string(value, "model")
        choices = [choice for choice in objects(value, "choices")
                   if not typed(choice.get("index"), int)]
        self.take_usage(value, choices[0] if choices else None)
        for choice in choices:
            self.take_choice(choice)

    def take_data(self, turn, data, event=None, at_end=False):
        if data.strip(BLANK).startswith("[DONE]"):
            turn.ended = turn.complete = True
            if not self.chunks:
                turn.fail(None)
            return
        value = event_value(turn, data, event, at_end)
        if value is not None:
            self.take(value, event)

    def take_bare(self, body):
        """A JSON body, or JSON objects one per line."""
        try:
            self.take(parse_loose(body))
            return
        except ValueError:
            pass
        lines = body.split("\n")
        for number, line in enumerate(lines, 1):
            self.take_data(self.turn, re.sub(r"^data:", "", line.strip(BLANK)),
                           at_end=number == len(lines))
            if self.turn.ended or self.turn.failed:
                return


def read_chat(turn, body):
    chat = Chat(turn)
    if is_bare(body):
        chat.take_bare(body)
    else:
        read_sse(turn, body, chat.take_data)
    turn.failed = turn.failed or turn.finish == "error"
