/* SPDX-License-Identifier: MIT */
/*
 * utf8 - characters, graphemes and their width in terminal cells.
 *
 * The one source of width in the program: ui/term.c defines wcwidth() from it,
 * so that ncurses counts as we do. Only door to <utf8proc.h>.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

enum {
    UTF8_REPLACEMENT = 0xFFFD,
    UTF8_CHARACTER_MAX = 4, /* bytes of one encoded character */
    UTF8_FOLD_MAX = 32,   /* characters that one is folded into; 18 are known */
    UTF8_ZWNJ = 0x200C,   /* zero width non-joiner */
    UTF8_ZWJ = 0x200D,    /* zero width joiner */
    UTF8_VS15 = 0xFE0E,   /* variation selector: shown as text */
    UTF8_VS16 = 0xFE0F,   /* variation selector: shown as emoji */
    UTF8_KEYCAP = 0x20E3, /* the mark of keycap emoji */
};

/* Decode the character at the start of a non-empty slice. Returns the bytes
 * used (at least 1). What is not valid UTF-8 (overlong, surrogate, above
 * U+10FFFF, cut) gives U+FFFD for each maximal subpart (Unicode 15, 3.9). */
size_t utf8_decode(struct slice text, uint32_t *character);

/* Append one character; what is no scalar value becomes U+FFFD. */
void utf8_append(struct buf *buf, uint32_t character);

/* True if the whole slice is valid UTF-8. */
bool utf8_is_valid(struct slice text);

/* Append the text with every maximal ill-formed subpart made U+FFFD. */
void utf8_append_valid(struct buf *buf, struct slice text);

/* Bytes at the end that begin a character whose rest is not there yet: 0 to 3.
 * For text that arrives in pieces. */
size_t utf8_partial_tail(struct slice text);

/* A character that a piece of text ended in the middle of. All-zero: none. */
struct utf8_partial {
    uint8_t len;
    char bytes[UTF8_CHARACTER_MAX];
};

/* Cut the next character off *text, the held bytes first. False when there is
 * none: *text is empty then and an unfinished character is held. Pieces decode
 * as the whole does. */
bool utf8_next(struct utf8_partial *partial, struct slice *text,
               uint32_t *character);

/* Version of the library, and of the Unicode that it knows. */
const char *utf8_library(void);
const char *utf8_unicode(void);

/* Cells of one character: 0 (control, non-spacing mark, inner jamo), 1 or 2.
 * A spacing mark is 1, as in glibc and therefore in most terminals. */
int utf8_character_width(uint32_t character);

/* The next grapheme cluster (UAX 29) at the start of a non-empty slice.
 * Returns its length in bytes, at least 1; *width gets its cells (0 to 2): the
 * sum of its characters, at most 2; 2 with an emoji variation selector. */
size_t utf8_grapheme(struct slice text, int *width);

/* Length in bytes of the last grapheme cluster of a non-empty slice. */
size_t utf8_last_grapheme(struct slice text);

/* Cells of a line of text: the sum of its clusters, at most INT_MAX. */
int utf8_width(struct slice text);

/* The longest prefix, in whole graphemes, of at most `width` cells. */
struct slice utf8_prefix(struct slice text, int width);

/* The general category as Unicode abbreviates it: "Lu", "Zs", "Cn". What is no
 * character is "Cn". */
const char *utf8_category(uint32_t character);

/* True for a letter of any script. */
bool utf8_is_letter(uint32_t character);

/* The other case of a letter that has one; else the character itself. */
uint32_t utf8_upper(uint32_t character);
uint32_t utf8_lower(uint32_t character);

/* What is left of a character for who looks for it: without case, taken apart
 * into its base and its marks, in the usual form and width (NFKD of the full
 * case folding). Returns how many characters. */
size_t utf8_fold(uint32_t character, uint32_t folded[UTF8_FOLD_MAX]);

enum utf8_form {
    UTF8_COMPOSED, /* NFC */
    UTF8_SEEN, /* NFC of what can be seen: without soft hyphens, joiners, spaces
                      of no width and the like (Default_Ignorable_Code_Point) */
    UTF8_USUAL, /* NFKC of the same: in the usual form and width */
};

/* Append valid UTF-8 in a normal form (UAX 15). Where more than 256 bytes of
 * marks stands on one character they are not all put in order: the time is that
 * of the text. */
void utf8_append_form(struct buf *buf, struct slice text, enum utf8_form form);

/* True for a letter or digit of any script, and for a mark, which continues
 * the word that it stands in. For word motions and search. */
bool utf8_is_word(uint32_t character);

/* True if this character may be shown as it is, whatever stands beside it (see
 * base/filter): assigned, visible or a space, no control or format. */
bool utf8_is_printable(uint32_t character);

/* True for what joins the cluster before it (UAX 29 Extend and SpacingMark):
 * combining marks, emoji modifiers, variation selectors; not for joiners. */
bool utf8_is_extender(uint32_t character);

/* True for a character that emoji are made of (Extended_Pictographic). */
bool utf8_is_pictograph(uint32_t character);

#endif
