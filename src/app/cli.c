/* SPDX-License-Identifier: MIT */
#include "app/cli.h"

#include <getopt.h>
#include <string.h>

#include "base/nearest.h"

enum {
    WORD = 1, /* what getopt calls a word among the options */
    /* Ids of options without a short form; above every character. */
    OPTION_DRY_RUN = 256,
    OPTION_CONFIG,
    OPTION_SET,
    OPTION_ROLE,
    OPTION_SCHEMA,
    OPTION_TOOLS,
    OPTION_YES,
    OPTION_LINEAR,
    OPTION_LOCAL,
    OPTION_CLOUD,
    OPTION_PRIVATE,
    OPTION_DEBUG,
    OPTION_RESUME,
    OPTION_FORK,
    OPTION_AS,
    OPTION_AT,
    OPTION_TRASH,
    OPTION_CHECK,
    OPTION_FORCE,
    OPTION_LIMIT,
    OPTION_DAYS,
    OPTION_BY,
    OPTION_VERSION
};

struct option_row {
    int id; /* the short form, or one of the above */
    const char *name;
    const char *argument; /* NULL: takes none */
    const char *about;
};

static const struct option_row rows[] = {
    { 'p', "prompt", NULL, "answer the prompt and exit (one-shot)" },
    { 'P', "profile", "NAME", "use a profile" },
    { 'm', "model", "[ENDPOINT/]MODEL", "ask this model, and no other" },
    { OPTION_LOCAL, "local", NULL, "send nothing to a vendor" },
    { OPTION_CLOUD, "cloud", NULL, "ask the first vendor" },
    { OPTION_PRIVATE, "private", NULL, "all of it is private: to no vendor" },
    { 's', "system", "TEXT", "system prompt" },
    { OPTION_ROLE, "role", "NAME", "take a role of the settings" },
    { 'f', "file", "PATH", "attach a file; - is stdin; repeatable" },
    { 'c', "continue", NULL, "go on with the last session" },
    { 'r', "pick", NULL, "choose the session to go on with" },
    { OPTION_RESUME, "resume", "ID",
      "go on with this one (or words of its title)" },
    { OPTION_FORK, "fork", NULL, "go on with a copy of it" },
    { 'n', "no-save", NULL, "keep nothing of this session on disk" },
    { 'o', "output", "FORM", "text, json or stream-json" },
    { OPTION_SCHEMA, "schema", "FILE",
      "the answer is JSON that follows this schema" },
    { OPTION_TOOLS, "tools", "LIST", "tools that the model may call; none" },
    { OPTION_YES, "yes", "RULE", "calls that need no question; repeatable" },
    { OPTION_DRY_RUN, "dry-run", NULL, "print the request, send nothing" },
    { OPTION_CONFIG, "config", "FILE", "read this file, not config.yaml" },
    { OPTION_SET, "set", "KEY=VALUE", "change a setting; repeatable" },
    { OPTION_AS, "as", "VIEW", "show, export: thread, jsonl, ..." },
    { 'O', "into", "FILE", "export: write to this file" },
    { OPTION_AT, "at", "SEQ", "show: as it was at this event" },
    { OPTION_TRASH, "trash", NULL, "sessions: those in the trash" },
    { OPTION_CHECK, "check", NULL, "sessions: read all, list what is wrong" },
    { OPTION_FORCE, "force", NULL,
      "empty-trash: do not ask; export: overwrite" },
    { OPTION_LIMIT, "limit", "COUNT", "search: so many hits; 20 if not said" },
    { OPTION_DAYS, "days", "COUNT", "stats: so many days; 30 if not said" },
    { OPTION_BY, "by", "WAY", "stats: a row for each day, profile, ..." },
    { OPTION_LINEAR, "linear", NULL, "chat without a screen, line by line" },
    { OPTION_DEBUG, "debug", "FILE", "append events and requests to a file" },
    { OPTION_VERSION, "version", NULL, "print the version and exit" },
    { 'h', "help", NULL, "print this and exit" },
};

struct command_row {
    const char *name;
    enum cli_command command;
    const char *arguments, *about;
};

static const struct command_row commands[] = {
    { "decode", CLI_DECODE, "DIALECT [FILE]",
      "a recorded answer as normalised events" },
    { "config", CLI_CONFIG, "explain [KEY]",
      "a setting, and who set it where" },
    { "completions", CLI_COMPLETIONS, "bash|zsh|fish",
      "a script that completes its command line" },
    { "doctor", CLI_DOCTOR, "", "what is wrong here, and the cure" },
    { "models", CLI_MODELS, "[show] [[ENDPOINT/]MODEL]",
      "what servers have, or all about one (-o json)" },
    { "ps", CLI_PS, "[ENDPOINT]", "what is loaded (-o json)" },
    { "load", CLI_LOAD, "[ENDPOINT/]MODEL", "let a server load a model" },
    { "unload", CLI_UNLOAD, "[ENDPOINT/]MODEL", "or unload it" },
    { "pull", CLI_PULL, "[ENDPOINT/]MODEL", "let an Ollama load a model down" },
    { "route", CLI_ROUTE, "[PROMPT]",
      "where a prompt would go, and why (-o json)" },
    { "tokens", CLI_TOKENS, "[TEXT]",
      "how many tokens a text is (-m, -f, -o json)" },
    { "sessions", CLI_SESSIONS, "[WORDS]",
      "what is kept (-o json, --trash, --check)" },
    { "show", CLI_SHOW, "ID", "print a session (--as VIEW, --at SEQ)" },
    { "export", CLI_EXPORT, "ID", "a session as Markdown, or with --as jsonl" },
    { "import", CLI_IMPORT, "FILE", "a session from exported JSONL" },
    { "search", CLI_SEARCH, "WORDS",
      "look for words in all sessions (-o json)" },
    { "rename", CLI_RENAME, "ID TITLE", "give it another title" },
    { "delete", CLI_DELETE, "ID...", "move sessions to the trash" },
    { "restore", CLI_RESTORE, "TRASH-ID...", "and back" },
    { "empty-trash", CLI_EMPTY_TRASH, "[TRASH-ID...]",
      "remove for good what is in it" },
    { "tools", CLI_TOOLS, "[TOOL]", "what a model may work with (-o json)" },
    { "status", CLI_STATUS, "",
      "where the next prompt goes, and why (-o json)" },
    { "stats", CLI_STATS, "", "who answered, at what cost (-o json, --by)" },
};

static const char *const output_names[] = {
    [OUTPUT_TEXT] = "text",
    [OUTPUT_JSON] = "json",
    [OUTPUT_STREAM_JSON] = "stream-json",
};

static bool set_output(struct cli *cli, const char *name, struct error *err)
{
    for (size_t i = 0; i < COUNTOF(output_names); i++) {
        if (!strcmp(name, output_names[i])) {
            cli->output = (enum cli_output)i;
            return true;
        }
    }
    return error_set(err, ERROR_USAGE,
                     "-o takes text, json or stream-json, not \"%s\"", name);
}

static bool set_tier(struct cli *cli, enum route_tier tier, struct error *err)
{
    if (cli->tier && cli->tier != tier)
        return error_set(err, ERROR_USAGE,
                         "--local and --cloud exclude each other");
    cli->tier = tier;
    return true;
}

static bool add_set(struct cli *cli, const char *pair, struct error *err)
{
    if (!strchr(pair, '=') || pair[0] == '=')
        return error_set(err, ERROR_USAGE,
                         "--set takes KEY=VALUE, not \"%s\"; for example "
                         "--set reply.temperature=0.2",
                         pair);
    *array_add(&cli->sets) = pair;
    return true;
}

static bool set_count(size_t *count, const char *option, const char *value,
                      struct error *err)
{
    enum { COUNT_DIGITS = 5 };
    size_t len = strspn(value, "0123456789");
    *count = 0;
    for (size_t i = 0; i < len && len <= COUNT_DIGITS; i++)
        *count = *count * 10 + (size_t)(value[i] - '0');
    return (!value[len] && *count) ||
           error_set(err, ERROR_USAGE,
                     "%s takes a number from 1 to 99999, not \"%s\"", option,
                     value);
}

static bool apply(struct cli *cli, int id, const char *value, struct error *err)
{
    switch (id) {
    case WORD: *array_add(&cli->words) = value; break;
    case 'p': cli->is_one_shot = true; break;
    case 'P': cli->profile = value; break;
    case 'm': cli->model = value; break;
    case 's': cli->system = value; break;
    case OPTION_ROLE:
        cli->role = value;
        return *value ||
               error_set(err, ERROR_USAGE, "--role takes the name of a role");
    case 'f': *array_add(&cli->files) = value; break;
    case 'o': return set_output(cli, value, err);
    case 'c': cli->continues = true; break;
    case 'r': cli->picks = true; break;
    case OPTION_RESUME: cli->resume = value; break;
    case OPTION_FORK: cli->forks = true; break;
    case OPTION_AS: cli->as = value; break;
    case OPTION_AT: cli->at = value; break;
    case OPTION_TRASH: cli->wants_trash = true; break;
    case OPTION_CHECK: cli->checks = true; break;
    case 'O': cli->into = value; break;
    case OPTION_LIMIT: return set_count(&cli->limit, "--limit", value, err);
    case OPTION_DAYS: return set_count(&cli->days, "--days", value, err);
    case OPTION_BY: cli->by = value; break;
    case OPTION_FORCE: cli->is_forced = true; break;
    case 'n': cli->is_not_saved = true; break;
    case OPTION_SCHEMA: cli->schema = value; break;
    case OPTION_TOOLS: cli->tools = value; break;
    case OPTION_YES: *array_add(&cli->yes) = value; break;
    case OPTION_DRY_RUN: cli->is_dry_run = true; break;
    case OPTION_CONFIG: cli->config = value; break;
    case OPTION_SET: return add_set(cli, value, err);
    case OPTION_LOCAL: return set_tier(cli, ROUTE_LOCAL, err);
    case OPTION_CLOUD: return set_tier(cli, ROUTE_CLOUD, err);
    case OPTION_PRIVATE: return add_set(cli, "privacy.private.all=true", err);
    case OPTION_LINEAR: cli->is_linear = true; break;
    case OPTION_DEBUG: cli->debug = value; break;
    case OPTION_VERSION: cli->wants_version = true; break;
    case 'h': cli->wants_help = true; break;
    }
    return true;
}

static bool unknown_option(const char *word, struct error *err)
{
    const char *names[COUNTOF(rows)];
    for (size_t i = 0; i < COUNTOF(rows); i++)
        names[i] = rows[i].name;
    const char *near = strncmp(word, "--", 2)
                           ? NULL
                           : nearest_name(word + 2, names, COUNTOF(rows));
    if (near)
        return error_set(err, ERROR_USAGE,
                         "unknown option %s; did you mean --%s?", word, near);
    return error_set(err, ERROR_USAGE,
                     "unknown option %s; sennit --help lists them, and -- "
                     "before it makes it a prompt",
                     word);
}

static void fill_getopt(struct option *longs, char *shorts)
{
    size_t used = 0;
    shorts[used++] = '-'; /* give words in their place, as WORD */
    shorts[used++] = ':'; /* tell a missing value from an unknown option */
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        longs[i] = (struct option){
            .name = rows[i].name,
            .has_arg = rows[i].argument ? required_argument : no_argument,
            .val = rows[i].id,
        };
        if (rows[i].id < OPTION_DRY_RUN) {
            shorts[used++] = (char)rows[i].id;
            if (rows[i].argument)
                shorts[used++] = ':';
        }
    }
    shorts[used] = '\0';
}

static bool parse_options(struct cli *cli, int argc, char **argv,
                          struct error *err)
{
    struct option longs[COUNTOF(rows) + 1] = { 0 };
    char shorts[COUNTOF(rows) * 2 + 3];
    fill_getopt(longs, shorts);
    opterr = 0;
    optind = 0; /* glibc: begin anew */
    for (;;) {
        int at = optind ? optind : 1;
        int id = getopt_long(argc, argv, shorts, longs, NULL);
        if (id < 0)
            return true;
        if (id == '?') {
            /* Inside "-xyz" getopt stays on the word. */
            char letter[3] = { '-', (char)optopt, '\0' };
            bool is_letter = optopt > 0 && optopt < OPTION_DRY_RUN;
            const char *word = argv[optind > at ? optind - 1 : at];
            return unknown_option(is_letter ? letter : word, err);
        }
        if (id == ':')
            return error_set(err, ERROR_USAGE,
                             "%s needs a value; sennit --help shows which",
                             argv[optind - 1]);
        if (!apply(cli, id, optarg, err))
            return false;
    }
}

/* The first word is a command if it is one exactly, wherever it stands among
 * the options. */
static void find_command(struct cli *cli)
{
    for (size_t i = 0; i < COUNTOF(commands); i++) {
        if (strcmp(cli->words.items[0], commands[i].name) != 0)
            continue;
        cli->command = commands[i].command;
        cli->words.count--;
        memmove(cli->words.items, cli->words.items + 1,
                cli->words.count * sizeof *cli->words.items);
        return;
    }
}

bool cli_parse(struct cli *cli, int argc, char **argv, struct error *err)
{
    if (!parse_options(cli, argc, argv, err))
        return false;
    /* What follows "--" is a prompt, and so is all with -p. */
    if (cli->words.count && !cli->is_one_shot)
        find_command(cli);
    for (int i = optind; i < argc; i++)
        *array_add(&cli->words) = argv[i];
    if (cli->words.count || cli->files.count || cli->is_dry_run)
        cli->is_one_shot = true;
    if (cli->yes.count && !cli->tools)
        return error_set(
            err, ERROR_USAGE,
            "--yes allows calls of tools, and there are none: name "
            "them with --tools, as in --tools read_file --yes "
            "read_file");
    if (cli->forks && !cli->continues && !cli->resume && !cli->picks)
        return error_set(err, ERROR_USAGE,
                         "--fork copies a session: it needs -c or --resume=ID");
    return true;
}

void cli_clear(struct cli *cli)
{
    array_clear(&cli->files);
    array_clear(&cli->sets);
    array_clear(&cli->yes);
    array_clear(&cli->words);
}

static void help_line(struct buf *out, const char *left, const char *about)
{
    enum { LEFT_WIDTH = 32 };
    buf_printf(out, "  %-*s %s\n", LEFT_WIDTH, left, about);
}

static void help_command(struct buf *out, const struct command_row *row)
{
    struct buf left = { 0 };
    buf_printf(&left, "%s %s", row->name, row->arguments);
    help_line(out, buf_string(&left), row->about);
    buf_clear(&left);
}

static void help_option(struct buf *out, const struct option_row *row)
{
    struct buf left = { 0 };
    if (row->id < OPTION_DRY_RUN)
        buf_printf(&left, "-%c, ", row->id);
    else
        buf_append_string(&left, "    ");
    buf_printf(&left, "--%s", row->name);
    if (row->argument)
        buf_printf(&left, " %s", row->argument);
    help_line(out, buf_string(&left), row->about);
    buf_clear(&left);
}

void cli_help(struct buf *out)
{
    buf_append_string(out, "usage:\n");
    help_line(out, "sennit [options]", "chat");
    help_line(out, "sennit [options] [-p] PROMPT", "one answer");
    help_line(out, "... | sennit [options] [PROMPT]",
              "one answer, to what comes by the pipe");
    help_line(out, "sennit [options] COMMAND ...", "one of the commands");
    buf_append_string(out, "\ncommands:\n");
    for (size_t i = 0; i < COUNTOF(commands); i++)
        help_command(out, &commands[i]);
    buf_append_string(out, "\noptions:\n");
    for (size_t i = 0; i < COUNTOF(rows); i++)
        help_option(out, &rows[i]);
    buf_append_string(out,
                      "\nexit status: 0 complete, 1 error, 2 usage, 3 cut or "
                      "stalled, 4 configuration or\nkey, 5 network, 6 tool, "
                      "130 interrupted, 143 terminated\n\n"
                      "Ask it: echo \"how do I connect Ollama?\" | sennit\n");
}

bool cli_option(size_t index, struct cli_option *option)
{
    if (index >= COUNTOF(rows))
        return false;
    const struct option_row *row = &rows[index];
    *option = (struct cli_option){
        .letter = row->id < OPTION_DRY_RUN ? (char)row->id : '\0',
        .name = row->name,
        .argument = row->argument,
        .about = row->about,
    };
    return true;
}

bool cli_subcommand(size_t index, struct cli_subcommand *command)
{
    if (index >= COUNTOF(commands))
        return false;
    const struct command_row *row = &commands[index];
    *command = (struct cli_subcommand){ row->name, row->arguments, row->about };
    return true;
}

const char *cli_output_name(size_t index)
{
    return index < COUNTOF(output_names) ? output_names[index] : NULL;
}
