/* SPDX-License-Identifier: MIT */
#include "app/kit.h"

#include <signal.h>
#include <unistd.h>

#include <jansson.h>

#include "app/json_lines.h"
#include "app/setup.h"
#include "base/json.h"
#include "base/nearest.h"
#include "tool/box.h"
#include "tool/permission.h"
#include "tool/toolbox.h"

struct kit {
    const struct cli *cli;
    struct setup setup;
    struct toolbox *toolbox; /* of the setup */
    struct print out;
};

static const char *const effects[] = {
    [TOOL_READS] = "reads",
    [TOOL_EDITS] = "edits files",
    [TOOL_ACTS] = "acts",
};

static const char *const askings[] = {
    [TOOL_ASKS_BY_MODE] = "as the mode says",
    [TOOL_ASKS_ALWAYS] = "always asks",
    [TOOL_ASKS_NEVER] = "never asks",
};

static void on_signal(void *context, int signal_number)
{
    (void)context;
    _exit(128 + signal_number);
}

static bool open_toolbox(struct kit *kit, struct error *err)
{
    static const int signals[] = { SIGINT, SIGTERM, SIGHUP, 0 };
    struct error mistake = { 0 };
    if (!setup_configure(&kit->setup, kit->cli, err) ||
        !setup_connect(&kit->setup, signals, on_signal, NULL, err))
        return false;
    setup_open_tools(&kit->setup, &mistake);
    if (mistake.kind != ERROR_NONE)
        print_notice("%s", mistake.text);
    kit->toolbox = kit->setup.toolbox;
    return true;
}

static json_t *tool_json(const struct tool *tool, bool is_offered)
{
    struct error ignored;
    json_t *object =
        json_pack("{s:s, s:s, s:s, s:s, s:b}", "name", tool->name, "about",
                  tool->about, "effect", effects[tool->effect], "asks",
                  askings[tool->asking], "offered", is_offered);
    json_object_set_new(object, "parameters",
                        json_parse(slice_of(tool->schema), &ignored));
    return object;
}

static void print_tool(struct kit *kit, const struct tool *tool,
                       bool is_offered)
{
    struct buf text = { 0 };
    struct error ignored;
    json_t *schema = json_parse(slice_of(tool->schema), &ignored);
    char *words = json_dumps(schema, JSON_INDENT(2));
    buf_printf(&text, "%s: %s, %s, %s\n%s\n%s\n", tool->name,
               effects[tool->effect], askings[tool->asking],
               is_offered ? "offered" : "not offered (tools.use)", tool->about,
               words ? words : tool->schema);
    print_text(&kit->out, buf_slice(&text));
    buf_clear(&text);
    json_decref(schema);
    free(words);
}

static bool show_one(struct kit *kit, const char *name, struct error *err)
{
    size_t count = toolbox_known_count(kit->toolbox);
    ARRAY_OF(const char *) names = { 0 };
    bool is_found = false;
    for (size_t i = 0; i < count && !is_found; i++) {
        bool is_offered;
        const struct tool *tool = toolbox_known(kit->toolbox, i, &is_offered);
        *array_add(&names) = tool->name;
        is_found = slice_is(slice_of(name), tool->name);
        if (is_found && kit->cli->output == OUTPUT_TEXT)
            print_tool(kit, tool, is_offered);
        else if (is_found)
            json_lines_print(&kit->out, tool_json(tool, is_offered));
    }
    const char *near =
        is_found ? NULL : nearest_name(name, names.items, names.count);
    array_clear(&names);
    return is_found ||
           error_set(err, ERROR_USAGE,
                     "there is no tool \"%s\"%s%s%s; sennit tools lists them",
                     name, near ? "; did you mean " : "", near ? near : "",
                     near ? "?" : "");
}

static void append_badge(const struct kit *kit, struct buf *out)
{
    struct box *box = toolbox_box(kit->toolbox);
    if (box)
        box_badge(box, out);
    else
        buf_append_string(out, "NO BOX");
}

/* The rest is for the model. */
static struct slice first_sentence(const struct tool *tool)
{
    struct slice rest = slice_of(tool->about), line = { 0 };
    slice_next_line(&rest, &line);
    ptrdiff_t end = slice_find(line, ". ");
    return end >= 0 ? (struct slice){ line.ptr, (size_t)end + 1 } : line;
}

static void list_words(struct kit *kit)
{
    struct buf text = { 0 }, why = { 0 };
    struct box *box = toolbox_box(kit->toolbox);
    buf_printf(&text, "mode %s, ",
               settings_text(kit->setup.settings, "tools.mode", "ask"));
    append_badge(kit, &text);
    buf_append_char(&text, '\n');
    if (box && !box_suffices(box, &why))
        buf_printf(&text, "no program is run: %s\n", buf_string(&why));
    for (size_t i = 0; i < toolbox_known_count(kit->toolbox); i++) {
        bool is_offered;
        const struct tool *tool = toolbox_known(kit->toolbox, i, &is_offered);
        buf_printf(&text, "%-14s %-12s %-12s %.*s\n", tool->name,
                   effects[tool->effect],
                   is_offered ? "offered" : "not offered",
                   SLICE_ARG(first_sentence(tool)));
    }
    print_text(&kit->out, buf_slice(&text));
    buf_clear(&text);
    buf_clear(&why);
}

static void list_json(struct kit *kit)
{
    struct buf badge = { 0 };
    json_t *tools = json_array();
    append_badge(kit, &badge);
    for (size_t i = 0; i < toolbox_known_count(kit->toolbox); i++) {
        bool is_offered;
        const struct tool *tool = toolbox_known(kit->toolbox, i, &is_offered);
        json_array_append_new(tools, tool_json(tool, is_offered));
    }
    json_lines_print(
        &kit->out,
        json_pack("{s:s, s:s, s:o}", "mode",
                  settings_text(kit->setup.settings, "tools.mode", "ask"),
                  "box", buf_string(&badge), "tools", tools));
    buf_clear(&badge);
}

static bool show(struct kit *kit, struct error *err)
{
    if (kit->cli->words.count > 1)
        return error_set(err, ERROR_USAGE,
                         "sennit tools takes the name of a tool, or none");
    if (!open_toolbox(kit, err))
        return false;
    if (kit->cli->words.count)
        return show_one(kit, kit->cli->words.items[0], err);
    if (kit->cli->output == OUTPUT_TEXT)
        list_words(kit);
    else
        list_json(kit);
    return true;
}

bool kit_append_names(const struct cli *cli, struct buf *out, struct error *err)
{
    struct kit kit = { .cli = cli };
    bool ok = open_toolbox(&kit, err);
    for (size_t i = 0; ok && i < toolbox_known_count(kit.toolbox); i++) {
        bool is_offered;
        buf_printf(out, "%s\n",
                   toolbox_known(kit.toolbox, i, &is_offered)->name);
    }
    setup_clear(&kit.setup);
    return ok;
}

int kit_run(const struct cli *cli)
{
    struct kit kit = { .cli = cli };
    struct error err = { 0 };
    print_init(&kit.out, STDOUT_FILENO);
    bool ok = show(&kit, &err);
    print_end(&kit.out);
    int status = ok ? print_status(&kit.out) : error_exit_status(err.kind);
    if (!ok)
        print_notice("%s", err.text);
    setup_clear(&kit.setup);
    print_clear(&kit.out);
    return status;
}
