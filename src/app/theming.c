/* SPDX-License-Identifier: MIT */
/*
 * theming - which theme the screen has: by the setting looks.theme at first,
 * by /theme then.
 */
#include <string.h>

#include "app/screen_state.h"
#include "base/path.h"
#include "ui/theme_file.h"

enum { THEME_FILE_MAX = 64 * 1024 };

/* A name with a slash would lead out of the directory. */
static bool is_file_name(const char *name)
{
    return *name && *name != '.' && !strchr(name, '/');
}

static bool read_file(struct theme *theme, const char *name, struct error *err)
{
    struct buf relative = { 0 }, path = { 0 }, text = { 0 };
    buf_printf(&relative, "themes/%s.yaml", name);
    bool ok = path_config(&path, buf_string(&relative), err) &&
              path_read_file(&text, buf_string(&path), THEME_FILE_MAX, err) &&
              theme_parse(theme, buf_string(&path), buf_slice(&text), err);
    buf_clear(&relative);
    buf_clear(&path);
    buf_clear(&text);
    return ok || error_context(err, "the theme %s", name);
}

static bool set(struct screen *screen, const char *name, struct error *err)
{
    struct theme theme;
    if (!theme_builtin(&theme, name)) {
        if (!is_file_name(name))
            return error_set(err, ERROR_USAGE,
                             "a theme is auto, dark, light, contrast, mono or "
                             "the name of a file in themes/");
        if (!read_file(&theme, name, err))
            return false;
    }
    term_set_theme(screen->term, &theme);
    return true;
}

void theming_configure(struct screen *screen, struct buf *complaints)
{
    struct error err = { 0 };
    const char *name =
        settings_text(screen->setup.settings, "looks.theme", theme_name(0));
    if (!set(screen, name, &err))
        buf_printf(complaints, "%s\n", err.text);
}

void theming_choose(struct screen *screen)
{
    struct error err = { 0 };
    struct buf name = { 0 };
    buf_append_slice(&name, screen->argument);
    if (name.len == 0) {
        for (size_t i = 0; theme_name(i); i++)
            buf_printf(&name, "%s%s", i ? ", " : "/theme takes one of ",
                       theme_name(i));
        buf_append_string(&name, " or the name of a file in themes/");
        perform_notice(screen, buf_string(&name));
    } else if (!set(screen, buf_string(&name), &err)) {
        perform_notice(screen, err.text);
    }
    buf_clear(&name);
}
