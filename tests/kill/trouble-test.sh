#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: PROGRAM=... SERVER=... [KILLS=N] trouble-test.sh
#
# Disks that are full, read-only, foreign, damaged, hanging, failing (trouble.py).
# With KILLS=1000 every call to the disk fails once, else every seventh.
set -u
: "${PROGRAM:=build/release/sennit}" "${SERVER:=build/release/server}"
export PROGRAM SERVER PYTHONDONTWRITEBYTECODE=1
# Who leaves a disk that does not answer in time leaves its thread what it has.
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:verify_asan_link_order=0:detect_leaks=0"
exec python3 tests/kill/trouble.py
