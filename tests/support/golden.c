/* SPDX-License-Identifier: MIT */
#include "tests/support/golden.h"

#include <stdio.h>
#include <stdlib.h>

#include <check.h>

#include "base/path.h"

static void rewrite(const char *path, const struct buf *text)
{
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(buf_string(text), 1, text->len, file), text->len);
    ck_assert_int_eq(fclose(file), 0);
}

void golden_check(const char *name, const struct buf *text)
{
    golden_check_in("ui", name, text);
}

void golden_check_in(const char *folder, const char *name,
                     const struct buf *text)
{
    enum { GOLDEN_MAX = 1024 * 1024 };
    char path[256];
    struct buf expected = { 0 };
    struct error err = { 0 };
    snprintf(path, sizeof path, "tests/%s/golden/%s", folder, name);
    const char *update = getenv("UPDATE");
    if (update && *update == '1')
        rewrite(path, text);
    if (!path_read_file(&expected, path, GOLDEN_MAX, &err))
        ck_abort_msg("%s (UPDATE=1 writes it)", err.text);
    struct slice want = buf_slice(&expected), have = buf_slice(text);
    for (int number = 1; want.len || have.len; number++) {
        struct slice wanted = { 0 }, drawn = { 0 };
        bool is_there = slice_next_line(&want, &wanted);
        if (is_there != slice_next_line(&have, &drawn) ||
            !slice_equal(wanted, drawn))
            ck_abort_msg("%s:%d:\nwant %.*s\nhave %.*s", path, number,
                         SLICE_ARG(wanted), SLICE_ARG(drawn));
    }
    buf_clear(&expected);
}
