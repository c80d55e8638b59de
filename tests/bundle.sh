#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: [ROOTS=DIRECTORY] bundle.sh [ARCHIVE [SUITE...]]
#
# Try the bundle (by default the newest in build/) in a bare root of each suite,
# which debootstrap makes, as a user without rights. A suite is one of Debian's
# or Ubuntu's; MIRROR names where its packages are. ROOTS keeps the roots.
# Minutes, and packages are fetched: not a part of make check.
set -u
archive=${1:-$(ls -t build/sennit-*.tar.xz 2>/dev/null | sed -n 1p)}
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- bookworm trixie
: "${SERVER:=build/release/server}"
passed=0 failed=0 skipped=0
ok() { passed=$((passed + 1)); }
no() { failed=$((failed + 1)); echo "bundle: FAILED: $suite: $1" >&2; }
skip() { skipped=$((skipped + 1)); echo "skipped, debootstrap: $suite: $1" >&2; }
# name, what came, a part that it must have
has() { case $2 in *"$3"*) ok ;; *) no "$1: $2" ;; esac; }

[ -f "$archive" ] || { echo "bundle.sh: run make bundle first" >&2; exit 2; }
[ -x "$SERVER" ] || { echo "bundle.sh: run make programs first" >&2; exit 2; }
work=$(mktemp -d)
roots=${ROOTS:-$work}
server='' tls=''
# shellcheck disable=SC2317
leave() {
    for process in $server $tls; do kill "$process"; done
    rm -rf "$work"
}
trap leave EXIT

make_root() {
    [ -e "$roots/$suite/bin/sh" ] && return 0
    mkdir -p "$roots"
    # shellcheck disable=SC2086
    debootstrap --variant=minbase "$suite" "$roots/$suite" ${MIRROR:-} \
        >"$work/log" 2>&1
}

# As nobody in the root, with a /proc that goes away with the command. The
# network is ours: the server is on loopback.
inside() {
    unshare -m sh -c 'mount -t proc proc "$0/proc" && root=$0 &&
        exec timeout 60 chroot --userspec=65534:65534 "$root" env -i \
            HOME=/tmp/home PATH=/usr/bin:/bin LC_ALL=C.UTF-8 "$@"' \
        "$root" "$@" 2>&1
}

start_server() {
    cat >"$work/tags.scenario" <<'END'
match GET /api/tags
times forever
status 200 OK
body "{\"models\":[{\"name\":\"small:1b\",\"size\":1000}]}"
END
    cat >"$work/ps.scenario" <<'END'
match GET /api/ps
times forever
status 200 OK
body "{\"models\":[]}"
END
    cat >"$work/chat.scenario" <<'END'
match POST /api/chat
times forever
status 200 OK
chunked
line {"model":"small:1b","message":{"content":"a rope of "},"done":false}
line {"model":"small:1b","message":{"content":"strands"},"done":false}
line {"model":"small:1b","message":{"content":""},"done":true,"done_reason":"stop"}
END
    mkfifo "$work/port"
    "$SERVER" "$work/tags.scenario" "$work/ps.scenario" "$work/chat.scenario" \
        >"$work/port" &
    server=$!
    read -r port <"$work/port"
}

# Ctrl-D at an empty prompt leaves.
full_screen() { # TERM
    export root
    # shellcheck disable=SC2016
    printf '\004' | timeout 60 script -qec "unshare -m sh -c 'mount -t proc \
        proc \$root/proc && exec chroot --userspec=65534:65534 \$root \
        env -i HOME=/tmp/home PATH=/usr/bin:/bin LC_ALL=C.UTF-8 TERM=$1 \
        $sennit'" /dev/null 2>&1
    echo "status $?"
}

# A server whose certificate nobody knows.
start_tls() {
    openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=nobody -days 2 \
        -keyout "$work/key" -out "$work/certificate" 2>/dev/null
    mkfifo "$work/tls"
    openssl s_server -www -accept 127.0.0.1:0 -key "$work/key" \
        -cert "$work/certificate" >"$work/tls" 2>/dev/null &
    tls=$!
    while read -r word address; do
        case $word in ACCEPT) break ;; esac
    done <"$work/tls"
    tls_port=${address##*:}
}

try() {
    root=$roots/$suite
    rm -rf "$root/opt/sennit"
    mkdir -p "$root/opt/sennit" "$root/tmp/home"
    chown 65534:65534 "$root/tmp/home"
    tar -xJf "$archive" --no-same-owner --strip-components=1 \
        -C "$root/opt/sennit" || no "unpack"
    sennit=/opt/sennit/bin/sennit
    has "version" "$(inside $sennit --version)" "sennit "
    foreign=$(inside ldd $sennit | sed -n 's/.* => \([^ ]*\).*/\1/p' |
        grep -v '^/opt/sennit/' | grep -vE '/lib(c|m|resolv)\.so\.[0-9]$')
    [ -z "$foreign" ] && ok || no "libraries of the system: $foreign"
    has "guide" "$(inside sh -c "echo 'how do I connect Ollama?' | $sennit")" \
        11434
    has "answer" "$(inside env OLLAMA_HOST="127.0.0.1:$port" $sennit \
        -m ollama/small:1b 'What is a sennit?')" "a rope of strands"
    has "profile" "$(inside $sennit -P gpu --dry-run hi)" "qwen3:8b"
    has "completions" "$(inside $sennit completions profiles)" gpu
    [ -z "$tls" ] || has "https" "$(inside env OPENAI_API_KEY=x \
        OPENAI_BASE_URL="https://127.0.0.1:$tls_port" \
        $sennit -m openai/x hi)" certificate
    screen=$(full_screen alacritty)
    has "terminal" "$screen" "F1 help"
    has "terminal" "$screen" "status 0"
    for file in share/man/man1/sennit.1 share/doc/sennit/LICENSE \
        share/doc/sennit/licences/libcurl4 share/sennit/config.yaml \
        share/bash-completion/completions/sennit; do
        [ -s "$root/opt/sennit/$file" ] && ok || no "$file is not there"
    done
    rm -rf "$root/opt/sennit"
}

start_server
command -v openssl >/dev/null && start_tls
for suite in "$@"; do
    if [ "$(id -u)" != 0 ] || ! unshare -m true 2>/dev/null; then
        skip "not root, or no namespaces"
    elif ! command -v debootstrap >/dev/null; then
        skip "debootstrap is not installed"
    elif ! make_root; then
        skip "no root can be made: $(tail -n 1 "$work/log")"
    else
        try
    fi
done
echo "bundle: $passed passed, $failed failed, $skipped skipped"
exit "$((failed > 0))"
