#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: packages.sh build | test | lint | fuzz | bundle
#
# Install what a step needs and what is missing, by apt-get (with sudo when not
# root). On other systems: name what is missing and stop.
set -eu

build="gcc:gcc libc6-dev:/usr/include/stdio.h pkg-config:pkg-config
libncurses-dev:=ncursesw libcurl4-openssl-dev:=libcurl libjansson-dev:=jansson
libyaml-dev:=yaml-0.1 libmd4c-dev:=md4c libutf8proc-dev:=libutf8proc
libpcre2-dev:=libpcre2-8 libsqlite3-dev:=sqlite3
mawk:awk"
test="$build check:=check libvterm-dev:=vterm python3:python3 curl:curl
bubblewrap:bwrap"
fuzz="$build clang:clang libclang-rt-dev:+libfuzzer"
lint="$build clang-format:clang-format mandoc:mandoc binutils:objdump"

bundle="$build binutils:objdump xz-utils:xz
ncurses-term:/usr/share/terminfo/a/alacritty
foot-terminfo:/usr/share/terminfo/f/foot
kitty-terminfo:/usr/share/terminfo/x/xterm-kitty"

case ${1:?build, test, lint, fuzz or bundle} in
build) wanted=$build ;;
test) wanted=$test ;;
lint) wanted=$lint ;;
fuzz) wanted=$fuzz ;;
bundle) wanted=$bundle ;;
*) echo "packages.sh: unknown step $1" >&2; exit 2 ;;
esac

# What clang needs for -fsanitize=fuzzer lies where only it knows.
has_libfuzzer() {
    [ -e "$(clang -print-resource-dir 2>/dev/null)/lib/linux/libclang_rt.fuzzer-$(uname -m).a" ]
}

# A package is there if its program, file or pkg-config module is.
is_there() {
    case $1 in
    +*) "has_${1#+}" ;;
    =*) command -v pkg-config >/dev/null && pkg-config --exists "${1#=}" ;;
    /*) [ -e "$1" ] ;;
    *) command -v "$1" >/dev/null ;;
    esac
}

missing=
for pair in $wanted; do
    is_there "${pair#*:}" || missing="$missing ${pair%%:*}"
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
    echo "sennit needs these packages (Debian's names):$missing" >&2
    echo "Install your system's own and run make again." >&2
    exit 1
fi

sudo=
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || {
        echo "As root, run: apt-get install$missing" >&2
        exit 1
    }
    proxies=http_proxy,https_proxy,no_proxy,HTTP_PROXY,HTTPS_PROXY,NO_PROXY
    sudo="sudo --preserve-env=$proxies"
fi
echo "installing:$missing" >&2
export DEBIAN_FRONTEND=noninteractive
get="$sudo apt-get -q -y -o DPkg::Lock::Timeout=120"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
install() {
    # shellcheck disable=SC2086
    $get install --no-install-recommends $missing >"$log" 2>&1
}
install || { $get update >"$log" 2>&1 && install; } || {
    tail -n 20 "$log" >&2
    echo "could not install:$missing" >&2
    exit 1
}
