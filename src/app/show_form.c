/* SPDX-License-Identifier: MIT */
#include "app/show_form.h"

#include <string.h>

#include "app/dag_text.h"
#include "app/document.h"
#include "app/messages_text.h"
#include "app/summary.h"
#include "app/trace_text.h"
#include "app/transcript.h"
#include "base/compiler.h"
#include "graph/jsonl.h"

static void form_thread(struct buf *out, const struct show_source *source)
{
    transcript_append(out, source->graph);
}

static void form_messages(struct buf *out, const struct show_source *source)
{
    messages_text_append(out, source->graph);
}

static void form_dag(struct buf *out, const struct show_source *source)
{
    dag_text_json(out, source->graph);
}

static void form_mermaid(struct buf *out, const struct show_source *source)
{
    dag_text_mermaid(out, source->graph);
}

static void form_dot(struct buf *out, const struct show_source *source)
{
    dag_text_dot(out, source->graph);
}

static void form_trace(struct buf *out, const struct show_source *source)
{
    trace_text_append(out, source->graph, source->log);
}

static void form_markdown(struct buf *out, const struct show_source *source)
{
    document_append(out, source->graph, source->id);
}

/* Bit for bit. */
static struct log *copy_log(const struct log *log, uint64_t last)
{
    struct log *copy = log_new();
    struct buf packed = { 0 };
    struct event event;
    for (uint64_t seq = 1; seq <= last && log_packed(log, seq, &packed);
         seq++) {
        log_append_packed(copy, buf_slice(&packed), &event);
        buf_reset(&packed);
    }
    buf_clear(&packed);
    return copy;
}

/* What `import` takes. */
static void form_jsonl(struct buf *out, const struct show_source *source)
{
    struct buf scratch = { 0 }, title = { 0 };
    uint64_t last = graph_seq(source->graph);
    bool is_all = last == log_last_seq(source->log);
    struct log *copy = is_all ? NULL : copy_log(source->log, last);
    const struct log *log = is_all ? source->log : copy;
    summary_title(&title, source->graph);
    jsonl_append_head(out, log, source->id, buf_slice(&title));
    for (uint64_t seq = 1; seq <= last; seq++)
        jsonl_append(out, log, seq, &scratch);
    log_free(copy);
    buf_clear(&scratch);
    buf_clear(&title);
}

static const struct {
    const char *name;
    show_form_fn *append;
} forms[] = {
    { "thread", form_thread },     { "messages", form_messages },
    { "dag", form_dag },           { "mermaid", form_mermaid },
    { "dot", form_dot },           { "trace", form_trace },
    { "markdown", form_markdown }, { "jsonl", form_jsonl },
};

const char *show_form_name(size_t index)
{
    return index < COUNTOF(forms) ? forms[index].name : NULL;
}

show_form_fn *show_form_find(const char *name)
{
    for (size_t i = 0; i < COUNTOF(forms); i++)
        if (!strcmp(name, forms[i].name))
            return forms[i].append;
    return NULL;
}
