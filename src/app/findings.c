/* SPDX-License-Identifier: MIT */
#include "app/findings.h"

#include "base/clock.h"

enum { AGAIN_MS = 300 /* while sessions are being read */ };

void findings_init(struct findings *findings, struct store *store,
                   findings_fn *fn, void *context)
{
    *findings = (struct findings){ .fn = fn, .context = context };
    if (!store)
        return;
    findings->loop = store_loop(store);
    findings->librarian = librarian_new(store);
}

void findings_clear(struct findings *findings)
{
    if (findings->loop)
        loop_timer_cancel(findings->loop, findings->timer);
    librarian_close(findings->librarian);
    search_hits_clear(&findings->hits);
    buf_clear(&findings->words);
    *findings = (struct findings){ 0 };
}

static bool ask(struct findings *findings, struct error *err);

static void on_again(void *context, uint32_t timer_id)
{
    struct findings *findings = context;
    struct error ignored;
    (void)timer_id;
    findings->timer = 0;
    ask(findings, &ignored);
}

static void ask_again(struct findings *findings, int64_t delay_ms)
{
    loop_timer_cancel(findings->loop, findings->timer);
    findings->timer =
        loop_timer_start(findings->loop, delay_ms, on_again, findings);
}

static void on_hits(void *context, enum index_result result,
                    struct search_hits *hits, const struct error *err)
{
    struct findings *findings = context;
    findings->is_asking = false;
    search_hits_clear(&findings->hits);
    findings->hits = *hits;
    *hits = (struct search_hits){ 0 };
    findings->err = result == INDEX_DONE ? (struct error){ 0 } : *err;
    bool is_unsure =
        result == INDEX_LATER || librarian_is_looking(findings->librarian);
    if (findings->is_stale)
        ask_again(findings, 0);
    else if (is_unsure)
        ask_again(findings, AGAIN_MS);
    findings->fn(findings->context);
}

/* One question at a time. */
static bool ask(struct findings *findings, struct error *err)
{
    struct search_query query = { 0 };
    findings->is_stale = findings->is_asking;
    if (!search_query_parse(&query, buf_slice(&findings->words),
                            clock_wall_ms(), false, err))
        return false;
    if (search_query_is_empty(&query) || findings->is_asking) {
        search_query_clear(&query);
        return true;
    }
    findings->is_asking = true;
    librarian_search(findings->librarian, &query, FINDINGS_MAX, on_hits,
                     findings);
    return true;
}

bool findings_ask(struct findings *findings, struct slice words,
                  struct error *err)
{
    if (!findings->librarian)
        return error_set(err, ERROR_USAGE,
                         "nothing is kept here, so nothing can be found");
    buf_reset(&findings->words);
    buf_append_slice(&findings->words, words);
    search_hits_clear(&findings->hits);
    findings->err = (struct error){ 0 };
    librarian_look(findings->librarian);
    return ask(findings, err);
}

void findings_note(struct findings *findings, const char *id,
                   const struct graph *graph)
{
    if (findings->librarian && id)
        librarian_note(findings->librarian, id, graph);
}
