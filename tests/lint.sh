#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: OUT=build/<flavour> lint.sh
#
# What a reviewer should never have to say: formatting, layers, forbidden calls,
# sizes, manuals.
status=0
fail() { echo "lint: $1" >&2; status=1; }

sources=$(ls src/*.c src/*/*.c src/*/*.h tests/*.c tests/*/*.c tests/*/*.h)
# shellcheck disable=SC2086
clang-format --dry-run --Werror $sources || fail "run: make format"

# shellcheck disable=SC2046
sh tests/layers.sh $(ls "$OUT"/src/*.o "$OUT"/src/*/*.o) || fail "layers"

sh tests/map.sh || fail "src/README.md"

# Calls that have a better one of ours, and where the one exception is.
forbid() {
    found=$(grep -nE "(^|[^a-zA-Z0-9_.>])($1)\(" src/*.c src/*/*.[ch] |
        grep -v "^src/$2:")
    [ -z "$found" ] || fail "forbidden call:
$found"
}
forbid 'sprintf|strcpy|strcat|strncpy|strtok|atoi|gets|alloca|system|popen' none
forbid 'malloc|calloc|realloc|strdup|strndup' base/memory.c
forbid 'addch|addstr|addnstr|mvadd[a-z]*|waddn?w?str|printw|mvprintw' ui/term.c

for file in $sources; do
    grep -q 'SPDX-License-Identifier: MIT' "$file" || fail "$file: no SPDX line"
done

mandoc -T lint -W warning man/*.[1-8] || fail "manuals"

# A setting that is not marked LATER has a reader; those of an endpoint and of a
# role are read by their last part.
awk '/"[a-z_.*]*", SCHEMA_/ { row = $0; path = $2; gsub(/[",]/, "", path) }
    row { all = all " " $0 }
    row && /},$/ {
        if (all !~ /LATER/ && all !~ /SCHEMA_(MAP|NAMES|KEY)/) print path
        row = all = "" }' src/config/schema.c | while read -r path; do
    key=${path#endpoints.*.}
    case $key in roles.*) key=${key#roles.*.} ;; esac
    case $key in tools.own.*) key=${key##*.} ;; esac
    case $key in models.*) key=models ;; key.*) key=${key#key.} ;; timeouts.*) key=${key#timeouts.} ;; keys.*) key=keys ;; hooks.*) key=hooks ;; esac
    [ "$path" = version ] || grep -qF "\"$key\"" src/chat/*.c src/tool/*.c \
        src/app/*.c ||
        grep -qF "\"${key#reply.}\"" src/chat/reply.c || echo "$path"
done | {
    unread=$(cat)
    [ -z "$unread" ] || { echo "settings that nothing reads: $unread" >&2; false; }
} || fail "settings"

for script in tests/*.sh tests/*/*.sh; do
    sh -n "$script" || fail "$script: not a script for sh"
done
bash -n .ci/run || fail ".ci/run"

# Every file below 700 lines, headers below 230; functions below 60 lines.
wc -l src/*/*.c | awk '$2 != "total" && $1 > 700 { print; bad = 1 }
    END { exit bad }' || fail "files above 700 lines: split by noun"
wc -l src/*/*.h | awk '$2 != "total" && $1 > 230 { print; bad = 1 }
    END { exit bad }' || fail "headers above 230 lines: they promise too much"
awk 'FNR == 1 { start = 0 } /^{$/ { start = FNR; next }
    /^}/ { if (start && FNR - start > 60) {
        print FILENAME ":" start ": " FNR - start " lines"; bad = 1 }
        start = 0 } END { exit bad }' src/*.c src/*/*.c ||
    fail "functions above 60 lines"

exit $status
