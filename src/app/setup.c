/* SPDX-License-Identifier: MIT */
#include "app/setup.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/consent_file.h"
#include "app/print.h"
#include "app/rule_file.h"
#include "app/transcript.h"
#include "app/unsent.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/path.h"
#include "base/utf8.h"
#include "chat/naming.h"
#include "chat/privacy.h"
#include "chat/role.h"
#include "config/yaml.h"
#include "store/retention.h"
#include "tool/permission.h"

enum {
    UNLOAD_MS = 3000, /* for a server that takes its time */
    KEEP_MS = 2000,   /* for a disk that does */
};

struct reading {
    struct setup *setup;
    const struct cli *cli;
    struct buf *complaints; /* NULL: the first mistake ends it */
    struct error *err;
};

/* After each source. With complaints a bad one has been left out, and the
 * others count. */
static bool go_on(struct reading *reading, bool is_good, const char *what)
{
    if (is_good || !reading->complaints)
        return is_good;
    buf_printf(reading->complaints, "%s; %s is left out\n", reading->err->text,
               what);
    return true;
}

/* Whether what was left out may have set something whose name begins so; what
 * could not be read may. */
static bool may_set(struct slice text, const char *word)
{
    return !text.len || !utf8_is_valid(text) || memchr(text.ptr, 0, text.len) ||
           slice_contains(text, slice_of(word));
}

/* The same for a source that may have said what is private, or what may be spent:
 * a mistake in it must not open what it closed. Its text is empty where nobody
 * could read it. */
static bool go_on_without(struct reading *reading, bool is_good,
                          const char *what, struct slice text)
{
    if (is_good || !reading->complaints)
        return is_good;
    buf_printf(reading->complaints, "%s; %s is left out", reading->err->text,
               what);
    if (may_set(text, "limits"))
        buf_append_string(reading->complaints, ", and no limit of it holds");
    if (may_set(text, "priva")) {
        buf_append_string(reading->complaints,
                          "; until it is mended everything counts as private");
        settings_distrust(reading->setup->settings, reading->err->text);
    }
    buf_append_char(reading->complaints, '\n');
    return true;
}

/* A link that leads nowhere is there, and so is what may not be looked at. */
static bool is_there(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

void setup_config_path(const struct cli *cli, struct buf *path)
{
    struct error no_home = { 0 };
    if (cli->config)
        buf_append_string(path, cli->config);
    else
        path_config(path, "config.yaml", &no_home);
}

static bool add_config(struct reading *reading)
{
    struct buf path = { 0 };
    bool ok = true;
    setup_config_path(reading->cli, &path);
    if (path.len && (reading->cli->config || is_there(buf_string(&path))))
        ok = settings_add_file(reading->setup->settings, buf_string(&path),
                               reading->err);
    buf_clear(&path);
    return go_on_without(reading, ok, "the whole file",
                         settings_refused(reading->setup->settings));
}

/* A name with a slash is a path; others live in the profiles directory, and
 * those that came with the program beside its data. */
static bool find_profile(struct buf *path, const char *name, struct error *err)
{
    if (strchr(name, '/')) {
        path_expand(path, name);
        return true;
    }
    struct buf relative = { 0 };
    buf_printf(&relative, "profiles/%s.yaml", name);
    bool found = path_config(path, buf_string(&relative), err) &&
                 is_there(buf_string(path));
    if (!found) {
        struct buf shipped = { 0 };
        path_data(&shipped, buf_string(&relative));
        if (access(buf_string(&shipped), F_OK) == 0) {
            buf_reset(path);
            buf_append_slice(path, buf_slice(&shipped));
            found = true;
        } else {
            error_set(err, ERROR_CONFIG,
                      "there is no profile \"%s\": %s is "
                      "not there",
                      name, buf_string(path));
        }
        buf_clear(&shipped);
    }
    buf_clear(&relative);
    return found;
}

const char *setup_profile(const struct cli *cli)
{
    const char *name = cli->profile ? cli->profile : getenv("SENNIT_PROFILE");
    return name && *name ? name : NULL;
}

static bool add_profile(struct reading *reading)
{
    struct buf path = { 0 };
    const char *name = setup_profile(reading->cli);
    bool is_found = !name || find_profile(&path, name, reading->err);
    bool ok = is_found &&
              (!name || settings_add_file(reading->setup->settings,
                                          buf_string(&path), reading->err));
    buf_clear(&path);
    return go_on_without(reading, ok, "the whole profile",
                         is_found ? settings_refused(reading->setup->settings)
                                  : slice_of(""));
}

static bool add_variables(struct reading *reading)
{
    bool ok = true;
    for (char **pair = environ; *pair && ok; pair++)
        ok = go_on_without(reading,
                           settings_add_variable(reading->setup->settings,
                                                 *pair, reading->err),
                           "it", (struct slice){ *pair, strcspn(*pair, "=") });
    return ok;
}

static bool add_set(struct reading *reading, const char *pair)
{
    const char *value = strchr(pair, '=');
    struct buf key = { 0 };
    buf_append(&key, pair, (size_t)(value - pair));
    bool ok = settings_set(reading->setup->settings, buf_string(&key),
                           value + 1, "--set", reading->err);
    ok = go_on_without(reading, ok, "it", buf_slice(&key));
    buf_clear(&key);
    return ok;
}

static bool add_sets(struct reading *reading)
{
    bool ok = true;
    for (size_t i = 0; i < reading->cli->sets.count && ok; i++)
        ok = add_set(reading, reading->cli->sets.items[i]);
    return ok;
}

static void append_list(struct buf *out, const char *names)
{
    buf_append_char(out, '[');
    for (const char *rest = names; *rest;) {
        size_t len = strcspn(rest, ",");
        struct slice name = slice_trim((struct slice){ rest, len });
        if (name.len)
            buf_printf(out, "%s%.*s", out->len > 1 ? ", " : "",
                       SLICE_ARG(name));
        rest += len + (rest[len] == ',');
    }
    buf_append_char(out, ']');
}

/* Who names tools wants them offered, even where the settings do not. */
static bool add_tools(struct reading *reading)
{
    const char *names = reading->cli->tools;
    struct settings *settings = reading->setup->settings;
    bool are_off = names && !strcmp(names, "none");
    struct buf list = { 0 };
    bool ok = true;
    if (!names)
        return true;
    append_list(&list, names);
    if (!are_off && strcmp(names, "default") != 0)
        ok = settings_set(settings, "tools.use", buf_string(&list), "--tools",
                          reading->err);
    if (ok &&
        (are_off || !strcmp(settings_text(settings, "tools.mode", ""), "off")))
        ok = settings_set(settings, "tools.mode", are_off ? "off" : "ask",
                          "--tools", reading->err);
    buf_clear(&list);
    return go_on(reading, ok, "the list");
}

/* That of the command line, or of the settings: there must be one. */
static bool add_role(struct reading *reading)
{
    struct settings *settings = reading->setup->settings;
    struct role role;
    bool ok = !reading->cli->role ||
              settings_set(settings, "role", reading->cli->role, "--role",
                           reading->err);
    const struct setting *wish = settings_find(settings, "role");
    if (ok && wish && *wish->text &&
        !role_find(settings, slice_of(wish->text), &role, reading->err)) {
        struct error why = *reading->err;
        ok = yaml_error(reading->err, wish->file, wish->line, "%s", why.text);
    }
    return go_on(reading, ok, "the role");
}

static bool open_debug_log(struct reading *reading)
{
    const char *path = reading->cli->debug;
    return go_on(reading,
                 !path ||
                     debug_log_open(reading->setup->debug, path, reading->err),
                 "the log");
}

enum { VENDORS_FILE_MAX = 64 * 1024 };

/* The table of the program, and what a file of the user's changes. */
static bool add_vendors(struct reading *reading)
{
    struct vendors *vendors = &reading->setup->endpoints.vendors;
    struct error *err = reading->err;
    struct buf path = { 0 }, text = { 0 };
    struct error no_home = { 0 };
    bool ok =
        vendors_add(vendors, "vendors.yaml", slice_of(vendors_table), err);
    if (ok && path_config(&path, "vendors.yaml", &no_home) &&
        access(buf_string(&path), F_OK) == 0)
        ok = path_read_file(&text, buf_string(&path), VENDORS_FILE_MAX, err) &&
             vendors_add(vendors, buf_string(&path), buf_slice(&text), err);
    buf_clear(&path);
    buf_clear(&text);
    return go_on(reading, ok, "it");
}

static bool read_all(struct reading *reading)
{
    struct setup *setup = reading->setup;
    setup->is_not_saved =
        reading->cli->is_not_saved || reading->cli->is_dry_run;
    setup->is_read_only =
        reading->cli->is_dry_run && !reading->cli->is_not_saved;
    setup->profile = setup_profile(reading->cli);
    setup->settings = settings_new();
    setup->debug = debug_log_new(&setup->endpoints);
    return add_config(reading) && add_profile(reading) &&
           add_variables(reading) && add_sets(reading) && add_tools(reading) &&
           add_role(reading) && add_vendors(reading) &&
           endpoints_load(&setup->endpoints, setup->settings,
                          reading->complaints, reading->err) &&
           go_on(reading, ladder_check(setup->settings, reading->err),
                 "the rule") &&
           role_check(setup->settings, reading->complaints, reading->err) &&
           naming_check(&setup->endpoints, setup->settings, reading->complaints,
                        reading->err) &&
           go_on(reading, privacy_check(setup->settings, reading->err),
                 "until it is mended everything counts as private; it") &&
           hooks_check(setup->settings, reading->complaints, reading->err) &&
           open_debug_log(reading);
}

bool setup_configure(struct setup *setup, const struct cli *cli,
                     struct error *err)
{
    bool ok = read_all(&(struct reading){ setup, cli, NULL, err });
    consent_file_load(setup);
    rule_file_load(setup);
    return ok;
}

void setup_configure_anyway(struct setup *setup, const struct cli *cli,
                            struct buf *complaints)
{
    struct error err = { 0 };
    read_all(&(struct reading){ setup, cli, complaints, &err });
    consent_file_load(setup);
    rule_file_load(setup);
}

void setup_check_state(struct buf *complaints)
{
    struct buf path = { 0 };
    struct error err = { 0 };
    if (!path_state(&path, "", &err) || !path_can_make(buf_string(&path), &err))
        buf_printf(complaints,
                   "nothing can be kept, neither an unsent prompt nor an "
                   "answer about a vendor: %s\n",
                   err.text);
    buf_clear(&path);
}

void setup_tell(const struct setup *setup, const struct event *event)
{
    debug_log_event(setup->debug, event);
    hooks_tell(setup->hooks, event);
}

/* Where there is no home that was said already. What is not kept counts all the
 * same: it costs. */
static void open_disk(struct setup *setup)
{
    struct error ignored = { 0 };
    bool is_missed = !setup->is_not_saved || setup->is_read_only;
    setup->disk =
        store_new(setup->loop, is_missed ? &setup->no_store : &ignored);
    setup->store = setup->is_not_saved ? NULL : setup->disk;
    if (setup->store)
        setup->state = state_new(setup->store, &ignored);
    if (setup->disk)
        setup->ledger = ledger_new(setup->disk, setup->profile, &ignored);
    if (setup->disk)
        setup->memories = memories_new(setup->disk, !setup->store);
}

bool setup_connect(struct setup *setup, const int signals[], loop_signal_fn *fn,
                   void *context, struct error *err)
{
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; signals[i]; i++)
        sigaddset(&set, signals[i]);
    setup->loop = loop_new(err);
    if (!setup->loop || !loop_signals(setup->loop, &set, fn, context, err))
        return false;
    setup->hooks = hooks_new(setup->loop, setup->settings);
    setup->http = http_new(setup->loop, err);
    if (setup->http)
        debug_log_observe(setup->debug, setup->http);
    if (setup->http)
        open_disk(setup);
    return setup->http != NULL;
}

/* Whole outputs are kept as long as the sessions that they are of, or not. */
/* Else a user believes in a rule that lets nothing pass. */
static void check_rules(const struct setup *setup, struct error *err)
{
    const struct permission_setup wanted = {
        .place = toolbox_place(setup->toolbox),
        .registry = toolbox_registry(setup->toolbox),
    };
    struct permission *permission = permission_new(&wanted);
    permission_reread(permission, setup->settings, err);
    permission_free(permission);
}

void setup_open_tools(struct setup *setup, struct error *err)
{
    struct buf spool = { 0 };
    struct error no_home = { 0 };
    bool is_kept = setup->store && path_state(&spool, "tool-outputs", &no_home);
    const struct toolbox_setup tools = {
        .loop = setup->loop,
        .http = setup->http,
        .settings = setup->settings,
        .spool = is_kept ? buf_string(&spool) : NULL,
    };
    setup->toolbox = toolbox_new(&tools, err);
    if (err->kind == ERROR_NONE)
        check_rules(setup, err);
    buf_clear(&spool);
}

bool setup_open_store(struct setup *setup, struct error *err)
{
    *setup = (struct setup){ .loop = loop_new(err) };
    if (setup->loop)
        setup->store = setup->disk = store_new(setup->loop, err);
    return setup->store != NULL;
}

bool setup_open_ledger(struct setup *setup, struct error *err)
{
    setup->loop = loop_new(err);
    if (setup->loop)
        setup->disk = store_new(setup->loop, err);
    if (setup->disk)
        setup->ledger = ledger_new(setup->disk, setup->profile, err);
    return setup->ledger != NULL;
}

struct retaining {
    const struct store *store;
    int64_t keep_s;
};

static void retain(void *job)
{
    const struct retaining *retaining = job;
    struct retention_note note;
    retention_run(retaining->store, retaining->keep_s, clock_wall_ms() / 1000,
                  &note);
}

static void free_job(void *context, void *job)
{
    (void)context;
    free(job);
}

void setup_retain(const struct setup *setup)
{
    double keep_ms = settings_number(setup->settings, "sessions.keep", 0);
    if (!setup->store || keep_ms <= 0)
        return;
    struct retaining *retaining = memory_zero(1, sizeof *retaining);
    *retaining = (struct retaining){ setup->store, (int64_t)(keep_ms / 1000) };
    store_post(setup->store, retain, free_job, NULL, retaining);
}

static void keep_job(void *context, void *job)
{
    (void)context, (void)job;
}

void setup_do(const struct setup *setup, worker_job_fn *work, void *job)
{
    store_post(setup->disk, work, keep_job, NULL, job);
    store_settle(setup->disk, -1);
}

static void take_survey(void *context, const struct survey *survey)
{
    struct setup *setup = context;
    setup->survey = *survey;
}

void setup_survey(struct setup *setup)
{
    if (!setup->store)
        return;
    survey_ask(setup->store, take_survey, setup);
    store_settle(setup->store, KEEP_MS);
}

struct chat_setup setup_chat(const struct setup *setup, const struct cli *cli)
{
    return (struct chat_setup){
        .loop = setup->loop,
        .http = setup->http,
        .store = setup->store,
        .state = setup->state,
        .ledger = setup->ledger,
        .memories = setup->memories,
        .settings = setup->settings,
        .endpoints = &setup->endpoints,
        .toolbox = setup->toolbox,
        .rules = &setup->rules,
        .profile = setup_profile(cli),
        .target = cli->model,
        .tier = cli->tier,
        .system = cli->system,
        .waits_for_lists = true,
    };
}

static void take_none(void *context, int signal_number)
{
    (void)context, (void)signal_number;
}

/* Who was told of the last event gets a moment. A signal waits until then: who
 * took it is gone. */
static void end_hooks(struct setup *setup)
{
    struct error ignored = { 0 };
    struct buf words = { 0 };
    sigset_t none;
    sigemptyset(&none);
    if (!setup->hooks)
        return;
    if (loop_signals(setup->loop, &none, take_none, NULL, &ignored))
        hooks_linger(setup->hooks);
    if (hooks_describe(setup->hooks, &words))
        print_notice("hooks: %s", buf_string(&words));
    hooks_free(setup->hooks);
    buf_clear(&words);
}

void setup_unload(const struct setup *setup, struct chat *chat)
{
    if (!chat)
        return;
    int64_t until = loop_now(setup->loop) + UNLOAD_MS;
    while (chat_is_leaving(chat) && loop_now(setup->loop) < until)
        loop_turn(setup->loop, until - loop_now(setup->loop));
}

/* As what the user would have had to copy by hand. */
static bool rescue(const struct chat *chat)
{
    struct buf text = { 0 }, sentence = { 0 };
    transcript_append(&text, chat_conversation(chat)->graph);
    bool is_kept =
        unsent_rescue(buf_slice(&text), "this conversation", &sentence);
    print_notice("%s", buf_string(&sentence));
    buf_clear(&text);
    buf_clear(&sentence);
    return is_kept;
}

bool setup_keep(const struct setup *setup, struct chat *chat)
{
    struct buf words = { 0 };
    bool is_kept = true;
    if (!chat || !setup->store || !chat_unsaved(chat))
        return true;
    int64_t until = clock_monotonic_ms() + KEEP_MS;
    while (chat_unsaved(chat) && clock_monotonic_ms() < until &&
           chat_keeping(chat) != JOURNAL_REFUSED)
        loop_turn(setup->loop, until - clock_monotonic_ms());
    if (chat_unsaved(chat)) {
        chat_describe_keeping(chat, false, &words);
        print_notice("%s", buf_string(&words));
        is_kept = rescue(chat);
    }
    buf_clear(&words);
    return is_kept;
}

void setup_clear(struct setup *setup)
{
    state_close(setup->state);
    ledger_close(setup->ledger);
    memories_close(setup->memories);
    if (setup->disk && !store_settle(setup->disk, KEEP_MS) && setup->store)
        print_notice("the disk does not answer: the last of what was said may "
                     "not be saved");
    toolbox_free(setup->toolbox);
    store_free(setup->disk);
    http_free(setup->http);
    end_hooks(setup);
    debug_log_free(setup->debug);
    loop_free(setup->loop);
    endpoints_clear(&setup->endpoints);
    consents_clear(&setup->consents);
    permission_rules_clear(&setup->rules);
    settings_free(setup->settings);
    *setup = (struct setup){ 0 };
}
