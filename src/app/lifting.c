/* SPDX-License-Identifier: MIT */
/*
 * lifting - models loaded, unloaded and pulled from their panel, and what came
 * of it.
 */
#include "app/model_text.h"
#include "app/screen_state.h"

static struct list *models_list(struct screen *screen)
{
    return screen->bands.focused == PANEL_MODELS
               ? &screen->bands.items[PANEL_MODELS].list
               : NULL;
}

/* Do it with the chosen model. */
static void perform_chosen(struct screen *screen, enum action action,
                           const char *otherwise)
{
    struct list *list = models_list(screen);
    struct buf key = { 0 };
    if (!list)
        return;
    buf_append_string(&key, list_chosen(list));
    if (!key.len)
        buf_append_string(&key, otherwise);
    if (key.len)
        perform(screen, action, buf_slice(&key));
    buf_clear(&key);
}

void lifting_load(struct screen *screen)
{
    perform_chosen(screen, ACTION_LOAD, "");
}

void lifting_unload(struct screen *screen)
{
    perform_chosen(screen, ACTION_UNLOAD, "");
}

/* A name that no row has was typed to be found elsewhere. */
void lifting_pull(struct screen *screen)
{
    struct list *list = models_list(screen);
    if (list)
        perform_chosen(screen, ACTION_PULL, buf_string(&list->filter));
}

void lifting_stop(struct screen *screen)
{
    bool is_loading = model_life_is_moving(chat_life(screen->chat));
    if (!models_list(screen))
        return;
    if (is_loading && chat_stop(screen->chat))
        perform_notice(screen, "stopped; the server may go on by itself");
    else if (!pulling_stop(screen))
        perform_notice(screen, "nothing is loaded or pulled just now");
}

/* The most used first, but for what ends that which is under way. */
bool lifting_keys(struct screen *screen, struct status_line *line)
{
    bool is_busy =
        model_life_is_moving(chat_life(screen->chat)) || screen->pull;
    if (!models_list(screen))
        return false;
    *line = (struct status_line){ .hint = "F1 help" };
    if (is_busy)
        perform_add_key(screen, line, ACTION_STOP_ROW, "stop");
    perform_add_key(screen, line, ACTION_CHOOSE, "take");
    perform_add_key(screen, line, ACTION_LOAD_ROW, "load");
    perform_add_key(screen, line, ACTION_UNLOAD_ROW, "unload");
    perform_add_key(screen, line, ACTION_PULL_ROW, "pull");
    if (!is_busy)
        perform_add_key(screen, line, ACTION_STOP_ROW, "stop");
    return true;
}

bool lifting_stop_key(struct screen *screen, struct buf *out)
{
    struct buf keys = { 0 };
    keymap_format(&screen->keymap, ACTION_STOP_ROW, &keys);
    struct slice rest = buf_slice(&keys), key;
    bool has_key = models_list(screen) && action_next_word(&rest, ',', &key);
    if (has_key)
        buf_append_slice(out, key);
    buf_clear(&keys);
    return has_key;
}

/* Of what is shown more is asked, as soon as the server has told its list. */
static void ask_more(struct screen *screen)
{
    const struct endpoints *endpoints = &screen->setup.endpoints;
    if (!bands_is_shown(&screen->bands, PANEL_MODELS))
        return;
    for (size_t i = 0; i < endpoints->list.count; i++)
        chat_ask_about(screen->chat, &endpoints->list.items[i], NULL);
}

void lifting_update(struct screen *screen)
{
    struct buf words = { 0 };
    screen->has_news = true;
    screen->free_bytes = models_free_memory();
    ask_more(screen);
    if (model_text_news(chat_life(screen->chat), &screen->seat->moved, &words))
        perform_notice(screen, buf_string(&words));
    buf_clear(&words);
}
