#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: OUT=build/<flavour> run.sh
#
# Run every kind of test and print one line that counts. Each kind prints lines
# that this adds up: Check's summary, "skipped: N", or "N passed, N failed, N
# skipped" behind a word and a colon.
set -u
: "${OUT:=build/release}"
export PROGRAM="$OUT/sennit" SERVER="$OUT/server" LC_ALL=C.UTF-8
# What the person who runs the tests has set up is not what is tested.
unset OLLAMA_HOST OPENAI_BASE_URL OPENAI_API_BASE ANTHROPIC_BASE_URL HF_TOKEN \
    NO_COLOR $(env | sed -n 's/^\([A-Z]*_API_KEY\)=.*/\1/p') \
    XDG_CONFIG_HOME XDG_STATE_HOME $(env | sed -n 's/^\(SENNIT_[A-Z_]*\)=.*/\1/p')
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
status=0

# Each kind writes a log of its own; they share the machine's cores.
start() {
    name=$1
    shift
    { "$@" >"$logs/$name.log" 2>&1 </dev/null || touch "$logs/failed"; } &
}

start check "$OUT/check"
for script in tests/*/*-test.sh; do
    [ -e "$script" ] && start "$(basename "$script" .sh)" sh "$script"
done
wait
[ -e "$logs/failed" ] && status=1
cat "$logs"/*.log

awk -v status="$status" '
/^[0-9]+%: Checks: / {
    gsub(/[^0-9 ]/, ""); split($0, n, " +")
    failed += n[3] + n[4]; passed += n[2] - n[3] - n[4]
}
/^skipped: [0-9]+$/ { skipped += $2 }
/^[a-z]+: [0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$/ {
    passed += $2; failed += $4; skipped += $6
}
END {
    if (status && !failed) failed = 1
    if (!passed) failed++
    printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
    exit failed > 0
}' "$logs"/*.log
