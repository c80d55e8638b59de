/* SPDX-License-Identifier: MIT */
/*
 * setting_text - settings in words: values, origins, kinds.
 *
 * For `sennit config explain`, the panel of settings, /set and /show. Values
 * are shown as they were written, variables by their names, and without what
 * looks like a secret.
 */
#ifndef APP_SETTING_TEXT_H
#define APP_SETTING_TEXT_H

#include "app/setup.h"
#include "config/schema.h"

/* Append the value of a setting at this path: one line. */
void setting_text_value(struct buf *out, const struct setting *setting,
                        const char *path);

/* Append where it stands: "~/.config/sennit/config.yaml:3", "--set". */
void setting_text_origin(struct buf *out, const struct setting *setting);

/* Append what a row takes: "a number, 0 to 2"; "one of: auto, on, off". */
void setting_text_kind(struct buf *out, const struct schema_row *row);

/* What counts where it is not set, in words. */
const char *setting_text_default(const struct schema_row *row);

/* Append "reply.temperature is 0.7 (config.yaml:3)", and what it is for. False
 * if there is no such setting: the nearest is named. */
bool setting_text_brief(struct buf *out, const struct settings *settings,
                        const char *key, struct error *err);

/* The setting that is nearest to a key that does not exist. Returns false. */
bool setting_text_unknown(const char *key, struct error *err);

/* Each setting that is set, without the maps around it, in order. */
typedef void setting_text_fn(void *context, const char *path,
                             const struct setting *setting);
void setting_text_each(const struct settings *settings, setting_text_fn *fn,
                       void *context);

/* Append a line that names what is set and has no effect in this version;
 * nothing if all has. */
void setting_text_unused(struct buf *out, const struct setup *setup);

#endif
