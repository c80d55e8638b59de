/* SPDX-License-Identifier: MIT */
#include "tool/entry_name.h"

#include "base/json.h"
#include "base/utf8.h"

void entry_name_append(struct buf *out, struct slice name)
{
    bool is_odd = false, is_valid = utf8_is_valid(name);
    for (size_t i = 0; i < name.len; i++) {
        unsigned char byte = (unsigned char)name.ptr[i];
        is_odd |= byte < 0x20 || byte == 0x7F || byte == '"';
    }
    if (is_odd || !is_valid)
        json_append_quoted(out, name);
    else
        buf_append_slice(out, name);
    if (!is_valid)
        buf_append_string(out, " (not UTF-8: tools cannot name it)");
}
