#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: OUT=build/<flavour> [JOBS=N] [KEEP=1] run.sh
#
# Run every kind of test and print one line that counts. Each suite and each
# script is a job, and as many run at once as the machine has cores, and some,
# because most wait most of the time for a terminal. Each prints lines that this
# adds up: Check's summary, "skipped: N", or "N passed, N failed, N skipped"
# behind a word and a colon. A job that prints none of them has failed.
set -u
: "${OUT:=build/release}" "${JOBS:=$(($(nproc 2>/dev/null || echo 2) + 2))}"
export OUT PROGRAM="$OUT/sennit" SERVER="$OUT/server" LC_ALL=C.UTF-8
# What the person who runs the tests has set up is not what is tested.
unset OLLAMA_HOST OPENAI_BASE_URL OPENAI_API_BASE ANTHROPIC_BASE_URL HF_TOKEN \
    NO_COLOR $(env | sed -n 's/^\([A-Z]*_API_KEY\)=.*/\1/p') \
    XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME $(env | sed -n 's/^\(SENNIT_[A-Z_]*\)=.*/\1/p')
# Timing decides no test: Check's limits are for those that hang, not for those
# that share a core.
export CK_TIMEOUT_MULTIPLIER="${CK_TIMEOUT_MULTIPLIER:-20}"

work=$(mktemp -d "${TMPDIR:-/tmp}/sennit-XXXXXX") || exit 1
if [ "${KEEP:-}" ]; then trap 'echo "kept: $work"' EXIT; else
    trap 'chmod -R u+rwX "$work"; rm -rf "$work"' EXIT
fi
trap 'exit 130' INT
trap 'exit 143' TERM
export TMPDIR="$work" LOGS="$work/logs"
mkdir "$LOGS"

# What takes longest begins first; the order is all that this list decides. The
# last lines of a run say what has become of it.
longest="box minder exits commit failures decoder hostile repaint worlds guide rows connecting chat
screen canary slow_line thrift hostile_input thread_view"
suites=$("$OUT/check" --suites) || suites=
{
    ls tests/*/*-test.sh
    for suite in $longest; do echo "$suites" | grep -x "$suite"; done
    for suite in $suites; do
        case " $(echo $longest) " in *" $suite "*) ;; *) echo "$suite" ;; esac
    done
} | xargs -n 1 -P "$JOBS" sh tests/job.sh
status=$?
[ "$suites" ] || { echo "$OUT/check names no suites"; status=1; }

cd "$LOGS" || exit 1
failed=$(grep -l '^FAILED: ' ./*.log)
for log in ./*.log; do
    case "$failed" in *"$log"*) ;; *) cat "$log" ;; esac
done
for log in $failed; do
    echo "---- $(basename "$log" .log)"
    cat -s "$log"
done
echo "longest:" $(sort -rn ./*.seconds | head -n 12 | sed 's/$/,/') "seconds"
# Where only the end of a run is kept, it is here that it says what failed.
[ "$failed" ] && {
    echo "failed:" $(basename -s .log $failed)
    grep -ahE '^[^ ]+:[0-9]+:[FE]:|FAILED: |Sanitizer' $failed | cut -c 1-200 |
        head -n 40
}

awk -v status="$status" '
# What the log before said, once it has been read.
function close_log() {
    if (failed == failed_before && (is_failed || !said)) failed++
}
FNR == 1 {
    if (NR > 1) close_log()
    failed_before = failed; said = 0; is_failed = 0
}
/^[0-9]+%: Checks: / {
    gsub(/[^0-9 ]/, ""); split($0, n, " +")
    failed += n[3] + n[4]; passed += n[2] - n[3] - n[4]; said += n[2]
}
/^skipped: [0-9]+$/ { skipped += $2 }
/^[a-z]+: [0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$/ {
    passed += $2; failed += $4; skipped += $6; said += $2 + $4 + $6
}
/^FAILED: / { is_failed = 1 }
END {
    if (NR) close_log()
    if (status && !failed) failed = 1
    if (!passed) failed++
    printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
    exit failed > 0
}' ./*.log
