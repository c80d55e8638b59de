/* SPDX-License-Identifier: MIT */
#include "app/model_text.h"

#include "app/panel.h"
#include "chat/models.h"
#include "ui/receipt.h"

enum { DAY = 24 * 3600, PERCENT = 100 };

void model_text_part(struct buf *out, const char *part)
{
    if (*part && out->len)
        buf_append_string(out, ", ");
    buf_append_string(out, part);
}

const char *model_text_presence(const struct model_row *row)
{
    static const char *const words[] = {
        [PRESENCE_UNKNOWN] = "",        [PRESENCE_UNLOADED] = "not loaded",
        [PRESENCE_LOADING] = "loading", [PRESENCE_LOADED] = "loaded",
        [PRESENCE_ASLEEP] = "asleep",   [PRESENCE_FAILED] = "failed to load",
    };
    return words[row->presence];
}

void model_text_abilities(const struct model_row *row, struct buf *out)
{
    if (row->tools == ABILITY_YES)
        model_text_part(out, "tools");
    if (row->vision == ABILITY_YES)
        model_text_part(out, "vision");
    if (row->thinking == ABILITY_YES)
        model_text_part(out, "thinking");
    if (row->tools == ABILITY_NO && row->can_chat)
        model_text_part(out, "no tools");
}

void model_text_make(const struct model_row *row, struct buf *out)
{
    model_text_part(out, row->parameters);
    model_text_part(out, row->quantization);
}

void model_text_window(const struct model_row *row, struct buf *out)
{
    uint64_t least =
        row->context_length ? row->context_length : row->trained_length;
    if (!least)
        return;
    model_text_part(out, row->context_length ? "window " : "window up to ");
    panel_append_count(out, least);
    if (row->context_length && row->trained_length > row->context_length) {
        buf_append_string(out, " of ");
        panel_append_count(out, row->trained_length);
    }
}

void model_text_share(const struct model_row *row, struct buf *out)
{
    if (!row->memory || !row->knows_gpu)
        return;
    double share = (double)row->gpu_memory * PERCENT / (double)row->memory;
    if (row->gpu_memory == 0)
        model_text_part(out, "on the CPU");
    else if (row->gpu_memory >= row->memory)
        model_text_part(out, "on the GPU");
    else
        buf_printf(out, "%s%d %% on the GPU", out->len ? ", " : "", (int)share);
}

void model_text_expiry(const struct model_row *row, int64_t now,
                       struct buf *out)
{
    if (row->presence != PRESENCE_LOADED || !row->expires_time)
        return;
    if (row->expires_time == MODEL_NEVER_EXPIRES) {
        model_text_part(out, "for good");
    } else if (row->expires_time - now > DAY) {
        buf_printf(out, "%sfor %d days", out->len ? ", " : "",
                   (int)((row->expires_time - now) / DAY));
    } else {
        model_text_part(out, "until ");
        receipt_clock(out, row->expires_time * 1000);
    }
}

struct fit model_text_fit(const struct endpoint *endpoint,
                          const struct model_row *row, uint64_t free_here)
{
    bool may_load = row->can_chat && !row->is_remote && !endpoint->is_vendor &&
                    row->presence != PRESENCE_LOADED &&
                    row->presence != PRESENCE_LOADING;
    if (!may_load)
        return (struct fit){ 0 };
    return fit_of(row, endpoint->num_ctx > 0 ? (uint64_t)endpoint->num_ctx : 0,
                  endpoint_is_loopback(endpoint) ? free_here : 0);
}

void model_text_fit_words(const struct fit *fit, struct buf *out)
{
    if (fit->verdict == FIT_TOO_LARGE)
        model_text_part(out, "does not fit: ");
    else if (fit->verdict == FIT_WELL)
        model_text_part(out, "fits: ");
    else if (fit->need)
        model_text_part(out, "");
    fit_words(fit, out);
}

void model_text_life(const struct model_life *life, struct buf *out)
{
    enum model_state state = model_life_state(life);
    const struct endpoint *endpoint = model_life_endpoint(life);
    if (!endpoint || state == MODEL_IDLE)
        return;
    if (state == MODEL_ERROR)
        buf_append_string(out, model_life_error(life)->text);
    else if (state == MODEL_LOADING || state == MODEL_TEARING_DOWN)
        buf_printf(out, "%s %s at %s, %lld s",
                   state == MODEL_LOADING ? "loading" : "unloading",
                   model_life_model(life), endpoint->name,
                   (long long)(model_life_since(life) / 1000));
    else
        buf_printf(out, "%s at %s is %s", model_life_model(life),
                   endpoint->name, life_state_name(LIFE_MODEL, (int)state));
}

bool model_text_news(const struct model_life *life, enum model_state *moved,
                     struct buf *out)
{
    enum model_state state = model_life_state(life), before = *moved;
    bool is_moving = model_life_is_moving(life);
    *moved = is_moving ? state : MODEL_IDLE;
    if (is_moving || before == MODEL_IDLE)
        return false;
    if (model_life_error(life)->kind)
        buf_append_string(out, model_life_error(life)->text);
    else if (before == MODEL_TEARING_DOWN)
        buf_printf(out, "%s is unloaded", model_life_model(life));
    else if (state != MODEL_IDLE) /* else it was stopped */
        buf_printf(out, "%s is loaded", model_life_model(life));
    return out->len > 0;
}

void model_text_watch(const struct model_life *life, enum model_state *moved)
{
    if (model_life_is_moving(life))
        *moved = model_life_state(life);
}
