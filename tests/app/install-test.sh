#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: OUT=build/<flavour> install-test.sh
#
# `make install` puts what it should where it should, for any DESTDIR and
# PREFIX; `make uninstall` removes this and nothing else.
set -u
: "${OUT:=build/release}" "${BUILD:=release}"
passed=0 failed=0
ok() { passed=$((passed + 1)); }
no() { failed=$((failed + 1)); echo "install: FAILED: $1" >&2; }
check() { if [ "$2" = "$3" ]; then ok; else no "$1: $2, expected $3"; fi; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# What is tested is built already, and is not built anew beside other tests.
run_make() {
    "${MAKE:-make}" -s --no-print-directory -o all -o "$OUT/sennit" \
        OUT="$OUT" BUILD="$BUILD" PREFIX=/opt/rope DESTDIR="$work/root" "$@"
}
rm -rf "$OUT/completions"
list() { (cd "$work/root" && find . "$@" | sort); }

# Others have files there, too.
mkdir -p "$work/root/opt/rope/share/sennit/profiles" "$work/root/opt/rope/bin"
echo mine >"$work/root/opt/rope/share/sennit/profiles/mine.yaml"
echo other >"$work/root/opt/rope/bin/other"
before=$(list -type f)

(umask 077 && run_make install) >"$work/log" 2>&1 || no "install: $(cat "$work/log")"
root=$work/root/opt/rope
expected=$({
    echo ./bin/sennit ./bin/other ./share/sennit/profiles/mine.yaml
    for page in man/*.[1-8]; do
        echo "./share/man/man${page##*.}/${page##*/}"
    done
    for file in config/*.yaml config/*/*.yaml; do
        [ -e "$file" ] && echo "./share/sennit/${file#config/}"
    done
    echo ./share/bash-completion/completions/sennit \
        ./share/zsh/site-functions/_sennit \
        ./share/fish/vendor_completions.d/sennit.fish
} | tr ' ' '\n' | sort)
check "installed files" "$(cd "$root" && find . -type f | sort)" "$expected"
check "unreadable for others" "$(list -type f ! -perm -004 ! -name mine.yaml)" ""
check "executable files" "$(cd "$root" && find . -type f -perm -111)" ./bin/sennit
check "empty files" "$(list -type f -empty)" ""
check "the program" "$("$root/bin/sennit" --version)" "$("$OUT/sennit" --version)"
# The tree is moved: the profiles beside the program are found.
mv "$root" "$work/moved"
has_profile=$(HOME="$work" "$work/moved/bin/sennit" completions profiles | grep -x mine)
check "a profile beside the program" "$has_profile" mine
mv "$work/moved" "$root"
for shell in bash zsh fish; do
    "$OUT/sennit" completions $shell >"$work/$shell"
done
cmp -s "$work/bash" "$root/share/bash-completion/completions/sennit" &&
    cmp -s "$work/zsh" "$root/share/zsh/site-functions/_sennit" &&
    cmp -s "$work/fish" "$root/share/fish/vendor_completions.d/sennit.fish" &&
    ok || no "the completions are not those of the program"

run_make uninstall >"$work/log" 2>&1 || no "uninstall: $(cat "$work/log")"
check "files after uninstall" "$(list -type f)" "$before"
rm -r "$root/share/sennit/profiles/mine.yaml"
(run_make install && run_make uninstall) >"$work/log" 2>&1 ||
    no "again: $(cat "$work/log")"
check "our own directory" "$(ls -d "$root/share/sennit" 2>/dev/null)" ""
echo "install: $passed passed, $failed failed, 0 skipped"
exit "$((failed > 0))"
