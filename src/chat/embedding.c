/* SPDX-License-Identifier: MIT */
#include "chat/embedding.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "chat/chat_state.h"
#include "chat/errand.h"
#include "llm/embed_text.h"
#include "llm/ollama.h"
#include "llm/ollama_name.h"
#include "store/memory_rank.h"

const char *embedding_model(const struct chat *chat)
{
    return settings_text(chat->setup.settings, "memory.embed", "");
}

/* Whom to ask, and for which model. */
struct embedder {
    const struct endpoint *endpoint;
    const char *model;
};

static void complain(struct chat *chat, const char *why)
{
    if (!chat->memorising.embedding.has_complained)
        memorising_tell(chat,
                        "memory: %s; what is remembered is looked for by its "
                        "words alone",
                        why);
    chat->memorising.embedding.has_complained = true;
}

static void refuse(struct chat *chat, const char *name, const char *why)
{
    struct buf words = { 0 };
    buf_printf(&words, "memory.embed: %s %s", name, why);
    complain(chat, buf_string(&words));
    buf_clear(&words);
}

/* A stub of an Ollama is somebody else's model: its list tells. */
static bool is_own_model(struct chat *chat, const struct embedder *embedder)
{
    if (embedder->endpoint->dialect != &dialect_ollama)
        return true;
    if (ollama_name_is_cloud(slice_of(embedder->model))) {
        refuse(chat, embedder->model, "is not on this machine");
        return false;
    }
    discovery_ask_first(&chat->discovery, embedder->endpoint);
    const struct models *models =
        discovery_models(&chat->discovery, embedder->endpoint);
    const struct model_row *row =
        models ? models_find(models, embedder->model) : NULL;
    if (row && row->is_remote)
        refuse(chat, embedder->model, "is not on this machine");
    else if (!row && models && models_lack(models, embedder->model))
        refuse(chat, embedder->model,
               "is no model of its server; /pull brings it");
    return row && !row->is_remote;
}

static bool find(struct chat *chat, struct embedder *embedder)
{
    const char *setting = embedding_model(chat);
    const char *slash = strchr(setting, '/');
    struct buf name = { 0 };
    if (!*setting || chat->memorising.embedding.has_complained ||
        !chat->setup.memories)
        return false;
    buf_append(&name, setting, slash ? (size_t)(slash - setting) : 0);
    embedder->endpoint =
        endpoints_find(chat->setup.endpoints, buf_slice(&name));
    embedder->model = slash ? slash + 1 : "";
    if (!embedder->endpoint || !*embedder->model)
        refuse(chat, setting, "is no ENDPOINT/MODEL");
    else if (embedder->endpoint->is_vendor)
        refuse(chat, buf_string(&name),
               "is a vendor, and what is remembered stays with your own "
               "servers");
    else if (!embed_text_path(embedder->endpoint->dialect))
        refuse(chat, buf_string(&name), "makes no vectors");
    bool ok = !chat->memorising.embedding.has_complained &&
              is_own_model(chat, embedder);
    buf_clear(&name);
    return ok;
}

static struct errand *ask(struct chat *chat, const struct embedder *embedder,
                          const struct embed_texts *texts, int64_t wait_ms,
                          errand_fn *fn)
{
    const struct dialect *dialect = embedder->endpoint->dialect;
    struct buf body = { 0 };
    embed_text_ask(dialect, embedder->model, texts, &body);
    const struct errand_request request = {
        .path = embed_text_path(dialect),
        .body = buf_slice(&body),
        .what = "make a vector",
        .wait_ms = wait_ms,
    };
    struct errand *errand =
        errand_start(chat->setup.loop, chat->setup.http, embedder->endpoint,
                     &request, fn, chat);
    buf_clear(&body);
    return errand;
}

/* Vectors of length 1, or NULL: then the user is told why, once. */
static float *take(struct chat *chat, const struct errand_answer *answer,
                   size_t count, size_t *dimension)
{
    struct embedder embedder;
    struct error err = { 0 };
    if (answer->err) {
        complain(chat, answer->err->text);
        return NULL;
    }
    if (!find(chat, &embedder))
        return NULL;
    float *vectors = embed_text_read(embedder.endpoint->dialect, answer->body,
                                     count, dimension, &err);
    bool ok = vectors != NULL;
    for (size_t i = 0; ok && i < count; i++)
        ok = memory_normalise(vectors + i * *dimension, *dimension) ||
             error_set(&err, ERROR_PROTOCOL, "a vector has no direction");
    if (!ok) {
        complain(chat, err.text);
        free(vectors);
        vectors = NULL;
    }
    return vectors;
}

static void on_prompt(void *context, const struct errand_answer *answer)
{
    struct chat *chat = context;
    size_t dimension = 0;
    float *vector = take(chat, answer, 1, &dimension);
    errand_free(chat->memorising.embedding.prompt);
    chat->memorising.embedding.prompt = NULL;
    recalling_take_vector(chat, vector, dimension);
}

bool embedding_ask(struct chat *chat, struct slice prompt)
{
    struct embedder embedder;
    struct embed_texts texts = { 0 };
    if (!slice_trim(prompt).len || !find(chat, &embedder))
        return false;
    embedding_catch_up(chat);
    *array_add(&texts.items) = prompt;
    chat->memorising.embedding.prompt =
        ask(chat, &embedder, &texts, RECALL_EMBED_WAIT_MS, on_prompt);
    array_clear(&texts.items);
    return true;
}

void embedding_stop(struct chat *chat)
{
    errand_free(chat->memorising.embedding.prompt);
    chat->memorising.embedding.prompt = NULL;
}

/* Entries. */

static void keep(struct chat *chat, float *vectors, size_t dimension)
{
    struct memory_job job = { .deed = MEMORY_EMBED };
    job.found = chat->memorising.embedding.asked;
    chat->memorising.embedding.asked = (struct memory_list){ 0 };
    for (size_t i = 0; i < job.found.items.count; i++) {
        struct memory_entry *entry = &job.found.items.items[i];
        size_t size = dimension * sizeof *vectors;
        entry->vector = memory_alloc(size);
        entry->dimension = dimension;
        memcpy(entry->vector, vectors + i * dimension, size);
    }
    buf_append_string(&job.model, embedding_model(chat));
    memories_ask(chat->setup.memories, &job, NULL, NULL);
    embedding_catch_up(chat);
}

static void on_entries(void *context, const struct errand_answer *answer)
{
    struct chat *chat = context;
    struct embedding *embedding = &chat->memorising.embedding;
    size_t dimension = 0;
    float *vectors =
        take(chat, answer, embedding->asked.items.count, &dimension);
    errand_free(embedding->entries);
    embedding->entries = NULL;
    if (vectors)
        keep(chat, vectors, dimension);
    memory_list_clear(&embedding->asked);
    free(vectors);
}

static void on_bare(void *context, struct memory_job *job)
{
    struct chat *chat = context;
    struct embedding *embedding = &chat->memorising.embedding;
    struct embedder embedder;
    struct embed_texts texts = { 0 };
    embedding->number = 0;
    if (job->err.kind || !job->found.items.count || !find(chat, &embedder))
        return;
    embedding->asked = job->found;
    job->found = (struct memory_list){ 0 };
    for (size_t i = 0; i < embedding->asked.items.count; i++)
        *array_add(&texts.items) =
            slice_of(embedding->asked.items.items[i].text);
    embedding->entries =
        ask(chat, &embedder, &texts, EMBEDDING_WAIT_MS, on_entries);
    array_clear(&texts.items);
}

void embedding_catch_up(struct chat *chat)
{
    struct embedding *embedding = &chat->memorising.embedding;
    struct embedder embedder;
    struct memory_job job = { .deed = MEMORY_BARE };
    if (embedding->number || embedding->entries || !find(chat, &embedder) ||
        memories_is_read_only(chat->setup.memories))
        return;
    buf_append_string(&job.model, embedding_model(chat));
    embedding->number = memories_ask(chat->setup.memories, &job, on_bare, chat);
}

void embedding_clear(struct chat *chat)
{
    struct embedding *embedding = &chat->memorising.embedding;
    embedding_stop(chat);
    errand_free(embedding->entries);
    memories_drop(chat->setup.memories, embedding->number);
    memory_list_clear(&embedding->asked);
    *embedding = (struct embedding){ 0 };
}
