# SPDX-License-Identifier: MIT
"""Deaths of the whole client, on a terminal of its own."""
import fcntl
import os
import pty
import random
import re
import select
import signal
import struct
import termios
import time

from world import (DISK, HEAD, MODEL, PROGRAM, END, Home, Server, answer, delta,
                   finished, last_run, need, piece, prompts, read_session, sound)

DEADLINE_S = 120
PIECES, PIECE, PACE_MS, TURNS = 30, 60, 10, 24
CALLS = 200  # of three prompts, more or less
DEATHS = ("client", "guard", "group", "hang-up", "term", "stop")
# These leave the client the time to bring in what it has.
GENTLE = ("hang-up", "term")
SHOWN = re.compile(rb"<(\d{6})>")


def numbers(turn):
    """Those of the pieces of an answer; no two answers have one in common."""
    return range(turn * 1000, turn * 1000 + PIECES)


def scenario(turn):
    return (HEAD.replace("forever", "1") +
            "".join(delta(number, PIECE) + f"delay {PACE_MS}\n"
                    for number in numbers(turn)) + END)


def whole(turn):
    return "".join(piece(number, PIECE) for number in numbers(turn))


class Gone(Exception):
    """The terminal has ended, and so has who had it."""


class Client:
    """The program on a terminal that is read whenever somebody waits."""

    def __init__(self, home, words, extra=None):
        self.out, self.shown = b"", {}
        self.guard, self.master = pty.fork()
        if self.guard == 0:
            os.chdir(home.path)
            os.execve(PROGRAM, ["sennit", "-m", MODEL, *words],
                      {**home.environment, **(extra or {})})
        fcntl.ioctl(self.master, termios.TIOCSWINSZ,
                    struct.pack("HHHH", 24, 80, 0, 0))
        self.client = None

    def read(self, seconds):
        """False: the terminal is gone."""
        if not select.select([self.master], [], [], seconds)[0]:
            return True
        try:
            got = os.read(self.master, 65536)
        except OSError:
            return False
        start = max(len(self.out) - 16, 0)
        self.out += got
        for found in SHOWN.findall(self.out[start:]):
            self.shown.setdefault(int(found), time.monotonic())
        return bool(got)

    def until(self, condition, words):
        end = time.monotonic() + DEADLINE_S
        while not condition():
            need(time.monotonic() < end,
                 f"{words}; the end of its output: {self.out[-500:]!r}")
            if not self.read(0.05):
                raise Gone(words)

    def say(self, prompt, server):
        """Type a prompt and see it arrive. Enter that comes with other bytes
        is a line break, as of a paste. A draft may stand before it that an
        earlier death has left."""
        mark = prompt.encode()
        self.until(lambda: b"F1 help" in self.out, "it does not start")
        os.write(self.master, b"\x1b[200~" + mark + b"\x1b[201~")
        self.until(lambda: mark in self.out, "the prompt is not echoed")
        os.write(self.master, b"\r")
        self.until(lambda: prompt in server.received(),
                   "the prompt does not arrive")

    def children(self):
        path = f"/proc/{self.guard}/task/{self.guard}/children"
        try:
            with open(path, encoding="ascii") as file:
                return [int(pid) for pid in file.read().split()]
        except FileNotFoundError:
            return []

    def die(self, kind):
        self.killed_at = time.monotonic()
        # The guard is the parent of the client, and of nobody else here.
        client = (self.children() or [0])[0]
        if kind == "client":
            os.kill(client, signal.SIGKILL)
        elif kind == "guard":
            os.kill(self.guard, signal.SIGKILL)
        elif kind == "group":
            try:
                os.killpg(self.guard, signal.SIGKILL)
            except ProcessLookupError:
                pass  # it was quicker
        elif kind == "hang-up":
            os.close(self.master)
        elif kind == "term":
            os.kill(self.guard, signal.SIGTERM)
        else:  # stopped, as by a debugger or a shell, and never continued
            os.kill(client, signal.SIGSTOP)
            os.killpg(self.guard, signal.SIGKILL)
        self.gone(client, kind)

    def gone(self, client, kind):
        """Wait until nobody is left who could write."""
        end = time.monotonic() + DEADLINE_S
        while alive(client) or alive(self.guard):
            need(time.monotonic() < end, "it outlives its death")
            if kind != "hang-up":
                self.read(0.01)
            else:
                time.sleep(0.01)
            try:
                os.waitpid(self.guard, os.WNOHANG)
            except ChildProcessError:
                pass
        if kind != "hang-up":
            os.close(self.master)


def alive(pid):
    if not pid:
        return False
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def turns_of(events):
    """By run: which of the answers it has, and how much of it."""
    found = {}
    for run in range(1, last_run(events) + 1):
        text = answer(events, run)
        if text:
            found[run] = (int(text[1:7]) // 1000 if len(text) > 7 else None,
                          text)
    return found


def look(client, home, asked, before, kind, note):
    """What is there after a death; `asked` has reached the server."""
    files = home.sessions()
    need(len(files) == 1 or not (files or asked), f"{len(files)} sessions")
    events = read_session(files[0]) if files else []
    need(events[:len(before)] == before, "what was there has changed")
    kept = " ".join(prompts(events))
    for prompt in asked:
        need(prompt in kept, f"{prompt} was sent and is not kept")
    for path in home.others():
        sound(path)
    by_turn = {}
    for turn, text in turns_of(events).values():
        if turn is not None:
            need(whole(turn).startswith(text), "another answer is kept")
            by_turn[turn] = text
    for number in client.shown:
        turn, place = divmod(number, 1000)
        have = len(by_turn.get(turn, ""))
        if (place + 1) * PIECE <= have:
            continue
        age = max(client.killed_at - client.shown[number], 0)
        note((place + 1) * PIECE - have, age)
        need(kind not in GENTLE, f"piece {number} was shown and is not kept, "
             f"though it was asked to leave ({kind})")
    if kind in GENTLE:
        need(set(range(1, last_run(events) + 1)) <= finished(events),
             f"it left a run open ({kind})")
    else:
        earlier = set(range(1, last_run(events)))
        need(earlier <= finished(events), "an earlier run has no end")
    return events


def begin(number, folder):
    server = Server(os.path.join(folder, "server"),
                    *(scenario(turn) for turn in range(TURNS)))
    return server, Home(os.path.join(folder, f"home{number}"), server)


def trial(number, folder, seed, note):
    """Five deaths of one session, each after one to three prompts."""
    chance = random.Random(seed * 7919 + number)
    server, home = begin(number, folder)
    before, asked = [], []
    try:
        for death in range(5):
            client = Client(home, ["-c"] if before else [])
            for prompt in range(chance.randrange(1, 4)):
                asked.append(f"say{number}x{death}x{prompt}.")
                client.say(asked[-1], server)
            end = time.monotonic() + chance.random() * 0.4
            while time.monotonic() < end:
                client.read(0.01)
            kind = DEATHS[(number * 5 + death) % len(DEATHS)]
            client.die(kind)
            before = look(client, home, asked, before, kind, note)
    finally:
        server.close()


def calls_trial(number, folder, seed, note):
    """The same, but the client dies at a call to the disk, or in it: of the
    session, the drafts, whatever it has files for."""
    chance = random.Random(seed * 7907 + number)
    server, home = begin(number, folder)
    before, typed = [], []
    try:
        for death in range(5):
            extra = {"LD_PRELOAD": DISK, "DISK_ROOT": f"{home.path}/",
                     "DISK_KILL": str(chance.randrange(1, CALLS))}
            if chance.random() < 0.5:
                extra["DISK_TORN"] = "1"
            client = Client(home, ["-c"] if home.sessions() else [], extra)
            try:
                for prompt in range(3):
                    typed.append(f"say{number}x{death}x{prompt}.")
                    client.say(typed[-1], server)
                end = time.monotonic() + 1
                while time.monotonic() < end and client.read(0.01):
                    pass
            except Gone:
                pass
            client.die("group")
            received = server.received()
            before = look(client, home,
                          [prompt for prompt in typed if prompt in received],
                          before, "calls", note)
    finally:
        server.close()
