#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: layers.sh object...
#
# Check that includes only point down the layers, that each library has one
# door, and that no variable outlives its owner. The tables are the architecture;
# src/README.md explains it.

status=0
fail() { echo "$1" >&2; status=1; }

# folder: folders it may include
while IFS=: read -r folder allowed; do
    for file in src/"$folder"/*.[ch]; do
        [ -e "$file" ] || continue
        for used in $(sed -n 's/^#include "\([a-z]*\)\/.*/\1/p' "$file"); do
            case " $folder $allowed " in
            *" $used "*) ;;
            *) fail "$file: $folder may not include $used/" ;;
            esac
        done
    done
done <<TABLE
base:
config: base
net: base
graph: base
store: base net graph
llm: base config net graph
tool: base config net graph
chat: base config net graph store llm tool
ui: base config graph
app: base config net graph store llm tool chat ui
TABLE

# The doors are patterns for case, not for the shell.
set -f

# header: the files that may include it
while IFS=: read -r header doors; do
    for file in $(grep -rl "^#include <$header" src); do
        allowed=
        for door in $doors; do
            case ${file#src/} in
            $door) allowed=yes ;;
            esac
        done
        [ -n "$allowed" ] || fail "$file: <$header> belongs in $doors"
    done
done <<TABLE
curses.h: ui/term.c
curl/: net/*
sqlite3.h: base/db.c
yaml.h: config/*
md4c.h: ui/markdown.c
utf8proc.h: base/utf8.c
pcre2.h: base/pattern.c
jansson.h: base/json.h base/json*.c llm/* tool/* chat/* app/*
TABLE
set +f

# State has an owner that is handed down: a variable in .data or .bss, global or
# static, is a fault.
for object in "$@"; do
    for name in $(objdump -t "$object" | awk '
        /O \.(data|bss)[ \t]/ { print $NF }'); do
        fail "$object: $name is a mutable variable"
    done
done

exit $status
