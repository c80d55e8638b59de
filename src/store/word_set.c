/* SPDX-License-Identifier: MIT */
#include "store/word_set.h"

#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "store/terms.h"

enum {
    ENDING_MAX = 2, /* bytes at the end in which two of the same may differ, */
    STEM_MIN = 4,   /* behind so many that are equal */
    SHINGLE = 3,    /* terms */
};

#define SAME_SHARE 0.8

/* What stands in any text, in the languages that most prompts are written in:
 * English, German, French, Spanish, Italian, Portuguese, Dutch; endings of
 * Korean. Without case and diacritics, in the order of their bytes. */
static const char *const common[] = {
    "a",        "aber",    "about",    "after",    "again",  "ai",     "al",
    "all",      "alla",    "als",      "also",     "am",     "an",     "and",
    "any",      "ao",      "are",      "aren",     "as",     "at",     "au",
    "auch",     "auf",     "aus",      "aux",      "avec",   "avez",   "be",
    "been",     "before",  "bei",      "being",    "ben",    "bin",    "bist",
    "bitte",    "but",     "by",       "can",      "cannot", "ce",     "ces",
    "cet",      "cette",   "che",      "chi",      "ci",     "com",    "come",
    "comment",  "como",    "con",      "could",    "cuando", "da",     "dann",
    "dans",     "das",     "dass",     "dat",      "de",     "dein",   "del",
    "della",    "denn",    "der",      "des",      "deze",   "di",     "dich",
    "did",      "didn",    "die",      "dir",      "dit",    "do",     "doch",
    "does",     "doesn",   "doing",    "dois",     "don",    "donde",  "done",
    "dos",      "dove",    "down",     "du",       "durch",  "e",      "each",
    "ed",       "een",     "ein",      "eine",     "einem",  "einen",  "einer",
    "eines",    "el",      "ela",      "ele",      "eles",   "ella",   "elle",
    "elles",    "ellos",   "else",     "em",       "en",     "er",     "era",
    "eres",     "es",      "esa",      "ese",      "essa",   "est",    "esta",
    "este",     "et",      "etait",    "eu",       "ever",   "every",  "faire",
    "fait",     "fare",    "few",      "for",      "from",   "fur",    "geen",
    "gegen",    "get",     "gib",      "give",     "given",  "gli",    "go",
    "going",    "got",     "ha",       "habe",     "haben",  "hacer",  "had",
    "hai",      "has",     "hast",     "hat",      "hatte",  "have",   "having",
    "hay",      "he",      "heb",      "hebben",   "heeft",  "help",   "her",
    "here",     "hers",    "het",      "hier",     "hij",    "him",    "his",
    "ho",       "how",     "i",        "ich",      "if",     "ihm",    "ihnen",
    "ihr",      "ihre",    "ik",       "il",       "ils",    "im",     "in",
    "into",     "io",      "is",       "isn",      "isso",   "ist",    "it",
    "its",      "ja",      "je",       "jij",      "jouw",   "just",   "kan",
    "kann",     "kannst",  "keep",     "kein",     "keine",  "know",   "konnen",
    "la",       "las",     "le",       "lei",      "les",    "let",    "leur",
    "like",     "ll",      "lo",       "look",     "loro",   "los",    "lui",
    "ma",       "maar",    "machen",   "mais",     "make",   "mal",    "many",
    "mas",      "may",     "me",       "mein",     "mes",    "met",    "meu",
    "mi",       "mia",     "mich",     "might",    "mij",    "mijn",   "mine",
    "minha",    "mio",     "mir",      "mis",      "mit",    "moet",   "moi",
    "mon",      "more",    "most",     "much",     "muito",  "muss",   "must",
    "muy",      "my",      "na",       "naar",     "nach",   "nao",    "nas",
    "ne",       "need",    "nel",      "nella",    "new",    "nicht",  "niet",
    "no",       "noch",    "nog",      "noi",      "non",    "nor",    "nos",
    "nosotros", "not",     "notre",    "nous",     "now",    "nur",    "o",
    "ob",       "oder",    "of",       "off",      "ohne",   "ok",     "okay",
    "om",       "on",      "once",     "onde",     "one",    "only",   "ont",
    "ook",      "or",      "os",       "other",    "ou",     "our",    "out",
    "over",     "own",     "par",      "para",     "pas",    "per",    "perche",
    "pero",     "peut",    "peux",     "piu",      "please", "plus",   "por",
    "porque",   "pour",    "pourquoi", "puede",    "puedo",  "put",    "quand",
    "quando",   "que",     "quem",     "questa",   "questo", "qui",    "quien",
    "quoi",     "re",      "really",   "remember", "sa",     "said",   "same",
    "sans",     "sao",     "say",      "schon",    "se",     "see",    "sehr",
    "sei",      "sein",    "seine",    "sem",      "senza",  "ses",    "seu",
    "she",      "should",  "show",     "si",       "sich",   "sie",    "sin",
    "sind",     "so",      "soll",     "some",     "son",    "sono",   "sont",
    "sous",     "soy",     "su",       "sua",      "such",   "suis",   "suo",
    "sur",      "sus",     "svp",      "ta",       "take",   "te",     "tell",
    "tes",      "than",    "thank",    "thanks",   "that",   "the",    "their",
    "them",     "then",    "there",    "these",    "they",   "thing",  "think",
    "this",     "those",   "through",  "to",       "toi",    "ton",    "too",
    "try",      "tu",      "tua",      "tuo",      "two",    "uber",   "um",
    "uma",      "un",      "una",      "und",      "under",  "une",    "uno",
    "unos",     "uns",     "unser",    "unter",    "until",  "up",     "us",
    "use",      "used",    "using",    "van",      "ve",     "very",   "voi",
    "von",      "vor",     "votre",    "vous",     "waar",   "waarom", "wann",
    "wanneer",  "want",    "war",      "waren",    "warum",  "was",    "wat",
    "way",      "we",      "weil",     "well",     "wenn",   "wer",    "werden",
    "were",     "what",    "when",     "where",    "which",  "while",  "who",
    "why",      "wie",     "wij",      "wil",      "will",   "wir",    "wird",
    "with",     "without", "wo",       "won",      "work",   "would",  "wurde",
    "y",        "yes",     "yet",      "yo",       "you",    "your",   "zij",
    "zijn",     "zu",      "zum",      "zur",      "는지",   "니다",   "습니",
    "에서",     "으로",    "입니",     "있는",     "하는",   "합니",
};

static int compare_words(const void *key, const void *item)
{
    return strcmp(key, *(const char *const *)item);
}

/* Two kana that are no word of their own are an ending or a particle. */
static bool is_hiragana(const char *word)
{
    struct slice rest = slice_of(word);
    while (rest.len) {
        uint32_t character;
        rest = slice_skip(rest, utf8_decode(rest, &character));
        if (character < 0x3040 || character > 0x309F)
            return false;
    }
    return true;
}

static bool is_common(const char *word)
{
    return bsearch(word, common, COUNTOF(common), sizeof *common,
                   compare_words) ||
           is_hiragana(word);
}

static bool holds(const struct word_set *set, const char *word)
{
    for (size_t i = 0; i < set->words.count; i++)
        if (!strcmp(set->words.items[i], word))
            return true;
    return false;
}

static void add_word(struct word_set *set, const char *word, bool takes_common)
{
    if (set->words.count < WORD_SET_MAX && (takes_common || !is_common(word)) &&
        !holds(set, word))
        *array_add(&set->words) = memory_string(word);
}

/* The character of a script without blanks that was read last. */
struct lone {
    struct buf text;
    size_t end;     /* where it ends */
    bool is_paired; /* with the one before it */
};

static void end_lone(struct word_set *set, struct lone *lone, bool takes_common)
{
    if (lone->text.len && !lone->is_paired)
        add_word(set, buf_string(&lone->text), takes_common);
    buf_reset(&lone->text);
}

static void take_character(struct word_set *set, struct lone *lone,
                           const struct terms *terms, bool takes_common)
{
    bool is_next = lone->text.len && terms->begin == lone->end;
    if (is_next) {
        buf_append_slice(&lone->text, buf_slice(&terms->term));
        add_word(set, buf_string(&lone->text), takes_common);
        buf_reset(&lone->text);
    } else {
        end_lone(set, lone, takes_common);
    }
    buf_append_slice(&lone->text, buf_slice(&terms->term));
    lone->end = terms->end;
    lone->is_paired = is_next;
}

static void add_terms(struct word_set *set, struct slice text,
                      bool takes_common)
{
    struct terms terms = { .text = text };
    struct lone lone = { 0 };
    while (set->words.count < WORD_SET_MAX && terms_next(&terms)) {
        if (terms.is_character) {
            take_character(set, &lone, &terms, takes_common);
        } else {
            end_lone(set, &lone, takes_common);
            add_word(set, buf_string(&terms.term), takes_common);
        }
    }
    end_lone(set, &lone, takes_common);
    buf_clear(&lone.text);
    terms_clear(&terms);
}

void word_set_add(struct word_set *set, struct slice text)
{
    size_t before = set->words.count;
    add_terms(set, text, false);
    if (set->words.count == before)
        add_terms(set, text, true);
}

void word_set_add_all(struct word_set *set, struct slice text)
{
    add_terms(set, text, true);
}

void word_set_clear(struct word_set *set)
{
    for (size_t i = 0; i < set->words.count; i++)
        free(set->words.items[i]);
    array_clear(&set->words);
}

static bool is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte & 0x80);
}

/* Figures at the end are no ending: python2 is not python3. */
static bool is_ending(const char *rest, size_t len)
{
    bool is_one = len <= ENDING_MAX;
    for (size_t i = 0; i < len && is_one; i++)
        is_one = is_letter(rest[i]);
    return is_one;
}

static bool is_same(const char *one, const char *other)
{
    size_t len = strlen(one), other_len = strlen(other), stem = 0;
    while (stem < len && one[stem] == other[stem])
        stem++;
    return (stem == len && stem == other_len) ||
           (stem >= STEM_MIN && is_letter(one[0]) &&
            is_ending(one + stem, len - stem) &&
            is_ending(other + stem, other_len - stem));
}

static size_t count_in(const struct word_set *set, const struct word_set *part)
{
    size_t found = 0;
    for (size_t i = 0; i < part->words.count; i++)
        for (size_t k = 0; k < set->words.count; k++)
            if (is_same(part->words.items[i], set->words.items[k])) {
                found++;
                break;
            }
    return found;
}

bool word_set_holds(const struct word_set *set, const struct word_set *part)
{
    return part->words.count && count_in(set, part) == part->words.count;
}

double word_set_share(const struct word_set *a, const struct word_set *b)
{
    const struct word_set *small = a->words.count < b->words.count ? a : b;
    size_t found = count_in(small == a ? b : a, small);
    return small->words.count ? (double)found / (double)small->words.count : 0;
}

/* The part of a word that all have that are the same as it: whole characters. */
static size_t stem_of(const char *word)
{
    size_t len = strlen(word), stem = len;
    if (!is_letter(word[0]) || len <= STEM_MIN)
        return len;
    for (size_t i = 0; i < ENDING_MAX && stem > STEM_MIN; i++)
        stem -= is_letter(word[stem - 1]);
    while (stem < len && (word[stem] & 0xC0) == 0x80)
        stem--;
    return stem;
}

/* Terms have no quotes in them. An index of terms has each character of a pair
 * for itself. */
void word_set_append_match(const struct word_set *set, bool needs_all,
                           struct buf *out)
{
    const char *and = needs_all ? " AND " : " OR ";
    for (size_t i = 0; i < set->words.count; i++) {
        struct slice word = slice_of(set->words.items[i]);
        struct terms terms = { .text = word };
        buf_append_string(out, i ? and : "");
        bool is_pair = terms_next(&terms) && terms.is_character;
        if (is_pair) {
            buf_append_char(out, '"');
            terms_append(out, word);
            buf_append_char(out, '"');
        } else {
            size_t stem = stem_of(word.ptr);
            buf_printf(out, "\"%.*s\"%s", (int)stem, word.ptr,
                       stem >= STEM_MIN ? " *" : "");
        }
        terms_clear(&terms);
    }
}

/* Shingles, by a number for each (FNV-1a). */
struct shingles {
    ARRAY_OF(uint64_t) items; /* in order, each once */
};

static int compare_numbers(const void *a, const void *b)
{
    uint64_t one = *(const uint64_t *)a, other = *(const uint64_t *)b;
    return (one > other) - (one < other);
}

static uint64_t hash(struct slice text)
{
    uint64_t number = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < text.len; i++)
        number =
            (number ^ (unsigned char)text.ptr[i]) * UINT64_C(0x100000001b3);
    return number;
}

/* `terms` has a blank behind each. */
static void make_shingles(struct shingles *shingles, struct slice terms)
{
    ARRAY_OF(size_t) starts = { 0 };
    for (size_t i = 0; i < terms.len; i++)
        if (i == 0 || terms.ptr[i - 1] == ' ')
            *array_add(&starts) = i;
    *array_add(&starts) = terms.len;
    for (size_t i = 0; i + SHINGLE < starts.count; i++)
        *array_add(&shingles->items) =
            hash((struct slice){ terms.ptr + starts.items[i],
                                 starts.items[i + SHINGLE] - starts.items[i] });
    array_clear(&starts);
    if (!shingles->items.count)
        return;
    qsort(shingles->items.items, shingles->items.count,
          sizeof *shingles->items.items, compare_numbers);
    size_t kept = 1;
    for (size_t i = 1; i < shingles->items.count; i++)
        if (shingles->items.items[i] != shingles->items.items[kept - 1])
            shingles->items.items[kept++] = shingles->items.items[i];
    shingles->items.count = kept;
}

static double jaccard(const struct shingles *a, const struct shingles *b)
{
    size_t i = 0, k = 0, both = 0;
    while (i < a->items.count && k < b->items.count) {
        uint64_t one = a->items.items[i], other = b->items.items[k];
        both += one == other;
        i += one <= other;
        k += other <= one;
    }
    size_t all = a->items.count + b->items.count - both;
    return all ? (double)both / (double)all : 0;
}

bool word_set_says_same(struct slice one, struct slice other)
{
    struct buf a = { 0 }, b = { 0 };
    struct shingles of_a = { 0 }, of_b = { 0 };
    bool is_any = terms_append(&a, one) > 0 && terms_append(&b, other) > 0;
    bool is_equal = is_any ? slice_equal(buf_slice(&a), buf_slice(&b))
                           : slice_equal(slice_trim(one), slice_trim(other));
    if (is_any && !is_equal) {
        make_shingles(&of_a, buf_slice(&a));
        make_shingles(&of_b, buf_slice(&b));
        is_equal = jaccard(&of_a, &of_b) >= SAME_SHARE;
    }
    array_clear(&of_a.items);
    array_clear(&of_b.items);
    buf_clear(&a);
    buf_clear(&b);
    return is_equal;
}
