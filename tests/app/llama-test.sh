#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: PROGRAM=... llama-test.sh
#
# The real program against a real llama-server that says what scripts tell it:
# every script through one-shot, then a server that is killed and a client that
# is interrupted in mid-stream. Skipped where no such server can be had.
set -u
: "${PROGRAM:=build/release/sennit}"
shared=${SENNIT_SHARED:-../shared}
passed=0 failed=0

finish() { echo "llama: $passed passed, $failed failed, ${1:-0} skipped"; exit "$((failed > 0))"; }
skip() { echo "skipped, $1: $2" >&2; finish 1; }
ok() { passed=$((passed + 1)); }
no() { failed=$((failed + 1)); echo "llama: FAILED: $1" >&2; }
check() { if [ "$2" = "$3" ]; then ok; else no "$1: $2, expected $3"; fi; }

[ -x "$shared/server/llama" ] || skip shared "no $shared/server"
work=$(mktemp -d)
trap '"$shared/server/llama" stop "$work/server" fast 2>/dev/null
      "$shared/server/llama" stop "$work/server" slow 2>/dev/null
      "$shared/server/llama" stop "$work/server" small 2>/dev/null
      rm -rf "$work"' EXIT
"$shared/server/llama" get "$work/server" >/dev/null 2>&1
[ $? = 77 ] && skip llama "packages cannot be had"

port() { python3 -c 'import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
fast=$(port)
"$shared/server/llama" start "$work/server" fast "$fast" scripted -np 1 ||
    skip llama "the server does not start"

export HOME="$work/home" OPENAI_BASE_URL="http://127.0.0.1:$fast/v1"
unset XDG_CONFIG_HOME XDG_STATE_HOME OPENAI_API_KEY OLLAMA_HOST
mkdir -p "$HOME"
trim() { python3 -c 'import sys
print(sys.stdin.buffer.read().decode().strip())'; }
ask() { "$PROGRAM" -m openai/scripted "$@" </dev/null; }

# What the scripts hold is what comes out: text, and no more.
for script in "$shared"/server/scripts/*.txt; do
    name=$(basename "$script" .txt)
    case $name in
    aftertool) continue ;; # comes only after the result of a tool
    think*) continue ;;    # below
    default) word=hello ;;
    *) word="#$name#" ;;
    esac
    ask "$word" >"$work/out" 2>"$work/err"
    check "$name: exit status" $? 0
    # Templates trim: white space at the ends is not the model's.
    trim <"$script" >"$work/expected"
    trim <"$work/out" >"$work/got"
    if cmp -s "$work/expected" "$work/got"; then ok; else
        no "$name: the text differs"
        cmp "$work/expected" "$work/got" >&2
    fi
done

# Held to a schema the script cannot have its way; by chance the model would
# think for ever, so it takes the likeliest.
printf '%s' '{"type":"object","properties":{"a":{"enum":["x"]},"n":{"type":
    "array","items":{"enum":[1]},"minItems":2,"maxItems":2}},"required":["a",
    "n"],"additionalProperties":false}' >"$work/schema.json"
check "a schema: the value" "$(ask --set reply.temperature=0 --schema "$work/schema.json" hello)" \
    '{"a":"x","n":[1,1]}'

# Thinking comes apart from the text, also where there is no text.
for name in think thinktool thinkonly; do
    ask -o json "#$name#" >"$work/out" 2>"$work/err"
    check "$name: exit status" $? 0
    python3 - "$work/out" "$shared/server/scripts/$name.txt" <<'PY'
import json, sys
answer = json.load(open(sys.argv[1]))
script = open(sys.argv[2]).read()
inside, _, after = script.partition("<think>")[2].partition("</think>")
good = (answer["thinking"].strip() == inside.strip()
        and answer["text"].strip() == after.strip()
        and answer["usage"]["output"] > 0 and answer["outcome"] == "complete")
sys.exit(not good)
PY
    check "$name: apart from the text" $? 0
done
grep -q 'no text' "$work/err"
check "thinkonly: says so" $? 0

# Everything at once in stream-json: the deltas add up to the whole.
ask -o stream-json '#unicode#' >"$work/out"
python3 - "$work/out" "$shared/server/scripts/unicode.txt" <<'PY'
import json, sys
events = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
text = "".join(e["text"] for e in events if e["type"] == "text-delta")
want = open(sys.argv[2], encoding="utf-8").read()
seqs = [e["seq"] for e in events]
good = (text.strip() == want.strip() and seqs == sorted(set(seqs))
        and events[-1]["type"] == "run-finished"
        and events[-1]["outcome"] == "complete")
sys.exit(not good)
PY
check "unicode: stream-json" $? 0

# Nothing that was sent is ever sent otherwise: of each prompt the server has
# at least the one before in its cache, but for a turn. The date, the directory
# and the time of the day are told all the same.
say() {
    (cd "$1" && ask $2 --set 'facts=[date, time, directory, system]' \
        -o stream-json "hello again, for the $3th time") </dev/null
}
PROGRAM=$(realpath "$PROGRAM")
for turn in 1 2 3 4 5 6 7 8 9 10; do
    place=$work
    [ $((turn % 3)) = 0 ] && place=$work/server
    more=-c
    [ $turn = 1 ] && more=
    say "$place" "$more" $turn
done >"$work/out"
python3 - "$work/out" <<'PY'
import json, sys
usage = [e for e in map(json.loads, open(sys.argv[1], encoding="utf-8"))
         if e["type"] == "usage"]
turns = [(u["input"], u.get("cached", 0)) for u in usage]
good = len(turns) == 10
for before, now in zip(turns, turns[1:]):
    good = good and now[1] >= before[0] - 60 and now[0] > before[0]
print(turns, file=sys.stderr) if not good else None
sys.exit(not good)
PY
check "ten turns: what was sent is cached" $? 0

# A prompt that is too long is said to be so.
head -c 400000 /dev/zero | tr '\0' 'a ' >"$work/long"
ask -f "$work/long" "sum up" >"$work/out" 2>"$work/err"
check "too long: exit status" $? 1
grep -q 'do not fit into the window' "$work/err"
check "too long: says why" $? 0

# A long conversation in a small window: the server clips nothing and refuses
# nothing, whatever the policy, and what it counts stays below the window.
small=$(port)
long_talk() { # POLICY
    rm -rf "$HOME/.local"
    for turn in 1 2 3 4 5 6 7 8 9 10; do
        more=-c
        [ $turn = 1 ] && more=
        words=$(awk -v turn=$turn 'BEGIN { srand(turn); printf "turn %d:", turn
            for (i = 0; i < 90; i++) printf " word%d", 1000 * rand() }')
        ask $more --set context.policy="$1" -o stream-json "$words"
        echo "{\"type\":\"status\",\"code\":$?}"
    done >"$work/out" 2>"$work/err"
}
judge_talk() { # POLICY
    python3 - "$1" "$work/out" "$work/err" <<'PY'
import json, sys
policy, out, err = sys.argv[1], sys.argv[2], open(sys.argv[3]).read()
events = [json.loads(line) for line in open(out, encoding="utf-8")]
input = [e["input"] for e in events if e["type"] == "usage"]
codes = [e["code"] for e in events if e["type"] == "status"]
kinds = {e["type"] for e in events}
good = input and max(input) < 2048
if policy == "off":
    good = good and codes[0] == 0 and codes[-1] == 1
    good = good and "context.policy is off" in err and "2,048" in err
    good = good and not kinds & {"left-out", "summarised"}
else:
    good = good and codes == [0] * 10 and "/undo takes it back" in err
    good = good and ("summarised" if policy == "summarise"
                     else "left-out") in kinds
print(policy, input, codes, err, file=sys.stderr) if not good else None
sys.exit(not good)
PY
    check "a long conversation, $1" $? 0
}
if "$shared/server/llama" start "$work/server" small "$small" scripted -np 1 -c 2048; then
    before=$OPENAI_BASE_URL
    export OPENAI_BASE_URL="http://127.0.0.1:$small/v1"
    for policy in truncate summarise off; do
        long_talk $policy
        judge_talk $policy
    done
    "$shared/server/llama" stop "$work/server" small
    export OPENAI_BASE_URL="$before"
else
    no "the server with a small window does not start"
fi

# What it has, as it tells: the window of a slot; it cannot be told to load.
own="--set endpoints.openai.trust=own --set endpoints.openai.dialect=chat-completions"
own="$own --set endpoints.openai.url=$OPENAI_BASE_URL"
# shellcheck disable=SC2086
models() { "$PROGRAM" "$@" $own </dev/null >"$work/out" 2>"$work/err"; }
models ps openai
check "ps: exit status" $? 0
grep -q '^openai/.*scripted.* loaded, window 131,072' "$work/out"
check "ps: the window" $? 0
models load "$(sed 's/ .*//' "$work/out")"
check "load: one model is not to be changed" $? 2
grep -q 'llama-server with one model' "$work/err"
check "load: says so" $? 0

# A router loads and unloads, and says that a file is broken. It needs a root.
router=
start_router() {
    mkdir -p "$work/server/models"
    cp "$work/server/m/scripted.gguf" "$work/server/models"
    echo junk >"$work/server/models/broken.gguf"
    chroot "$work/server" /usr/bin/llama-server --offline --host 127.0.0.1 \
        --port "$many" --no-ui --models-dir /models -c 8192 -np 2 \
        >/dev/null 2>&1 </dev/null &
    router=$!
    tries=0
    until curl -fs -m 2 -o /dev/null "http://127.0.0.1:$many/health"; do
        kill -0 $router 2>/dev/null && [ $tries -lt 300 ] || return 1
        tries=$((tries + 1))
        sleep 0.1
    done
}
many=$(port)
if [ "$(id -u)" = 0 ] && start_router; then
    own="$own --set endpoints.openai.url=http://127.0.0.1:$many/v1"
    models load openai/scripted
    check "router, load: exit status" $? 0
    grep -q 'is loaded, window 4,096 of 131,072' "$work/err"
    check "router, load: the window of a slot" $? 0
    models ps openai
    grep -q '^openai/scripted ' "$work/out"
    check "router, ps: it is there" $? 0
    models load openai/broken
    check "router, broken: exit status" $? 1
    grep -q 'could not load it' "$work/err"
    check "router, broken: says so" $? 0
    models unload openai/scripted
    check "router, unload: exit status" $? 0
    models ps openai
    [ ! -s "$work/out" ]
    check "router, ps: it is gone" $? 0
fi
[ -z "$router" ] || kill $router

# Interrupted and killed in mid-stream: what came stays, the status tells.
slow=$(port)
if "$shared/server/llama" start "$work/server" slow "$slow" slow -np 1; then
    export OPENAI_BASE_URL="http://127.0.0.1:$slow/v1"
    wait_for_text() {
        tries=0
        until [ -s "$work/out" ] || [ $tries -gt 600 ]; do
            tries=$((tries + 1))
            sleep 0.05
        done
    }
    "$PROGRAM" -m openai/slow '#long#' >"$work/out" 2>"$work/err" </dev/null &
    client=$!
    wait_for_text
    kill -INT $client
    wait $client
    check "interrupted: exit status" $? 130
    [ -s "$work/out" ]
    check "interrupted: the partial stays" $? 0

    : >"$work/out"
    "$PROGRAM" -m openai/slow '#long#' >"$work/out" 2>"$work/err" </dev/null &
    client=$!
    wait_for_text
    kill -KILL "$(cat "$work/server/slow.pid")"
    wait $client
    check "server killed: exit status" $? 3
    [ -s "$work/out" ]
    check "server killed: the partial stays" $? 0
    "$PROGRAM" -m openai/slow hi >"$work/out" 2>"$work/err" </dev/null
    check "server gone: exit status" $? 5
else
    no "the slow server does not start"
fi
finish
