/* SPDX-License-Identifier: MIT */
/*
 * model_life - the one model that a chat works with: loaded, chatting, in error,
 * torn down. The owner of the machine LIFE_MODEL (graph/life): what happens to
 * the model goes through its table, and what that does not allow changes
 * nothing and is counted.
 *
 * A load that the user asks for is sent to the server: a new one takes the place
 * of one under way, and while it lasts prompts wait in the chat's queue. An
 * answer loads its model without being asked to: then `loading` is the time
 * until its first delta. An error after that leaves the model ready, and is the
 * run's. Never waits.
 */
#ifndef CHAT_MODEL_LIFE_H
#define CHAT_MODEL_LIFE_H

#include "chat/endpoint.h"
#include "graph/event.h"
#include "graph/life.h"
#include "net/http.h"

struct model_life;

/* `on_change` is called when the state changed by itself, never from inside the
 * functions below. */
typedef void model_life_fn(void *context);
struct model_life *model_life_new(struct loop *loop, struct http *http,
                                  model_life_fn *on_change,
                                  void *context) RETURNS_NONNULL;
/* From any state; what is under way is left to the server. NULL is fine. */
void model_life_free(struct model_life *life);

/* Load a model, with the endpoint's num_ctx and keep_alive. False, in words: an
 * answer or an unloading is under way, or the endpoint loads nothing. Whether
 * the server can is found out then: MODEL_ERROR. */
bool model_life_load(struct model_life *life, const struct endpoint *endpoint,
                     const char *model, struct error *err);

/* Unload a model. False, in words: another one is loading or answering. The
 * answer of this one must have been stopped before. */
bool model_life_unload(struct model_life *life, const struct endpoint *endpoint,
                       const char *model, struct error *err);

/* Stop a load: the server may finish it for itself. Legal in every state. False:
 * there was none. */
bool model_life_abort(struct model_life *life);

/* Forget the model and its error; the server keeps it. Legal in every state,
 * and without effect on what is being torn down. */
void model_life_reset(struct model_life *life);

/* An event of the conversation: attempts, their deltas, their ends. */
void model_life_take(struct model_life *life, const struct endpoints *endpoints,
                     const struct event *event);

/* A load or unloading that the user asked for is under way. */
bool model_life_is_moving(const struct model_life *life);

enum model_state model_life_state(const struct model_life *life);
/* Of which model; NULL and "" in MODEL_IDLE before the first. */
const struct endpoint *model_life_endpoint(const struct model_life *life);
const char *model_life_model(const struct model_life *life);
/* Why, in MODEL_ERROR; or why the last unloading was not done. */
const struct error *model_life_error(const struct model_life *life);
/* The server says that memory did not suffice. Who knows more may say it better.
 */
bool model_life_is_out_of_memory(const struct model_life *life);
void model_life_explain(struct model_life *life, const struct error *err);
/* Monotonic ms since it is in this state. */
int64_t model_life_since(const struct model_life *life);
/* What its table did not allow, so far. */
uint32_t model_life_refused(const struct model_life *life);

#endif
