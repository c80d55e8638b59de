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
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0

run() {
    "$@" >"$log.one" 2>&1 </dev/null || status=1
    cat "$log.one"
    cat "$log.one" >>"$log"
    rm -f "$log.one"
}

run "$OUT/check"
for script in tests/*/*-test.sh; do
    [ -e "$script" ] && run sh "$script"
done

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
}' "$log"
