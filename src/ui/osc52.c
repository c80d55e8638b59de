/* SPDX-License-Identifier: MIT */
#include "ui/osc52.h"

#include <assert.h>

#include "base/base64.h"

/* screen 4.2 and later keep 768 bytes of a string (MAXSTR), its own end not
 * counted. */
enum { SCREEN_STRING_MAX = 768 };

#define ST "\033\\" /* the end of a string */

/* screen ends its string at the first ST: the one inside ends with BEL. */
static void append_for_screen(struct buf *out, struct slice letters)
{
    struct buf inner = { 0 };
    buf_append_string(&inner, "\033]52;c;");
    buf_append_slice(&inner, letters);
    buf_append_char(&inner, '\a');
    struct slice rest = buf_slice(&inner);
    while (rest.len) {
        struct slice piece = rest;
        if (piece.len > SCREEN_STRING_MAX)
            piece.len = SCREEN_STRING_MAX;
        buf_append_string(out, "\033P");
        buf_append_slice(out, piece);
        buf_append_string(out, ST);
        rest = slice_skip(rest, piece.len);
    }
    buf_clear(&inner);
}

void osc52_append(struct buf *out, struct slice text, enum osc52_wrap wrap)
{
    struct buf letters = { 0 };
    assert(text.len <= OSC52_TEXT_MAX);
    base64_append(&letters, text);
    switch (wrap) {
    case OSC52_PLAIN:
        buf_printf(out, "\033]52;c;%s" ST, buf_string(&letters));
        break;
    case OSC52_TMUX: /* each ESC inside is doubled */
        buf_printf(out, "\033Ptmux;\033\033]52;c;%s\033" ST ST,
                   buf_string(&letters));
        break;
    case OSC52_SCREEN: append_for_screen(out, buf_slice(&letters)); break;
    }
    buf_clear(&letters);
}
