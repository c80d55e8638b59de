/* SPDX-License-Identifier: MIT */
/*
 * setup - what every way of running needs: settings, endpoints, loop, http.
 */
#ifndef APP_SETUP_H
#define APP_SETUP_H

#include "app/cli.h"
#include "chat/chat.h"
#include "config/settings.h"
#include "net/http.h"

struct setup {
    struct settings *settings;
    struct endpoints endpoints;
    struct loop *loop;
    struct http *http;
};

/* Read the settings: config.yaml (or --config), the profile, SENNIT_*, --set,
 * in this order; and the endpoints. */
bool setup_configure(struct setup *setup, const struct cli *cli,
                     struct error *err);

/* Loop and HTTP. Blocks these signals (a 0 ends the list) and gives them to
 * `fn`. */
bool setup_connect(struct setup *setup, const int signals[], loop_signal_fn *fn,
                   void *context, struct error *err);

/* What a chat needs of it and of the command line; the caller adds who
 * listens. */
struct chat_setup setup_chat(const struct setup *setup, const struct cli *cli);

void setup_clear(struct setup *setup);

#endif
