#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: OUT=build/fuzz [FUZZ_SECONDS=60] [FUZZ_SEED=0] fuzz.sh [TARGET[:DIALECT]]
#
# Let every target of tests/fuzz run for a while, that of the dialects once for
# each, as many at once as there are cores, and count them. Inputs to begin with
# are our own (tests/fuzz/corpus; of answers, tests/fuzz/bodies) and, where they
# are, the recordings beside the project; what a target finds besides it keeps in
# $OUT/corpus for the next time. An input that breaks a property is left in
# $OUT/crashes: once that is mended, it belongs to tests/fuzz/corpus. A seed other
# than 0 makes the same changes each time, from a clean $OUT.
set -u
: "${OUT:=build/fuzz}" "${FUZZ_SECONDS:=60}" "${FUZZ_SEED:=0}"
: "${SENNIT_SHARED:=../shared}"
export OUT FUZZ_SECONDS FUZZ_SEED SENNIT_SHARED

# Seeds out of bodies, or responses: the bytes before them choose.
make_seeds() {
    prefix=$1
    shift
    for file; do
        [ -f "$file" ] || continue
        seeds=$((seeds + 1))
        {
            # shellcheck disable=SC2059
            printf "$prefix"
            tr -d '\r' <"$file" | awk 'NR == 1 && /^HTTP\// { head = 1 }
                !head { print } !length { head = 0 }'
        } | head -c "$len" >"$work/$seeds"
    done
}

run_target() {
    target=${1%%:*}
    [ "$1" = "$target" ] || export FUZZ_DIALECT="${1#*:}"
    name=$(echo "$1" | tr : -)
    work=$(mktemp -d) || exit 1
    trap 'rm -rf "$work"' EXIT
    mkdir -p "$OUT/corpus/$name" "$OUT/crashes"
    seeds=0
    len=4096
    case $target in
    text) len=1024 ;;  # laid out anew for each piece
    dialects)
        len=2048
        make_seeds '\000\000\005' tests/fuzz/bodies/* \
            "$SENNIT_SHARED"/captures/*/*stream*.http \
            "$SENNIT_SHARED"/fixtures/fantasy/*/*.sse
        make_seeds '\000\005\001' "$SENNIT_SHARED"/captures/*/error*.http ;;
    framing) make_seeds '\001\005' tests/fuzz/bodies/* \
        "$SENNIT_SHARED"/fixtures/fantasy/*/*.sse ;;
    esac
    dictionary=
    [ -e "tests/fuzz/$target.dict" ] &&
        dictionary="-dict=tests/fuzz/$target.dict"
    # shellcheck disable=SC2086
    "$OUT/fuzz-$target" -max_total_time="$FUZZ_SECONDS" -seed="$FUZZ_SEED" \
        -max_len="$len" \
        -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 $dictionary \
        -artifact_prefix="$OUT/crashes/$name-" \
        "$OUT/corpus/$name" "tests/fuzz/corpus/$target" "$work" \
        >"$OUT/$name.log" 2>&1
    status=$?
    count=$(sed -n 's/^stat::number_of_executed_units: *//p' "$OUT/$name.log")
    if [ $status = 0 ] && [ "${count:-0}" -gt 0 ]; then
        echo "$name: $count inputs"
        exit 0
    fi
    tail -n 40 "$OUT/$name.log"
    echo "$name: FAILED (exit status $status, $OUT/$name.log)"
    exit 1
}

[ $# = 1 ] && run_target "$1"
targets=$(ls tests/fuzz/target_*.c | sed 's/.*target_\(.*\)\.c/\1/')
[ -x "$OUT/fuzz-dialects" ] && targets="$(echo "$targets" | grep -vx dialects)
$(FUZZ_DIALECT='?' "$OUT/fuzz-dialects" 2>/dev/null | sed 's/^/dialects:/')"
total=$(echo "$targets" | wc -l)
[ -x "$OUT/fuzz-dialects" ] || {
    echo "skipped, clang: the targets could not be built" >&2
    echo "fuzz: 0 passed, 0 failed, $total skipped"
    exit 0
}
echo "$targets" | xargs -n 1 -P "$(nproc 2>/dev/null || echo 2)" sh "$0" |
    tee "$OUT/log"
passed=$(grep -ac '^[a-z_-]*: [0-9]* inputs$' "$OUT/log")
echo "fuzz: $passed passed, $((total - passed)) failed, 0 skipped"
[ "$passed" = "$total" ]
