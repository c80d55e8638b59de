/* SPDX-License-Identifier: MIT */
/*
 * model_text - what is known of a model, in words: for the panel, for `sennit
 * models` and `ps`.
 *
 * Pure but for the zone of the clock. Every function appends to a buf; what is
 * not known is left out, and never called none.
 */
#ifndef APP_MODEL_TEXT_H
#define APP_MODEL_TEXT_H

#include "chat/endpoint.h"
#include "chat/fit.h"
#include "chat/model_life.h"
#include "llm/model_list.h"

/* "loaded", "loading", "asleep", "failed to load", "not loaded"; "": unknown. */
const char *model_text_presence(const struct model_row *row);

/* "tools, vision, thinking"; "no tools" where that is known of tools. */
void model_text_abilities(const struct model_row *row, struct buf *out);

/* "8.2B, Q4_K_M". */
void model_text_make(const struct model_row *row, struct buf *out);

/* "window 4,096 of 40,960": what is loaded, what it was made for. */
void model_text_window(const struct model_row *row, struct buf *out);

/* "on the GPU", "48 % on the GPU", "on the CPU". */
void model_text_share(const struct model_row *row, struct buf *out);

/* "until 14:05", "for good"; `now` is Unix s. */
void model_text_expiry(const struct model_row *row, int64_t now,
                       struct buf *out);

/* Whether it would fit, of one that is not loaded. Of another machine only what
 * it needs is known; `free_here`: models_free_memory(). */
struct fit model_text_fit(const struct endpoint *endpoint,
                          const struct model_row *row, uint64_t free_here);
void model_text_fit_words(const struct fit *fit, struct buf *out);

/* What the model that is worked with does: "loading m at box", "m at box is
 * ready"; nothing while there is none. */
void model_text_life(const struct model_life *life, struct buf *out);

/* That a loading or unloading which the user asked for has ended, once. `moved`
 * is the caller's to keep, MODEL_IDLE at first. False: there is no news. */
bool model_text_news(const struct model_life *life, enum model_state *moved,
                     struct buf *out);
/* After whatever may have begun one. */
void model_text_watch(const struct model_life *life, enum model_state *moved);

/* Append ", " before the second and every later part. */
void model_text_part(struct buf *out, const char *part);

#endif
