#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: map.sh
#
# src/README.md names every file of src/, and no noun that is none.
status=0
names=$(sed -n '/^The nouns of each/,/^Libraries have/p' src/README.md |
    grep -o '`[a-z0-9_.]*`' | tr -d '`' | sort -u)
files=$(ls src/*/*.[ch] | sed 's/.*\///; s/\.[ch]$//' | sort -u)
for file in $files; do
    echo "$names" | grep -qx "$file" || {
        echo "src/README.md does not name $file" >&2
        status=1
    }
done
for name in $names; do
    [ -e "src/app/$name" ] || echo "$files" | grep -qx "$name" || {
        echo "src/README.md names $name, which does not exist" >&2
        status=1
    }
done
exit $status
