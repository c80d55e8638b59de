#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: compare.py PROGRAM SHARED [WORDS]

Run "PROGRAM decode" on every case of the files cases*.py and on every recording
under SHARED that is an answer of a model, and compare what comes out with what
is expected: by hand for a case, by reader.py for a recording. The reader has to
agree with the cases, too. WORDS: only what has them in its name, or a dialect.

A case is decoded whole, as a file, and from standard input in pieces, one byte
each where that is short; a recording in pieces, one in WHOLE_OF whole. Of one
in ROUND_TRIP_OF of all that is complete the events are decoded as the dialect
"events" and have to mean the same again. (A run of the program costs some 5 ms
of processor, most of it the loader's.) Differences go to stderr; the last line
counts.
"""
import concurrent.futures
import json
import os
import pathlib
import random
import re
import socket
import subprocess
import sys
import tempfile

import cases
import cases_anthropic  # noqa: F401 (each adds its rows to CASES)
import cases_events  # noqa: F401
import cases_ollama  # noqa: F401
import cases_responses  # noqa: F401
import judge
import reader
from cases import CASES
from recordings import recordings

TIMEOUT = 300                   # seconds for one run of the program
BYTEWISE_MAX = 1024             # bytes of what is sent one by one
PIECES = 12                     # about that many of what is longer
PIECE_MAX = 32768               # a packet is lost as far as a read is shorter
WHOLE_OF = 8
ROUND_TRIP_OF = 4
LAST_NUMBER = 147               # of the cases in the notes about these dialects


# What the program says

def pieces(body, seed):
    if len(body) <= BYTEWISE_MAX:
        return [body[at:at + 1] for at in range(len(body))]
    lengths, found, at = random.Random(seed), [], 0
    while at < len(body):
        length = lengths.randint(1, min(2 * len(body) // PIECES, PIECE_MAX))
        found.append(body[at:at + length])
        at += length
    return found


def send(end, parts):
    """Each part is one packet, so that each read of the program gets one."""
    with end:
        end.settimeout(TIMEOUT)
        try:
            for part in parts:
                end.send(part)
        except (BrokenPipeError, ConnectionResetError):
            pass                # it had read enough


def events_of(status, out, err):
    """(exit status, events), or a sentence about what went wrong."""
    try:
        events = [json.loads(line) for line in out.decode().split("\n")[:-1]]
    except ValueError as problem:
        return str(problem)
    if status < 0 or not events or not out.endswith(b"\n"):
        return "status %d, %d lines: %s" % (
            status, len(events), err.decode("utf-8", "replace")[-2000:])
    if not all(isinstance(event, dict) and isinstance(event.get("type"), str)
               for event in events):
        return "a line that is no event"
    return status, events


def run(program, dialect, path=None, parts=None):
    """Decode the file, or what is to be read in these parts."""
    command = [program, "decode", dialect] + ([str(path)] if path else [])
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        try:
            child = subprocess.Popen(command, stdin=theirs, stdout=out, stderr=err)
            theirs.close()
            send(ours, parts or [])
            status = child.wait(TIMEOUT)
        except OSError as problem:
            return str(problem)
        except subprocess.TimeoutExpired as problem:
            child.kill()
            child.wait()
            return str(problem)
        out.seek(0)
        err.seek(0)
        return events_of(status, out.read(), err.read())


# One case or recording, in all ways

def again(program, expected, result, parts_of):
    """The events of a complete answer, read as the dialect "events"."""
    lines = "".join(json.dumps(event) + "\n" for event in result[1]).encode()
    calls = [{**call, "whole": True} for call in expected["calls"] if call["whole"]]
    found = run(program, "events", parts=parts_of(lines))
    return judge.differences({**expected, "calls": calls}, found, "events")


class Item:
    """A case or recording, and in which ways it is decoded."""

    def __init__(self, number, source):
        self.name = source.name
        self.dialect = source.dialect
        self.body = source.body
        self.expected = getattr(source, "expected", None)
        self.whole = bool(self.expected) or not number % WHOLE_OF
        self.in_pieces = bool(self.expected) or not self.whole
        self.round_trip = number % ROUND_TRIP_OF == 1 and source.dialect != "events"
        self.number = number


def examine(program, work, item):
    """(way, what, expected, got) of all that differs."""
    expected = item.expected or reader.read(item.dialect, item.body)
    found, result = [], None
    if item.whole:
        path = pathlib.Path(work, "body%d" % item.number)
        path.write_bytes(item.body)
        result = run(program, item.dialect, path)
        path.unlink()
        found += [("", *difference) for difference in
                  judge.differences(expected, result, item.dialect)]
    if item.in_pieces:
        result = run(program, item.dialect, parts=pieces(item.body, item.name))
        found += [(" in pieces", *difference) for difference in
                  judge.differences(expected, result, item.dialect)]
    if item.round_trip and not found and expected["outcome"] == "complete":
        found += [(" as events", *difference) for difference in again(
            program, expected, result, lambda lines: pieces(lines, item.name))]
    return found


def report(name, found):
    """True if nothing differs."""
    for way, what, expected, got in found:
        print("decode: %s%s: %s: expected %s, got %s" % (
            name, way, what, judge.short(expected), judge.short(got)),
              file=sys.stderr)
    return not found


def examine_all(program, sources):
    """For each: did it pass?"""
    with tempfile.TemporaryDirectory() as work, \
            concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        os.environ.update(HOME=work, XDG_CONFIG_HOME=work, XDG_DATA_HOME=work,
                          XDG_STATE_HOME=work)
        jobs = [(source.name, pool.submit(examine, program, work,
                                          Item(number, source)))
                for number, source in enumerate(sources)]
        return [report(name, job.result()) for name, job in jobs]


def lost_numbers():
    """The numbers of the notes that have neither a row nor a line in cases.py
    that says where they are tested."""
    known = set(re.findall(r"\b\d+\b", cases.__doc__))
    for case in CASES:
        known.add(re.match(r"case (\d*)", case.name)[1])
    return [number for number in range(1, LAST_NUMBER + 1) if str(number) not in known]


def main():
    program, shared = sys.argv[1], pathlib.Path(sys.argv[2])
    wanted = sys.argv[3] if len(sys.argv) > 3 else ""
    results, left_out, skipped = [], {}, 0
    if not (shared / "captures").is_dir() or not (shared / "fixtures").is_dir():
        print("skipped, shared: no recordings in %s" % shared, file=sys.stderr)
        skipped = 1
    for case in CASES:
        found = judge.reader_differences(case, reader.read(case.dialect, case.body))
        results.append(report("reader: " + case.name,
                              [("", *difference) for difference in found]))
    results.append(report("cases", [("", "without a row", [], number)
                                    for number in lost_numbers()]))
    sources = [source for source in CASES + list(recordings(shared, left_out))
               if wanted in source.name or wanted == source.dialect]
    results += examine_all(program, sources)
    print("decode: left out: " + (", ".join(
        "%d files %s" % (count, reason) for reason, count in sorted(left_out.items()))
        or "nothing"))
    print("decode: %d passed, %d failed, %d skipped" % (
        sum(results), len(results) - sum(results), skipped))
    sys.exit(not all(results))


if __name__ == "__main__":
    main()
