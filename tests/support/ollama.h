/* SPDX-License-Identifier: MIT */
/*
 * ollama - lines of a scenario (tests/server/server.c) in which the server is
 * an Ollama with one model, small:1b.
 */
#ifndef TESTS_SUPPORT_OLLAMA_H
#define TESTS_SUPPORT_OLLAMA_H

/* Two scenarios, with a comma between: what it says when it is looked at. */
#define OLLAMA_MODELS                                         \
    "match GET /api/tags\ntimes forever\nstatus 200 OK\n"     \
    "body \"{\\\"models\\\":[{\\\"name\\\":\\\"small:1b\\\"," \
    "\\\"size\\\":1000}]}\"\n",                               \
        "match GET /api/ps\ntimes forever\nstatus 200 OK\n"   \
        "body \"{\\\"models\\\":[]}\"\n"

/* An answer: its head, any number of deltas, its end. */
#define OLLAMA_CHAT "match POST /api/chat\nstatus 200 OK\nchunked\n"
#define OLLAMA_SAY(text)                                            \
    "line {\"model\":\"small:1b\",\"message\":{\"content\":\"" text \
    "\"},\"done\":false}\n"
#define OLLAMA_THINK(text)                                        \
    "line {\"model\":\"small:1b\",\"message\":{\"content\":\"\"," \
    "\"thinking\":\"" text "\"},\"done\":false}\n"
#define OLLAMA_DONE                                                   \
    "line {\"model\":\"small:1b\",\"message\":{\"content\":\"\"},"    \
    "\"done\":true,\"done_reason\":\"stop\",\"prompt_eval_count\":7," \
    "\"eval_count\":2,\"eval_duration\":1000000}\n"

#endif
