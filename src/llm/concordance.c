/* SPDX-License-Identifier: MIT */
#include "llm/concordance.h"

#include <stdlib.h>

#include "base/memory.h"
#include "llm/guide.h"

static void add_id(struct concordance *concordance, uint16_t id)
{
    if (concordance->count == concordance->capacity) {
        concordance->capacity = 2 * concordance->capacity + 4096;
        concordance->ids =
            memory_resize(concordance->ids, concordance->capacity,
                          sizeof concordance->ids[0]);
    }
    concordance->ids[concordance->count++] = id;
}

static void add_words(struct concordance *concordance, size_t section,
                      struct slice text)
{
    struct words words = { .rest = text };
    struct word word;
    while (words_next(&words, &word)) {
        uint16_t id = vocabulary_add(&concordance->vocabulary, section, &word);
        if (id)
            add_id(concordance, id);
    }
}

/* Bytes up to the comma or the end of the line. */
static size_t phrase_len(struct slice text)
{
    size_t len = 0;
    while (len < text.len && text.ptr[len] != ',' && text.ptr[len] != '\n')
        len++;
    return len;
}

static void add_phrases(struct concordance *concordance, size_t section,
                        struct slice rest)
{
    while (rest.len) {
        size_t len = phrase_len(rest);
        add_words(concordance, section, (struct slice){ rest.ptr, len });
        add_id(concordance, 0);
        rest = slice_skip(rest, len + 1);
    }
}

void concordance_init(struct concordance *concordance)
{
    *concordance = (struct concordance){ .sections = guide_section_count() };
    concordance->ends = memory_zero(concordance->sections * FIELD_KINDS,
                                    sizeof concordance->ends[0]);
    vocabulary_init(&concordance->vocabulary);
    for (size_t i = 0; i < concordance->sections; i++) {
        const struct guide_section *section = guide_section_at(i);
        size_t *ends = concordance->ends + i * FIELD_KINDS;
        add_words(concordance, i, slice_of(section->title));
        ends[FIELD_TITLE] = concordance->count;
        add_words(concordance, i, slice_of(section->chapter));
        ends[FIELD_CHAPTER] = concordance->count;
        add_phrases(concordance, i, slice_of(section->keywords));
        ends[FIELD_KEYWORDS] = concordance->count;
        add_words(concordance, i, slice_of(section->text));
        ends[FIELD_BODY] = concordance->count;
    }
}

void concordance_clear(struct concordance *concordance)
{
    vocabulary_clear(&concordance->vocabulary);
    free(concordance->ids);
    free(concordance->ends);
    *concordance = (struct concordance){ 0 };
}

struct passage concordance_passage(const struct concordance *concordance,
                                   size_t section, enum concordance_field field)
{
    size_t at = section * FIELD_KINDS + field;
    size_t start = at ? concordance->ends[at - 1] : 0;
    return (struct passage){ concordance->ids + start,
                             concordance->ends[at] - start };
}

bool passage_next_phrase(struct passage *rest, struct passage *phrase)
{
    if (!rest->count)
        return false;
    *phrase = (struct passage){ rest->ids, 0 };
    while (phrase->count < rest->count && rest->ids[phrase->count])
        phrase->count++;
    size_t used = phrase->count + (phrase->count < rest->count);
    rest->ids += used;
    rest->count -= used;
    return true;
}
