/* SPDX-License-Identifier: MIT */
/*
 * naming - whether the endpoints that the settings name are there.
 *
 * `routing.ladder`, `routing.rules[].use` and `roles.NAME.model` name
 * ENDPOINT/MODEL. What has no slash is a model, an alias or an endpoint, and
 * whose it is is found out later (chat/router); so it is with `model`, where
 * "org/name" may be a model too: of it only a slip of the hand is told here.
 */
#ifndef CHAT_NAMING_H
#define CHAT_NAMING_H

#include "chat/endpoint.h"

/* False (ERROR_CONFIG, with file and line, the nearest name or those that there
 * are) if one names an endpoint that is not there. With `complaints` the
 * sentence of each is appended there, a line each, and it is true. A vendor of
 * the table whose key is not set counts as there, and so does an endpoint that
 * was left out because it is wrong. */
bool naming_check(const struct endpoints *endpoints,
                  const struct settings *settings, struct buf *complaints,
                  struct error *err);

#endif
