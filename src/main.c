/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/checkup.h"
#include "app/cli.h"
#include "app/completions.h"
#include "app/decode.h"
#include "app/disposal.h"
#include "app/explain.h"
#include "app/export.h"
#include "app/fetch.h"
#include "app/forecast.h"
#include "app/gauge.h"
#include "app/guard.h"
#include "app/hoist.h"
#include "app/import.h"
#include "app/inventory.h"
#include "app/kit.h"
#include "app/linear.h"
#include "app/lookup.h"
#include "app/oneshot.h"
#include "app/print.h"
#include "app/screen.h"
#include "app/sessions.h"
#include "app/show.h"
#include "app/stats.h"
#include "app/where.h"
#include "base/secret.h"
#include "ui/term.h"

static int print_words(const char *words)
{
    struct print out;
    print_init(&out, STDOUT_FILENO);
    print_text(&out, slice_of(words));
    print_end(&out);
    int status = print_status(&out);
    print_clear(&out);
    return status;
}

static int print_help(void)
{
    struct buf text = { 0 };
    cli_help(&text);
    int status = print_words(buf_string(&text));
    buf_clear(&text);
    return status;
}

/* A socket or file that took the number of a closed standard descriptor would
 * get what is meant for the user. Reading gives nothing, writing fails. */
static void fill_standard_descriptors(void)
{
    int fd;
    do
        fd = open("/dev/null", O_RDONLY);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
}

static int (*const subcommands[])(const struct cli *cli) = {
    [CLI_CHAT] = NULL,
    [CLI_DECODE] = decode_run,
    [CLI_CONFIG] = explain_run,
    [CLI_DOCTOR] = checkup_run,
    [CLI_STATUS] = where_run,
    [CLI_STATS] = stats_run,
    [CLI_TOOLS] = kit_run,
    [CLI_COMPLETIONS] = completions_run,
    [CLI_PULL] = fetch_run,
    [CLI_MODELS] = inventory_run,
    [CLI_PS] = inventory_loaded,
    [CLI_LOAD] = hoist_load,
    [CLI_UNLOAD] = hoist_unload,
    [CLI_ROUTE] = forecast_run,
    [CLI_TOKENS] = gauge_run,
    [CLI_SESSIONS] = sessions_run,
    [CLI_SHOW] = show_run,
    [CLI_EXPORT] = export_run,
    [CLI_IMPORT] = import_run,
    [CLI_SEARCH] = lookup_run,
    [CLI_RENAME] = disposal_rename,
    [CLI_DELETE] = disposal_delete,
    [CLI_RESTORE] = disposal_restore,
    [CLI_EMPTY_TRASH] = disposal_empty,
};

static int converse(const struct cli *cli)
{
    struct error why = { 0 };
    bool has_screen = !cli->is_linear && term_has_screen(&why);
    /* A terminal that was never changed needs no reset. */
    struct guard_tie tie = guard_start(has_screen ? term_reset_string : NULL);
    int status = has_screen ? screen_run(cli) : linear_run(cli, why.text);
    guard_finish(&tie);
    return status;
}

static int run(const struct cli *cli)
{
    if (cli->wants_help)
        return print_help();
    if (cli->wants_version)
        return print_words("sennit " VERSION "\n");
    if (subcommands[cli->command])
        return subcommands[cli->command](cli);
    if (cli->is_one_shot || !isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return oneshot_run(cli);
    return converse(cli);
}

int main(int argc, char **argv)
{
    struct cli cli = { 0 };
    struct error err = { 0 };
    umask(077); /* what is written is nobody else's */
    secret_close_process();
    fill_standard_descriptors();
    setlocale(LC_CTYPE, "");
    int status;
    if (cli_parse(&cli, argc, argv, &err)) {
        status = run(&cli);
    } else {
        print_notice("%s", err.text);
        status = error_exit_status(err.kind);
    }
    cli_clear(&cli);
    return status;
}
