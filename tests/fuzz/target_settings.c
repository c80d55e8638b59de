/* SPDX-License-Identifier: MIT */
/* A file is taken or refused with its place and one line of words; what was
 * refused changes nothing. */
#include <stdlib.h>
#include <string.h>

#include "config/settings.h"
#include "tests/fuzz/fuzz.h"

static void tell(struct buf *out, const struct setting *setting)
{
    buf_printf(out, "%s %d %s %g %d %s:%d\n", setting->key, (int)setting->type,
               setting->text ? setting->text : "-", setting->number,
               setting->flag, setting->file ? setting->file : "-",
               setting->line);
    for (size_t i = 0; i < setting->child_count; i++)
        tell(out, setting->children[i]);
}

static struct buf tell_all(const struct settings *settings)
{
    struct buf out = { 0 };
    const struct setting *all = settings_find(settings, "");
    if (all)
        tell(&out, all);
    return out;
}

static void check_words(const struct error *err)
{
    fuzz_require(err->kind == ERROR_CONFIG, "it is the configuration's fault");
    fuzz_require(!strncmp(err->text, "a.yaml:", 7), "the file is named");
    fuzz_require(!strchr(err->text, '\n'), "the words are one line");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static const char base[] =
        "model: a/m\nendpoints:\n  a: {dialect: ollama}\n";
    struct settings *settings = settings_new();
    struct error err = { 0 };
    setenv("FUZZ", "text", 1);
    fuzz_require(settings_add_text(settings, "base", slice_of(base), &err),
                 "the base is taken");
    struct buf before = tell_all(settings);
    if (!settings_add_text(settings, "a.yaml", fuzz_input(bytes, len), &err)) {
        struct buf after = tell_all(settings);
        check_words(&err);
        fuzz_require_same(&before, &after, "what is refused changes nothing");
        buf_clear(&after);
    }
    buf_clear(&before);
    settings_free(settings);
    return 0;
}
