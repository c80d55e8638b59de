/* SPDX-License-Identifier: MIT */
/*
 * reply - the settings under `reply`, as a request takes them.
 */
#ifndef CHAT_REPLY_H
#define CHAT_REPLY_H

#include "chat/endpoint.h"
#include "config/settings.h"
#include "llm/provider.h"

/* Strings are borrowed from the settings and the endpoint. */
void reply_read(struct reply_settings *reply, const struct settings *settings,
                const struct endpoint *endpoint);

#endif
