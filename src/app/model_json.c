/* SPDX-License-Identifier: MIT */
#include "app/model_json.h"

#include "app/model_text.h"
#include "base/date.h"
#include "base/json.h"
#include "chat/models.h"

static json_t *text_or_null(const char *text)
{
    return *text ? json_string(text) : json_null();
}

static json_t *number_or_null(uint64_t number)
{
    return number ? json_integer((json_int_t)number) : json_null();
}

static json_t *ability_or_null(enum ability ability)
{
    return ability == ABILITY_UNKNOWN ? json_null()
                                      : json_boolean(ability == ABILITY_YES);
}

/* "never", or as everybody writes a time. */
static json_t *expiry_or_null(int64_t at)
{
    struct buf words = { 0 };
    if (at == MODEL_NEVER_EXPIRES)
        return json_string("never");
    if (at)
        date_append(&words, at);
    json_t *expiry = words.len ? json_string(buf_string(&words)) : json_null();
    buf_clear(&words);
    return expiry;
}

static json_t *fit_or_null(const struct endpoint *endpoint,
                           const struct model_row *row)
{
    struct fit fit = model_text_fit(endpoint, row, models_free_memory());
    if (!fit.need)
        return json_null();
    json_t *object = json_object();
    json_object_set_new(object, "need", number_or_null(fit.need));
    json_object_set_new(object, "free", number_or_null(fit.free));
    json_object_set_new(object, "window", number_or_null(fit.window));
    json_object_set_new(object, "fits",
                        fit.verdict == FIT_UNKNOWN
                            ? json_null()
                            : json_boolean(fit.verdict == FIT_WELL));
    return object;
}

static void set_memory(json_t *object, const struct model_row *row)
{
    json_object_set_new(object, "memory", number_or_null(row->memory));
    json_object_set_new(object, "gpu",
                        row->knows_gpu
                            ? json_integer((json_int_t)row->gpu_memory)
                            : json_null());
    json_object_set_new(object, "expires", expiry_or_null(row->expires_time));
}

json_t *model_json(const struct endpoint *endpoint, const struct model_row *row)
{
    json_t *object = json_object();
    json_object_set_new(object, "endpoint", json_string(endpoint->name));
    json_object_set_new(object, "model", json_string(row->name));
    json_object_set_new(object, "state",
                        text_or_null(model_text_presence(row)));
    json_object_set_new(object, "size", number_or_null(row->size));
    json_object_set_new(object, "parameters", text_or_null(row->parameters));
    json_object_set_new(object, "quantization",
                        text_or_null(row->quantization));
    json_object_set_new(object, "window", number_or_null(row->context_length));
    json_object_set_new(object, "trained", number_or_null(row->trained_length));
    json_object_set_new(object, "tools", ability_or_null(row->tools));
    json_object_set_new(object, "vision", ability_or_null(row->vision));
    json_object_set_new(object, "thinking", ability_or_null(row->thinking));
    json_object_set_new(object, "chat", json_boolean(row->can_chat));
    json_object_set_new(object, "remote", json_boolean(row->is_remote));
    set_memory(object, row);
    json_object_set_new(object, "fit", fit_or_null(endpoint, row));
    return object;
}

void model_json_append(const json_t *value, struct buf *out)
{
    json_append_value(out, value);
    buf_append_char(out, '\n');
}
