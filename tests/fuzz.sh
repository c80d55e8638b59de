#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: OUT=build/fuzz [FUZZ_SECONDS=60] fuzz.sh [TARGET]
#
# Let every target of tests/fuzz run for a while, as many at once as there are
# cores, and count them. Seeds are our own (tests/fuzz/corpus; of answers,
# tests/fuzz/bodies) and, where they are, the recordings beside the project; what
# a target finds besides it keeps in $OUT/corpus for the next time. An input that
# breaks a property is left in $OUT/crashes: once that is mended, it belongs to
# tests/fuzz/corpus.
set -u
: "${OUT:=build/fuzz}" "${FUZZ_SECONDS:=60}" "${SENNIT_SHARED:=../shared}"
export OUT FUZZ_SECONDS SENNIT_SHARED

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
    target=$1
    work=$(mktemp -d) || exit 1
    trap 'rm -rf "$work"' EXIT
    mkdir -p "$OUT/corpus/$target" "$OUT/crashes"
    seeds=0
    len=4096
    case $target in
    text) len=1024 ;;  # laid out anew for each piece
    dialects)
        len=2048
        for dialect in 0 1 2 3 4 5; do
            make_seeds "\\00$dialect\\000\\005" tests/fuzz/bodies/* \
                "$SENNIT_SHARED"/captures/*/*stream*.http \
                "$SENNIT_SHARED"/fixtures/fantasy/*/*.sse
        done
        make_seeds '\000\005\001' "$SENNIT_SHARED"/captures/*/error*.http ;;
    framing) make_seeds '\001\005' tests/fuzz/bodies/* \
        "$SENNIT_SHARED"/fixtures/fantasy/*/*.sse ;;
    esac
    dictionary=
    [ -e "tests/fuzz/$target.dict" ] &&
        dictionary="-dict=tests/fuzz/$target.dict"
    # shellcheck disable=SC2086
    "$OUT/fuzz-$target" -max_total_time="$FUZZ_SECONDS" -max_len="$len" \
        -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 $dictionary \
        -artifact_prefix="$OUT/crashes/$target-" \
        "$OUT/corpus/$target" "tests/fuzz/corpus/$target" "$work" \
        >"$OUT/$target.log" 2>&1
    status=$?
    count=$(sed -n 's/^stat::number_of_executed_units: *//p' "$OUT/$target.log")
    if [ $status = 0 ] && [ "${count:-0}" -gt 0 ]; then
        echo "$target: $count inputs"
        exit 0
    fi
    tail -n 40 "$OUT/$target.log"
    echo "$target: FAILED (exit status $status, $OUT/$target.log)"
    exit 1
}

[ $# = 1 ] && run_target "$1"
targets=$(ls tests/fuzz/target_*.c | sed 's/.*target_\(.*\)\.c/\1/')
total=$(echo "$targets" | wc -l)
[ -x "$OUT/fuzz-$(echo "$targets" | head -n 1)" ] || {
    echo "skipped, clang: the targets could not be built" >&2
    echo "fuzz: 0 passed, 0 failed, $total skipped"
    exit 0
}
echo "$targets" | xargs -n 1 -P "$(nproc 2>/dev/null || echo 2)" sh "$0" |
    tee "$OUT/log"
passed=$(grep -ac '^[a-z_]*: [0-9]* inputs$' "$OUT/log")
echo "fuzz: $passed passed, $((total - passed)) failed, 0 skipped"
[ "$passed" = "$total" ]
