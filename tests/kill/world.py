# SPDX-License-Identifier: MIT
"""What the killer kills in: a scripted server that sends a text whose every
piece is known, homes for the program, and sessions as they lie on the disk.

A session's file is read here by a second decoder of its format (graph/event.c,
graph/log.c, store/session_file.h): whatever is in it must be whole.
"""
import os
import pathlib
import sqlite3
import struct
import subprocess

PROGRAM = os.path.abspath(os.environ.get("PROGRAM", "build/release/sennit"))
SERVER = os.path.abspath(os.environ.get("SERVER", "build/release/server"))
DISK = os.path.join(os.path.dirname(PROGRAM), "disk.so")
MODEL = "small:1b"
HEAD = "match POST /api/chat\ntimes forever\nstatus 200 OK\nchunked\n"

SESSION_OPENED, PROMPT_QUEUED, USER_MESSAGE = 1, 3, 4
TEXT_DELTA, RUN_FINISHED = 11, 27
FIELD_TEXT = 1


class Broken(Exception):
    """A promise that was not kept."""


def need(condition, words):
    if not condition:
        raise Broken(words)


# ---- The text and its server.

def piece(number, size=80):
    """The deltas all differ, so that none can be lost or doubled unseen."""
    return f"<{number:06d}> {'abcdefghij' * (size // 10)}"[:size - 1] + "\n"


def text(count, size=80):
    return "".join(piece(number, size) for number in range(count))


def delta(number, size=80):
    content = piece(number, size).replace("\n", "\\n")
    return (f'line {{"model":"{MODEL}","message":{{"content":"{content}"}},'
            '"done":false}\n')


END = (f'line {{"model":"{MODEL}","message":{{"content":""}},"done":true,'
       '"done_reason":"stop","prompt_eval_count":5,"eval_count":9}\n')


def stream(count, delay_ms, size=80):
    """An answer of so many pieces; where each was sent the log says."""
    pace = f"delay {delay_ms}\n" if delay_ms else ""
    return HEAD + "".join(delta(number, size) + pace
                          for number in range(count)) + END


class Server:
    """One for a worker; scenarios may await files in its folder."""

    def __init__(self, folder, *scenarios):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True)
        self.log = self.folder / "log"
        lists = (
            "match GET /api/tags\ntimes forever\nstatus 200 OK\nchunked\n"
            f'line {{"models":[{{"name":"{MODEL}","size":1000}}]}}\n',
            "match GET /api/ps\ntimes forever\nstatus 200 OK\nchunked\n"
            'line {"models":[]}\n')
        paths = []
        for number, scenario in enumerate(scenarios + lists):
            paths.append(self.folder / f"{number}.scenario")
            paths[-1].write_text(scenario)
        self.process = subprocess.Popen(
            [SERVER, "-l", self.log, "-t", "3600", *paths],
            stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def received(self):
        return self.log.read_text() if self.log.exists() else ""

    def close(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


# ---- The program's home.

class Home:
    def __init__(self, folder, server):
        self.path = pathlib.Path(folder)
        self.path.mkdir(parents=True)
        self.data = self.path / "data"
        self.environment = {
            "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8",
            "TERM": "xterm-256color", "HOME": str(self.path),
            "XDG_CONFIG_HOME": str(self.path / "config"),
            "XDG_STATE_HOME": str(self.path / "state"),
            "XDG_DATA_HOME": str(self.data),
            "OLLAMA_HOST": f"127.0.0.1:{server.port}",
            **{name: value for name, value in os.environ.items()
               if name.endswith("SAN_OPTIONS")}}

    def sessions(self):
        """The files of sessions; one of no size is none yet."""
        found = (self.data / "sennit" / "sessions").glob("*.db")
        return sorted(path for path in found if path.stat().st_size)

    def others(self):
        """Files that are no truth, and must be whole all the same."""
        return [path for folder in (self.data, self.path / "state")
                for path in (folder / "sennit").glob("*.db")]


# ---- A session as it lies there.

def varint(data, at):
    number = shift = 0
    while True:
        need(at < len(data) and shift < 70, "a number without an end")
        number |= (data[at] & 0x7f) << shift
        shift += 7
        at += 1
        if data[at - 1] < 0x80:
            return number, at


def event(data):
    """(type, run, attempt, text) of one packed event, all of which is used."""
    stamps, at = [], 0
    for _ in range(5):
        number, at = varint(data, at)
        stamps.append(number)
    found = None
    for _ in range(stamps[4]):
        key, at = varint(data, at)
        if key & 3 == 1:
            at += 8
            continue
        length, at = varint(data, at)
        if key & 3 == 2:
            if key >> 2 == FIELD_TEXT:
                found = data[at:at + length]
            at += length
    need(at == len(data), "an event of the wrong length")
    return stamps[0], stamps[1], stamps[2], found


def events_of(batch):
    at = 8  # the time on which the others are based
    while at < len(batch):
        length, at = varint(batch, at)
        yield event(batch[at:at + length])
        at += length
    need(at == len(batch), "a batch of the wrong length")


def fnv(data):
    total = 14695981039346656037
    for byte in data:
        total = ((total ^ byte) * 1099511628211) & (2 ** 64 - 1)
    return struct.unpack("<q", struct.pack("<Q", total))[0]


def sound(path):
    try:
        db = sqlite3.connect(path)
        found = db.execute("PRAGMA integrity_check").fetchall()
        db.close()
    except sqlite3.Error as error:
        raise Broken(f"{path}: {error}") from error
    need(found == [("ok",)], f"{path}: {found}")


def read_session(path):
    """The events of a file; Broken where one is damaged, missing or doubled."""
    try:
        db = sqlite3.connect(path)
        found = db.execute("PRAGMA integrity_check").fetchall()
        need(found == [("ok",)], f"integrity: {found}")
        tables = db.execute("SELECT name FROM sqlite_master").fetchall()
        rows = db.execute("SELECT first_seq, last_seq, sum, bytes FROM batch "
                          "ORDER BY first_seq").fetchall() if tables else []
        db.close()
    except sqlite3.Error as error:
        raise Broken(f"{path}: {error}") from error
    events = []
    for first, last, total, data in rows:
        need(first == len(events) + 1, f"a gap or an overlap before {first}")
        need(fnv(data) == total, f"the sum of batch {first} is wrong")
        events += events_of(data)
        need(last == len(events), f"batch {first} does not hold what it says")
    return events


def answer(events, run):
    return b"".join(event[3] for event in events
                    if event[0] == TEXT_DELTA and event[1] == run).decode()


def last_run(events):
    return max((event[1] for event in events), default=0)


def prompts(events):
    return [event[3].decode() for event in events
            if event[0] in (PROMPT_QUEUED, USER_MESSAGE) and event[3]]


def finished(events):
    """Runs that have come to their end."""
    return {event[1] for event in events if event[0] == RUN_FINISHED}
