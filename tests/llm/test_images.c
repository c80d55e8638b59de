/* SPDX-License-Identifier: MIT */
/*
 * How pictures go in each dialect. Expected by the documents of the servers:
 * Ollama's docs/api.md (images), OpenAI's guide "Images and vision", Anthropic's
 * guide "Vision".
 */
#include <math.h>
#include <string.h>

#include <check.h>
#include <jansson.h>

#include "base/base64.h"
#include "base/compiler.h"
#include "base/memory.h"
#include "llm/provider.h"
#include "tests/support/dialogue.h"

Suite *images_suite(void);

static const struct dialogue_image here = { "a.png", "image/png", NULL, NULL,
                                            "foob" };
static const struct dialogue_image far = { "b.jpg", NULL, "a boat",
                                           "https://h/b.jpg?x=\"1\"", NULL };

/* The request of this conversation; the caller frees it. */
static char *written(struct dialogue *dialogue, const char *dialect)
{
    struct wire_request wire = { 0 };
    struct error err = { 0 };
    struct chat_request request = {
        .base_url = "http://h:1",
        .model = "m",
        .messages = dialogue_messages(dialogue),
        .reply = { .temperature = NAN,
                   .top_p = NAN,
                   .repeat_penalty = NAN,
                   .max_tokens = -1,
                   .seed = -1,
                   .num_ctx = -1 },
    };
    ck_assert(
        dialect_find(slice_of(dialect))->write_request(&request, &wire, &err));
    json_t *body = json_loadb(wire.body.ptr, wire.body.len, 0, NULL);
    ck_assert_ptr_nonnull(body);
    json_decref(body);
    char *text = buf_steal(&wire.body);
    wire_request_clear(&wire);
    return text;
}

static void ck_holds(struct dialogue *dialogue, const char *dialect,
                     const char *part)
{
    char *text = written(dialogue, dialect);
    ck_assert_msg(strstr(text, part), "%s lacks %s in %s", dialect, part, text);
    free(text);
}

START_TEST(bytes_of_a_picture_go_in_the_form_of_the_dialect)
{
    static const struct {
        const char *dialect, *message;
    } rows[] = {
        { "ollama", "{\"role\":\"user\",\"content\":\"look\\n\\nImage: "
                    "a.png\",\"images\":[\"Zm9vYg==\"]}" },
        { "chat-completions",
          "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":"
          "\"look\\n\\nImage: a.png\"},{\"type\":\"image_url\",\"image_url\":"
          "{\"url\":\"data:image/png;base64,Zm9vYg==\"}}]}" },
        { "responses",
          "{\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":"
          "\"look\\n\\nImage: a.png\"},{\"type\":\"input_image\",\"image_url\":"
          "\"data:image/png;base64,Zm9vYg==\",\"detail\":\"auto\"}]}" },
        { "anthropic",
          "{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"source\":{"
          "\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":"
          "\"Zm9vYg==\"}},{\"type\":\"text\",\"text\":\"look\\n\\nImage: a.png\"" },
    };
    struct dialogue dialogue;
    dialogue_start(&dialogue);
    dialogue_user(&dialogue, "look");
    dialogue_image(&dialogue, &here);
    for (size_t i = 0; i < COUNTOF(rows); i++)
        ck_holds(&dialogue, rows[i].dialect, rows[i].message);
    dialogue_end(&dialogue);
}
END_TEST

/* An Ollama takes no addresses: its name is all that goes. */
START_TEST(an_address_goes_where_the_dialect_takes_one)
{
    static const struct {
        const char *dialect, *message;
    } rows[] = {
        { "ollama", "{\"role\":\"user\",\"content\":\"Image: b.jpg (a "
                    "boat)\\n\\nImage: a.png\",\"images\":[\"Zm9vYg==\"]}" },
        { "chat-completions",
          "{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://h/"
          "b.jpg?x=\\\"1\\\"\"}},{\"type\":\"image_url\",\"image_url\":{\"url\":"
          "\"data:image/png;base64,Zm9vYg==\"}}]}" },
        { "responses", "{\"type\":\"input_image\",\"image_url\":\"https://h/"
                       "b.jpg?x=\\\"1\\\"\",\"detail\":\"auto\"}" },
        { "anthropic",
          "{\"type\":\"image\",\"source\":{\"type\":\"url\",\"url\":"
          "\"https://h/b.jpg?x=\\\"1\\\"\"}}" },
    };
    struct dialogue dialogue;
    dialogue_start(&dialogue);
    dialogue_user(&dialogue, "");
    dialogue_image(&dialogue, &far);
    dialogue_image(&dialogue, &here);
    for (size_t i = 0; i < COUNTOF(rows); i++)
        ck_holds(&dialogue, rows[i].dialect, rows[i].message);
    dialogue_end(&dialogue);
}
END_TEST

START_TEST(without_pictures_content_stays_a_string)
{
    struct dialogue dialogue;
    dialogue_start(&dialogue);
    dialogue_user(&dialogue, "look");
    dialogue_image(&dialogue, &here);
    messages_show_images(dialogue.messages, false);
    ck_holds(&dialogue, "ollama",
             "{\"role\":\"user\",\"content\":\"look\\n\\nImage: a.png\"}");
    ck_holds(&dialogue, "chat-completions",
             "{\"role\":\"user\",\"content\":\"look\\n\\nImage: a.png\"}");
    dialogue_end(&dialogue);
}
END_TEST

START_TEST(a_longer_conversation_with_pictures_begins_as_the_shorter)
{
    for (size_t i = 0; i < dialect_count(); i++) {
        struct dialogue dialogue;
        const char *name = dialect_at(i)->name;
        if (dialect_at(i)->is_builtin)
            continue;
        dialogue_start(&dialogue);
        dialogue_user(&dialogue, "look");
        dialogue_image(&dialogue, &here);
        dialogue_assistant(&dialogue, &(struct dialogue_turn){ .text = "y" });
        char *before = written(&dialogue, name);
        dialogue_user(&dialogue, "more");
        dialogue_image(&dialogue, &here);
        char *after = written(&dialogue, name);
        /* All but the closing "]}". */
        ck_assert_int_eq(strncmp(before, after, strlen(before) - 2), 0);
        free(before);
        free(after);
        dialogue_end(&dialogue);
    }
}
END_TEST

/* 12 MB of bytes are 16 MB of letters, in one allocation. */
START_TEST(large_pictures_are_written_once)
{
    struct buf out = { 0 };
    size_t len = (size_t)12 * 1000 * 1000;
    char *bytes = memory_zero(len, 1);
    base64_append(&out, (struct slice){ bytes, len });
    ck_assert_uint_eq(out.len, (size_t)16 * 1000 * 1000);
    ck_assert_uint_le(out.size, 2 * out.len);
    buf_clear(&out);
    free(bytes);
}
END_TEST

Suite *images_suite(void)
{
    Suite *suite = suite_create("images");
    TCase *tcase = tcase_create("images");
    tcase_add_test(tcase, bytes_of_a_picture_go_in_the_form_of_the_dialect);
    tcase_add_test(tcase, an_address_goes_where_the_dialect_takes_one);
    tcase_add_test(tcase, without_pictures_content_stays_a_string);
    tcase_add_test(tcase,
                   a_longer_conversation_with_pictures_begins_as_the_shorter);
    tcase_add_test(tcase, large_pictures_are_written_once);
    suite_add_tcase(suite, tcase);
    return suite;
}
