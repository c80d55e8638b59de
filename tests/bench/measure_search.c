/* SPDX-License-Identifier: MIT */
/*
 * A search in a million messages: words as often as in a language (Zipf), by a
 * seeded generator, 50 messages a session, many sessions a transaction.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "store/index_search.h"
#include "tests/bench/measure.h"
#include "tests/bench/sample.h"
#include "tests/support/scratch.h"

enum {
    MESSAGES = 1000000,
    SESSION_MESSAGES = 50,
    BATCH_MESSAGES = 10000, /* of a transaction */
    VOCABULARY = 50000,
    WORDS_MAX = 90, /* of a message */
    REPEATS = 15,
    GAP_MS = 30000, /* between two messages */
    HITS = 20,
};

struct corpus {
    double *sums; /* of the shares of the words up to each */
    uint64_t seed;
    struct index *index;
    int64_t at;
};

static double chance(struct corpus *corpus)
{
    corpus->seed = corpus->seed * 6364136223846793005u + 1442695040888963407u;
    return (double)(corpus->seed >> 11) / 9007199254740992.0;
}

static int choose_word(struct corpus *corpus)
{
    double point = chance(corpus) * corpus->sums[VOCABULARY - 1];
    int low = 0, high = VOCABULARY - 1;
    while (low < high) {
        int middle = (low + high) / 2;
        if (corpus->sums[middle] < point)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void add_message(struct corpus *corpus, struct digest *digest, int i)
{
    struct digest_place *place = array_add(&digest->places);
    bool is_answer = i % 2;
    *place = (struct digest_place){
        .node_id = (uint64_t)i % SESSION_MESSAGES + 1,
        .at = corpus->at += GAP_MS,
        .kind = is_answer ? NODE_ASSISTANT : NODE_USER,
        .model = memory_string(!is_answer                 ? ""
                               : i / SESSION_MESSAGES % 7 ? "bench:8b"
                                                          : "other:1b"),
    };
    int count = 8 + (int)(chance(corpus) * (WORDS_MAX - 8));
    for (int j = 0; j < count; j++)
        buf_printf(&place->text, "w%x ", (unsigned)choose_word(corpus));
}

static bool add_session(struct corpus *corpus, int first, struct error *err)
{
    const struct index_stamp stamp = { 1, 1 };
    struct digest digest = { .title = memory_string("bench"),
                             .opening = memory_string(""),
                             .model = memory_string("") };
    snprintf(digest.id.text, sizeof digest.id.text, "%08u",
             (unsigned)(first / SESSION_MESSAGES) % 100000000u);
    for (int i = 0; i < SESSION_MESSAGES; i++)
        add_message(corpus, &digest, first + i);
    bool ok = (first % BATCH_MESSAGES ||
               index_begin(corpus->index, err) == INDEX_DONE) &&
              index_put(corpus->index, &digest, &stamp, err) == INDEX_DONE &&
              ((first + SESSION_MESSAGES) % BATCH_MESSAGES ||
               index_commit(corpus->index, err) == INDEX_DONE);
    digest_clear(&digest);
    return ok;
}

static void make_words(struct corpus *corpus)
{
    double sum = 0;
    corpus->sums = memory_zero(VOCABULARY, sizeof *corpus->sums);
    for (int i = 0; i < VOCABULARY; i++)
        corpus->sums[i] = sum += 1 / pow(i + 2.7, 1.05);
}

static const struct {
    const char *what, *query;
} queries[] = {
    { "a rare word", "w9c40" },
    { "a word of 40 %", "w5" },
    { "two common words", "w0 w3" },
    { "a phrase", "\"w40 w41\"" },
    { "a phrase of common words", "\"w5 w6 w7\"" },
    { "a beginning", "w123*" },
    { "words and filters", "w5 w20 model:other since:2y kind:assistant" },
    { "an old time", "w0 until:2021-01" },
};

static void measure_query(struct table *table, struct corpus *corpus, size_t i)
{
    struct sample ms = { 0 };
    struct search_query query;
    struct search_hits hits = { 0 };
    struct error err = { 0 };
    char what[96], detail[96];
    size_t found = 0;
    bool ok = search_query_parse(&query, slice_of(queries[i].query), corpus->at,
                                 false, &err);
    for (int j = 0; ok && j < REPEATS; j++) {
        int64_t start = sample_now_ns();
        ok = index_search(corpus->index, &query, HITS, &hits, &err) ==
             INDEX_DONE;
        sample_add(&ms, sample_ms_since(start));
        found = hits.items.count;
        search_hits_clear(&hits);
    }
    search_query_clear(&query);
    snprintf(what, sizeof what, "search in 1 M messages: %s", queries[i].what);
    snprintf(detail, sizeof detail, "%zu hits, p90 %.1f ms", found,
             sample_quantile(&ms, 0.9));
    if (ok)
        table_add(table, &(struct row){ .what = what,
                                        .value = sample_quantile(&ms, 0.5),
                                        .unit = "ms",
                                        .target = 50,
                                        .has_target = true,
                                        .detail = detail });
    else
        table_note(table, "%s: %s", what, err.text);
    sample_clear(&ms);
}

void measure_search(struct table *table, struct stream *stream)
{
    struct corpus corpus = { .seed = 1, .at = 1600000000000 };
    struct error err = { 0 };
    struct buf path = { 0 };
    struct stat info = { 0 };
    char directory[SCRATCH_PATH_MAX];
    (void)stream;
    make_words(&corpus);
    scratch_directory(directory, "search");
    buf_printf(&path, "%s/index.db", directory);
    int64_t start = sample_now_ns();
    corpus.index = index_open(path.ptr, &err);
    bool ok = corpus.index != NULL;
    for (int i = 0; ok && i < MESSAGES; i += SESSION_MESSAGES)
        ok = add_session(&corpus, i, &err);
    double seconds = sample_ms_since(start) / 1e3;
    stat(path.ptr, &info);
    if (ok)
        table_note(table, "indexed: %.0f messages a second, %.0f MB",
                   MESSAGES / seconds, (double)info.st_size / 1e6);
    else
        table_note(table, "search: %s", err.text);
    for (size_t i = 0; ok && i < COUNTOF(queries); i++)
        measure_query(table, &corpus, i);
    index_close(corpus.index);
    scratch_remove(directory);
    buf_clear(&path);
    free(corpus.sums);
}
