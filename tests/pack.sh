#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: VERSION=... MAKE=make BUILD=bundle pack.sh
#
# Make build/sennit-VERSION-ARCH.tar.xz: what `make install` installs, the
# libraries that it needs below lib/sennit, their licences, and descriptions of
# terminals. glibc is not among them: it is the system's, and must be at least
# as new as what the files ask for, which is checked and printed. Needs dpkg,
# which knows where a library comes from.
set -eu
name=sennit
glibc_max=2.35
size_max=$((8 * 1024 * 1024))
terminals="alacritty alacritty-direct ansi foot foot-direct gnome-256color
iterm2 kitty konsole-256color linux linux-16color mintty mlterm-256color
ms-terminal putty putty-256color rxvt rxvt-256color rxvt-unicode
rxvt-unicode-256color screen screen-16color screen-256color st st-256color
teraterm-256color tmux tmux-256color tmux-direct vt100 vt102 vt220 vt420
vte-256color xterm xterm-16color xterm-256color xterm-color xterm-direct
xterm-kitty"

die() { echo "pack.sh: $1" >&2; exit 1; }

command -v dpkg-query >/dev/null || die "needs Debian or Ubuntu (dpkg)"
arch=$(uname -m)
top=$name-$(echo "$VERSION" | tr -c 'A-Za-z0-9.\n-' _)-$arch
archive=build/$top.tar.xz
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$MAKE" -s --no-print-directory BUILD="$BUILD" PREFIX=/usr/local \
    DESTDIR="$work" install >&2
mv "$work/usr/local" "$work/$top"
cd_top=$work/$top
libraries=$cd_top/lib/$name
documents=$cd_top/share/doc/$name
mkdir -p "$libraries" "$documents/licences"
strip "$cd_top/bin/$name"

# The package of a file; where /lib is a link its list may say either.
package_of() {
    for path in "$1" "$(realpath "$1")" "${1#/usr}" "/usr$1"; do
        dpkg-query -S "$path" 2>/dev/null | sed -n '1s/: .*//p'
    done | sed -n 1p
}

take_library() { # soname path
    package=$(package_of "$2")
    [ -n "$package" ] || die "no package has $2"
    case $package in libc6 | libc6:*) return ;; esac
    cp -L "$2" "$libraries/$1"
    chmod 644 "$libraries/$1"
    licence=/usr/share/doc/${package%:*}/copyright
    [ -e "$licence" ] || die "$package has no copyright file"
    cp -L "$licence" "$documents/licences/${package%:*}"
    # shellcheck disable=SC2016
    dpkg-query -W -f "$1"': ${Package} ${Version}, of the source ${source:Package} ${source:Version}\n' \
        "$package" >>"$documents/libraries"
}

ldd "$cd_top/bin/$name" | sed -n 's/^[ \t]*\([^ ]*\) => \(\/[^ ]*\) .*/\1 \2/p' |
    sort >"$work/needed"
while read -r soname path; do
    take_library "$soname" "$path"
done <"$work/needed"

# Copyright files of Debian name the text of the larger licences by its path.
sed -n 's/.*\(\/usr\/share\/common-licenses\/[A-Za-z0-9.-]*[A-Za-z0-9]\).*/\1/p' \
    "$documents"/licences/* | sort -u | while read -r text; do
    [ -e "$text" ] && cp -L "$text" "$documents/licences/"
done
cp LICENSE README.md "$documents/"

for terminal in $terminals; do
    letter=$(printf %.1s "$terminal")
    for directory in /lib/terminfo /usr/share/terminfo; do
        file=$directory/$letter/$terminal
        [ -e "$file" ] || continue
        mkdir -p "$cd_top/share/$name/terminfo/$letter"
        cp -L "$file" "$cd_top/share/$name/terminfo/$letter/"
        continue 2
    done
    die "terminfo does not know $terminal"
done

# What is asked of the system: glibc, in versions that are old enough.
newest=0
for file in "$cd_top/bin/$name" "$libraries"/*; do
    for needed in $(objdump -p "$file" | sed -n 's/^ *NEEDED *//p'); do
        case $needed in
        libc.so.6 | libm.so.6 | libresolv.so.2 | libdl.so.2 | libpthread.so.0 | \
            librt.so.1 | ld-linux*) ;;
        *) [ -e "$libraries/$needed" ] || die "$file: $needed is not here" ;;
        esac
    done
    case $file in
    "$libraries"/*) ! objdump -p "$file" | grep -qE 'RPATH|RUNPATH' ||
        die "$file has a search path of its own" ;;
    esac
    # The names that ld.so looks for; that of packed relocations is of 2.36.
    version=$(objdump -p "$file" | sed -n 's/.* GLIBC_ABI_DT_RELR$/2.36/p
        s/.* GLIBC_\([0-9.]*\)$/\1/p' | sort -V | tail -n 1)
    newest=$(printf '%s\n' "$newest" "$version" | sort -V | tail -n 1)
    [ "$(printf '%s\n' "$version" $glibc_max | sort -V | tail -n 1)" = $glibc_max ] ||
        die "${file##*/} needs glibc $version"
done

time=$(git log -1 --format=%ct 2>/dev/null || date +%s)
chmod -R u=rwX,go=rX "$cd_top"
tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner \
    --mtime="@$time" -cf - "$top" | xz -9e >"$archive.new"
size=$(wc -c <"$archive.new")
[ "$size" -le $size_max ] || die "$size bytes are more than $size_max"
mv "$archive.new" "$archive"
echo "$archive: $size bytes, glibc $newest or newer"
