/* SPDX-License-Identifier: MIT */
#include "chat/call_output.h"

#include <inttypes.h>

void call_output_clear(struct call_output *output)
{
    buf_clear(&output->last);
    *output = (struct call_output){ 0 };
}

/* The end of what was held back is what is looked at. */
static void hold(struct call_output *output, struct slice piece)
{
    size_t most = CALL_OUTPUT_PIECE;
    if (piece.len > most) {
        output->skipped += output->last.len + piece.len - most;
        buf_reset(&output->last);
        piece = slice_skip(piece, piece.len - most);
    } else if (output->last.len + piece.len > most) {
        size_t excess = output->last.len + piece.len - most;
        output->skipped += excess;
        buf_consume(&output->last, excess);
    }
    buf_append_slice(&output->last, piece);
}

void call_output_take(struct call_output *output, struct slice piece,
                      int64_t now, struct buf *out)
{
    size_t room =
        output->told < CALL_OUTPUT_WHOLE ? CALL_OUTPUT_WHOLE - output->told : 0;
    size_t whole = piece.len < room ? piece.len : room;
    buf_append(out, piece.ptr, whole);
    output->told += whole;
    if (whole)
        output->told_at = now;
    hold(output, slice_skip(piece, whole));
    if (!output->last.len || now - output->told_at < CALL_OUTPUT_MS)
        return;
    if (output->skipped)
        buf_printf(out, "\n[%" PRIu64 " bytes are not shown here]\n",
                   output->skipped);
    buf_append_slice(out, buf_slice(&output->last));
    buf_reset(&output->last);
    output->skipped = 0;
    output->told_at = now;
}
