/* SPDX-License-Identifier: MIT */
/*
 * settings - adding layers that must be accepted or refused.
 */
#ifndef TESTS_SUPPORT_SETTINGS_H
#define TESTS_SUPPORT_SETTINGS_H

#include "config/settings.h"

/* Fail the test with the error unless the layer is accepted. */
void settings_must_add(struct settings *settings, const char *name,
                       const char *text);
void settings_must_add_file(struct settings *settings, const char *path);
void settings_must_set(struct settings *settings, const char *key,
                       const char *value);

/* Fail the test unless empty settings refuse the file "a.yaml" of this text,
 * or the value as from "--set", with these words and change nothing. */
void settings_refuses_text(const char *text, const char *words);
void settings_refuses_value(const char *key, const char *value,
                            const char *words);

#endif
