#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: reader.py DIALECT FILE

The second reader: what a recorded response of a chat endpoint means, worked out
from the notes on the protocols and not from the program, which is judged by it.
DIALECT is one of those in READERS; FILE a body, or a whole HTTP response.
Prints one JSON object:

  outcome        complete, cut or error; what the server ends early and says so
                 is complete, its finish_reason tells
  text thinking  the whole of each, or a list of parts: see turn.joined()
  calls          {name, id, arguments, whole}; as_json: equal by value is enough
  usage          {input, output, reasoning, cached}, null where unknown
  finish_reason  the server's word, or null
  model          the first name that the server gave, or null; where it says
                 that another model stood in, that one
  error_contains words of the server's own message, or null
  opaque         {kind, json}: what has to go back to this server unchanged; of
                 a call also its number; loose: members that are not compared
  shows          what has to be found anywhere in what the program says

Nothing here streams: the whole answer is read, then split and judged, so that a
mistake of the program in its increments cannot be repeated here.
"""
import json
import sys

from framing import split_http
from reader_anthropic import read_anthropic
from reader_chat import read_chat
from reader_lines import read_events, read_ollama
from reader_responses import read_responses
from turn import BLANK, Turn, message_in, parse_loose, words

READERS = {"ollama": read_ollama, "chat-completions": read_chat,
           "responses": read_responses, "anthropic": read_anthropic,
           "events": read_events}


def read_error_body(turn, status, body):
    try:
        message = message_in(parse_loose(body))
    except ValueError:
        message = None if body.lstrip(BLANK).startswith("<") else body
    turn.fail(words(message) or str(status))


def read(dialect, raw):
    turn = Turn()
    status, body = split_http(raw)
    if body.startswith(b"\xef\xbb\xbf"):
        body = body[3:]
    body = body.decode("utf-8", "replace")
    if status and status >= 400:
        read_error_body(turn, status, body)
    elif body.lstrip(BLANK).startswith("<"):
        turn.fail(None)
    elif body.strip(BLANK):
        READERS[dialect](turn, body)
    return turn.expectation()


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in READERS:
        sys.exit(__doc__.split("\n", 1)[0])
    with open(sys.argv[2], "rb") as file:
        expectation = read(sys.argv[1], file.read())
    print(json.dumps(expectation, indent=1))


if __name__ == "__main__":
    main()
