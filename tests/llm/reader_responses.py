# SPDX-License-Identifier: MIT
"""The second reader of the dialect responses: section 3 of the notes.

An answer is a list of items; events say what becomes of each, and snapshots say
it again. Everything is gathered by item first and read at the end: what was
streamed, else what "done" said, else the copy of the item, else the snapshot.
"""
from framing import event_value, is_bare, read_sse
from turn import (BLANK, add_part, get, message_in, objects, parse_loose, string,
                  typed)

TERMINAL = {"response.completed": "completed", "response.incomplete": "incomplete",
            "response.failed": "failed"}
TEXTS = {"response.output_text": "text", "response.refusal": "text",
         "response.reasoning_summary_text": "summary",
         "response.reasoning_text": "content"}
KNOWN = ("message", "reasoning", None)


class Item:
    def __init__(self):
        self.kind = None
        self.streams = {}       # (field, index) -> [deltas, done or None]
        self.arguments = ""
        self.whole_arguments = None
        self.copy = {}          # of output_item.added, done, or the snapshot
        self.closed = False
        self.closed_at = float("inf")

    def take_text(self, field, index, delta=None, done=None):
        stream = self.streams.setdefault((field, index), ["", None])
        stream[0] += delta or ""
        stream[1] = stream[1] or done

    def take_copy(self, copy, closed):
        self.kind = self.kind or string(copy, "type")
        self.copy = {**self.copy, **copy}
        self.closed = self.closed or closed
        if not closed:
            return
        fields = ({"text": "content"} if self.kind == "message" else
                  {"summary": "summary", "content": "content"})
        for field, member in fields.items():
            for index, part in enumerate(objects(copy, member)):
                said = string(part, "text") or string(part, "refusal")
                self.take_text(field, index, done=said)


class Response:
    def __init__(self, turn):
        self.turn = turn
        turn.blocks = True
        self.items = {}         # by output_index; by id where there is none
        self.closed_count = 0
        self.completed = False

    def item(self, event, ident):
        index = typed(event.get("output_index"), int)
        return self.items.setdefault(ident if index is None else index, Item())

    def take(self, event):
        kind = string(event, "type") or ""
        if get(event, "object") == "response" and not kind:
            self.take_end(string(event, "status"), event)
        elif get(event, "error") or kind == "error":
            self.turn.fail(message_in(event))
        elif kind in TERMINAL:
            self.take_end(TERMINAL[kind], event.get("response"))
        elif get(event, "response"):
            self.turn.model = self.turn.model or string(event, "response", "model")
        elif kind.startswith("response.output_item."):
            self.take_item(self.item(event, string(event, "item", "id")),
                           typed(event.get("item"), dict) or {}, kind.endswith(".done"))
        else:
            self.take_part(kind, event)

    def take_item(self, item, copy, closed):
        item.take_copy(copy, closed)
        if closed:
            self.closed_count += 1
            item.closed_at = min(item.closed_at, self.closed_count)

    def take_part(self, kind, event):
        stem, _, what = kind.rpartition(".")
        if what not in ("delta", "done"):
            return
        item = self.item(event, string(event, "item_id"))
        if stem in TEXTS:
            field = TEXTS[stem]
            index = event.get("summary_index" if field == "summary" else "content_index")
            item.take_text(field, typed(index, int) or 0, string(event, "delta"),
                           string(event, "text") or string(event, "refusal"))
        elif stem == "response.function_call_arguments":
            item.arguments += string(event, "delta") or ""
            item.whole_arguments = string(event, "arguments") or item.whole_arguments

    def take_end(self, status, response):
        turn = self.turn
        turn.ended = turn.complete = status in TERMINAL.values()
        turn.model = turn.model or string(response, "model")
        if status == "failed":
            turn.fail(message_in(response))
        self.completed = status == "completed"
        if status == "incomplete":
            turn.finish = string(response, "incomplete_details", "reason")
        usage = get(response, "usage")
        if isinstance(usage, dict):
            turn.set_usage(
                input=usage.get("input_tokens"), output=usage.get("output_tokens"),
                cached=get(usage, "input_tokens_details", "cached_tokens"),
                reasoning=get(usage, "output_tokens_details", "reasoning_tokens"))
        self.take_snapshot(objects(response, "output"))

    def take_snapshot(self, output):
        """Only what was never streamed, or never finished. An item is known by
        its id, where that stays the same, else by its place."""
        ids = {string(item.copy, "id"): item for item in self.items.values()}
        indexed = any(isinstance(key, int) for key in self.items)
        for index, copy in enumerate(output):
            ident = string(copy, "id")
            item = ids.get(ident) if ident else None
            if not item:
                key = index if indexed or not self.items else ident
                item = self.items.setdefault(key, Item())
            if not item.closed:
                self.take_item(item, copy, True)

    def take_data(self, turn, data, event=None, at_end=False):
        if data.strip(BLANK).startswith("[DONE]"):
            turn.ended = True
            return
        value = event_value(turn, data, event, at_end)
        if isinstance(value, dict):
            self.take(value)
            if event == "error" and not turn.failed:
                turn.fail(message_in(value))

    # What it all means

    def finish(self):
        for item in self.items.values():
            if item.kind == "function_call":
                self.finish_call(item)
            elif item.kind in KNOWN:
                self.finish_texts(item)
        for item in sorted(self.items.values(), key=lambda item: item.closed_at):
            if item.kind == "reasoning" and item.closed and (
                    string(item.copy, "encrypted_content")):
                self.turn.opaque.append({"kind": "reasoning-item", "json": item.copy})
            elif item.kind not in KNOWN + ("function_call",):
                self.turn.opaque.append({"kind": "block", "json": item.copy})

    def finish_texts(self, item):
        paragraphs = []
        for (field, _), (deltas, done) in item.streams.items():
            if field == "text" or item.kind == "message":
                add_part(self.turn.text_parts, deltas, done)
            elif field == "summary":
                paragraphs.append(deltas or done or "")
            else:
                add_part(self.turn.thinking_parts, deltas, done)
        add_part(self.turn.thinking_parts, "\n\n".join(filter(None, paragraphs)))

    def finish_call(self, item):
        said = string(item.copy, "arguments")
        whole = said if item.closed else None
        self.turn.calls.new(
            name=string(item.copy, "name"), id=string(item.copy, "call_id"),
            arguments=whole or item.whole_arguments or item.arguments,
            closed=item.copy.get("status") != "incomplete" and (
                item.closed or item.whole_arguments is not None
                or self.completed))


def read_responses(turn, body):
    response = Response(turn)
    if is_bare(body):
        try:
            value = parse_loose(body)
        except ValueError:
            value = None
        if isinstance(value, dict):
            response.take(value)
        elif isinstance(value, list):
            turn.fail(message_in(value))
    else:
        read_sse(turn, body, response.take_data)
    response.finish()
