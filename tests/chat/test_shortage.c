/* SPDX-License-Identifier: MIT */
/*
 * What would do where memory does not suffice.
 */
#include <check.h>

#include "base/compiler.h"
#include "chat/shortage.h"
#include "tests/support/settings.h"

Suite *shortage_suite(void);

#define GB 1000000000ULL

/* 128 KiB a token, as a llama of 8B. */
enum { TOKEN_8B = 128 * 1024, WINDOW = 32768 };

static char big[] = "big", mid[] = "mid", small[] = "small", cloud[] = "cloud",
            embed[] = "embed";

static const struct model_row rows[] = {
    { .name = big, .size = 5 * GB, .cache_size = TOKEN_8B, .can_chat = true },
    { .name = mid, .size = 4 * GB, .can_chat = true },
    { .name = small, .size = 2 * GB, .can_chat = true },
    { .name = cloud, .size = 300, .can_chat = true, .is_remote = true },
    { .name = embed, .size = 4 * GB + 1 },
};

static const struct {
    const char *model, *ladder;
    int64_t num_ctx;
    uint64_t free;
    size_t row_count;
    const char *words;
} cases[] = {
    /* 5.5 GB and 1.07 GB for 8192 tokens; mid would need 4.8. */
    { "big", NULL, WINDOW, 7 * GB, COUNTOF(rows),
      "no room; a window of 8192 tokens takes less (endpoints.box.num_ctx); "
      "box/mid is smaller" },
    { "big", NULL, WINDOW, 3 * GB, COUNTOF(rows),
      "no room; box/small is smaller" },
    { "big", NULL, WINDOW, 1 * GB, COUNTOF(rows), "no room" },
    /* Nobody can tell what is free there. */
    { "big", NULL, WINDOW, 0, COUNTOF(rows),
      "no room; a window of 16384 tokens takes less (endpoints.box.num_ctx); "
      "box/mid is smaller" },
    { "big", NULL, -1, 0, COUNTOF(rows), "no room; box/mid is smaller" },
    /* A window that is as small as is of use. */
    { "small", NULL, 2048, 0, COUNTOF(rows), "no room" },
    /* Nothing was asked of the server. */
    { "big", NULL, -1, 7 * GB, 0, "no room" },
    { "big", "[box/small, box/big, gate/better]", -1, 0, 0,
      "no room; the next rung is gate/better" },
    { "big", "[gate/better, box/big]", -1, 0, 0, "no room" },
};

START_TEST(what_would_do_is_named_only_where_it_is_there)
{
    static char name[] = "box";
    struct settings *settings = settings_new();
    struct endpoint endpoint = { .name = name, .num_ctx = cases[_i].num_ctx };
    struct error err = { 0 };
    if (cases[_i].ladder)
        settings_must_set(settings, "routing.ladder", cases[_i].ladder);
    error_set(&err, ERROR_SERVER, "no room");
    struct shortage shortage = {
        .endpoint = &endpoint,
        .model = cases[_i].model,
        .rows = rows,
        .row_count = cases[_i].row_count,
        .settings = settings,
        .free_bytes = cases[_i].free,
    };
    shortage_offer(&shortage, &err);
    ck_assert_str_eq(err.text, cases[_i].words);
    settings_free(settings);
}
END_TEST

Suite *shortage_suite(void)
{
    Suite *suite = suite_create("shortage");
    TCase *tcase = tcase_create("shortage");
    tcase_add_loop_test(tcase, what_would_do_is_named_only_where_it_is_there, 0,
                        COUNTOF(cases));
    suite_add_tcase(suite, tcase);
    return suite;
}
