# SPDX-License-Identifier: MIT
"""The second reader of the dialect anthropic: section 4 of the notes."""
import json

from framing import event_value, is_bare, read_sse
from turn import (BLANK, add_part, get, message_in, objects, parse_loose, string,
                  typed, words)

INPUTS = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
IMPLIED = {"text_delta": "text", "thinking_delta": "thinking"}
COUNTS = INPUTS + ("output_tokens",)


class Block:
    def __init__(self, start):
        self.start = start
        self.kind = string(start, "type")
        self.text = string(start, "text") or string(start, "thinking") or ""
        self.signature = string(start, "signature")
        self.input = ""         # the text of it, as the deltas bring it
        self.unread = {}        # the deltas that nobody here knows
        self.stopped = False

    def take_delta(self, delta):
        kind = string(delta, "type")
        if kind in ("text_delta", "thinking_delta"):
            self.text += string(delta, "text") or string(delta, "thinking") or ""
        elif kind == "input_json_delta":
            self.input += string(delta, "partial_json") or ""
        elif kind == "signature_delta":
            self.signature = string(delta, "signature") or self.signature
        elif kind != "citations_delta":
            self.unread.update({key: value for key, value in delta.items()
                                if key != "type"})

    def raw(self):
        """The block as it has to be sent back."""
        found = {"kind": "block", "json": dict(self.start)}
        if self.input:
            try:
                found["json"]["input"] = parse_loose(self.input)
            except ValueError:
                pass
        if self.unread:         # what becomes of these the notes leave open
            found["loose"] = sorted(self.unread)
            found["json"].update(self.unread)
        return found


class Message:
    def __init__(self, turn):
        self.turn = turn
        turn.blocks = True
        self.restart(None)

    def restart(self, ident):
        self.ident = ident
        self.blocks = []
        self.by_index = {}
        self.counts = {}
        self.thinking_count = None
        self.explanation = None # of a refusal
        self.started = ident is not None
        self.turn.finish = None

    def take(self, event):
        kind = string(event, "type")
        if kind == "error" or get(event, "error"):
            self.turn.fail(message_in(event))
        elif kind == "message_start":
            self.take_start(typed(event.get("message"), dict) or {})
        elif kind == "message":
            self.take_start(event)
            self.turn.ended = self.turn.complete = True
        elif kind == "content_block_start":
            self.begin(event, typed(event.get("content_block"), dict) or {})
        elif kind == "message_delta":
            self.take_end(event.get("delta"), event.get("usage"))
        elif kind == "message_stop":
            self.turn.ended = self.turn.complete = True
        elif kind == "content_block_delta":
            self.take_delta(event, typed(event.get("delta"), dict) or {})
        elif kind == "content_block_stop":
            block = self.by_index.get(typed(event.get("index"), int))
            if block:
                block.stopped = True

    def begin(self, event, start):
        block = Block(start)
        self.blocks.append(block)
        self.by_index[typed(event.get("index"), int)] = block
        return block

    def take_delta(self, event, delta):
        """Text of a block that never began is text all the same."""
        block = self.by_index.get(typed(event.get("index"), int))
        implied = IMPLIED.get(string(delta, "type"))
        if not block and implied:
            block = self.begin(event, {"type": implied})
        if block:
            block.take_delta(delta)

    def take_start(self, message):
        """A second one of the same message is a repeat, one of another message
        begins anew: some proxies try again in the same stream."""
        ident = string(message, "id")
        if self.started and ident == self.ident:
            return
        self.restart(ident)
        self.started = True
        self.turn.model = self.turn.model or string(message, "model")
        for copy in objects(message, "content"):
            self.blocks.append(Block(copy))
            self.blocks[-1].stopped = True
        self.take_end(message, message.get("usage"))

    def take_end(self, delta, usage):
        """Counts are of the whole message; null and absent keep what was."""
        for key in COUNTS:
            if typed(get(usage, key), int) is not None:
                self.counts[key] = usage[key]
        count = typed(get(usage, "output_tokens_details", "thinking_tokens"), int)
        self.thinking_count = self.thinking_count if count is None else count
        self.turn.finish = string(delta, "stop_reason") or self.turn.finish
        self.explanation = string(delta, "stop_details", "explanation") or self.explanation

    def take_data(self, turn, data, event=None, at_end=False):
        if data.strip(BLANK).startswith("[DONE]"):
            return
        value = event_value(turn, data, event, at_end)
        if isinstance(value, dict):
            self.take(value)
            if event == "error" and not turn.failed:
                turn.fail(message_in(value))

    # What it all means

    def finish(self):
        turn = self.turn
        stopped = turn.complete or all(block.stopped for block in self.blocks)
        turn.complete = turn.complete or turn.finish is not None
        before = None
        for block in self.blocks:
            self.finish_block(block, before, stopped)
            before = block.kind
        if self.explanation:    # to be shown; whether as text is left open
            turn.shows.append(words(self.explanation))
            turn.text_parts.append(["", self.explanation])
        inputs = [self.counts[key] for key in INPUTS if key in self.counts]
        turn.set_usage(input=sum(inputs) if inputs else None,
                       output=self.counts.get("output_tokens"),
                       reasoning=self.thinking_count,
                       cached=self.counts.get("cache_read_input_tokens"))

    def finish_block(self, block, before, stopped):
        turn = self.turn
        if block.kind == "text":
            if before == "text" and turn.text_parts and block.text:
                block.text = turn.text_parts.pop()[0] + block.text
            add_part(turn.text_parts, block.text)
        elif block.kind == "thinking":
            add_part(turn.thinking_parts, block.text)
            if block.signature:
                turn.opaque.append({"kind": "signature", "json": block.signature})
        elif block.kind == "redacted_thinking":
            turn.opaque.append({"kind": "redacted-thinking",
                                "json": block.start.get("data")})
        elif block.kind == "tool_use":
            given = typed(block.start.get("input"), dict)
            turn.calls.new(
                name=string(block.start, "name"), id=string(block.start, "id"),
                arguments=block.input or (json.dumps(given) if given else ""),
                as_json=not block.input and bool(given), closed=stopped)
        elif block.kind:
            turn.opaque.append(block.raw())
            if block.kind == "fallback":        # who answered in the end
                turn.model = string(block.start, "to", "model") or turn.model


def read_anthropic(turn, body):
    message = Message(turn)
    if is_bare(body):
        try:
            value = parse_loose(body)
        except ValueError:
            value = None
        if isinstance(value, dict):
            message.take(value)
        elif isinstance(value, list):
            turn.fail(message_in(value))
    else:
        read_sse(turn, body, message.take_data)
    message.finish()
