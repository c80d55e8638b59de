#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: LOGS=directory job.sh SUITE | SCRIPT
#
# Run one suite of $OUT/check, or one script, in a process of its own, and keep
# what it says in a log. How it ended is the log's last line if it did not end
# well.
set -u
: "${OUT:=build/release}"
name=${1##*/}
name=${name%.sh}
case $1 in
*.sh) set -- sh "$1" ;;
*) export CK_RUN_SUITE="$1"; set -- "$OUT/check" ;;
esac
begun=$(date +%s)
# Each test has its own limit; this ends a suite that hangs outside of them.
timeout -k 10 "${SUITE_SECONDS:-1800}" "$@" >"$LOGS/$name.log" 2>&1 </dev/null
status=$?
echo "$(($(date +%s) - begun)) $name" >"$LOGS/$name.seconds"
[ "$status" = 124 ] && status="$status: it hangs"
[ -s "$LOGS/$name.log" ] || status="$status: it said nothing"
[ "$status" = 0 ] ||
    echo "FAILED: $name (exit status $status)" >>"$LOGS/$name.log"
exit 0
