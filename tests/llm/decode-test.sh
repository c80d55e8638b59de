#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: PROGRAM=... decode-test.sh
#
# "sennit decode" against a second reader of the protocols: own cases, and every
# recording of the shared folder. compare.py says what is compared.
set -u
: "${PROGRAM:=build/release/sennit}"
PYTHONDONTWRITEBYTECODE=1 PYTHONIOENCODING=utf-8 exec python3 \
    "$(dirname "$0")/compare.py" "$PROGRAM" "${SENNIT_SHARED:-../shared}"
