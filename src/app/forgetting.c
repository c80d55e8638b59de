/* SPDX-License-Identifier: MIT */
#include "app/forgetting.h"

#include <inttypes.h>

#include "graph/redaction.h"
#include "store/librarian.h"
#include "store/state.h"

static void explain(struct buf *notice)
{
    buf_printf(notice,
               "/redact TEXT overwrites a text wherever it stands in this "
               "conversation, here and in its file; \"%s\" takes its place, "
               "and nothing brings it back",
               redaction_mark);
}

/* Nobody should believe that a key is safe again. */
static void say_limits(const struct chat *chat, const struct setup *setup,
                       struct buf *notice)
{
    const char *debug = debug_log_path(setup->debug);
    buf_printf(notice,
               ". Out of reach: whom it was sent to, other sessions, "
               "exports,%s%s%s copies and snapshots of the disk, what the "
               "terminal has scrolled off",
               debug ? " the debug log " : "", debug ? debug : "",
               debug ? "," : "");
    if (chat_keeping(chat) != JOURNAL_FINE)
        buf_append_string(notice, "; the disk does not answer: its file still "
                                  "has it");
}

bool forgetting_redact(struct chat *chat, const struct setup *setup,
                       struct slice text, struct buf *notice, struct error *err)
{
    uint64_t places;
    if (!text.len) {
        explain(notice);
        return true;
    }
    if (!chat_redact(chat, text, &places, err))
        return false;
    if (setup->state)
        state_forget_text(setup->state, text);
    chat_redact_memories(chat, text);
    /* Whoever searches next takes them anew. */
    if (places && setup->store && chat_session(chat))
        librarian_forget_once(setup->store, chat_session(chat));
    if (places)
        buf_printf(notice,
                   "overwritten in %" PRIu64 " place%s of this conversation%s",
                   places, places == 1 ? "" : "s",
                   chat_session(chat) ? " and in its file" : "");
    else
        buf_append_string(notice, "the text stands nowhere in this "
                                  "conversation");
    say_limits(chat, setup, notice);
    return true;
}
