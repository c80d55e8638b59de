# SPDX-License-Identifier: MIT
"""Disks in trouble: what the program does, and what it says.

usage: trouble.py [CASE...]

Each case is a process of its own, where it must be in a mount namespace. The
last line counts; a case that cannot be had here says why (tests/SKIPS).
"""
import concurrent.futures
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import traceback

from client import Client, Gone
from kill import Run, count_of
from world import (PROGRAM, DISK, END, HEAD, Broken, Home, Server, answer, delta,
                   finished, last_run, need, prompts, read_session, sound,
                   stream, text)

CASES = {}
SKIPPED = 77
DEADLINE_S = 120
PIECES, PIECE = 200, 400  # 80 kB at once
INSTANCES = 32


def case(wrapper=None):
    """A function of a folder; `wrapper` is what its process runs in."""
    def add(function):
        CASES[function.__name__] = (function, wrapper)
        return function
    return add


def skip(reason, words):
    print(f"skipped, {reason}: {words}", file=sys.stderr)
    sys.exit(SKIPPED)


def begin(folder, *scenarios):
    server = Server(os.path.join(folder, "server"),
                    *(scenarios or [stream(PIECES, 0, PIECE)]))
    return server, Home(os.path.join(folder, "home"), server)


def ask(home, *words, **extra):
    """A one-shot run to its end."""
    return Run(home, [*words], extra).end()


def has_answered(run, whole=None):
    """All of the answer came, and it was no failure."""
    whole = text(PIECES, PIECE) if whole is None else whole
    need(run.out.decode().rstrip("\n") == whole.rstrip("\n"),
         f"{len(run.out)} of {len(whole)} bytes were printed: {run.errors}")
    need(run.status == 0, f"status {run.status}: {run.errors}")


def says(run, pattern):
    need(re.search(pattern, run.errors, re.S),
         f"it does not say {pattern!r}: {run.errors!r}")


def is_whole(path, prompt, whole=None):
    events = read_session(path)
    need(prompt in prompts(events), f"{prompt} is not kept")
    need(answer(events, last_run(events)) ==
         (text(PIECES, PIECE) if whole is None else whole),
         "the answer is not kept")
    need(last_run(events) in finished(events), "its end is not kept")
    return events


def rescued(home):
    """What was written to the state directory."""
    folder = home.path / "state" / "sennit"
    return "".join(path.read_text(errors="replace")
                   for path in folder.rglob("*")
                   if path.is_file() and path.suffix != ".db")


def mount(home, *options):
    home.data.mkdir(exist_ok=True)
    subprocess.run(["mount", *options, home.data], check=True)


# ---- A disk that is full, or may not be written.

@case("mounts")
def full(folder):
    """64 KiB of disk: the answer comes all the same; what is not kept is named
    and rescued; what was committed is whole."""
    _, home = begin(folder)
    mount(home, "-t", "tmpfs", "-o", "size=64k", "none")
    run = ask(home, "-p", "much")
    has_answered(run)
    says(run, "full")
    for path in home.sessions():
        read_session(path)
    need("<000199" in rescued(home), "what was not kept is nowhere")
    says(run, str(home.path / "state"))


@case("mounts")
def full_at_once(folder):
    """Not even a first prompt has room."""
    _, home = begin(folder)
    mount(home, "-t", "tmpfs", "-o", "size=4k", "none")
    (home.data / "filler").write_bytes(bytes(4096))
    run = ask(home, "-p", "much")
    has_answered(run)
    says(run, "full")
    need("<000199" in rescued(home), "what was not kept is nowhere")


@case("mounts")
def ballast(folder):
    """A disk that has become full has four megabytes left for us."""
    _, home = begin(folder)
    mount(home, "-t", "tmpfs", "-o", "size=80m", "none")
    has_answered(ask(home, "-p", "first"))
    reserve = home.data / "sennit" / "ballast"
    need(reserve.stat().st_size == 4 << 20, "there is no ballast")
    filler = os.open(home.data / "filler", os.O_WRONLY | os.O_CREAT)
    try:
        while True:
            os.write(filler, bytes(4096))
    except OSError:
        os.close(filler)
    run = ask(home, "-c", "-p", "second")
    has_answered(run)
    is_whole(home.sessions()[0], "second")
    need(not reserve.exists(), "the ballast is still there")


def has_come(client, number):
    """Of a row that differs in a digit only that is written: the end of the
    answer is told by its state as well."""
    return (number in client.shown or str(number).encode() in client.out
            or b"complete" in client.out)


@case("mounts")
def full_for_a_while(folder):
    """The client says that the disk is full; once there is room again it has
    kept everything and says no more."""
    server, home = begin(folder, HEAD + "".join(
        delta(number, 60) for number in range(900)) + END)
    mount(home, "-t", "tmpfs", "-o", "size=256k", "none")
    filler = home.data / "filler"
    filler.write_bytes(bytes(224 * 1024))
    client = Client(home, [])
    client.say("much", server)
    client.until(lambda: b"the disk is full" in client.out, "no banner")
    client.until(lambda: has_come(client, 899), "the answer does not go on")
    filler.unlink()
    end = time.monotonic() + DEADLINE_S
    while not kept_is(home, "much", text(900, 60)):
        need(time.monotonic() < end, "it is never kept")
        client.read(0.1)
    client.die("term")


def kept_is(home, prompt, whole):
    try:
        is_whole(home.sessions()[0], prompt, whole)
    except (Broken, IndexError):
        return False
    return True


@case("mounts")
def read_only(folder):
    """A disk that may only be read: sessions are read, forked, not written."""
    _, home = begin(folder)
    has_answered(ask(home, "-p", "first"))
    subprocess.run(["mount", "--bind", home.data, home.data], check=True)
    subprocess.run(["mount", "-o", "remount,bind,ro", home.data], check=True)
    run = ask(home, "-p", "second")
    has_answered(run)
    says(run, "[Rr]ead-only|may be written")
    need("<000199" in rescued(home), "what was not kept is nowhere")
    run = ask(home, "-c", "-p", "third")
    need(run.status in (0, 1), f"status {run.status}")
    says(run, "[Rr]ead-only|may be written|--fork")
    has_answered(ask(home, "-c", "--fork", "-p", "fourth"))
    need(len(home.sessions()) == 1, "something was written")
    is_whole(home.sessions()[0], "first")


# ---- Directories that are not as they should be.

def as_nobody():
    """What a command is put behind so that root is not asked to do it."""
    if os.geteuid():
        return []
    if not shutil.which("setpriv"):
        skip("users", "root, and no setpriv")
    nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    if subprocess.run([*nobody, "test", "-x", PROGRAM], check=False).returncode:
        skip("users", "the program lies where another user may not look")
    return nobody


def ask_as_nobody(home, *words):
    for path in [home.path, *home.path.rglob("*")]:
        if not os.geteuid() and path != home.data:
            os.chown(path, 65534, 65534)
    pathlib.Path(home.path).parent.chmod(0o755)
    return Run(home, words, before=as_nobody()).end()


@case()
def foreign(folder):
    """The data directory belongs to somebody else, who lets us look."""
    if os.geteuid():
        skip("users", "not root")
    _, home = begin(folder)
    home.data.mkdir(mode=0o755)
    run = ask_as_nobody(home, "-p", "much")
    has_answered(run)
    says(run, "[Pp]ermission denied|may be written")
    says(run, re.escape(str(home.data)))
    need(not list(home.data.iterdir()), "something was written")


@case()
def unwritable(folder):
    """The directory is ours and may not be written."""
    _, home = begin(folder)
    (home.data / "sennit").mkdir(parents=True)
    (home.data / "sennit").chmod(0o500)
    if not os.geteuid():
        os.chown(home.data, 65534, 65534)
    run = ask_as_nobody(home, "-p", "much")
    has_answered(run)
    says(run, "[Pp]ermission denied|may be written")
    (home.data / "sennit").chmod(0o700)


@case()
def no_home(folder):
    """Without a home there is no session, and that is said."""
    _, home = begin(folder)
    if os.geteuid():
        skip("users", "not root: no user without a home")
    home.path.parent.chmod(0o755)
    for name in [name for name in home.environment
                 if name.startswith("XDG") or name == "HOME"]:
        del home.environment[name]
    stranger = ["setpriv", "--reuid=54321", "--regid=54321", "--clear-groups"]
    run = Run(home, ["-p", "much"], before=stranger).end()
    has_answered(run)
    says(run, "HOME|home")
    run = Run(home, ["-c", "-p", "much"], before=stranger).end()
    need(run.status == 2, f"status {run.status}")
    says(run, "HOME|home")


@case()
def a_file_in_the_way(folder):
    """`sessions` is a file, or the data directory is."""
    _, home = begin(folder)
    home.data.mkdir()
    (home.data / "sennit").write_text("a file")
    run = ask(home, "-p", "much")
    has_answered(run)
    says(run, "sennit.*([Nn]ot a directory|exists)")
    need("<000199" in rescued(home), "what was not kept is nowhere")
    need((home.data / "sennit").read_text() == "a file", "it is gone")


# ---- Files that are not as they should be.

@case()
def corrupt(folder):
    """Noise in the middle of a file: what can be read is, the rest is counted,
    and the file is kept beside the new one."""
    _, home = begin(folder)
    for prompt in ("first", "second", "third"):
        has_answered(ask(home, *(["-c"] if home.sessions() else []), "-p",
                         prompt))
    path = home.sessions()[0]
    data = bytearray(path.read_bytes())
    # A page of the second answer, which is long.
    middle = data.index(b"<000100", data.index(b"second")) // 4096 * 4096
    data[middle:middle + 4096] = b"\xa5" * 4096
    path.write_bytes(data)
    before = bytes(data)
    run = ask(home, "-c", "-p", "fourth")
    has_answered(run)
    says(run, "damaged")
    kept = list(path.parent.glob(f"{path.name}.damaged-*"))
    need(len(kept) == 1 and kept[0].read_bytes() == before,
         "the damaged file is not kept as it was")
    db = sqlite3.connect(path)
    need(db.execute("PRAGMA integrity_check").fetchall() == [("ok",)],
         "the new file is not sound")
    db.close()
    # Once is enough.
    run = ask(home, "-c", "-p", "fifth")
    has_answered(run)
    need(len(list(path.parent.glob("*.damaged-*"))) == 1, "it goes on copying")


@case()
def no_database(folder):
    """Where the session's file was there is something else."""
    _, home = begin(folder)
    has_answered(ask(home, "-p", "first"))
    path = home.sessions()[0]
    path.write_text("Dear diary, this is no database at all, it is a text.\n")
    run = ask(home, "-c", "-p", "second")
    says(run, re.escape(path.name))
    found = [file.read_bytes() for file in path.parent.iterdir()
             if file.is_file()]
    need(any(data.startswith(b"Dear diary") for data in found), "it is gone")


@case()
def newer(folder):
    """A file of a newer version is read and copied, never written."""
    _, home = begin(folder)
    has_answered(ask(home, "-p", "first"))
    path = home.sessions()[0]
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version=99")
    db.commit()
    db.close()
    before = path.read_bytes()
    run = ask(home, "-c", "-p", "second")
    need(run.status == 2 and not run.out, f"status {run.status}")
    says(run, "newer")
    says(run, "--fork")
    has_answered(ask(home, "-c", "--fork", "-p", "second"))
    need(path.read_bytes() == before, "it was written")
    forks = [file for file in home.sessions() if file != path]
    is_whole(forks[0], "second")
    need("first" in prompts(read_session(forks[0])), "the fork lacks the rest")


@case()
def a_directory(folder):
    """A directory has the name of the session."""
    _, home = begin(folder)
    has_answered(ask(home, "-p", "first"))
    path = home.sessions()[0]
    path.unlink()
    path.mkdir()
    run = ask(home, "--resume", path.stem, "-p", "second")
    need(run.status in (1, 2) and not run.out, f"status {run.status}")
    says(run, path.stem)
    has_answered(ask(home, "-p", "third"))


# ---- Several at once.

@case()
def many(folder):
    """Thirty-two at once: each keeps its own, none fails."""
    _, home = begin(folder)
    runs = [Run(home, ["-p", f"prompt {number}."])
            for number in range(INSTANCES)]
    with concurrent.futures.ThreadPoolExecutor(INSTANCES) as pool:
        list(pool.map(Run.end, runs))
    for run in runs:
        has_answered(run)
        need(not run.errors, run.errors)
    files = home.sessions()
    need(len(files) == INSTANCES, f"{len(files)} sessions")
    asked = sorted(prompts(is_whole(path, prompt_of(path)))[0]
                   for path in files)
    need(asked == sorted(f"prompt {number}." for number in range(INSTANCES)),
         "not each has its own")
    for path in home.others():
        sound(path)


def prompt_of(path):
    return prompts(read_session(path))[0]


@case()
def two(folder):
    """A session has one writer: the second is told who, and may fork."""
    server, home = begin(
        folder, stream(1, 0).replace("forever", "1"),
        HEAD.replace("forever", "1") + delta(1) + "await go\n" + END,
        stream(1, 0))
    has_answered(ask(home, "-p", "first"), text(1))
    path = home.sessions()[0]
    writer = Run(home, ["-c", "-p", "second"])
    writer.read(5, time.monotonic() + DEADLINE_S)
    need(writer.out, "the second does not answer")
    run = ask(home, "-c", "-p", "third")
    need(run.status == 2 and not run.out, f"status {run.status}")
    says(run, str(writer.process.pid))
    says(run, "--fork")
    run = ask(home, "-c", "--fork", "-p", "fourth")
    has_answered(run, text(1))
    (server.folder / "go").touch()
    need(writer.end().status == 0, writer.errors)
    events = read_session(path)
    need([prompt for prompt in dict.fromkeys(prompts(events))]
         == ["first", "second"], f"{prompts(events)}")
    forks = [file for file in home.sessions() if file != path]
    need(len(forks) == 1 and "fourth" in prompts(read_session(forks[0])),
         "there is no fork")


@case()
def two_clients(folder):
    """The same on two terminals: the second says who has it, and ends."""
    server, home = begin(folder, stream(1, 0))
    has_answered(ask(home, "-p", "first"), text(1))
    first = Client(home, ["-c"])
    first.until(lambda: b"F1 help" in first.out, "it does not start")
    second = Client(home, ["-c"])
    try:
        second.until(lambda: b"F1 help" in second.out, "it does not end")
        raise Broken(f"both have it: {second.out[-800:]!r}")
    except Gone:
        need(b"--fork" in second.out, f"no way out: {second.out[-500:]!r}")
    first.say("second", server)
    first.die("term")
    need("second" in prompts(read_session(home.sessions()[0])), "it is lost")


# ---- A disk that hangs, and one that fails.

@case()
def stalled(folder):
    """A flush that does not return: it is said, all else goes on, and is kept
    once the disk is back."""
    server, home = begin(folder, HEAD + "".join(
        delta(number, 60) + "delay 100\n" for number in range(60)) + END)
    hang = home.path / "hang"
    client = Client(home, [], {"LD_PRELOAD": DISK, "DISK_ROOT":
                               f"{home.data}/", "DISK_HANG": str(hang)})
    client.say("hello", server)
    client.until(lambda: 3 in client.shown, "no answer")
    hang.touch()
    client.until(lambda: b"the disk has not answered" in client.out,
                 "it is not said")
    shown = max(client.shown)
    client.until(lambda: max(client.shown) > shown + 3, "the screen hangs")
    hang.unlink()
    client.until(lambda: has_come(client, 59), "the answer does not go on")
    end = time.monotonic() + DEADLINE_S
    while not kept_is(home, "hello", text(60, 60)):
        need(time.monotonic() < end, "it is never kept")
        client.read(0.1)
    client.die("term")


@case()
def stalled_for_good(folder):
    """A disk that never comes back keeps nobody from leaving."""
    server, home = begin(folder)
    hang = home.path / "hang"
    hang.touch()
    run = Run(home, ["-p", "much"], {
        "LD_PRELOAD": DISK, "DISK_ROOT": f"{home.data}/",
        "DISK_HANG": str(hang)}).end()
    has_answered(run)
    says(run, "not saved|not answered")
    need("<000199" in rescued(home), "what was not kept is nowhere")


def fail_nth(folder, number, code, for_ever):
    """The nth call to the disk fails. Returns whether any did."""
    server, home = begin(os.path.join(folder, str(number)))
    counter = home.path / "count"
    counter.write_bytes(bytes(8))
    extra = {"LD_PRELOAD": DISK, "DISK_ROOT": f"{home.data}/",
             "DISK_COUNT": str(counter), "DISK_FAIL": str(number),
             "DISK_ERRNO": str(code)}
    if for_ever:
        extra["DISK_FOR_EVER"] = "1"
    try:
        run = ask(home, "-p", "much", **extra)
        has_answered(run)
        events = [read_session(path) for path in home.sessions()]
        is_kept = any(answer(one, last_run(one)) == text(PIECES, PIECE) and
                      last_run(one) in finished(one) for one in events)
        need(is_kept or "<000199" in rescued(home),
             f"nothing keeps it: {run.errors}")
        need(is_kept or run.errors, "it is not said")
        return count_of(counter) >= number
    except Broken as error:
        raise Broken(f"call {number}, errno {code}"
                     f"{', for ever' if for_ever else ''}: {error}") from error
    finally:
        server.close()
        shutil.rmtree(home.path, ignore_errors=True)


def nth(code, for_ever, stride):
    def run(folder):
        number = 1
        while fail_nth(folder, number, code, for_ever):
            number += stride
    return run


def add_nth():
    stride = 1 if int(os.environ.get("KILLS", "60")) >= 1000 else 7
    for name, code in (("EIO", 5), ("ENOSPC", 28), ("EACCES", 13),
                       ("EDQUOT", 122)):
        for for_ever in (False, True):
            CASES[f"nth_{name}{'_for_ever' if for_ever else ''}"] = (
                nth(code, for_ever, stride), None)


# ---- Running them.

def wrapped(name, wrapper):
    """The command that runs a case."""
    command = [sys.executable, __file__, "--inside", name]
    if wrapper == "mounts":
        how = "-m" if os.geteuid() == 0 else "-Urm"
        if subprocess.run(["unshare", how, "sh", "-c",
                           "mount -t tmpfs none /mnt"],
                          stderr=subprocess.DEVNULL, check=False).returncode:
            return None
        command = ["unshare", how, *command]
    return command


def run_case(name):
    command = wrapped(name, CASES[name][1])
    if not command:
        print(f"skipped, mounts: {name}", file=sys.stderr)
        return SKIPPED
    return subprocess.run(command, check=False).returncode


def inside(name):
    """One case, in its process. What it leaves is removed unless it failed."""
    # Another user has to get there; a directory of the run's own is not for him.
    base = tempfile.gettempdir()
    if not os.stat(base).st_mode & 0o001:
        base = "/tmp"
    folder = tempfile.mkdtemp(prefix="trouble-", dir=base)
    # The servers of this case die with their parent.
    try:
        CASES[name][0](folder)
    except Broken as error:
        print(f"trouble: FAILED: {name}: {error} ({folder})", file=sys.stderr)
        return 1
    except Exception:
        print(f"trouble: FAILED: {name}: {traceback.format_exc()}",
              file=sys.stderr)
        return 1
    subprocess.run(["umount", "-q", f"{folder}/home/data"], check=False,
                   stderr=subprocess.DEVNULL)
    shutil.rmtree(folder, ignore_errors=True)
    return 0


def main():
    add_nth()
    if sys.argv[1:2] == ["--inside"]:
        return inside(sys.argv[2])
    names = sys.argv[1:] or list(CASES)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        results = list(pool.map(run_case, names))
    passed, skipped = results.count(0), results.count(SKIPPED)
    failed = len(results) - passed - skipped
    print(f"trouble: {passed} passed, {failed} failed, {skipped} skipped")
    return failed > 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    sys.exit(main())
