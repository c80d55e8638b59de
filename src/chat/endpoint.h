/* SPDX-License-Identifier: MIT */
/*
 * endpoint - the places that can answer: dialect, address, key and models.
 *
 * They come from the settings and, as everybody reads them, from the
 * environment: OLLAMA_HOST or Ollama's usual address gives "ollama", the key
 * variable of a vendor (chat/vendors) one of his name. "guide" is always there.
 * Settings win over the environment by name.
 *
 * A key belongs to the address of its endpoint and goes nowhere else. Variables
 * that hold keys are taken out of our environment when they were read, so that
 * no program that we start has them: load once.
 */
#ifndef CHAT_ENDPOINT_H
#define CHAT_ENDPOINT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"
#include "base/error.h"
#include "chat/vendors.h"
#include "config/settings.h"
#include "llm/provider.h"

struct model_alias {
    char *alias, *model;
};

/* A program that prints the key. It runs when the key is needed first. */
struct key_command {
    char **argv;    /* NULL at its end */
    char *key;      /* NULL until it has run well */
    char *rejected; /* the one before, which requests may still hold */
};

/* What the user said about sending there, when it was asked. */
enum consent_answer {
    CONSENT_NONE,   /* nothing */
    CONSENT_ONCE,   /* for one run; never recorded */
    CONSENT_ALWAYS, /* and it stays a vendor */
    CONSENT_NEVER,
    CONSENT_OWN, /* it is the user's own */
};

struct endpoint {
    char *name;
    const struct dialect *dialect;
    char *url;         /* "" for guide; "command://NAME" for a program */
    char **command;    /* a program that answers, NULL at its end; NULL: none */
    char *shown_url;   /* the same without user and password */
    char *key;         /* NULL: none */
    char *key_source;  /* "OPENAI_API_KEY", a path, a program; for words */
    char *key_problem; /* why a file gave none; NULL: it did */
    struct key_command *key_command; /* NULL: none */
    bool has_key_variable;           /* key_source is one */
    bool may_send_clear; /* the key, over plain http to another machine */
    bool is_vendor;      /* private text may not go there */
    bool asks_trust;     /* nobody has said whose it is: a vendor until the user
                        answers that it is his own */
    enum consent_answer consent; /* what is recorded */
    bool is_from_environment;
    bool is_explicit;    /* the user named it: a setting, or OLLAMA_HOST */
    char *proxy;         /* as in http_request; NULL: the environment's */
    char *ca_file;       /* NULL: the system's */
    char *like;          /* a row of llm/traits; NULL: by the address */
    char *keep_alive;    /* NULL: the server's */
    bool unload_at_exit; /* the models that a chat has loaded there */
    int64_t num_ctx;     /* -1: what is loaded */
    /* How long is waited, in ms; 0: as design.md says (chat/exchange). */
    int64_t connect_ms, first_token_ms, gap_ms;
    char *usual_model; /* taken where none is named, if it is there; or NULL */
    struct prices prices; /* of its models: the user's, then the vendor's */
    ARRAY_OF(struct model_alias) models;
};

enum { ENDPOINTS_SPARE = 16 /* that may be put after loading */ };

struct endpoints {
    ARRAY_OF(struct endpoint)
    list;                   /* in the order of the settings; those of
                                       the environment behind, guide last */
    bool has_configured;    /* the settings make an endpoint */
    struct vendors vendors; /* who loads endpoints may fill it before; else it
                               is the program's own table */
};

/* False (ERROR_CONFIG, with file and line) if a setting makes no endpoint; with
 * `complaints` that endpoint is left out, the sentence is appended there, a
 * line each, and the others count. A key that cannot be read is no error here:
 * endpoint_check_key() tells. */
bool endpoints_load(struct endpoints *endpoints,
                    const struct settings *settings, struct buf *complaints,
                    struct error *err);
void endpoints_clear(struct endpoints *endpoints);

/* One endpoint as a setting of `endpoints` describes it; endpoint_clear() frees
 * it. */
bool endpoint_read(struct endpoint *endpoint, const struct setting *setting,
                   struct error *err);
void endpoint_clear(struct endpoint *endpoint);

/* Put it in the place of the one of its name, or behind all others. No other
 * endpoint moves; so the room is limited: false (ERROR_LIMIT) if there is none,
 * and nothing was taken. Not while the replaced one answers. */
bool endpoints_put(struct endpoints *endpoints, struct endpoint *take,
                   struct error *err) MUST_USE;

/* NULL if there is none of that name. */
const struct endpoint *endpoints_find(const struct endpoints *endpoints,
                                      struct slice name);
const struct endpoint *endpoints_guide(const struct endpoints *endpoints);

/* The model that an alias of the endpoint names, or the name itself; and the
 * other way. */
const char *endpoint_model(const struct endpoint *endpoint, const char *name);
const char *endpoint_alias(const struct endpoint *endpoint, const char *model);

/* NULL if there is none, or none yet. */
const char *endpoint_key(const struct endpoint *endpoint);

/* Append what came from its server, without the key that it may repeat. */
void endpoint_append_harmless(const struct endpoint *endpoint,
                              struct slice text, struct buf *out);

/* A key was promised and is not there, in words; without running anything. */
bool endpoint_lacks_key(const struct endpoint *endpoint, struct error *err);

/* Before each request: runs the key's command, if it has not run well yet.
 * False (ERROR_AUTH) if a key was promised and is not there. */
bool endpoint_check_key(const struct endpoint *endpoint, struct error *err);

/* After the server has rejected the key: run its command again. False if there
 * is none, it fails, or says the same. */
bool endpoint_renew_key(const struct endpoint *endpoint);

/* The key goes over plain http to another machine, because the settings allow
 * it: to be shown. By the name of the host. */
bool endpoint_is_clear(const struct endpoint *endpoint);

/* What a model costs there; an own server (the trust of a route, which a model
 * that runs elsewhere changes) costs nothing unless a setting says otherwise.
 * False: unknown. */
bool endpoint_price(const struct endpoint *endpoint, const char *model,
                    bool is_vendor, struct price *price);

/* Append ", $0.15 in and $0.60 out a million tokens" where the price of the model
 * is known; else nothing. */
void endpoint_append_price(const struct endpoint *endpoint, const char *model,
                           struct buf *out);

/* True for an http address of this machine, by its name. */
bool endpoint_is_loopback(const struct endpoint *endpoint);

/* What is written can be read on the way: http to another machine. */
bool endpoint_is_plain_http(const struct endpoint *endpoint);

/* The host of its URL: "api.openai.com". Borrowed. */
struct slice endpoint_host(const struct endpoint *endpoint);

/* Append scheme, host and port, in small letters: what consent is given to. */
void endpoint_origin(const struct endpoint *endpoint, struct buf *origin);

#endif
