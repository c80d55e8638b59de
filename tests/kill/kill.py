# SPDX-License-Identifier: MIT
"""Kills the real program while it talks, and looks at what is left.

usage: kill.py [RUNG...]          pauses, random, calls, client; all without

    pauses   what came is kept by time alone
    random   one-shot runs, at moments that chance decides
    calls    one-shot runs, before each call to the disk and in the middle of it
    client   the whole client on a terminal; every other one at such a call

$KILLS says how often (60). Whatever happens: each session's file is whole, all
that was there before is there still, what a server was asked is there, and of
an answer that was coming in at most 32 KiB, or what came in the last quarter of
a second, is missing. The last line counts.
"""
import concurrent.futures
import os
import pathlib
import random
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback

import client
from world import (DISK, HEAD, MODEL, PROGRAM, SESSION_OPENED, Broken, Home, Server,
                   answer, delta, finished, last_run, need, prompts,
                   read_session, sound, stream, text)

KILLS = int(os.environ.get("KILLS", "60"))
SEED = int(os.environ.get("KILL_SEED", "1"))
WORKERS = 2
DEADLINE_S = 120
LOST_BYTES, LOST_S = 32 * 1024, 0.25
# Where the machine has other things to do its clock says little; the bytes do.
NOISE_S = 2
PIECES, PIECE, PACE_MS = 60, 400, 10  # 40 kB/s for 0.6 s
BURST = 160  # pieces at once, 64 kB: two batches that their size makes
PAUSES = 8


class Run:
    """A one-shot run: what it printed, and when."""

    def __init__(self, home, words, extra=None, before=()):
        self.out, self.pieces, self.status = b"", [], None
        self.process = subprocess.Popen(
            [*before, PROGRAM, "-m", MODEL, *words], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=home.path,
            env={**home.environment, **(extra or {})})
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.process.stdout, selectors.EVENT_READ)

    def read(self, until_bytes, until_time):
        """Read until so much came, until a time, or to its end."""
        while len(self.out) < until_bytes:
            left = until_time - time.monotonic()
            if left <= 0 or not self.selector.select(left):
                return
            got = os.read(self.process.stdout.fileno(), 65536)
            if not got:
                return
            self.pieces.append((len(self.out), time.monotonic()))
            self.out += got

    def kill(self):
        self.killed_at = time.monotonic()
        self.process.kill()
        return self.end()

    def end(self):
        self.read(sys.maxsize, time.monotonic() + DEADLINE_S)
        self.selector.close()
        self.errors = self.process.stderr.read().decode()
        self.process.stdout.close()
        self.process.stderr.close()
        self.status = self.process.wait(DEADLINE_S)
        return self

    def age(self, offset):
        """Seconds for which this byte had been there when it was killed."""
        came = [at for start, at in self.pieces if start <= offset]
        return max(self.killed_at - came[-1], 0) if came else 0


class Tail:
    """What was lost, of all trials."""
    lock = threading.Lock()
    bytes, ages = [], []

    @classmethod
    def note(cls, lost, age):
        with cls.lock:
            cls.bytes.append(lost)
            cls.ages.append(age)

    @classmethod
    def describe(cls):
        if not cls.bytes:
            return "nothing was killed"
        sizes, ages = sorted(cls.bytes), sorted(cls.ages)
        middle, last = len(sizes) // 2, len(sizes) * 99 // 100
        return (f"lost tail of {len(sizes)}: {sizes[middle]} B (p50), "
                f"{sizes[last]} B (p99), {sizes[-1]} B (max); "
                f"{ages[middle] * 1000:.0f}, {ages[last] * 1000:.0f}, "
                f"{ages[-1] * 1000:.0f} ms")


def check_tail(run, whole, events):
    """What was printed and is not kept; returns what is kept of the answer."""
    shown = run.out.decode()
    kept = answer(events, last_run(events))
    need(whole.startswith(shown.rstrip("\n")), "it printed what nobody sent")
    need(whole.startswith(kept), "the answer that is kept is another one")
    lost = len(shown) - len(kept)
    if lost > 0:
        age = run.age(len(kept))
        Tail.note(lost, age)
        need(lost <= LOST_BYTES or age <= LOST_S + NOISE_S,
             f"{lost} bytes are lost, the first {age:.3f} s old")
    return kept


class Life:
    """A home whose one session goes on after each death."""

    def __init__(self, folder, server):
        self.home, self.server = Home(folder, server), server
        self.asked, self.before = [], []

    def words(self, prompt):
        self.asked.append(prompt)
        return (["-c"] if self.home.sessions() else []) + ["-p", prompt]

    def read_only(self, file):
        """A half-written commit does not keep those away who only read: it
        is taken back for them, too."""
        copy = Run(self.home, ["-c", "--fork", "-p", "copy"]).end()
        if not self.before and "nothing was kept in it" in copy.errors:
            return
        need(copy.status == 0, f"it cannot be read: {copy.errors}")
        forks = [path for path in self.home.sessions() if path != file]
        need(len(forks) == 1, f"{len(forks)} copies")
        events = read_session(forks[0])
        need("copy" in prompts(events) and
             events[:len(self.before)] == self.before, "the copy is none")
        for path in forks[0].parent.glob(forks[0].name + "*"):
            path.unlink()

    def look(self, run, whole):
        """Check what is there after a death."""
        prompt = self.asked[-1]
        files = self.home.sessions()
        need(len(files) <= 1, f"{len(files)} sessions")
        journal = pathlib.Path(f"{files[0]}-journal") if files else None
        if journal and journal.exists() and journal.stat().st_size:
            self.read_only(files[0])
        events = read_session(files[0]) if files else []
        need(events[:len(self.before)] == self.before,
             "what was there has changed")
        was_sent = f'"{prompt}"' in self.server.received()
        is_kept = prompt in prompts(events)
        need(is_kept or not was_sent, f"{prompt} was sent and is not kept")
        need(is_kept or not run.out, f"{prompt} is answered and not kept")
        need(not events or events[0][0] == SESSION_OPENED,
             "it does not begin with its opening")
        if is_kept:
            check_tail(run, whole, events)
        for path in self.home.others():
            sound(path)
        # What a death left open is closed before the next prompt is kept.
        earlier = set(range(1, last_run(events)))
        need(earlier <= finished(events), "an earlier run has no end")
        self.before = events


def reads(life):
    """The program opens it and goes on: once more, to the end."""
    run = Run(life.home, life.words("last words")).end()
    need(run.status == 0, f"it cannot go on: {run.errors}")
    events = read_session(life.home.sessions()[0])
    need(events[:len(life.before)] == life.before, "going on changed it")
    need(last_run(events) in finished(events), "a run that ended is open")
    need(answer(events, last_run(events)) == run.out.decode().rstrip("\n") or
         answer(events, last_run(events)) == run.out.decode(),
         "what was printed is not what is kept")


# ---- Rungs: each trial is a function of its number.

def random_trial(number, folder, server):
    """Lives of ten deaths each, at moments that chance decides."""
    chance = random.Random(SEED * 1000003 + number)
    life = Life(folder, server)
    whole = text(PIECES, PIECE)
    for death in range(10):
        run = Run(life.home, life.words(f"prompt {number}.{death}"))
        if chance.random() < 0.5:
            until = time.monotonic() + chance.random() * 0.8
            run.read(sys.maxsize, until)
        else:
            run.read(chance.randrange(1, len(whole)),
                     time.monotonic() + DEADLINE_S)
        run.kill()
        life.look(run, whole)
    reads(life)


def count_of(path):
    return int.from_bytes(path.read_bytes(), "little")


def calls_trial(number, folder, server):
    """Death before (even numbers) or in the middle of (odd ones) the nth call
    to the disk, of a new session and of one that goes on."""
    nth = number // 2 + 1
    whole = text(BURST, PIECE)
    life = Life(folder, server)
    counter = life.home.path / "count"
    for run_number in range(2):
        counter.write_bytes(bytes(8))
        extra = {"LD_PRELOAD": DISK, "DISK_ROOT": f"{life.home.path}/",
                 "DISK_COUNT": str(counter), "DISK_KILL": str(nth)}
        if number % 2:
            extra["DISK_TORN"] = "1"
        run = Run(life.home, life.words(f"prompt {number}.{run_number}"), extra)
        run.end()
        run.killed_at = time.monotonic()
        need(count_of(counter) > 0, "the disk was not looked at")
        if run.status == 0:
            need(count_of(counter) < nth, "it outlived its death")
        else:
            need(run.status == -signal.SIGKILL,
                 f"status {run.status}: {run.errors}")
        life.look(run, whole)
        if run.status == 0:
            need(last_run(life.before) in finished(life.before) and
                 answer(life.before, last_run(life.before)) == whole,
                 "it ended well and not all is kept")
    reads(life)


def pauses_trial(number, folder, server):
    """What has come is kept although nothing follows, by time alone; no death
    after that costs anything."""
    life = Life(folder, server)
    run = Run(life.home, life.words(f"pause {number}"))
    waits = []
    for place in range(PAUSES):
        whole = text(place + 1, PIECE)
        run.read(len(whole), time.monotonic() + DEADLINE_S)
        need(run.out.decode() == whole, f"no answer: {run.out!r}")
        begun, kept = time.monotonic(), ""
        while kept != whole:
            need(time.monotonic() < begun + DEADLINE_S,
                 f"only {len(kept)} bytes are ever kept")
            files = life.home.sessions()
            events = read_session(files[0]) if files else []
            kept = answer(events, last_run(events))
            time.sleep(0.02)
        waits.append(time.monotonic() - begun)
        if place < PAUSES - 1:
            (server.folder / f"go-{place}").touch()
    # The quickest of them, which nothing has held up.
    need(min(waits) < 2 * LOST_S, f"it took {min(waits)} s at the least")
    run.kill()
    life.look(run, whole)
    need(answer(life.before, 1) == whole, "it was kept, and is lost")


def client_trial(number, folder, _server):
    trial = client.calls_trial if number % 2 else client.trial
    trial(number // 2, folder, SEED, Tail.note)


RUNGS = {
    "random": (random_trial, [stream(PIECES, PACE_MS, PIECE)]),
    "calls": (calls_trial, [stream(BURST, 0, PIECE)]),
    "pauses": (pauses_trial, [
        HEAD + "".join(delta(place, PIECE) + f"await go-{place}\n"
                       for place in range(PAUSES))]),
    "client": (client_trial, []),
}


class Killer:
    """Workers with a server each, who take one number after another."""

    def __init__(self, folder):
        self.folder, self.passed, self.failed = folder, 0, 0

    def trial(self, rung, number, server):
        folder = os.path.join(self.folder, f"{rung}-{number}")
        try:
            result = RUNGS[rung][0](number, folder, server)
        except Exception as error:  # whatever it is, it is a failure
            words = (str(error) if isinstance(error, Broken)
                     else traceback.format_exc())
            print(f"kill: FAILED: {rung} {number}: {words}", file=sys.stderr)
            self.failed += 1
            return None
        self.passed += 1
        shutil.rmtree(folder)
        return result

    def work(self, rung, numbers, lock):
        scenarios = RUNGS[rung][1]
        server = None
        done = 0
        while True:
            with lock:
                number = next(numbers, None)
            if number is None or self.failed > 20:
                break
            # A log that grows for hours is searched for each prompt.
            if done % 20 == 0:
                if server:
                    server.close()
                server = Server(os.path.join(
                    self.folder, f"server-{rung}-{number}"), *scenarios)
            done += 1
            self.trial(rung, number, server)
        if server:
            server.close()

    def run(self, rung, numbers):
        lock, numbers = threading.Lock(), iter(numbers)
        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            for task in [pool.submit(self.work, rung, numbers, lock)
                         for _ in range(WORKERS)]:
                task.result()

    def calls(self, stride):
        """Until both runs of a life end untouched."""
        scenarios = RUNGS["calls"][1]
        folder = os.path.join(self.folder, "server-measure")
        server = Server(folder, *scenarios)
        life = Life(os.path.join(self.folder, "measure"), server)
        most = 0
        for number in range(2):
            counter = life.home.path / "count"
            counter.write_bytes(bytes(8))
            Run(life.home, life.words(f"measure {number}"),
                {"LD_PRELOAD": DISK, "DISK_ROOT": f"{life.home.path}/",
                 "DISK_COUNT": str(counter)}).end()
            most = max(most, count_of(counter))
        server.close()
        # Commits are made by time, too: no two runs count the same.
        print(f"kill: {most} calls to the disk", file=sys.stderr)
        self.run("calls", range(0, 2 * (most + most // 4), stride))


def main():
    rungs = sys.argv[1:] or ["pauses", "random", "calls", "client"]
    folder = tempfile.mkdtemp(prefix="kill-")
    killer = Killer(folder)
    for rung in rungs:
        begun, passed = time.monotonic(), killer.passed
        if rung == "calls":
            killer.calls(1 if KILLS >= 1000 else 13)
        elif rung == "pauses":
            killer.run(rung, range(1))
        elif rung == "client":
            # Every other one at a call to the disk.
            killer.run(rung, range(max(KILLS // 12, 4)))
        else:
            killer.run(rung, range(max(KILLS // 10, 1)))
        print(f"kill: {rung}: {killer.passed - passed} trials, "
              f"{time.monotonic() - begun:.0f} s", file=sys.stderr)
    print(f"kill: {Tail.describe()}", file=sys.stderr)
    if killer.failed:
        print(f"kill: what is left lies in {folder}", file=sys.stderr)
    else:
        shutil.rmtree(folder)
    print(f"kill: {killer.passed} passed, {killer.failed} failed, 0 skipped")
    return killer.failed > 0


if __name__ == "__main__":
    sys.exit(main())
