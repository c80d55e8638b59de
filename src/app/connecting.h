/* SPDX-License-Identifier: MIT */
/*
 * connecting - /connect: a model server or a vendor becomes an endpoint, in
 * four steps on one panel: who, the key, does it answer, which model.
 *
 * Nothing is written and nothing changes before the last step. A key that is
 * typed stays here until it is in its file or the endpoint: it never comes near
 * the draft, the history, an event or a notice, and is overwritten at the end.
 */
#ifndef APP_CONNECTING_H
#define APP_CONNECTING_H

#include "app/endpoint_file.h"
#include "chat/models.h"
#include "chat/vendors.h"

enum { CONNECTING_KEY_MAX = 4096 /* bytes */ };

enum connecting_step {
    CONNECTING_NOT,
    CONNECTING_WHO,
    CONNECTING_KEY,
    CONNECTING_TEST,
    CONNECTING_MODEL,
};

/* All-zero is nobody connecting. */
struct connecting {
    enum connecting_step step;
    /* Who: chosen in the first step. */
    char *name, *title, *url;
    char *usual_model, *key_page; /* of a vendor; NULL: unknown */
    const struct dialect *dialect;
    bool is_own;
    /* The key. */
    enum endpoint_key_kind key_kind;
    char *key_from; /* path, variable or command */
    char *variable; /* of the environment, which has one; NULL: none */
    char key[CONNECTING_KEY_MAX + 1];
    size_t key_len;
    /* The test. */
    struct endpoint candidate;
    bool has_candidate;
    struct models *models;
};

/* The rows of a step, and what their keys begin with. */
#define CONNECTING_VENDOR "vendor:"
#define CONNECTING_OWN    "own:"
#define CONNECTING_OTHER  "other:"
#define CONNECTING_TAKE   "model:"
#define CONNECTING_AGAIN  "again"
#define CONNECTING_REKEY  "key"
#define CONNECTING_BACK   "back"

/* What was typed is a command that prints the key, not the key. */
bool connecting_is_command(const struct connecting *connecting);

/* The server answered, but not with a list of models: one may still be taken
 * by its name. */
bool connecting_can_name(const struct connecting *connecting);

#endif
