/* SPDX-License-Identifier: MIT */
/*
 * What is remembered on the user's word, and what others propose: three tiers,
 * against a list that does the same by hand.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "tests/support/desk.h"

Suite *memorising_suite(void);

static struct desk desk;
static struct buf news;

static void begin(const char *yaml, bool is_interactive)
{
    setenv("OLLAMA_HOST", "127.0.0.1:9", 1);
    desk_open(&desk, &(struct desk_plan){ .yaml = yaml,
                                          .is_kept = true,
                                          .chat.is_interactive = is_interactive,
                                          .chat.target = "guide" });
}

static void end(void)
{
    desk_close(&desk);
    buf_clear(&news);
}

static const char *heard(void)
{
    ck_assert(store_settle(desk.store, 20000));
    buf_reset(&news);
    chat_take_memory_news(desk.chat, &news);
    return buf_string(&news);
}

static bool has_heard(const char *words)
{
    return strstr(heard(), words) != NULL;
}

static struct memory_wish wish_of(const char *text, enum memory_tier tier)
{
    return (struct memory_wish){ .text = slice_of(text),
                                 .importance = 0.5,
                                 .tier = tier };
}

static void note(const char *text, enum memory_tier tier)
{
    struct error err = { 0 };
    struct memory_wish wish = wish_of(text, tier);
    ck_assert_msg(chat_note(desk.chat, &wish, &err), "%s", err.text);
    ck_assert(store_settle(desk.store, 20000));
}

static const struct memory_list *shelf(void)
{
    return graph_shelf(desk_graph(&desk));
}

static const struct memory_list *long_term(void)
{
    chat_read_memories(desk.chat);
    ck_assert(store_settle(desk.store, 20000));
    return chat_memories(desk.chat);
}

static size_t count_events(enum event_type type)
{
    const struct log *log = chat_conversation(desk.chat)->log;
    struct event event;
    size_t found = 0;
    for (uint64_t seq = 1; log_read(log, seq, &event); seq++)
        found += event.type == type;
    return found;
}

START_TEST(what_is_remembered_is_said_and_is_an_event)
{
    begin(NULL, true);
    note("  my editor is neovim \n", MEMORY_LONG_TERM);
    ck_assert(has_heard("remembered as 1: my editor is neovim; /forget 1"));
    ck_assert_uint_eq(long_term()->items.count, 1);
    ck_assert_uint_eq(count_events(EVENT_REMEMBERED), 1);
    /* It is there for the next conversation, and the next run. */
    desk_reopen(&desk);
    ck_assert_str_eq(long_term()->items.items[0].text, "my editor is neovim");
    end();
}
END_TEST

START_TEST(a_session_keeps_its_own_and_gives_them_back)
{
    begin(NULL, true);
    desk_ask(&desk, "hello");
    note("the box is gpu3", MEMORY_SESSION);
    char id[64];
    snprintf(id, sizeof id, "%s", chat_session(desk.chat));
    desk_reopen(&desk);
    ck_assert_uint_eq(shelf()->items.count, 0);
    desk_resume(&desk, id);
    ck_assert_uint_eq(shelf()->items.count, 1);
    ck_assert_str_eq(shelf()->items.items[0].text, "the box is gpu3");
    ck_assert_uint_eq(long_term()->items.count, 0);
    end();
}
END_TEST

START_TEST(what_is_no_text_or_too_long_is_refused)
{
    struct error err = { 0 };
    struct buf text = { 0 };
    begin(NULL, true);
    struct memory_wish wish = wish_of("  \n ", MEMORY_LONG_TERM);
    ck_assert(!chat_note(desk.chat, &wish, &err));
    ck_assert_int_eq(err.kind, ERROR_USAGE);
    for (int i = 0; i <= MEMORY_TEXT_MAX; i++)
        buf_append_char(&text, 'x');
    wish.text = buf_slice(&text);
    ck_assert(!chat_note(desk.chat, &wish, &err));
    ck_assert_int_eq(err.kind, ERROR_LIMIT);
    wish.text.len--;
    ck_assert(chat_note(desk.chat, &wish, &err));
    wish.text = (struct slice){ "a\0b\xff\x1b[2J", 8 };
    ck_assert(chat_note(desk.chat, &wish, &err));
    ck_assert_uint_eq(long_term()->items.count, 2);
    ck_assert_str_eq(long_term()->items.items[0].text,
                     "a b\xef\xbf\xbd\x1b[2J");
    buf_clear(&text);
    end();
}
END_TEST

/* The tiers. */

START_TEST(one_that_says_the_same_takes_its_place)
{
    begin(NULL, true);
    note("The box is gpu3", MEMORY_SESSION);
    note("the box is GPU3.", MEMORY_WORKING);
    ck_assert_uint_eq(shelf()->items.count, 1);
    ck_assert_int_eq(shelf()->items.items[0].tier, MEMORY_WORKING);
    ck_assert_str_eq(shelf()->items.items[0].text, "the box is GPU3.");
    end();
}
END_TEST

/* As a list by hand would have it, whose weights are worked out at the moment
 * that something has to go. All is made in one moment or a few: of equals the
 * oldest goes. */
struct by_hand {
    double importance;
    int number, tier;
};

static void fall_by_hand(struct by_hand *list, size_t *count, int tier,
                         size_t room)
{
    size_t held = 0, least = *count;
    for (size_t i = 0; i < *count; i++) {
        if (list[i].tier != tier)
            continue;
        held++;
        if (least == *count || list[i].importance < list[least].importance)
            least = i;
    }
    if (held <= room)
        return;
    if (tier == MEMORY_WORKING) {
        list[least].tier = MEMORY_SESSION;
        return;
    }
    memmove(&list[least], &list[least + 1], (--*count - least) * sizeof *list);
}

START_TEST(what_there_is_no_room_for_falls_as_it_would_by_hand)
{
    static const double importances[] = { 0, 0.25, 0.5, 0.75 };
    struct by_hand list[40];
    size_t count = 0;
    begin("memory: {working: 3, session: 4, half_life: 8760h}\n", true);
    srand((unsigned)_i + 1);
    for (int step = 0; step < 30; step++) {
        char text[32];
        struct error err = { 0 };
        bool is_working = rand() % 2;
        snprintf(text, sizeof text, "number %d", step);
        struct memory_wish wish =
            wish_of(text, is_working ? MEMORY_WORKING : MEMORY_SESSION);
        wish.importance = importances[rand() % 4];
        ck_assert(chat_note(desk.chat, &wish, &err));
        list[count++] = (struct by_hand){ wish.importance, step, wish.tier };
        fall_by_hand(list, &count, MEMORY_WORKING, 3);
        fall_by_hand(list, &count, MEMORY_SESSION, 4);
        ck_assert_uint_eq(shelf()->items.count, count);
        for (size_t i = 0; i < count; i++) {
            snprintf(text, sizeof text, "number %d", list[i].number);
            ck_assert_str_eq(shelf()->items.items[i].text, text);
            ck_assert_int_eq(shelf()->items.items[i].tier, list[i].tier);
        }
    }
    end();
}
END_TEST

START_TEST(an_entry_moves_between_all_tiers)
{
    struct error err = { 0 };
    char name[MEMORY_NAME_SIZE];
    begin(NULL, true);
    note("the box is gpu3", MEMORY_SESSION);
    memory_entry_name(&shelf()->items.items[0], name);
    ck_assert(
        chat_move_memory(desk.chat, slice_of(name), MEMORY_WORKING, &err));
    ck_assert_int_eq(shelf()->items.items[0].tier, MEMORY_WORKING);
    ck_assert(
        chat_move_memory(desk.chat, slice_of(name), MEMORY_LONG_TERM, &err));
    ck_assert(has_heard("remembered as 1: the box is gpu3"));
    ck_assert_uint_eq(shelf()->items.count, 0);
    ck_assert_uint_eq(long_term()->items.count, 1);
    /* At hand it is a copy. */
    ck_assert(chat_move_memory(desk.chat, slice_of("1"), MEMORY_WORKING, &err));
    ck_assert_uint_eq(long_term()->items.count, 1);
    ck_assert_uint_eq(shelf()->items.count, 1);
    ck_assert_int_eq(shelf()->items.items[0].tier, MEMORY_WORKING);
    ck_assert(chat_move_memory(desk.chat, slice_of("1"), MEMORY_SESSION, &err));
    ck_assert_uint_eq(long_term()->items.count, 0);
    ck_assert_int_eq(shelf()->items.items[0].tier, MEMORY_SESSION);
    ck_assert(
        !chat_move_memory(desk.chat, slice_of("s999"), MEMORY_WORKING, &err));
    ck_assert(
        !chat_move_memory(desk.chat, slice_of("odd"), MEMORY_WORKING, &err));
    end();
}
END_TEST

START_TEST(an_entry_gets_another_text)
{
    struct error err = { 0 };
    begin(NULL, true);
    note("my editor is vim", MEMORY_LONG_TERM);
    ck_assert(chat_change_memory(desk.chat, slice_of("1"),
                                 slice_of("my editor is neovim"), &err));
    ck_assert_str_eq(long_term()->items.items[0].text, "my editor is neovim");
    ck_assert(
        chat_change_memory(desk.chat, slice_of("9"), slice_of("x"), &err));
    ck_assert(has_heard("no such entry"));
    ck_assert(
        !chat_change_memory(desk.chat, slice_of("1"), slice_of(" "), &err));
    end();
}
END_TEST

/* Forgetting. */

START_TEST(words_forget_only_what_nothing_else_fits)
{
    struct error err = { 0 };
    begin(NULL, true);
    note("my editor is neovim", MEMORY_LONG_TERM);
    note("the editor of the paper is Ada", MEMORY_SESSION);
    note("likes tea", MEMORY_LONG_TERM);
    ck_assert(chat_forget(desk.chat, slice_of("editor"), &err));
    ck_assert(has_heard("these fit"));
    ck_assert_uint_eq(long_term()->items.count, 2);
    ck_assert(chat_forget(desk.chat, slice_of("tea"), &err));
    ck_assert(has_heard("forgotten: 2; this brings it back: /remember "
                        "likes tea"));
    ck_assert_uint_eq(long_term()->items.count, 1);
    ck_assert(chat_forget(desk.chat, slice_of("Ada"), &err));
    heard();
    ck_assert_uint_eq(shelf()->items.count, 0);
    ck_assert(chat_forget(desk.chat, slice_of("bread"), &err));
    ck_assert(has_heard("nothing that is remembered has all of these"));
    ck_assert(chat_forget(desk.chat, slice_of("1"), &err));
    ck_assert_uint_eq(long_term()->items.count, 0);
    ck_assert(!chat_forget(desk.chat, slice_of(" "), &err));
    ck_assert(!chat_forget(desk.chat, slice_of("s77"), &err));
    ck_assert_uint_eq(count_events(EVENT_FORGOTTEN), 3);
    end();
}
END_TEST

static size_t forget(const char *words)
{
    struct error err = { 0 };
    ck_assert_msg(chat_forget(desk.chat, slice_of(words), &err), "%s",
                  err.text);
    heard();
    return long_term()->items.count + shelf()->items.count;
}

START_TEST(each_word_has_to_be_in_what_is_forgotten)
{
    begin(NULL, true);
    note("always here", MEMORY_LONG_TERM);
    note("likes tea", MEMORY_SESSION);
    ck_assert_uint_eq(forget("always nothing"), 2);
    ck_assert_uint_eq(forget("tea nothing"), 2);
    ck_assert_uint_eq(forget("not here"), 2);
    ck_assert_uint_eq(forget("?!"), 2);
    ck_assert_uint_eq(forget("tea likes"), 1);
    ck_assert_uint_eq(forget("here"), 0);
    end();
}
END_TEST

START_TEST(a_number_is_no_word)
{
    static const char *const names[] = {
        "0", "s0", "00", "2 7", "2,7", "s 7", "99999999999999999999"
    };
    begin(NULL, true);
    note("port 0 and 00 of 2 7 s0 s 7 99999999999999999999", MEMORY_LONG_TERM);
    for (size_t i = 0; i < COUNTOF(names); i++) {
        struct error err = { 0 };
        ck_assert(!chat_forget(desk.chat, slice_of(names[i]), &err));
        ck_assert_int_eq(err.kind, ERROR_USAGE);
        ck_assert_ptr_nonnull(strstr(err.text, names[i]));
    }
    ck_assert_uint_eq(long_term()->items.count, 1);
    ck_assert_uint_eq(forget("port 7"), 0);
    end();
}
END_TEST

START_TEST(of_many_that_fit_some_are_named)
{
    struct error err = { 0 };
    char text[64];
    begin("memory: {session: 100}\n", true);
    for (int i = 0; i < 9; i++) {
        snprintf(text, sizeof text, "box %c is number %d", 'a' + i, i);
        note(text, i ? MEMORY_SESSION : MEMORY_LONG_TERM);
    }
    heard();
    ck_assert(chat_forget(desk.chat, slice_of("box is"), &err));
    ck_assert(has_heard("\nand others"));
    ck_assert_uint_eq(shelf()->items.count, 8);
    ck_assert(chat_forget(desk.chat, slice_of("box b"), &err));
    ck_assert(has_heard("this brings it back: /remember --session box b"));
    ck_assert(chat_forget(desk.chat, slice_of("box is"), &err));
    ck_assert(!has_heard("and others"));
    end();
}
END_TEST

START_TEST(a_full_memory_says_what_it_forgets)
{
    begin("memory: {long_term: 2}\n", true);
    note("first thing", MEMORY_LONG_TERM);
    note("second thing here", MEMORY_LONG_TERM);
    heard();
    note("third thing over there", MEMORY_LONG_TERM);
    ck_assert(has_heard("forgotten is what weighed least; this brings it "
                        "back: /remember first thing"));
    ck_assert_uint_eq(long_term()->items.count, 2);
    ck_assert_uint_eq(count_events(EVENT_FORGOTTEN), 1);
    end();
}
END_TEST

START_TEST(what_is_redacted_is_overwritten_in_memory_too)
{
    begin(NULL, true);
    note("the key is swordfish", MEMORY_LONG_TERM);
    chat_redact_memories(desk.chat, slice_of("swordfish"));
    ck_assert(has_heard("overwritten in 1 place of long-term memory"));
    ck_assert_str_eq(long_term()->items.items[0].text, "the key is [redacted]");
    end();
}
END_TEST

START_TEST(what_is_said_in_private_is_private)
{
    begin("privacy: {private: {text: [Osprey]}}\n", true);
    note("likes tea", MEMORY_LONG_TERM);
    note("the project is Osprey", MEMORY_LONG_TERM);
    chat_set_private(desk.chat, "/private");
    note("the cat is grey", MEMORY_LONG_TERM);
    const struct memory_list *all = long_term();
    ck_assert(all->items.items[0].is_private);
    ck_assert(all->items.items[1].is_private);
    ck_assert(!all->items.items[2].is_private);
    end();
}
END_TEST

/* What others propose. */

static bool propose(const char *text, bool *is_taken, struct error *err)
{
    struct memory_wish wish = wish_of(text, MEMORY_LONG_TERM);
    return chat_remember(desk.chat, &wish, "a tool", is_taken, err);
}

START_TEST(nothing_that_is_proposed_is_remembered_unseen)
{
    struct error err = { 0 };
    bool is_taken;
    begin(NULL, true);
    ck_assert(propose("likes tea", &is_taken, &err));
    ck_assert(!is_taken);
    ck_assert(has_heard("a tool wants this remembered: likes tea"));
    ck_assert_uint_eq(long_term()->items.count, 0);
    ck_assert(chat_answer_offers(desk.chat, false, &err));
    ck_assert(!chat_answer_offers(desk.chat, true, &err));
    ck_assert(propose("likes tea", &is_taken, &err));
    ck_assert(propose("likes tea", &is_taken, &err));
    ck_assert_uint_eq(chat_memory_offers(desk.chat), 1);
    ck_assert(chat_answer_offers(desk.chat, true, &err));
    ck_assert_uint_eq(long_term()->items.count, 1);
    end();
}
END_TEST

START_TEST(proposals_have_an_end)
{
    struct error err = { 0 };
    bool is_taken;
    char text[32];
    begin(NULL, true);
    for (int i = 0; i < MEMORY_OFFERS_MAX; i++) {
        snprintf(text, sizeof text, "text %d", i);
        ck_assert(propose(text, &is_taken, &err));
    }
    ck_assert(!propose("one more", &is_taken, &err));
    ck_assert_int_eq(err.kind, ERROR_LIMIT);
    end();
}
END_TEST

START_TEST(the_setting_says_what_becomes_of_a_proposal)
{
    struct error err = { 0 };
    bool is_taken;
    begin("memory: {learn: always}\n", false);
    ck_assert(propose("likes tea", &is_taken, &err));
    ck_assert(is_taken);
    ck_assert(has_heard("remembered as 1: likes tea; /forget 1"));
    end();
    begin("memory: {learn: never}\n", true);
    ck_assert(!propose("likes tea", &is_taken, &err));
    ck_assert_uint_eq(chat_memory_offers(desk.chat), 0);
    end();
    begin(NULL, false);
    ck_assert(!propose("likes tea", &is_taken, &err));
    end();
}
END_TEST

START_TEST(a_prompt_that_asks_for_it_is_a_proposal)
{
    begin(NULL, true);
    desk_ask(&desk, "Remember that I use neovim. How do I connect?");
    ck_assert(has_heard("your prompt wants this remembered: I use neovim;"));
    ck_assert_uint_eq(long_term()->items.count, 0);
    /* Another conversation knows nothing of it. */
    chat_clear(desk.chat);
    ck_assert_uint_eq(chat_memory_offers(desk.chat), 0);
    end();
}
END_TEST

Suite *memorising_suite(void)
{
    Suite *suite = suite_create("memorising");
    TCase *tcase = tcase_create("memorising");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, what_is_remembered_is_said_and_is_an_event);
    tcase_add_test(tcase, a_session_keeps_its_own_and_gives_them_back);
    tcase_add_test(tcase, what_is_no_text_or_too_long_is_refused);
    tcase_add_test(tcase, one_that_says_the_same_takes_its_place);
    tcase_add_loop_test(
        tcase, what_there_is_no_room_for_falls_as_it_would_by_hand, 0, 6);
    tcase_add_test(tcase, an_entry_moves_between_all_tiers);
    tcase_add_test(tcase, an_entry_gets_another_text);
    tcase_add_test(tcase, words_forget_only_what_nothing_else_fits);
    tcase_add_test(tcase, each_word_has_to_be_in_what_is_forgotten);
    tcase_add_test(tcase, a_number_is_no_word);
    tcase_add_test(tcase, of_many_that_fit_some_are_named);
    tcase_add_test(tcase, a_full_memory_says_what_it_forgets);
    tcase_add_test(tcase, what_is_redacted_is_overwritten_in_memory_too);
    tcase_add_test(tcase, what_is_said_in_private_is_private);
    tcase_add_test(tcase, nothing_that_is_proposed_is_remembered_unseen);
    tcase_add_test(tcase, proposals_have_an_end);
    tcase_add_test(tcase, the_setting_says_what_becomes_of_a_proposal);
    tcase_add_test(tcase, a_prompt_that_asks_for_it_is_a_proposal);
    suite_add_tcase(suite, tcase);
    return suite;
}
