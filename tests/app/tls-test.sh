#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: PROGRAM=... tls-test.sh
#
# The doctor against servers that speak TLS: the version is named, a certificate
# is trusted only if it is named, and nobody makes us write the session's keys
# down. Skipped where there is no openssl.
set -u
: "${PROGRAM:=build/release/sennit}"
passed=0 failed=0 server=

finish() { echo "tls: $passed passed, $failed failed, ${1:-0} skipped"; exit "$((failed > 0))"; }
ok() { passed=$((passed + 1)); }
no() { failed=$((failed + 1)); echo "tls: FAILED: $1: $report" >&2; }
has() { case $report in *"$2"*) ok ;; *) no "$1" ;; esac; }

command -v openssl >/dev/null || {
    echo "skipped, openssl: no openssl here" >&2
    finish 1
}
work=$(mktemp -d)
trap 'kill $server 2>/dev/null; rm -rf "$work"' EXIT
case $PROGRAM in /*) ;; *) PROGRAM=$PWD/$PROGRAM ;; esac
cd "$work" || exit 1
export HOME="$work" SSLKEYLOGFILE="$work/keys" TEST_KEY=sk-test \
    OLLAMA_HOST=127.0.0.1:1
unset XDG_CONFIG_HOME XDG_STATE_HOME OPENAI_API_KEY OPENAI_BASE_URL
mkdir -p .config/sennit v1
echo '{"data":[{"id":"m"}]}' >v1/models
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem \
    -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 2>/dev/null

# Serve TLS with these options on a port that is free, and tell the program.
serve() {
    port=$(python3 -c 'import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    openssl s_server -accept "127.0.0.1:$port" -key key.pem -cert cert.pem \
        -WWW -quiet "$@" >/dev/null 2>&1 &
    server=$!
}
configure() {
    cat >.config/sennit/config.yaml <<YAML
endpoints:
  t: {dialect: chat-completions, url: "https://127.0.0.1:$port/v1",
    key: {env: TEST_KEY}$1, timeouts: {connect: 2m}}
YAML
}
# Until the server is up, at most a hundred times.
examine() {
    tries=0
    while report=$("$PROGRAM" doctor </dev/null); status=$?
        tries=$((tries + 1))
        [ "$tries" -lt 100 ]; do
        case $report in *"nothing listens on 127.0.0.1:$port"*) ;; *) break ;; esac
    done
}

for version in 3 2; do
    serve "-tls1_$version"
    configure ", ca_file: $work/cert.pem"
    examine
    has "TLS 1.$version" "vendor, TLSv1.$version: answers"
    kill $server
done

serve
configure ""
examine
has "a certificate that nobody named" "no answer"
has "its cure" "ca_file"
if [ "$status" = 1 ]; then ok; else no "the exit status is $status"; fi
if [ -e keys ]; then no "the keys of the sessions were written down"; else ok; fi
finish
