/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/memory.h"
#include "ui/keys.h"

Suite *keys_suite(void);

/* What the keys came to, as text: "Ctrl-X Up <paste>{abc} ". */
static void trace_key(void *context, const struct key *key)
{
    struct buf *trace = context;
    key_format(trace, key);
    if (key->code == KEY_PASTE || key->code == KEY_REPLY) {
        buf_append_char(trace, '{');
        buf_append_slice(trace, key->text);
        buf_append_string(trace, key->was_cut ? "}cut" : "}");
    }
    buf_append_char(trace, ' ');
}

/* The trace of bytes fed in two parts (or one by one: cut == SIZE_MAX), the
 * pause after them, and the number of unknown sequences. */
static char *trace_of(struct slice bytes, size_t cut, uint64_t *unknown)
{
    struct buf trace = { 0 };
    struct keys *keys = keys_new(trace_key, &trace);
    if (cut == SIZE_MAX) {
        for (size_t i = 0; i < bytes.len; i++)
            keys_feed(keys, (struct slice){ bytes.ptr + i, 1 });
    } else {
        keys_feed(keys, (struct slice){ bytes.ptr, cut });
        keys_feed(keys, slice_skip(bytes, cut));
    }
    if (keys_pending_ms(keys) >= 0)
        keys_timeout(keys);
    ck_assert_int_eq(keys_pending_ms(keys), -1);
    *unknown = keys_unknown(keys);
    keys_free(keys);
    return buf_steal(&trace);
}

struct vector {
    const char *bytes;
    const char *trace;
    uint64_t unknown;
};

static void check_vector(const struct vector *vector)
{
    struct slice bytes = slice_of(vector->bytes);
    for (size_t cut = 0; cut <= bytes.len + 1; cut++) {
        uint64_t unknown;
        char *trace =
            trace_of(bytes, cut > bytes.len ? SIZE_MAX : cut, &unknown);
        ck_assert_str_eq(trace, vector->trace);
        ck_assert_uint_eq(unknown, vector->unknown);
        free(trace);
    }
}

static void check_vectors(const struct vector *vectors, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_vector(&vectors[i]);
}

START_TEST(plain_characters_and_control_bytes_are_keys)
{
    static const struct vector vectors[] = {
        { "aZ5~ ", "a Z 5 ~ Space ", 0 },
        { "\r\n", "Enter Ctrl-J ", 0 },
        { "\t\b\x7f", "Tab Backspace Backspace ", 0 },
        { "\x01\x03\x18\x1a", "Ctrl-A Ctrl-C Ctrl-X Ctrl-Z ", 0 },
        { "\x1c\x1d\x1e\x1f", "Ctrl-\\ Ctrl-] Ctrl-^ Ctrl-_ ", 0 },
        { "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x99\x82", "ä € 🙂 ", 0 },
    };
    check_vectors(vectors, COUNTOF(vectors));
}
END_TEST

START_TEST(cursor_keys_of_every_terminal_are_the_same_keys)
{
    static const struct vector vectors[] = {
        { "\033[A\033[B\033[C\033[D", "Up Down Right Left ", 0 },
        { "\033OA\033OB\033OC\033OD", "Up Down Right Left ", 0 },
        { "\033[H\033[F\033OH\033OF", "Home End Home End ", 0 },
        { "\033[1~\033[4~\033[7~\033[8~", "Home End Home End ", 0 },
        { "\033[2~\033[3~\033[5~\033[6~", "Insert Delete PageUp PageDown ", 0 },
        { "\033[1;5A\033[1;2D\033[1;3C", "Ctrl-Up Shift-Left Alt-Right ", 0 },
        { "\033[1;8H\033[3;5~", "Ctrl-Alt-Shift-Home Ctrl-Delete ", 0 },
        { "\033O5A\033O1;5B", "Ctrl-Up Ctrl-Down ", 0 },
        { "\033[a\033[b\033[c\033[d",
          "Shift-Up Shift-Down Shift-Right Shift-Left ", 0 },
        { "\033Oa\033Ob\033Oc\033Od", "Ctrl-Up Ctrl-Down Ctrl-Right Ctrl-Left ",
          0 },
        { "\033[3^\033[3$\033[3@",
          "Ctrl-Delete Shift-Delete Ctrl-Shift-Delete ", 0 },
        { "\033[1;9A\033[1;33B\033[1;65C", "Alt-Up Alt-Down Right ", 0 },
        { "\033\033[A\033\033OB", "Alt-Up Alt-Down ", 0 },
    };
    check_vectors(vectors, COUNTOF(vectors));
}
END_TEST

START_TEST(function_keys_of_every_terminal_are_the_same_keys)
{
    static const struct vector vectors[] = {
        { "\033OP\033OQ\033OR\033OS", "F1 F2 F3 F4 ", 0 },
        { "\033[11~\033[12~\033[13~\033[14~", "F1 F2 F3 F4 ", 0 },
        { "\033[[A\033[[B\033[[C\033[[D\033[[E", "F1 F2 F3 F4 F5 ", 0 },
        { "\033[P\033[Q\033[S", "F1 F2 F4 ", 0 },
        { "\033[15~\033[17~\033[18~\033[19~\033[20~", "F5 F6 F7 F8 F9 ", 0 },
        { "\033[21~\033[23~\033[24~", "F10 F11 F12 ", 0 },
        { "\033[1;2P\033[15;5~\033[1;2R", "Shift-F1 Ctrl-F5 Shift-F3 ", 0 },
    };
    check_vectors(vectors, COUNTOF(vectors));
}
END_TEST

START_TEST(the_keypad_in_application_mode_types_its_characters)
{
    static const struct vector vectors[] = {
        { "\033Op\033Oy\033On\033Ok\033Om", "0 9 . + - ", 0 },
        { "\033OM\033OI\033Oj\033Oo", "Enter Tab * / ", 0 },
    };
    check_vectors(vectors, COUNTOF(vectors));
}
END_TEST

START_TEST(escape_before_a_key_is_alt)
{
    static const struct vector vectors[] = {
        { "\033x\033X\0331", "Alt-X Alt-Shift-X Alt-1 ", 0 },
        { "\033\r\033\n\033\x7f", "Alt-Enter Ctrl-Alt-J Alt-Backspace ", 0 },
        { "\033 \033(\033\t", "Alt-Space Alt-( Alt-Tab ", 0 },
        { "\033\xC3\xA4", "Alt-ä ", 0 },
        { "\033\033x", "Escape Alt-X ", 0 },
        { "a\033[Zb", "a Shift-Tab b ", 0 },
    };
    check_vectors(vectors, COUNTOF(vectors));
}
END_TEST

START_TEST(keys_in_csi_u_and_modify_other_keys_form_are_the_same_keys)
{
    static const struct vector vectors[] = {
        { "\033[97;5u\033[27;5;97~", "Ctrl-A Ctrl-A ", 0 },
        { "\033[13;2u\033[13;5u\033[27;3;13~",
          "Shift-Enter Ctrl-Enter Alt-Enter ", 0 },
        { "\033[9;2u\033[27u\033[127;5u", "Shift-Tab Escape Ctrl-Backspace ",
          0 },
        { "\033[97:65;2u\033[97;2u\033[228u", "A A ä ", 0 },
        { "\033[99;6u\033[67;6u", "Ctrl-Shift-C Ctrl-Shift-C ", 0 },
        { "\033[105;5u\033[109;5u\033[91;5u", "Tab Enter Escape ", 0 },
        { "\033[97;1:1u\033[97;1:3u\033[98;5:2u", "a Ctrl-B ", 0 },
        { "\033[57414u\033[57400u\033[57419;5u", "Enter 1 Ctrl-Up ", 0 },
        /* a modifier alone, a control, a surrogate, no code at all */
        { "\033[57441;2u\033[3u\033[55296u\033[u", "", 4 },
    };
    check_vectors(vectors, COUNTOF(vectors));
}
END_TEST

START_TEST(a_lone_escape_is_a_key_after_a_pause)
{
    static const struct vector vectors[] = {
        { "\033", "Escape ", 0 },
        { "\033\033", "Escape Escape ", 0 },
        { "\033[", "Alt-[ ", 0 },
        { "\033O", "Alt-Shift-O ", 0 },
        { "\033]", "Alt-] ", 0 },
        { "\033\033[", "Escape Alt-[ ", 0 },
        { "\033O\r", "Alt-Shift-O Enter ", 0 },
    };
    check_vectors(vectors, COUNTOF(vectors));
}
END_TEST

START_TEST(the_pause_is_short_for_escape_and_longer_for_a_begun_sequence)
{
    struct buf trace = { 0 };
    struct keys *keys = keys_new(trace_key, &trace);
    ck_assert_int_eq(keys_pending_ms(keys), -1);
    keys_feed(keys, slice_of("\033"));
    ck_assert_int_eq(keys_pending_ms(keys), KEYS_ESCAPE_MS);
    keys_feed(keys, slice_of("[1"));
    ck_assert_int_eq(keys_pending_ms(keys), KEYS_SEQUENCE_MS);
    keys_feed(keys, slice_of(";5A"));
    ck_assert_int_eq(keys_pending_ms(keys), -1);
    keys_feed(keys, slice_of("\xE2\x82"));
    ck_assert_int_eq(keys_pending_ms(keys), KEYS_SEQUENCE_MS);
    keys_feed(keys, slice_of("\xAC\033[200~x"));
    ck_assert_int_eq(keys_pending_ms(keys), KEYS_PASTE_END_MS);
    keys_feed(keys, slice_of("\033[201~"));
    ck_assert_int_eq(keys_pending_ms(keys), -1);
    ck_assert_str_eq(buf_string(&trace), "Ctrl-Up € <paste>{x} ");
    keys_free(keys);
    buf_clear(&trace);
}
END_TEST

START_TEST(pasted_text_never_becomes_a_key)
{
    static const struct vector vectors[] = {
        { "a\033[200~ls\r\033[A\x03\033x\033[201~b",
          "a <paste>{ls\r\033[A\x03\033x} b ", 0 },
        { "\033[200~\033[201~", "<paste>{} ", 0 },
        { "\033[200~\033[200~x\033[201~", "<paste>{\033[200~x} ", 0 },
        { "\033[200~x\033\033[201~y", "<paste>{x\033} y ", 0 },
        { "\033[200~\033[20\033[201~y", "<paste>{\033[20} y ", 0 },
        { "\033[200~\033[20\033[201\033[201~", "<paste>{\033[20\033[201} ", 0 },
        { "\033[200~\033\033\033[201~", "<paste>{\033\033} ", 0 },
        { "\033[200~\xC3\xA4\xFF\033[201~", "<paste>{\xC3\xA4\xFF} ", 0 },
    };
    check_vectors(vectors, COUNTOF(vectors));
}
END_TEST

START_TEST(a_paste_without_end_ends_after_a_pause_and_says_so)
{
    static const struct vector vectors[] = {
        { "\033[200~abc", "<paste>{abc}cut ", 0 },
        { "\033[200~abc\033[201", "<paste>{abc\033[201}cut ", 0 },
    };
    check_vectors(vectors, COUNTOF(vectors));
    /* The end that comes too late is no key. */
    static const struct vector late = { "\033[201~", "", 1 };
    check_vector(&late);
}
END_TEST

START_TEST(a_capital_is_a_capital_in_every_form)
{
    static const struct vector vectors[] = {
        /* the kitty protocol: with and without the shifted key */
        { "\033[97:65;2u\033[97;2u\033[228:196;2u\033[228;2u", "A A Ä Ä ", 0 },
        { "\033[1076;2u\033[49:33;2u\033[223:63;2u", "Д ! ? ", 0 },
        /* Caps Lock, with Shift, over a digit, and under Ctrl */
        { "\033[97;65u\033[228;65u\033[97:65;66u", "A Ä a ", 0 },
        { "\033[49;65u\033[49:33;66u\033[99;69u", "1 ! Ctrl-C ", 0 },
        /* the text that the key types is told */
        { "\033[97;2;65u\033[0;;229u\033[99;5;99u", "A å Ctrl-C ", 0 },
        /* xterm's other form, and plain bytes */
        { "\033[27;2;65~\033[27;2;228~A\xC3\x84", "A Ä A Ä ", 0 },
        { "\033[228:196;4u\033[97:65;6u", "Alt-Shift-ä Ctrl-Shift-A ", 0 },
    };
    check_vectors(vectors, COUNTOF(vectors));
}
END_TEST

START_TEST(a_held_backspace_is_one_key_for_each_byte)
{
    static const struct vector vectors[] = {
        { "\b\b\b\b", "Backspace Backspace Backspace Backspace ", 0 },
        { "\x7f\x7f\x7f", "Backspace Backspace Backspace ", 0 },
        { "ab\b\bc", "a b Backspace Backspace c ", 0 },
    };
    check_vectors(vectors, COUNTOF(vectors));
}
END_TEST

START_TEST(the_right_alt_of_some_terminals_leaves_nothing_behind)
{
    static const struct vector vectors[] = {
        { "a\033[25~b", "a b ", 1 },
        { "\033[25;5~\033[26~\033[28~\033[29~", "", 4 },
        { "\033[57449u\033[57443;3u", "", 2 },
    };
    check_vectors(vectors, COUNTOF(vectors));
}
END_TEST

START_TEST(a_paste_and_what_is_typed_at_once_are_both_there)
{
    static const struct vector vectors[] = {
        { "a\033[200~b\nc\033[201~d\r", "a <paste>{b\nc} d Enter ", 0 },
        { "\033[200~b\033[201~\033[200~c\033[201~", "<paste>{b} <paste>{c} ",
          0 },
        { "\033[200~b\033[201~\033[A\x7f", "<paste>{b} Up Backspace ", 0 },
    };
    check_vectors(vectors, COUNTOF(vectors));
}
END_TEST

START_TEST(an_end_mark_inside_a_paste_ends_it_and_the_rest_is_typed)
{
    /* The terminal should have taken it out; what typing does with keys that
     * came in the bytes of a paste is tested with the screen. */
    static const struct vector vectors[] = {
        { "\033[200~a\033[201~b\r\033[201~", "<paste>{a} b Enter ", 1 },
        { "\033[200~a\033[20\033[201~1~", "<paste>{a\033[20} 1 ~ ", 0 },
    };
    check_vectors(vectors, COUNTOF(vectors));
}
END_TEST

START_TEST(pasted_text_of_any_script_is_the_same_in_any_split)
{
    static const struct vector vectors[] = {
        { "\033[200~안녕하세요, 漢字 ä €\033[201~",
          "<paste>{안녕하세요, 漢字 ä €} ", 0 },
        { "\033[200~👨‍👩‍👧e\xCC\x81\033[201~",
          "<paste>{👨‍👩‍👧e\xCC\x81} ", 0 },
        { "안녕 ä", "안 녕 Space ä ", 0 },
    };
    check_vectors(vectors, COUNTOF(vectors));
}
END_TEST

START_TEST(keys_that_stand_for_text_inside_a_paste_are_that_text)
{
    static const struct vector vectors[] = {
        /* tmux with extended keys: line breaks and tabs */
        { "\033[200~a\033[106;5ub\033[13;1uc\033[13ud\033[201~",
          "<paste>{a\nb\rc\rd} ", 0 },
        { "\033[200~a\033[27;5;106~b\033[27;5;109~c\033[9u\033[201~",
          "<paste>{a\nb\rc\t} ", 0 },
        /* characters, one sequence for each, or for each byte of it */
        { "\033[200~\033[97u\033[65;2u\033[50504u\033[201~", "<paste>{aA안} ",
          0 },
        { "\033[200~\033[236u\033[149u\033[136u\033[235u\033[133u\033[149u"
          "!\033[201~",
          "<paste>{안녕!} ", 0 },
        { "\033[200~\033[27;1;195~\033[27;1;164~\033[201~", "<paste>{ä} ", 0 },
        /* a character that is no UTF-8 alone is itself */
        { "\033[200~gr\033[252u\033[223ue\033[201~", "<paste>{grüße} ", 0 },
        /* controls are text too, and are shown */
        { "\033[200~\033[99;5u\033[27u\033[8u\033[201~", "<paste>{\x03\033\b} ",
          0 },
    };
    check_vectors(vectors, COUNTOF(vectors));
}
END_TEST

START_TEST(reports_that_get_into_a_paste_are_no_part_of_it)
{
    static const struct vector vectors[] = {
        { "\033[200~a\033[Ib\033[Oc\033[201~", "<paste>{abc} ", 0 },
        { "\033[200~a\033[<35;150;7Mb\033[<0;1;1m\033[201~", "<paste>{ab} ",
          0 },
        { "\033[200~\033[97;1:3u\033[201~", "<paste>{} ", 0 },
        /* What is no report stays as it is. */
        { "\033[200~\033[31mred\033[0m\033[A\033]0;x\007\033[201~",
          "<paste>{\033[31mred\033[0m\033[A\033]0;x\007} ", 0 },
        { "\033[200~\033[1\033[12", "<paste>{\033[1\033[12}cut ", 0 },
    };
    check_vectors(vectors, COUNTOF(vectors));
}
END_TEST

/* Feed pieces, the pause of keys_pending_ms() after each one. */
static void check_pieces(const char *const *pieces, size_t count,
                         const char *expected)
{
    struct buf trace = { 0 };
    struct keys *keys = keys_new(trace_key, &trace);
    for (size_t i = 0; i < count; i++) {
        keys_feed(keys, slice_of(pieces[i]));
        if (keys_pending_ms(keys) >= 0)
            keys_timeout(keys);
    }
    ck_assert_str_eq(buf_string(&trace), expected);
    keys_free(keys);
    buf_clear(&trace);
}

START_TEST(the_rest_of_a_paste_that_stalled_never_submits)
{
    static const char *const stalled[] = { "\033[200~one\rtw", "o\rthree\r",
                                           "four\r\033[201~", "x\r" };
    check_pieces(stalled, COUNTOF(stalled),
                 "<paste>{one\rtw}cut <paste>{o\rthree\r}cut "
                 "<paste>{four\r} x Enter ");
    /* The mark comes alone: all is over. */
    static const char *const late[] = { "\033[200~one", "\033[201~", "x\r" };
    check_pieces(late, COUNTOF(late), "<paste>{one}cut x Enter ");
    /* It never comes: an Enter that comes alone was typed. */
    static const char *const lost[] = { "\033[200~one", "t", "wo", "\r",
                                        "x\r" };
    check_pieces(lost, COUNTOF(lost), "<paste>{one}cut t w o Enter x Enter ");
}
END_TEST

struct paste_size {
    size_t len;
    int count;
    bool was_cut;
};

static void measure_paste(void *context, const struct key *key)
{
    struct paste_size *size = context;
    ck_assert_int_eq(key->code, KEY_PASTE);
    size->len = key->text.len;
    size->was_cut = key->was_cut;
    size->count++;
}

static struct paste_size paste_of(size_t len)
{
    struct paste_size size = { 0 };
    struct keys *keys = keys_new(measure_paste, &size);
    char *text = memory_zero(len, 1);
    memset(text, 'x', len);
    keys_feed(keys, slice_of("\033[200~"));
    keys_feed(keys, (struct slice){ text, len });
    keys_feed(keys, slice_of("\033[201~"));
    keys_free(keys);
    free(text);
    ck_assert_int_eq(size.count, 1);
    return size;
}

START_TEST(a_paste_is_cut_at_its_limit_and_not_before)
{
    struct paste_size size = paste_of(KEYS_PASTE_MAX);
    ck_assert_uint_eq(size.len, KEYS_PASTE_MAX);
    ck_assert(!size.was_cut);
    size = paste_of(KEYS_PASTE_MAX + 1);
    ck_assert_uint_eq(size.len, KEYS_PASTE_MAX);
    ck_assert(size.was_cut);
}
END_TEST

START_TEST(answers_of_the_terminal_are_replies)
{
    static const struct vector vectors[] = {
        { "\033[?2026;2$y", "<reply>{[?2026;2$y} ", 0 },
        { "\033[?62;22c\033[>41;354;0c",
          "<reply>{[?62;22c} <reply>{[>41;354;0c} ", 0 },
        { "\033[0n\033[24;80R", "<reply>{[0n} <reply>{[24;80R} ", 0 },
        { "\033[8;24;80t\033[?1u", "<reply>{[8;24;80t} <reply>{[?1u} ", 0 },
        { "\033]11;rgb:0/0/0\007x", "<reply>{]11;rgb:0/0/0} x ", 0 },
        { "\033]11;rgb:0/0/0\033\\x", "<reply>{]11;rgb:0/0/0} x ", 0 },
        { "\033P1$r0m\033\\\033_Gi=1;OK\033\\",
          "<reply>{P1$r0m} <reply>{_Gi=1;OK} ", 0 },
        { "\033\033]4;1\007", "Escape <reply>{]4;1} ", 0 },
    };
    check_vectors(vectors, COUNTOF(vectors));
}
END_TEST

START_TEST(focus_changes_are_told)
{
    static const struct vector vector = { "\033[I\033[Oa",
                                          "<focus in> <focus out> a ", 0 };
    check_vector(&vector);
}
END_TEST

START_TEST(mouse_reports_are_swallowed_whole)
{
    static const struct vector vectors[] = {
        { "\033[<0;35;150Ma\033[<0;35;150mb", "a b ", 0 },
        { "\033[M !!a\033[M\x60\x7f\033b", "a b ", 0 },
        { "\033[M\xC3\xA4zc", "c ", 0 },
        { "\033[32;10;20Ma", "a ", 0 },
    };
    check_vectors(vectors, COUNTOF(vectors));
}
END_TEST

START_TEST(unknown_sequences_are_swallowed_whole_and_counted)
{
    static const struct vector vectors[] = {
        { "\033[99~a", "a ", 1 },
        { "\033[1;2;3Wa\033[ qb", "a b ", 2 },
        { "\033[?25;", "", 1 },
        { "\033Oza", "a ", 1 },
        { "\033[12;", "", 1 },
        { "\033[12\033[A", "Up ", 1 },
        { "\033[12\ra", "Enter a ", 1 },
        { "\033]0;title", "", 1 },
        { "\033]0;title\033[A", "Up ", 1 },
        { "\033]0;title\rx", "Enter x ", 1 },
        { "\xC2\x9B"
          "A",
          "A ", 1 }, /* C1 in UTF-8 is no introducer */
    };
    check_vectors(vectors, COUNTOF(vectors));
}
END_TEST

/* ESC, an introducer, `len` digits, then a final byte and "x". */
static char *long_sequence(char introducer, size_t len, const char *end)
{
    struct buf bytes = { 0 };
    buf_printf(&bytes, "\033%c", introducer);
    for (size_t i = 0; i < len; i++)
        buf_append_char(&bytes, '1');
    buf_append_string(&bytes, end);
    return buf_steal(&bytes);
}

START_TEST(a_sequence_over_its_limit_is_dropped_whole)
{
    uint64_t unknown;
    /* The introducer and the final byte count too. */
    char *bytes = long_sequence('[', KEYS_SEQUENCE_MAX - 2, "Ax");
    char *trace = trace_of(slice_of(bytes), 0, &unknown);
    ck_assert_str_eq(trace, "Up x ");
    free(trace);
    free(bytes);
    bytes = long_sequence('[', KEYS_SEQUENCE_MAX - 1, "Ax");
    trace = trace_of(slice_of(bytes), 0, &unknown);
    ck_assert_str_eq(trace, "x ");
    ck_assert_uint_eq(unknown, 1);
    free(trace);
    free(bytes);
    bytes = long_sequence(']', 100 * KEYS_SEQUENCE_MAX, "\033\\x");
    trace = trace_of(slice_of(bytes), SIZE_MAX, &unknown);
    ck_assert_str_eq(trace, "x ");
    ck_assert_uint_eq(unknown, 1);
    free(trace);
    free(bytes);
}
END_TEST

START_TEST(bytes_that_are_no_utf8_are_shown_as_replacement_characters)
{
    static const struct vector vectors[] = {
        { "\xE4"
          "a",
          "\uFFFD a ", 0 },
        { "\xFF\x80", "\uFFFD \uFFFD ", 0 },
        { "\xE2\x82"
          "a",
          "\uFFFD a ", 0 },
        { "\xE2\x82\033[A", "\uFFFD Up ", 0 },
        { "\xE2\x82", "\uFFFD ", 0 },
        { "\xED\xA0\x80", "\uFFFD \uFFFD \uFFFD ", 0 },
        { "\xF0\x9F\x99\xE2\x82\xAC", "\uFFFD € ", 0 },
    };
    check_vectors(vectors, COUNTOF(vectors));
}
END_TEST

/* xorshift32: the same bytes in every run. */
static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

/* Half of the bytes are those that sequences are made of. */
static void fill_random(char *bytes, size_t len, uint32_t *state)
{
    static const char telling[] = "\033\033\033[[O];;0123~?$<MuAR\r\x07\\\xC3";
    for (size_t i = 0; i < len; i++) {
        uint32_t random = next_random(state);
        bytes[i] = random & 0x100 ? telling[random % (sizeof telling - 1)]
                                  : (char)random;
    }
}

START_TEST(any_split_of_random_bytes_gives_the_same_keys)
{
    char bytes[200];
    uint32_t state = 20240607;
    for (int round = 0; round < 300; round++) {
        uint64_t unknown, other_unknown;
        fill_random(bytes, sizeof bytes, &state);
        struct slice slice = { bytes, sizeof bytes };
        char *whole = trace_of(slice, sizeof bytes, &unknown);
        size_t cut = next_random(&state) % sizeof bytes;
        char *split = trace_of(slice, cut, &other_unknown);
        ck_assert_str_eq(whole, split);
        ck_assert_uint_eq(unknown, other_unknown);
        free(split);
        split = trace_of(slice, SIZE_MAX, &other_unknown);
        ck_assert_str_eq(whole, split);
        free(split);
        free(whole);
    }
}
END_TEST

START_TEST(names_mean_the_keys_that_terminals_send)
{
    static const struct {
        const char *name;
        const char *bytes;
    } rows[] = {
        { "Ctrl-X", "\x18" },
        { "ctrl-x", "\x18" },
        { "Alt-X", "\033x" },
        { "Alt-Shift-X", "\033X" },
        { "Shift-Alt-X", "\033X" },
        { "Ctrl-J", "\n" },
        { "Ctrl-M", "\r" },
        { "Ctrl-I", "\t" },
        { "Ctrl-[", "\033" },
        { "Esc", "\033" },
        { "Ctrl-H", "\b" },
        { "Ctrl-@", "" },
        { "x", "x" },
        { "X", "X" },
        { "Shift-x", "X" },
        { "F10", "\033[21~" },
        { "pageup", "\033[5~" },
        { "Ctrl-Space", "" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct key key;
        struct buf name = { 0 };
        uint64_t unknown;
        ck_assert_msg(key_parse(&key, slice_of(rows[i].name)), "%s",
                      rows[i].name);
        key_format(&name, &key);
        buf_append_char(&name, ' ');
        /* The empty string stands for NUL. */
        struct slice bytes = { rows[i].bytes, strlen(rows[i].bytes) };
        if (!bytes.len)
            bytes.len = 1;
        char *trace = trace_of(bytes, 0, &unknown);
        ck_assert_str_eq(trace, buf_string(&name));
        free(trace);
        buf_clear(&name);
    }
}
END_TEST

Suite *keys_suite(void)
{
    Suite *suite = suite_create("keys");
    TCase *tcase = tcase_create("keys");
    tcase_add_test(tcase, plain_characters_and_control_bytes_are_keys);
    tcase_add_test(tcase, cursor_keys_of_every_terminal_are_the_same_keys);
    tcase_add_test(tcase, function_keys_of_every_terminal_are_the_same_keys);
    tcase_add_test(tcase, the_keypad_in_application_mode_types_its_characters);
    tcase_add_test(tcase, escape_before_a_key_is_alt);
    tcase_add_test(tcase,
                   keys_in_csi_u_and_modify_other_keys_form_are_the_same_keys);
    tcase_add_test(tcase, a_lone_escape_is_a_key_after_a_pause);
    tcase_add_test(
        tcase, the_pause_is_short_for_escape_and_longer_for_a_begun_sequence);
    tcase_add_test(tcase, pasted_text_never_becomes_a_key);
    tcase_add_test(tcase, a_paste_without_end_ends_after_a_pause_and_says_so);
    tcase_add_test(tcase, a_capital_is_a_capital_in_every_form);
    tcase_add_test(tcase, a_held_backspace_is_one_key_for_each_byte);
    tcase_add_test(tcase,
                   the_right_alt_of_some_terminals_leaves_nothing_behind);
    tcase_add_test(tcase, a_paste_and_what_is_typed_at_once_are_both_there);
    tcase_add_test(tcase,
                   an_end_mark_inside_a_paste_ends_it_and_the_rest_is_typed);
    tcase_add_test(tcase, pasted_text_of_any_script_is_the_same_in_any_split);
    tcase_add_test(tcase,
                   keys_that_stand_for_text_inside_a_paste_are_that_text);
    tcase_add_test(tcase, reports_that_get_into_a_paste_are_no_part_of_it);
    tcase_add_test(tcase, the_rest_of_a_paste_that_stalled_never_submits);
    tcase_add_test(tcase, a_paste_is_cut_at_its_limit_and_not_before);
    tcase_add_test(tcase, answers_of_the_terminal_are_replies);
    tcase_add_test(tcase, focus_changes_are_told);
    tcase_add_test(tcase, mouse_reports_are_swallowed_whole);
    tcase_add_test(tcase, unknown_sequences_are_swallowed_whole_and_counted);
    tcase_add_test(tcase, a_sequence_over_its_limit_is_dropped_whole);
    tcase_add_test(tcase,
                   bytes_that_are_no_utf8_are_shown_as_replacement_characters);
    tcase_add_test(tcase, any_split_of_random_bytes_gives_the_same_keys);
    tcase_add_test(tcase, names_mean_the_keys_that_terminals_send);
    suite_add_tcase(suite, tcase);
    return suite;
}
