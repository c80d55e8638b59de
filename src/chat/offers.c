/* SPDX-License-Identifier: MIT */
#include "chat/offers.h"

#include "chat/chat_state.h"
#include "chat/chat_tools.h"

void offers_clear(struct offers *offers)
{
    array_clear(&offers->list);
    buf_clear(&offers->words);
}

static const struct registry *registry_of(const struct chat *chat)
{
    static const struct registry none = { 0 };
    const struct toolbox *toolbox = chat_toolbox(chat);
    return toolbox && chat_tool_mode(chat) != TOOL_MODE_OFF
               ? toolbox_registry(toolbox)
               : &none;
}

/* What is planned is only read. */
static bool is_wanted(const struct chat *chat, const struct tool *tool)
{
    return tool->effect == TOOL_READS || chat_tool_mode(chat) != TOOL_MODE_PLAN;
}

/* In words; NULL: as far as we know the model takes tools. */
static const char *find_obstacle(const struct chat *chat,
                                 const struct route *route)
{
    const struct models *models =
        discovery_models(&chat->discovery, route->endpoint);
    const struct model_row *row =
        models ? models_find(models, route->model) : NULL;
    if (row && row->tools == ABILITY_NO)
        return "takes no tools";
    if (refusals_of(&chat->refusals, route->endpoint, route->model) &
        PART_TOOLS)
        return "has refused tools";
    return NULL;
}

static bool takes_tools(const struct chat *chat, const struct route *route)
{
    if (!route || !route->endpoint)
        return true;
    return !route->endpoint->dialect->is_builtin && !find_obstacle(chat, route);
}

void offers_why_none(const struct chat *chat, const struct route *route,
                     struct buf *out)
{
    const char *obstacle = route->endpoint && registry_of(chat)->tools.count
                               ? find_obstacle(chat, route)
                               : NULL;
    if (obstacle)
        buf_printf(out, "%s %s: it is offered none\n", route->model, obstacle);
}

static size_t put(struct buf *words, const char *text)
{
    size_t len = words->len;
    buf_append_string(words, text);
    return words->len - len;
}

/* The words move while there come more: first only their lengths are known. */
static void offer(struct offers *offers, const struct tool *tool)
{
    *array_add(&offers->list) = (struct tool_offer){
        .name.len = put(&offers->words, tool->name),
        .about.len = put(&offers->words, tool->about),
        .schema.len = put(&offers->words, tool->schema),
    };
}

static void place(struct slice *word, const char **at)
{
    word->ptr = *at;
    *at += word->len;
}

void offers_take(struct chat *chat)
{
    struct offers *offers = &chat->offers;
    const struct registry *registry = registry_of(chat);
    bool takes = !chat->works.sums_up && takes_tools(chat, &chat->route);
    offers->list.count = 0;
    buf_reset(&offers->words);
    for (size_t i = 0; takes && i < registry->tools.count; i++)
        if (is_wanted(chat, registry->tools.items[i]))
            offer(offers, registry->tools.items[i]);
    const char *at = buf_string(&offers->words);
    for (size_t i = 0; i < offers->list.count; i++) {
        place(&offers->list.items[i].name, &at);
        place(&offers->list.items[i].about, &at);
        place(&offers->list.items[i].schema, &at);
    }
}

uint64_t offers_count_tokens(const struct tool_offer *list, size_t count,
                             enum token_family family)
{
    uint64_t tokens = 0;
    for (size_t i = 0; i < count; i++)
        tokens += tokens_estimate_as(family, list[i].name) +
                  tokens_estimate_as(family, list[i].about) +
                  tokens_estimate_as(family, list[i].schema);
    return tokens;
}

uint64_t offers_tokens(const struct chat *chat, const struct route *route,
                       enum token_family family)
{
    const struct registry *registry = registry_of(chat);
    uint64_t tokens = 0;
    if (chat->works.sums_up || !takes_tools(chat, route))
        return 0;
    for (size_t i = 0; i < registry->tools.count; i++) {
        const struct tool *tool = registry->tools.items[i];
        const struct tool_offer offer = { .name = slice_of(tool->name),
                                          .about = slice_of(tool->about),
                                          .schema = slice_of(tool->schema) };
        if (is_wanted(chat, tool))
            tokens += offers_count_tokens(&offer, 1, family);
    }
    return tokens;
}
