/* SPDX-License-Identifier: MIT */
/*
 * cli - the command line, taken apart.
 *
 * One table of options (cli.c) gives the parser, --help, the completions of
 * shells and the manual's check. Pure: it opens nothing and prints nothing.
 */
#ifndef APP_CLI_H
#define APP_CLI_H

#include <stdbool.h>
#include <stddef.h>

#include "base/array.h"
#include "base/buf.h"
#include "base/error.h"
#include "chat/router.h"

enum cli_output { OUTPUT_TEXT, OUTPUT_JSON, OUTPUT_STREAM_JSON };

/* What the first word asks for. */
enum cli_command {
    CLI_CHAT,
    CLI_DECODE,
    CLI_CONFIG,
    CLI_COMPLETIONS,
    CLI_DOCTOR,
    CLI_STATUS,
    CLI_STATS,
    CLI_TOOLS,
    CLI_PULL,
    CLI_MODELS,
    CLI_PS,
    CLI_LOAD,
    CLI_UNLOAD,
    CLI_ROUTE,
    CLI_TOKENS,
    CLI_SESSIONS,
    CLI_SHOW,
    CLI_EXPORT,
    CLI_IMPORT,
    CLI_SEARCH,
    CLI_RENAME,
    CLI_DELETE,
    CLI_RESTORE,
    CLI_EMPTY_TRASH,
};

/* Strings are borrowed from argv. */
struct cli {
    enum cli_command command;
    bool wants_help, wants_version, is_dry_run;
    bool is_one_shot; /* -p, or a prompt was given */
    bool is_linear;
    bool continues, forks; /* -c, --fork */
    bool picks;            /* -r */
    bool is_not_saved;     /* -n */
    const char *resume;    /* NULL: none */
    const char *profile, *model, *system, *role, *config, *debug, *schema;
    const char *tools;                   /* NULL: none were named */
    const char *as, *at;                 /* of show; NULL: as it is, all */
    const char *into;                    /* -O; NULL: stdout */
    bool wants_trash, checks, is_forced; /* --trash, --check, --force */
    enum route_tier tier;                /* --local, --cloud */
    size_t limit;                        /* --limit; 0: none was said */
    size_t days;                         /* --days; 0: none was said */
    const char *by;                      /* --by; NULL: none was said */
    enum cli_output output;
    ARRAY_OF(const char *) files; /* -f, in order; "-" is stdin */
    ARRAY_OF(const char *) sets;  /* --set KEY=VALUE, in order */
    ARRAY_OF(const char *) yes;   /* --yes RULE, in order */
    ARRAY_OF(const char *) words; /* the prompt, or a command's arguments */
};

/* False (ERROR_USAGE) with a sentence that names the nearest option. */
bool cli_parse(struct cli *cli, int argc, char **argv, struct error *err);
void cli_clear(struct cli *cli);

/* Append the text of --help. */
void cli_help(struct buf *out);

/* The tables, row by row, for completions and the check of the manual: false or
 * NULL past the last. */
struct cli_option {
    char letter; /* '\0': none */
    const char *name;
    const char *argument; /* as in --help; NULL: takes none */
    const char *about;
};
bool cli_option(size_t index, struct cli_option *option);

struct cli_subcommand {
    const char *name, *arguments, *about;
};
bool cli_subcommand(size_t index, struct cli_subcommand *command);

/* The forms of -o. */
const char *cli_output_name(size_t index);

#endif
