/* SPDX-License-Identifier: MIT */
#include "chat/prompt_tally.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/memory.h"
#include "base/utf8.h"

enum {
    END_MAX = 16 * 1024, /* bytes that are read of each end */
    FEW_WORDS = 8,       /* too few to tell the language by them */
    DATA_LINES = 5,      /* one after another are no chance */
    DATA_LINE_MIN = 16,  /* bytes */
    LABEL_MAX = 24,      /* "Ann: ", "level = " */
    REQUEST_MAX = 200,   /* bytes of a line that asks something */
    PARAGRAPH_MIN = 240, /* bytes of a line that is none */
};
static const double known_share = .12; /* of common words in a text */
static const double plain_common = .3; /* so many leave no doubt */
static const double wide_words = .6;   /* words in a character of Chinese */
static const double thai_words = .25;  /* in one of Thai or Khmer */
static const double pasted_share = 1. / 16;
static const double plain_share = .72; /* letters and blanks of a sentence */

/* A word, or the beginning of one, and how often it came. */
struct entry {
    uint32_t hash; /* 0: free */
    float count;
};

struct reader {
    struct prompt_tally *tally;
    struct entry *entries;
    size_t mask;
    double share;        /* what each thing in this line counts */
    double ascii;        /* words of it */
    uint32_t first_word; /* hash; 0: none yet */
    uint32_t before;     /* character without spaces that stood before; or 0 */
    double scripts[LEXICON_LANGUAGE_COUNT]; /* words of each */
    bool in_fence, in_data, has_request;
};

/* FNV-1a, by characters. */
static const uint32_t hash_start = 2166136261u, hash_of_stem = 0x5bd1e995;

static uint32_t hash_add(uint32_t hash, uint32_t character)
{
    return (hash ^ character) * 16777619u;
}

static struct entry *entry_of(const struct reader *reader, uint32_t hash)
{
    size_t at;
    hash += hash == 0;
    /* The low bits of FNV say little of the last character. */
    for (at = (hash ^ hash >> 15) & reader->mask;
         reader->entries[at].hash && reader->entries[at].hash != hash;
         at = (at + 1) & reader->mask)
        ;
    return &reader->entries[at];
}

/* Whether it was not there before. */
static bool put(struct reader *reader, uint32_t hash)
{
    struct entry *entry = entry_of(reader, hash);
    bool is_new = !entry->hash;
    entry->hash = hash + (hash == 0);
    entry->count += (float)reader->share;
    return is_new;
}

/* That pasted words are repeated says nothing. */
static void take_word(struct reader *reader, uint32_t hash, double words)
{
    double share = words * reader->share;
    bool is_new = put(reader, hash) || reader->share < 1;
    reader->tally->kinds += is_new ? share : 0;
    reader->tally->words += share;
}

enum character_kind {
    CHARACTER_OTHER,
    CHARACTER_LETTER,
    CHARACTER_WIDE, /* a letter of a script without spaces */
    CHARACTER_THAI,
};

/* What is common is told by its range, the rest by Unicode's tables. */
static enum character_kind kind_of(uint32_t c)
{
    if (c < 0x80)
        return (c | 0x20) - 'a' < 26 ? CHARACTER_LETTER : CHARACTER_OTHER;
    if ((c >= 0xC0 && c < 0x250) || (c >= 0x400 && c < 0x482) ||
        (c >= 0x620 && c < 0x660) || (c >= 0x901 && c < 0x964) ||
        (c >= 0xAC00 && c < 0xD7A4))
        return c == 0xD7 || c == 0xF7 ? CHARACTER_OTHER : CHARACTER_LETTER;
    if ((c >= 0x4E00 && c < 0xA000) || (c >= 0x3041 && c < 0x3097) ||
        (c >= 0x30A1 && c < 0x30FB))
        return CHARACTER_WIDE;
    if ((c >= 0xE01 && c < 0xE80) || (c >= 0x1000 && c < 0x1050) ||
        (c >= 0x1780 && c < 0x17D4))
        return CHARACTER_THAI;
    if (!utf8_is_letter(c) && !utf8_is_extender(c))
        return CHARACTER_OTHER;
    if (utf8_is_pictograph(c) || utf8_character_width(c) == 0)
        return utf8_is_letter(c) ? CHARACTER_LETTER : CHARACTER_OTHER;
    return utf8_character_width(c) == 2 ? CHARACTER_WIDE : CHARACTER_LETTER;
}

/* The small letter; of the alphabets that the lexicon has. */
static uint32_t small(uint32_t c)
{
    if ((c >= 'A' && c <= 'Z') || (c >= 0xC0 && c < 0xDF && c != 0xD7) ||
        (c >= 0x410 && c < 0x430))
        return c + 0x20;
    return c == 0x401 ? 0x451 : c == 0x15E ? 0x15F : c == 0x130 ? 'i' : c;
}

static bool is_hangul(uint32_t c)
{
    return c >= 0xAC00 && c < 0xD7A4;
}

/* Which language its script alone says. */
static void note_script(struct reader *reader, uint32_t c, double words)
{
    enum lexicon_language language = LEXICON_ENGLISH;
    if (c < 0x400)
        language = LEXICON_ENGLISH;
    else if (c < 0x530)
        language = LEXICON_RUSSIAN;
    else if (c >= 0x600 && c < 0x700)
        language = LEXICON_ARABIC;
    else if (c >= 0x900 && c < 0x980)
        language = LEXICON_HINDI;
    else if (is_hangul(c))
        language = LEXICON_KOREAN;
    else if (c >= 0x3041 && c < 0x30FB)
        language = LEXICON_JAPANESE;
    else if (c >= 0x3400 && c < 0xA000)
        language = LEXICON_CHINESE;
    reader->scripts[language] += words;
}

/* A word as it is read. */
struct word {
    size_t len, letters;
    uint32_t hash, stem;  /* of its beginning; 0: it is no longer than that */
    uint32_t first, last; /* characters */
    bool is_ascii;
};

static void add_letter(struct word *word, uint32_t c)
{
    size_t stem_len = is_hangul(c) ? LEXICON_STEM_HANGUL : LEXICON_STEM;
    c = small(c);
    word->first = word->letters ? word->first : c;
    if (word->letters == stem_len)
        word->stem = word->hash ^ hash_of_stem;
    word->hash = hash_add(word->hash, c);
    word->letters++;
    word->last = c;
}

/* Most letters are of ASCII. */
static void read_ascii(struct slice text, struct word *word)
{
    uint32_t hash = word->hash, c = 0;
    size_t len = 0;
    for (; len < text.len; len++) {
        c = (unsigned char)text.ptr[len] | 0x20u;
        if (c - 'a' >= 26)
            break;
        if (len == LEXICON_STEM)
            word->stem = hash ^ hash_of_stem;
        hash = hash_add(hash, c);
        word->last = c;
    }
    word->first = len ? (unsigned char)text.ptr[0] | 0x20u : 0;
    word->hash = hash;
    word->len = word->letters = len;
}

/* All letters at the start of a text, and apostrophes among them. */
static void read_letters(struct slice text, struct word *word)
{
    read_ascii(text, word);
    while (word->len < text.len) {
        uint32_t c = (unsigned char)text.ptr[word->len];
        size_t used = 1;
        if (c >= 0x80)
            used = utf8_decode(slice_skip(text, word->len), &c);
        if (c == 0x2019)
            c = '\'';
        if (kind_of(c) != CHARACTER_LETTER && !(c == '\'' && word->len))
            return;
        word->is_ascii &= c < 0x80;
        add_letter(word, c);
        word->len += used;
    }
}

/* A word that begins with a letter; its length. */
static size_t read_word(struct reader *reader, struct slice rest)
{
    struct word word = { .hash = hash_start, .is_ascii = true };
    read_letters(rest, &word);
    if (!word.len)
        return 0;
    /* A short word of Hangul is its own beginning. */
    if (!word.stem && is_hangul(word.last) &&
        word.letters == LEXICON_STEM_HANGUL)
        word.stem = word.hash ^ hash_of_stem;
    take_word(reader, word.hash, 1);
    if (word.stem)
        put(reader, word.stem);
    note_script(reader, word.first, reader->share);
    reader->ascii += word.is_ascii ? reader->share : 0;
    if (!reader->first_word)
        reader->first_word = word.hash;
    return word.len;
}

/* A character of a script without spaces: with the one before it is a word of
 * the lexicon, perhaps. */
static void take_wide(struct reader *reader, uint32_t c, double words)
{
    uint32_t hash = hash_add(hash_start, c);
    take_word(reader, hash, words);
    if (reader->before)
        put(reader, hash_add(hash_add(hash_start, reader->before), c));
    reader->before = c;
    note_script(reader, c, words * reader->share);
}

static bool is_digit(char c)
{
    return (unsigned char)(c - '0') < 10;
}

/* "2.5" and "1,000" are one number each to the eye; their parts are what is
 * told apart. */
static size_t read_number(struct reader *reader, struct slice rest)
{
    struct prompt_tally *tally = reader->tally;
    size_t len = 0;
    for (;;) {
        uint32_t hash = hash_start;
        for (; len < rest.len && is_digit(rest.ptr[len]); len++)
            hash = hash_add(hash, (unsigned char)rest.ptr[len]);
        tally->number_kinds += put(reader, hash) ? reader->share : 0;
        bool goes_on = len + 1 < rest.len &&
                       (rest.ptr[len] == '.' || rest.ptr[len] == ',') &&
                       is_digit(rest.ptr[len + 1]);
        if (!goes_on)
            return len;
        tally->has_decimal |= rest.ptr[len] == '.';
        tally->commas += rest.ptr[len] == ',' ? reader->share : 0;
        len++;
    }
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static void take_sign(struct reader *reader, struct slice rest)
{
    struct prompt_tally *tally = reader->tally;
    double share = reader->share;
    bool is_last = rest.len == 1 || is_blank(rest.ptr[1]);
    switch (rest.ptr[0]) {
    case ',': tally->commas += share; break;
    case '(': tally->brackets += share; /* fall through */
    case ')':
    case '[':
    case ']':
    case '{':
    case '}':
    case ';':
    case '_': tally->code += share; break;
    case '?': tally->questions++; /* fall through */
    case '!':
    case '.': tally->sentences += is_last ? share : 0; break;
    default: break;
    }
}

/* Full stops, commas and question marks of other scripts. */
static void take_other_sign(struct reader *reader, uint32_t c)
{
    struct prompt_tally *tally = reader->tally;
    switch (c) {
    case 0xFF1F:                                  /* fullwidth */
    case 0x061F: /* Arabic */ tally->questions++; /* fall through */
    case 0x3002:                                  /* ideographic */
    case 0xFF01:
    case 0x0964: /* danda */
    case 0x06D4: tally->sentences += reader->share; break;
    case 0x3001: /* ideographic, Arabic */
    case 0xFF0C:
    case 0x060C: tally->commas += reader->share; break;
    case 0xFF08: tally->brackets += reader->share; break;
    default: break;
    }
}

/* What is not of ASCII; its length. */
static size_t read_other(struct reader *reader, struct slice rest)
{
    uint32_t c;
    size_t len = utf8_decode(rest, &c);
    enum character_kind kind = kind_of(c);
    if (kind == CHARACTER_LETTER)
        return read_word(reader, rest);
    if (kind == CHARACTER_OTHER) {
        take_other_sign(reader, c);
        reader->before = 0;
    } else {
        take_wide(reader, c, kind == CHARACTER_WIDE ? wide_words : thai_words);
    }
    return len;
}

static void read_line(struct reader *reader, struct slice line)
{
    reader->before = 0;
    while (line.len) {
        unsigned char c = (unsigned char)line.ptr[0];
        size_t len = 1;
        if (c < 0x80)
            reader->before = 0;
        if (c >= 0x80)
            len = read_other(reader, line);
        else if (is_digit((char)c))
            len = read_number(reader, line);
        else if (kind_of(c) == CHARACTER_LETTER)
            len = read_word(reader, line);
        else if (c != ' ')
            take_sign(reader, line);
        line = slice_skip(line, len);
    }
}

/* "Ann: yes", "level=info". */
static bool has_label(struct slice line)
{
    for (size_t i = 1; i < line.len && i < LABEL_MAX; i++)
        if (line.ptr[i] == ':' || line.ptr[i] == '=')
            return i + 1 < line.len && line.ptr[i + 1] == ' ';
    return false;
}

/* Of a log, a table, a transcript: more signs and digits than a sentence has,
 * or a label in front. */
static bool is_data(struct slice line)
{
    size_t plain = 0;
    if (line.len < DATA_LINE_MIN)
        return false;
    for (size_t i = 0; i < line.len; i++) {
        unsigned char c = (unsigned char)line.ptr[i];
        plain +=
            (unsigned char)((c | 0x20) - 'a') < 26 || c >= 0x80 || c == ' ';
    }
    return (double)plain < plain_share * (double)line.len || has_label(line);
}

/* As many lines of it as show that it is no sentence by chance. */
static bool begins_data(struct slice line, struct slice rest)
{
    for (int i = 1; is_data(line); i++)
        if (i == DATA_LINES || !slice_next_line(&rest, &line))
            return i == DATA_LINES;
    return false;
}

/* What a thing in this line counts. */
static double share_of(struct reader *reader, struct slice line,
                       struct slice rest)
{
    line = slice_trim(line);
    if (slice_starts(line, "```") || slice_starts(line, "~~~")) {
        reader->in_fence = !reader->in_fence;
        return pasted_share;
    }
    reader->in_data = reader->in_data ? is_data(line) : begins_data(line, rest);
    bool is_paragraph = reader->has_request && line.len >= PARAGRAPH_MIN;
    bool is_pasted = reader->in_fence || reader->in_data || is_paragraph ||
                     slice_starts(line, "> ");
    return is_pasted ? pasted_share : 1;
}

static bool is_request(struct slice line)
{
    line = slice_trim(line);
    return line.len > 0 && line.len <= REQUEST_MAX;
}

/* The first or the last line says in short what is wanted of the others. */
static bool has_request(struct slice text)
{
    struct slice first = { 0 }, last = text;
    text = slice_trim(text);
    slice_next_line(&text, &first);
    for (size_t i = text.len; i > 0; i--)
        if (text.ptr[i - 1] == '\n') {
            last = slice_skip(text, i);
            break;
        }
    return text.len > 0 && (is_request(first) || is_request(last));
}

static void read_text(struct reader *reader, struct slice text)
{
    struct slice line;
    while (slice_next_line(&text, &line)) {
        reader->share = share_of(reader, line, text);
        read_line(reader, line);
    }
}

/* How often the words of a list came. *is_among: whether this one is of them;
 * may be NULL. */
static double count_words(const struct reader *reader, struct slice words,
                          uint32_t wanted, bool *is_among)
{
    double count = 0;
    while (words.len) {
        uint32_t hash = hash_start, c = 0;
        while (words.len && *words.ptr != ' ' && *words.ptr != '-') {
            words = slice_skip(words, utf8_decode(words, &c));
            hash = hash_add(hash, c);
        }
        bool is_stem = words.len && *words.ptr == '-';
        words = slice_skip(words, is_stem ? 2 : 1);
        if (is_among)
            *is_among |= hash == wanted;
        if (is_stem)
            hash ^= hash_of_stem;
        count += (double)entry_of(reader, hash)->count;
    }
    return count;
}

static double count_list(const struct reader *reader,
                         enum lexicon_language language, enum lexicon_list list)
{
    struct slice words = slice_of(lexicon_words(language, list));
    return count_words(reader, words, 0, NULL);
}

/* Of those that share the Latin script, by the words that every text has. */
static bool tell_by_words(struct reader *reader,
                          enum lexicon_language *language)
{
    double most = 0, words = reader->tally->words;
    for (int i = LEXICON_ENGLISH; i <= LEXICON_TURKISH; i++) {
        if (most >= plain_common * words)
            break;
        double hits =
            count_list(reader, (enum lexicon_language)i, LEXICON_COMMON);
        if (hits > most) {
            most = hits;
            *language = (enum lexicon_language)i;
        }
    }
    return words > 0 && (most >= known_share * words ||
                         (words < FEW_WORDS && reader->ascii >= words));
}

/* By the script of most words. Japanese is told by its kana, whatever it has of
 * Chinese. */
static void tell_language(struct reader *reader)
{
    struct prompt_tally *tally = reader->tally;
    double *scripts = reader->scripts, most = 0;
    double kana = scripts[LEXICON_JAPANESE];
    bool is_japanese = kana * 4 > scripts[LEXICON_CHINESE];
    scripts[LEXICON_JAPANESE] =
        is_japanese ? kana + scripts[LEXICON_CHINESE] : 0;
    scripts[LEXICON_CHINESE] =
        is_japanese ? 0 : scripts[LEXICON_CHINESE] + kana;
    for (int i = 0; i < LEXICON_LANGUAGE_COUNT; i++)
        if (scripts[i] > most) {
            most = scripts[i];
            tally->language = (enum lexicon_language)i;
        }
    tally->knows_words = most > 0 && (tally->language != LEXICON_ENGLISH ||
                                      tell_by_words(reader, &tally->language));
}

/* Where the asking word does not stand first, it stands anywhere. */
static bool is_lookup(const struct reader *reader)
{
    enum lexicon_language language = reader->tally->language;
    struct slice words = slice_of(lexicon_words(language, LEXICON_LOOKUP));
    bool is_first = false;
    double count = count_words(reader, words, reader->first_word, &is_first);
    return is_first || (count > 0 && (language == LEXICON_TURKISH ||
                                      language >= LEXICON_HINDI));
}

static void look_up(struct reader *reader)
{
    struct prompt_tally *tally = reader->tally;
    tell_language(reader);
    if (!tally->knows_words)
        return;
    for (int i = 0; i < LEXICON_COMMON; i++)
        tally->listed[i] =
            count_list(reader, tally->language, (enum lexicon_list)i);
    tally->is_lookup = is_lookup(reader);
}

void prompt_tally_read(struct slice text, struct prompt_tally *tally)
{
    struct reader reader = { .tally = tally };
    struct slice head = text, tail = { 0 };
    size_t slots = 64;
    if (text.len > (size_t)2 * END_MAX) {
        head.len = END_MAX;
        tail = slice_skip(text, text.len - END_MAX);
    }
    /* A word with its beginning has two bytes at least, a sign behind it too. */
    while (slots < head.len + tail.len + 2)
        slots *= 2;
    reader.entries = memory_zero(slots, sizeof *reader.entries);
    reader.mask = slots - 1;
    reader.has_request = has_request(text);
    read_text(&reader, head);
    read_text(&reader, tail);
    look_up(&reader);
    free(reader.entries);
}
