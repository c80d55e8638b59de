/* SPDX-License-Identifier: MIT */
#include "ui/piece.h"

#include <stdint.h>

#include "base/utf8.h"
#include "ui/ascii.h"

/* A character, and whatever of `rest` has no width. */
static int decode(struct slice *rest, bool is_utf8, struct piece *piece)
{
    int count = 0, width = 0;
    uint32_t character;
    while (rest->len && count < PIECE_CHARACTERS) {
        size_t len = utf8_decode(*rest, &character);
        int character_width = utf8_character_width(character);
        if (count && (character_width || !is_utf8))
            break;
        if (count == 0)
            width = is_utf8 ? character_width : 1;
        piece->text[count++] =
            (wchar_t)(is_utf8 ? character
                              : (uint32_t)ascii_likeness(character));
        *rest = slice_skip(*rest, len);
    }
    piece->text[count] = L'\0';
    return width;
}

int piece_cut(const struct cell *cell, bool is_utf8,
              struct piece pieces[CELL_PIECES])
{
    struct slice rest = { cell->text, cell->len };
    int count = 0, left = cell->width;
    while (rest.len && left > 0) {
        int width = decode(&rest, is_utf8, &pieces[count]);
        if (width < 1 || width > left)
            break;
        count++;
        left -= width;
        if (!is_utf8)
            break; /* the marks have no likeness */
    }
    for (; left > 0; left--)
        pieces[count++] = (struct piece){ L" " };
    return count;
}
