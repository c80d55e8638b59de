# SPDX-License-Identifier: MIT
"""Which recordings of the shared folder are answers of a model, in which
dialect, and how they are framed.

- Under captures, NAME.http or NAME.wire, which differ in the transfer coding
  only, by turns; by the request in NAME.req: a POST (or GET, a mistake that was
  recorded) of one of PATHS.
- Under fixtures, by content: see dialect_of(). A body that is an error and
  nothing else tells no dialect; the name of file or folder does.
- A file of the one origin that keeps payloads without framing, one per line,
  is framed here for the dialects that need their events' names, and cut where
  an answer has ended and another begins.
"""
import json
import re

import turn

ORIGINS = ("anthropic-sdk-python", "anthropic-sdk-typescript", "fantasy",
           "openllmetry", "pydantic-ai", "ruby_llm", "semantic-kernel",
           "vercel-ai")
SUFFIXES = (".sse", ".json", ".txt", ".ndjson", ".http", ".wire")
OTHERS = re.compile(r"(^|/)(mcp|embed|text_)")
PATHS = {"/api/chat": "ollama", "/v1/chat/completions": "chat-completions",
         "/v1/responses": "responses", "/v1/messages": "anthropic"}
NAMES = (("chat-completions", r"(^|/)chat"), ("responses", r"(^|/)responses"),
         ("anthropic", r"(^|/)(messages|anthropic)"))
BEGINNINGS = ("message_start", "response.created")
ENDS = ("message_stop", "response.completed", "response.incomplete",
        "response.failed")


class Recording:
    def __init__(self, name, dialect, body):
        self.name = name
        self.dialect = dialect
        self.body = body


def by_request(path, _):
    """(dialect, why not)"""
    request = path.with_suffix(".req")
    if not request.exists():
        return None, "without a request"
    method, target = (request.read_bytes().split(b"\r\n")[0].decode() + " ").split(" ")[:2]
    if method in ("POST", "GET") and target in PATHS:
        return PATHS[target], None
    return None, "of other requests"


def values(text):
    """The JSON values of a body, whatever frames them."""
    for part in [text] + re.split(r"[\r\n]+", text):
        try:
            value = turn.parse_loose(re.sub(r"^data:", "", part.strip()))
        except ValueError:
            continue
        yield value
        if part is text:
            return


def dialect_of(value):
    kind = turn.string(value, "type") or ""
    if kind in ("message_start", "content_block_start") or (
            kind == "message" and isinstance(value.get("content"), list)):
        return "anthropic"
    if kind.startswith("response.") or turn.get(value, "object") == "response":
        return "responses"
    choices = turn.get(value, "choices")
    if isinstance(choices, list) and not any(
            "text" in choice and not ("delta" in choice or "message" in choice)
            for choice in choices if isinstance(choice, dict)):
        return "chat-completions"
    if isinstance(turn.get(value, "message"), dict) and "done" in value:
        return "ollama"
    return None


def by_content(path, root):
    name = path.relative_to(root).as_posix()
    if path.suffix not in SUFFIXES or path.name == "index.jsonl":
        return None, "that are no recordings"
    if OTHERS.search(name):
        return None, "of other protocols"
    failed = False
    for value in values(path.read_text("utf-8-sig", "replace")):
        if isinstance(value, list) and value and "response" in value[0]:
            value = value[0]["response"]
        dialect = dialect_of(value)
        if dialect:
            return dialect, None
        failed = failed or bool(turn.get(value, "error"))
    for dialect, pattern in NAMES:
        if failed and re.search(pattern, name):
            return dialect, None
    return None, "without an answer"


def framed(lines):
    """Events of payloads that were kept one per line."""
    for line in lines:
        try:
            kind = turn.string(turn.parse_loose(line), "type")
        except ValueError:
            kind = None
        yield "%sdata: %s\n\n" % ("event: %s\n" % kind if kind else "", line)


def answers_of(lines):
    """The lines of each answer."""
    answer, ended = [], False
    for line in filter(str.strip, lines):
        try:
            kind = turn.string(turn.parse_loose(line), "type")
        except ValueError:
            kind = None
        if ended and kind in BEGINNINGS:
            yield answer
            answer, ended = [], False
        answer.append(line)
        ended = ended or kind in ENDS
    yield answer


def bodies_of(path, dialect):
    raw = path.read_bytes()
    if path.name.endswith(".chunks.txt") and dialect in ("anthropic", "responses"):
        lines = raw.decode("utf-8", "surrogateescape").split("\n")
        for answer in answers_of(lines):
            yield "".join(framed(answer)).encode("utf-8", "surrogateescape")
        return
    if path.suffix == ".json" and raw.lstrip()[:1] == b"[":
        exchanges = [item for item in json.loads(raw) if "response" in item]
        for exchange in exchanges:
            yield json.dumps(exchange["response"]).encode()
        if exchanges:
            return
    yield raw


def files(shared):
    """(path, the rule for it, the folder that its name is relative to)"""
    captures, fixtures = shared / "captures", shared / "fixtures"
    for number, path in enumerate(sorted(captures.rglob("*.wire"))):
        plain = path.with_suffix(".http")
        yield (plain if number % 2 and plain.exists() else path), by_request, captures
    for origin in ORIGINS:
        for path in sorted((fixtures / origin).rglob("*")):
            if path.is_file() and path.name not in ("ORIGIN.md", "index.jsonl"):
                yield path, by_content, fixtures


def recordings(shared, left_out):
    """All of them; left_out counts the files that are none, by reason."""
    for path, rule, root in files(shared):
        dialect, reason = rule(path, root)
        if not dialect:
            left_out[reason] = left_out.get(reason, 0) + 1
            continue
        for number, body in enumerate(bodies_of(path, dialect), 1):
            yield Recording("%s%s (%s)" % (
                path.relative_to(shared), "#%d" % number if number > 1 else "",
                dialect), dialect, body)
