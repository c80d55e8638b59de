/* SPDX-License-Identifier: MIT */
/*
 * What was marked as private, folded: which paths hold it, and which do not.
 */
#include <string.h>

#include <check.h>

#include "graph/private_mark.h"
#include "tests/support/random_log.h"
#include "tests/support/scenario.h"

Suite *private_mark_suite(void);

static struct scenario s;

static void setup(void)
{
    scenario_init(&s);
}

static void teardown(void)
{
    scenario_clear(&s);
}

static void play(const char *lines)
{
    scenario_play(&s, lines);
}

static uint64_t at(const char *name)
{
    return scenario_seq(&s, name);
}

/* a, b below it, and c beside b. */
#define TREE                   \
    "@a user-message text=a\n" \
    "@b user-message text=b\n" \
    "@c user-message text=c parent=@a\n"

static void check_path(const char *leaf, const char *rule)
{
    const struct private_mark *mark = graph_private_path(s.graph, at(leaf));
    ck_assert_msg((mark != NULL) == (rule != NULL), "%s", leaf);
    if (rule)
        ck_assert_str_eq(mark->rule, rule);
}

START_TEST(a_mark_counts_for_what_hangs_below_it_and_for_nothing_else)
{
    play(TREE "privacy-marked node=@b kind=text name=keys text=where on=1\n");
    check_path("b", "keys");
    check_path("a", NULL);
    check_path("c", NULL);
    play("@d user-message text=d parent=@b\n");
    check_path("d", "keys");
    ck_assert_ptr_null(graph_private_path(s.graph, 0));
}
END_TEST

START_TEST(the_first_on_the_way_down_is_told)
{
    play(TREE "privacy-marked node=@b kind=text name=two on=1\n"
              "privacy-marked node=@a kind=file name=one on=1\n");
    check_path("b", "one");
    check_path("c", "one");
    ck_assert_uint_eq(graph_turn_of(s.graph, at("b")), 2);
}
END_TEST

START_TEST(the_session_and_the_system_prompt_count_for_every_path)
{
    play(TREE "privacy-marked kind=system name=sys on=1\n");
    check_path("c", "sys");
    play("privacy-marked kind=session name=all on=1\n");
    check_path("c", "all");
    ck_assert_ptr_nonnull(graph_private_path(s.graph, 0));
    play("privacy-marked kind=session on=0\n");
    check_path("c", "sys");
    ck_assert(!graph_system_is_cleared(s.graph));
    play("privacy-marked kind=system on=0\n");
    check_path("c", NULL);
    ck_assert(graph_system_is_cleared(s.graph));
    play("system-set text=new\n");
    ck_assert(!graph_system_is_cleared(s.graph));
}
END_TEST

START_TEST(another_system_prompt_has_marks_of_its_own)
{
    play(TREE "system-set text=x\n"
              "privacy-marked kind=system name=sys on=1\n"
              "system-set text=y\n");
    check_path("c", NULL);
}
END_TEST

START_TEST(what_is_taken_back_is_of_one_kind)
{
    play(TREE "privacy-marked node=@b kind=file name=f on=1\n"
              "privacy-marked node=@b kind=text name=t1 on=1\n"
              "privacy-marked node=@b kind=file name=g on=1\n"
              "privacy-marked node=@b kind=text name=redacted on=0\n");
    const struct node *b = graph_node(s.graph, at("b"));
    ck_assert_ptr_null(graph_node_mark_of(s.graph, b, MARK_TEXT));
    ck_assert_str_eq(graph_node_mark_of(s.graph, b, MARK_FILE)->rule, "g");
    ck_assert(!b->is_cleared);
    play("privacy-marked node=@b kind=file on=0\n");
    check_path("b", NULL);
    ck_assert(graph_node(s.graph, at("b"))->is_cleared);
    ck_assert(!graph_holds_private(s.graph));
    play("privacy-marked node=@b kind=text name=again on=1\n");
    check_path("b", "again");
    ck_assert(!graph_node(s.graph, at("b"))->is_cleared);
}
END_TEST

START_TEST(a_summary_of_what_is_private_is_private)
{
    play(TREE "privacy-marked node=@b kind=text name=keys on=1\n"
              "head-moved node=@b\n"
              "@d user-message text=d\n"
              "@s summarised first=@a last=@b text=short\n"
              "folded summary=@s on=1\n");
    check_path("d", "keys");
}
END_TEST

START_TEST(what_makes_no_sense_is_rejected)
{
    play(TREE "privacy-marked node=999 kind=text name=x on=1\n"
              "privacy-marked node=@b kind=session name=x on=1\n"
              "privacy-marked kind=text name=x on=1\n"
              "privacy-marked node=@b kind=odd name=x on=1\n"
              "privacy-marked node=@b kind=text name=x\n");
    ck_assert_uint_eq(graph_mark_count(s.graph), 0);
    ck_assert_uint_eq(graph_rejected_count(s.graph, REJECT_ORPHAN), 1);
    ck_assert_uint_eq(graph_rejected_count(s.graph, REJECT_ILLEGAL), 4);
}
END_TEST

/* By the words of the manual, from the log alone. */
static bool is_private_by_log(uint64_t leaf_id)
{
    struct event event;
    bool session = false, system = false, nodes = false;
    const struct node *node = graph_node(s.graph, leaf_id);
    for (; node || leaf_id;
         node = node ? graph_node(s.graph, node->parent_id) : NULL) {
        bool file = false, text = false;
        for (uint64_t seq = 1; node && log_read(s.log, seq, &event); seq++) {
            if (event.type != EVENT_PRIVACY_MARKED ||
                !event_has(&event, FIELD_ON) || seq <= node->id ||
                event_number(&event, FIELD_NODE) != node->id)
                continue;
            bool on = event_number(&event, FIELD_ON) != 0;
            if (slice_is(event_text(&event, FIELD_KIND), "text"))
                text = on;
            if (slice_is(event_text(&event, FIELD_KIND), "file"))
                file = on;
        }
        nodes |= file || text;
        if (!node)
            break;
    }
    for (uint64_t seq = 1; log_read(s.log, seq, &event); seq++) {
        struct slice kind = event_text(&event, FIELD_KIND);
        if (event.type == EVENT_SYSTEM_SET)
            system = false;
        if (event.type != EVENT_PRIVACY_MARKED ||
            !event_has(&event, FIELD_ON) || event_number(&event, FIELD_NODE))
            continue;
        if (slice_is(kind, "system"))
            system = event_number(&event, FIELD_ON) != 0;
        if (slice_is(kind, "session"))
            session = event_number(&event, FIELD_ON) != 0;
    }
    return session || system || nodes;
}

enum { LOGS = 60, EVENTS = 150 };

START_TEST(any_log_marks_the_paths_that_its_events_say)
{
    int privates = 0;
    for (uint64_t seed = 1; seed <= LOGS; seed++) {
        struct random_log random = { .state = seed * 977, .wild_share = 5 };
        scenario_clear(&s);
        scenario_init(&s);
        for (int i = 0; i < EVENTS; i++) {
            struct event event;
            random_event(&random, s.graph, &event);
            log_append(s.log, &event);
            graph_apply(s.graph, &event);
        }
        for (size_t i = 0; i < graph_node_count(s.graph); i++) {
            uint64_t id = graph_node_at(s.graph, i)->id;
            bool is_private = graph_private_path(s.graph, id) != NULL;
            ck_assert_int_eq(is_private, is_private_by_log(id));
            privates += is_private;
        }
    }
    ck_assert_int_gt(privates, LOGS);
}
END_TEST

Suite *private_mark_suite(void)
{
    Suite *suite = suite_create("private_mark");
    TCase *tcase = tcase_create("private_mark");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase,
                   a_mark_counts_for_what_hangs_below_it_and_for_nothing_else);
    tcase_add_test(tcase, the_first_on_the_way_down_is_told);
    tcase_add_test(tcase,
                   the_session_and_the_system_prompt_count_for_every_path);
    tcase_add_test(tcase, another_system_prompt_has_marks_of_its_own);
    tcase_add_test(tcase, what_is_taken_back_is_of_one_kind);
    tcase_add_test(tcase, a_summary_of_what_is_private_is_private);
    tcase_add_test(tcase, what_makes_no_sense_is_rejected);
    tcase_add_test(tcase, any_log_marks_the_paths_that_its_events_say);
    suite_add_tcase(suite, tcase);
    return suite;
}
