#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: OUT=build/<flavour> screenshots.sh
#
# Take the pictures of README.md anew: man/screen.svg, man/palette.svg, and the
# text between the two comments. Nothing changes where the screen has not.
set -eu
: "${OUT:=build/release}"
export PROGRAM="$OUT/sennit" SERVER="$OUT/server" LC_ALL=C.UTF-8
new=$(mktemp -d)
trap 'rm -rf "$new"' EXIT
"$OUT/screenshot" "$new" >"$new/log" || { cat "$new/log" >&2; exit 1; }

awk -v text="$new/screen.txt" '
    /^<!-- end of the screen -->$/ { print "```"; inside = 0; ends++ }
    !inside { print }
    /^<!-- the screen, by make screenshots -->$/ {
        inside = 1
        print "```"
        while ((getline line < text) > 0) print line
        begins++
    }
    END { exit begins != 1 || ends != 1 || inside }' README.md \
    >"$new/README.md" || {
    echo "screenshots.sh: README.md lacks the comments around the text" >&2
    exit 1
}

# A file that stays the same keeps its time.
take() {
    cmp -s "$new/$1" "$2" || {
        cat "$new/$1" >"$2"
        echo "changed: $2"
    }
}
take screen.svg man/screen.svg
take palette.svg man/palette.svg
take README.md README.md
