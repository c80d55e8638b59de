/* SPDX-License-Identifier: MIT */
#include "tests/support/dim.h"

#include "tests/support/bytes.h"

/* SGR 22 ends bold and dim, 25 blinking. */
static const char *blinking_for(struct slice parameter)
{
    if (slice_is(parameter, "2"))
        return "5";
    return slice_is(parameter, "22") ? "22;25" : NULL;
}

static bool is_sgr(struct slice sequence)
{
    return slice_starts(sequence, "\033[") &&
           sequence.ptr[sequence.len - 1] == 'm';
}

void dim_append(struct buf *out, struct slice sequence)
{
    struct slice rest = sequence;
    bool names_color = false; /* by the numbers that follow */
    if (!is_sgr(sequence)) {
        buf_append_slice(out, sequence);
        return;
    }
    rest = slice_skip(rest, 2);
    rest.len--;
    buf_append_string(out, "\033[");
    for (bool is_first = true; rest.len; is_first = false) {
        struct slice parameter = bytes_next_field(&rest, ';');
        const char *other = names_color ? NULL : blinking_for(parameter);
        names_color |= slice_is(parameter, "38") || slice_is(parameter, "48");
        if (!is_first)
            buf_append_char(out, ';');
        buf_append_slice(out, other ? slice_of(other) : parameter);
    }
    buf_append_char(out, 'm');
}
