/* SPDX-License-Identifier: MIT */
#include "ui/squeeze.h"

#include <stdio.h>
#include <string.h>

enum {
    SHIFT_IN = 017,
    ATTRIBUTES_MAX = 64, /* bytes of parameters in one sequence */
};

struct squeezer {
    struct buf *out;
    const struct squeeze_setting *setting;
    /* Parameters that wait for something to be written with them. */
    char attributes[ATTRIBUTES_MAX];
    size_t len;
    bool has_attributes;
};

static void write_attributes(struct squeezer *squeezer)
{
    if (squeezer->has_attributes)
        buf_printf(squeezer->out, "\033[%.*sm", (int)squeezer->len,
                   squeezer->attributes);
    squeezer->has_attributes = false;
    squeezer->len = 0;
}

static bool begins_with_reset(struct slice parameters)
{
    return parameters.len == 0 || slice_is(parameters, "0") ||
           slice_starts(parameters, "0;");
}

/* After a reset nothing that came before it counts. */
static void add_attributes(struct squeezer *squeezer, struct slice parameters)
{
    bool is_reset = begins_with_reset(parameters);
    if (is_reset)
        squeezer->len = 0;
    else if (squeezer->len + parameters.len + 1 > ATTRIBUTES_MAX)
        write_attributes(squeezer);
    if (parameters.len > ATTRIBUTES_MAX - 1) {
        buf_printf(squeezer->out, "\033[%.*sm", SLICE_ARG(parameters));
        return;
    }
    if (is_reset && parameters.len)
        parameters = slice_skip(parameters, 1); /* an absent 0 is a 0 */
    else if (!is_reset && squeezer->has_attributes)
        squeezer->attributes[squeezer->len++] = ';';
    if (parameters.len)
        memcpy(squeezer->attributes + squeezer->len, parameters.ptr,
               parameters.len);
    squeezer->len += parameters.len;
    squeezer->has_attributes = true;
}

/* Up to and with the final byte; 0: the frame ends in it. */
static size_t sequence_len(struct slice text)
{
    for (size_t i = 2; i < text.len; i++) {
        if (text.ptr[i] >= 0x40 && text.ptr[i] < 0x7F)
            return i + 1;
    }
    return 0;
}

static bool moves_cursor(char final)
{
    return strchr("ABCDGHd", final) != NULL;
}

/* "21;1" is "21" to CUP, "1;24" nothing to DECSTBM where there are 24 rows. */
static struct slice needed(const struct squeezer *squeezer,
                           struct slice parameters, char final)
{
    char all[32];
    snprintf(all, sizeof all, "1;%d", squeezer->setting->height);
    if (final == 'r' && slice_is(parameters, all))
        parameters.len = 0;
    if (final == 'H' && parameters.len > 2 &&
        !memcmp(parameters.ptr + parameters.len - 2, ";1", 2))
        parameters.len -= 2;
    return parameters;
}

/* ESC [ ...; returns the bytes taken. */
static size_t take_sequence(struct squeezer *squeezer, struct slice text)
{
    size_t len = sequence_len(text);
    if (!len)
        return 0;
    char final = text.ptr[len - 1];
    struct slice parameters = { text.ptr + 2, len - 3 };
    if (final == 'm') {
        add_attributes(squeezer, parameters);
        return len;
    }
    if (!moves_cursor(final))
        write_attributes(squeezer);
    parameters = needed(squeezer, parameters, final);
    buf_printf(squeezer->out, "\033[%.*s%c", SLICE_ARG(parameters), final);
    return len;
}

static size_t take_other(struct squeezer *squeezer, struct slice text)
{
    char first = text.ptr[0];
    if (slice_starts(text, "\033(B"))
        return 3;
    if (first == SHIFT_IN)
        return 1;
    if (first != '\r' && first != '\b')
        write_attributes(squeezer);
    buf_append_char(squeezer->out, first);
    return 1;
}

void squeeze(struct buf *out, struct slice frame,
             const struct squeeze_setting *setting)
{
    struct squeezer squeezer = { .out = out, .setting = setting };
    while (frame.len) {
        size_t len = 0;
        if (slice_starts(frame, "\033["))
            len = take_sequence(&squeezer, frame);
        if (!len)
            len = take_other(&squeezer, frame);
        frame = slice_skip(frame, len);
    }
    write_attributes(&squeezer);
}
