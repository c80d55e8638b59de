/* SPDX-License-Identifier: MIT */
/*
 * events - the dialect of our own events: bring your own stream.
 *
 * An answer is one JSON object a line, as `sennit -o stream-json` prints them:
 *
 *     {"type":"thinking-delta","text":"..."}   {"type":"text-delta","text":"..."}
 *     {"type":"tool-call-start","call":1,"id":"...","name":"..."}
 *     {"type":"tool-call-delta","call":1,"arguments":"..."}      a fragment
 *     {"type":"tool-call-end","call":1,"arguments":"..."}        all of it
 *     {"type":"usage","input":9,"output":5}   {"type":"model-reported","model":"..."}
 *     {"type":"opaque","kind":"...","json":...}        comes back with the answer
 *     {"type":"run-finished","outcome":"complete","finish_reason":"stop"}
 *
 * The outcome is complete, cut, error or aborted; `error` says why. Without
 * run-finished the answer is cut. Other events of ours are passed over, types
 * that nobody knows are counted as well.
 *
 * A request is one JSON object: model, system, reply (what was set of
 * temperature, top_p, max_tokens, stop, seed, repeat_penalty, thinking), schema,
 * tools [{name, description, schema}], and messages [{role, content}], with
 * calls [{call, id, name, arguments}] of an assistant message and call, id and
 * name of a tool message; images [{name, media_type, data or url}] of a user
 * message; parts, where the answer came from the same place, in their order.
 */
#ifndef LLM_EVENTS_H
#define LLM_EVENTS_H

#include "llm/provider.h"

extern const struct dialect dialect_events;

#endif
