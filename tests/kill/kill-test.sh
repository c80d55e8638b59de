#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: PROGRAM=... SERVER=... [KILLS=N] kill-test.sh
#
# The killer (kill.py): 60 deaths, or as many as are wanted. A sanitizer wants to
# be loaded first, before the disk that fails.
set -u
: "${PROGRAM:=build/release/sennit}" "${SERVER:=build/release/server}"
export PROGRAM SERVER PYTHONDONTWRITEBYTECODE=1
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:verify_asan_link_order=0"
exec python3 tests/kill/kill.py
