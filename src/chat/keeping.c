/* SPDX-License-Identifier: MIT */
/*
 * keeping - what is said goes to disk, and nothing is asked of anybody before
 * the prompt is there.
 */
#include "chat/chat_state.h"

/* Of events that are not on disk. */
enum { PAUSE_BYTES = 4 * 1024 * 1024, CUT_BYTES = 32 * 1024 * 1024 };

/* The turns of the loop that an answer of the disk makes are enough. */
static void on_journal(void *context)
{
    const struct chat *chat = context;
    if (chat->setup.on_models)
        chat->setup.on_models(chat->setup.context);
}

void keeping_open(struct chat *chat, struct session *session)
{
    struct conversation *conversation = &chat->conversation;
    if (!chat->setup.store)
        return;
    conversation->journal =
        session ? journal_resume(chat->setup.store, conversation->log, session,
                                 on_journal, chat)
                : journal_new(chat->setup.store, conversation->log, on_journal,
                              chat);
}

/* A disk that hangs or refuses stops no talk, unless that is wanted. */
bool keeping_allows(const struct chat *chat)
{
    const struct journal *journal = chat->conversation.journal;
    if (!journal || journal_durable(journal) >= chat->kept_seq)
        return true;
    return journal_state(journal) != JOURNAL_FINE &&
           !settings_flag(chat->setup.settings, "journal.required", false);
}

void keeping_turn(struct chat *chat)
{
    if (!chat->exchange)
        return;
    size_t unsaved = chat_unsaved(chat);
    if (unsaved <= CUT_BYTES) {
        /* A disk that refuses has no time: memory is all there is. */
        exchange_pause(chat->exchange,
                       unsaved > PAUSE_BYTES &&
                           chat_keeping(chat) != JOURNAL_REFUSED);
        return;
    }
    struct answer_result result = { .outcome = ANSWER_CUT };
    error_set(&result.err, ERROR_CUT,
              "stopped: %d MiB of this session are not saved, for the disk "
              "does not take them",
              CUT_BYTES / 1024 / 1024);
    attempts_give_up(chat);
    run_append_end(chat, EVENT_ATTEMPT_FINISHED, "cut", &result);
    run_end(chat, "cut", &result);
}

const char *chat_session(const struct chat *chat)
{
    const struct journal *journal = chat->conversation.journal;
    return journal ? journal_id(journal) : NULL;
}

enum journal_state chat_keeping(const struct chat *chat)
{
    const struct journal *journal = chat->conversation.journal;
    return journal ? journal_state(journal) : JOURNAL_FINE;
}

size_t chat_unsaved(const struct chat *chat)
{
    const struct journal *journal = chat->conversation.journal;
    return journal ? journal_unsaved(journal) : 0;
}

void chat_describe_keeping(const struct chat *chat, bool goes_on,
                           struct buf *out)
{
    const struct journal *journal = chat->conversation.journal;
    size_t len = out->len;
    if (!journal)
        return;
    journal_describe(journal, goes_on, out);
    if (out->len > len && chat->run && !keeping_allows(chat))
        buf_append_string(out, "; the prompt waits for that "
                               "(journal.required)");
}
