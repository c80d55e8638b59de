#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: compare.py PROGRAM SHARED

Run "PROGRAM decode" on every case of cases.py and on every recording under
SHARED that fits one of the two dialects, and compare what comes out with what
is expected: by hand for a case, by reader.py for a recording. The reader has to
agree with the cases, too. Differences go to stderr; the last line counts.

Which recordings fit:
- Under captures, NAME.http and NAME.wire, by the request in NAME.req: POST (or
  GET, a mistake that was recorded) of /api/chat is ollama, of
  /v1/chat/completions chat-completions; any other request is left out.
- Under fixtures, by content, never a file or folder named after another
  protocol (OTHERS). A JSON object (the body, a line, or a data: line) with
  "choices" is chat-completions, unless they are the old text completions;
  one with "message" and "done" is ollama. A body that is an error and nothing
  else tells no dialect: it counts where file or folder is named "chat".
"""
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import cases
import reader

SUFFIXES = (".sse", ".json", ".txt", ".ndjson", ".http", ".wire")
OTHERS = re.compile(r"(^|/)(responses|messages|mcp|embed|text_|anthropic[^/]*/)")
PATHS = {"/api/chat": "ollama", "/v1/chat/completions": "chat-completions"}
STATUS = {"complete": (0,), "cut": (3,), "error": (1, 2, 4, 5, 6)}
TIMEOUT = 20                    # seconds for one run of the program


# Which recordings fit

def by_request(path):
    request = path.with_suffix(".req")
    if path.suffix not in (".http", ".wire") or not request.exists():
        return None
    method, target = (request.read_bytes().split(b"\r\n")[0].decode() + " ").split(" ")[:2]
    return PATHS.get(target) if method in ("POST", "GET") else None


def objects(text):
    """The JSON objects of a body, whatever frames them."""
    for part in [text] + re.split(r"[\r\n]+", text):
        try:
            value = reader.parse_loose(re.sub(r"^data:", "", part.strip()))
        except ValueError:
            continue
        if isinstance(value, dict):
            yield value
            if part is text:
                return


def by_content(path, root):
    if (path.suffix not in SUFFIXES or
            OTHERS.search(path.relative_to(root).as_posix())):
        return None
    failed = False
    for value in objects(path.read_text("utf-8-sig", "replace")):
        if isinstance(value.get("choices"), list):
            if not any("text" in choice and not ("delta" in choice or "message" in choice)
                       for choice in value["choices"] if isinstance(choice, dict)):
                return "chat-completions"
        if isinstance(value.get("message"), dict) and "done" in value:
            return "ollama"
        failed = failed or "error" in value
    if failed and (path.name.startswith("chat") or path.parent.name == "chat"):
        return "chat-completions"
    return None


def recordings(shared):
    for folder, rule in (("captures", by_request),
                         ("fixtures", lambda path: by_content(path, shared / folder))):
        for path in sorted((shared / folder).rglob("*")):
            dialect = rule(path) if path.is_file() else None
            if dialect:
                yield dialect, path


# What the program says

def run(program, dialect, path):
    """(exit status, events), or a sentence about what went wrong."""
    try:
        done = subprocess.run([program, "decode", dialect, str(path)],
                              stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=TIMEOUT, check=False)
        events = [json.loads(line) for line in done.stdout.decode().split("\n")[:-1]]
    except (OSError, ValueError, subprocess.TimeoutExpired) as problem:
        return str(problem)
    if done.returncode < 0 or not events or not done.stdout.endswith(b"\n"):
        return "status %d, %d lines: %s" % (
            done.returncode, len(events), done.stderr.decode("utf-8", "replace")[-2000:])
    if not all(isinstance(event, dict) and isinstance(event.get("type"), str)
               for event in events):
        return "a line that is no event"
    return done.returncode, events


def short(value):
    text = json.dumps(value)
    return text if len(text) < 300 else "%s … %s (%d)" % (text[:140], text[-120:], len(text))


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
    wanted = [call for call in expected["calls"] if call["whole"]]
    started = {event.get("call"): event for event in events
               if event["type"] == "tool-call-start"}
    ended = [event for event in events if event["type"] == "tool-call-end"]
    if len(ended) != len(wanted):
        yield "calls", [call["name"] for call in wanted], [
            [event.get("name"), event.get("arguments")] for event in ended]
        return
    for call, event in zip(wanted, sorted(ended, key=lambda end: end.get("call") or 0)):
        if event.get("name") != call["name"]:
            yield "call's name", call["name"], event.get("name")
        if call["id"] and event.get("id") != call["id"]:
            yield "call's id", call["id"], event.get("id")
        if not same_arguments(call, event.get("arguments")):
            yield "arguments", call["arguments"], event.get("arguments")
        if event.get("call") not in started:
            yield "tool-call-start", call["name"], None


def differences(expected, result):
    """(what, expected, got) for all that differs."""
    if isinstance(result, str):
        yield "run", "events", result
        return
    status, events = result
    finished = events[-1]
    if status not in STATUS[expected["outcome"]]:
        yield "exit status", STATUS[expected["outcome"]], status
    if finished["type"] != "run-finished":
        yield "last line", "run-finished", finished["type"]
    for field in ("outcome", "finish_reason"):
        if (finished.get(field) or None) != expected[field]:
            yield field, expected[field], finished.get(field)
    error = finished.get("error")
    error = error if isinstance(error, str) else json.dumps(error) if error else ""
    if (expected["outcome"] == "error") > bool(error) or (
            expected["outcome"] == "complete" and error):
        yield "error", expected["outcome"] == "error", error
    if (expected["error_contains"] or "").lower() not in error.lower():
        yield "error", expected["error_contains"], error
    for kind in ("text", "thinking"):
        deltas = [event.get("text") for event in events
                  if event["type"] == kind + "-delta"]
        if not all(isinstance(delta, str) and delta for delta in deltas):
            yield kind + "-delta", "text in each", deltas
        elif "".join(deltas) != expected[kind]:
            yield kind, expected[kind], "".join(deltas)
    yield from call_differences(expected, events)
    usage = [event for event in events if event["type"] == "usage"] or [{}]
    for key, value in expected["usage"].items():
        if usage[-1].get(key) != value:
            yield "usage " + key, value, usage[-1].get(key)
    models = [event.get("model") for event in events
              if event["type"] == "model-reported"] or [None]
    if models[-1] != expected["model"]:
        yield "model", expected["model"], models[-1]
    seqs = [event.get("seq") for event in events]
    if not all(isinstance(seq, int) for seq in seqs) or any(
            a >= b for a, b in zip(seqs, seqs[1:])):
        yield "seq", "strictly increasing", seqs


# The reader against the cases

def reader_differences(case):
    got = reader.read(case.dialect, case.body)
    for key, value in case.expected.items():
        if key == "error_contains":
            same = (value or "").lower() in (got[key] or "").lower()
        elif key == "calls":
            same = len(value) == len(got[key]) and all(
                {**a, "arguments": ""} == {**b, "arguments": ""} and
                same_arguments(a, b["arguments"]) for a, b in zip(value, got[key]))
        else:
            same = value == got[key]
        if not same:
            yield key, value, got[key]


def report(name, found):
    """True if nothing differs."""
    for what, expected, got in found:
        print("decode: %s: %s: expected %s, got %s" % (
            name, what, short(expected), short(got)), file=sys.stderr)
    return not found


def main():
    program, shared = sys.argv[1], pathlib.Path(sys.argv[2])
    results, skipped = [], 0
    with tempfile.TemporaryDirectory() as work, \
            concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        os.environ.update(HOME=work, XDG_CONFIG_HOME=work, XDG_DATA_HOME=work,
                          XDG_STATE_HOME=work)
        jobs = []
        for number, case in enumerate(cases.CASES):
            results.append(report("reader: " + case.name, list(reader_differences(case))))
            path = pathlib.Path(work, "case%d" % number)
            path.write_bytes(case.body)
            jobs.append((case.name, case.expected,
                         pool.submit(run, program, case.dialect, path)))
        if (shared / "captures").is_dir() and (shared / "fixtures").is_dir():
            for dialect, path in recordings(shared):
                jobs.append(("%s (%s)" % (path.relative_to(shared), dialect),
                             reader.read(dialect, path.read_bytes()),
                             pool.submit(run, program, dialect, path)))
        else:
            print("skipped, shared: no recordings in %s" % shared, file=sys.stderr)
            skipped = 1
        for name, expected, job in jobs:
            results.append(report(name, list(differences(expected, job.result()))))
    print("decode: %d passed, %d failed, %d skipped" % (
        sum(results), len(results) - sum(results), skipped))
    sys.exit(not all(results))


if __name__ == "__main__":
    main()
