/* SPDX-License-Identifier: MIT */
/*
 * privacy - what the settings call private: `privacy.private`.
 *
 * Pure, but for links that are followed. Whatever cannot be found out counts as
 * private: an expression that takes too long, rules that cannot be read.
 */
#ifndef CHAT_PRIVACY_H
#define CHAT_PRIVACY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"
#include "base/buf.h"
#include "base/error.h"
#include "config/settings.h"

enum {
    PRIVACY_LOOK_MS = 250,  /* for a text, and one more for each KiB of it */
    PRIVACY_TYPING_MS = 10, /* for what is being typed */
    PRIVACY_TYPING_MAX = 32 * 1024 /* bytes of it, around the caret */
};

struct pattern;

/* All-zero: nothing is private. */
struct privacy {
    bool is_all;   /* privacy.private.all */
    bool has_keys; /* builtin:keys */
    ARRAY_OF(struct privacy_text) texts;
    ARRAY_OF(const char *) files; /* borrowed from the settings */
    bool is_unknown;              /* the rules could not all be read */
    struct error why;             /* then: what is to be mended */
};

struct privacy_text {
    const char *source; /* borrowed from the settings */
    struct pattern *pattern;
};

/* False (ERROR_CONFIG) names file and line of the first that cannot be read;
 * then all is private, and so it is where settings were left out that may have
 * held rules. The settings must outlive it. */
bool privacy_load(struct privacy *privacy, const struct settings *settings,
                  struct error *err);
void privacy_clear(struct privacy *privacy);

/* Whether the settings can be read so. */
bool privacy_check(const struct settings *settings, struct error *err);

/* Some text could be private by its form. */
bool privacy_has_texts(const struct privacy *privacy);

/* Whether a text is private by its form; then the rule is appended, in words:
 * "builtin:keys (GitHub token)". Bytes that are no UTF-8 are passed over. It is
 * so in whatever Unicode form it is written, and with invisible characters in it
 * (UTF8_SEEN, UTF8_USUAL). */
bool privacy_text(const struct privacy *privacy, struct slice text,
                  int64_t most_ms, struct buf *rule);

/* The same of a file, by the path that was named ("~" made the home directory)
 * and the one where it really lies; either may be NULL. */
bool privacy_file(const struct privacy *privacy, const char *named,
                  const char *resolved, struct buf *rule);

/* Whether a rule that was appended once is one of these, so that it can be asked
 * again. */
bool privacy_knows(const struct privacy *privacy, const char *rule);

#endif
