/* SPDX-License-Identifier: MIT */
/*
 * seats - the conversations that are open on the screen at once, one of which
 * is shown.
 *
 * A seat has what the screen has of one conversation: the chat, the draft with
 * its files, the views with the place that is read. The others go on with their
 * answers meanwhile; what comes in is marked. Seats are never closed before the
 * program ends: an idle one takes the next conversation in where there are
 * many. `chat`, `editor`, `thread_view` and `budget` of the screen are those of
 * the seat that is shown.
 */
#ifndef APP_SEATS_H
#define APP_SEATS_H

#include "app/drafting.h"
#include "base/array.h"
#include "chat/chat.h"
#include "graph/budget.h"
#include "ui/compare_view.h"
#include "ui/editor.h"
#include "ui/thread_view.h"

enum { SEATS_MAX = 8 /* more only where no other can be given away */ };

struct screen;

/* An earlier prompt is written anew, or a branch gets its name, in the editor;
 * the draft that stood there comes back. */
struct amending {
    uint64_t node_id; /* 0: neither */
    bool is_name;
    bool is_summary; /* that room is made with */
    struct buf draft;
    struct attachments files; /* of the draft */
};

struct seat {
    struct screen *screen;
    uint32_t number; /* from 1 */
    struct chat *chat;
    uint32_t ended_run; /* that ended just now, to be looked at; 0: none */
    struct editor *editor;
    struct attachments files; /* go along with the draft */
    struct drafting drafting; /* keeps both */
    struct amending amending;
    struct compare_view compare; /* in place of the thread */
    bool compare_took_keys;      /* the editor gets them back at its end */
    struct thread thread;
    struct thread_view *thread_view;
    struct budget *budget;
    uint32_t generation; /* of the conversation that the views have seen */
    uint64_t turns_seen; /* head revision of the graph that has so many turns */
    int turns;
    enum model_state moved; /* a model by the user's word, as was seen last */
    bool is_unread;         /* something came while it was not shown */
    uint64_t shown;         /* the higher, the later it was shown last */
};

/* All-zero is none. */
struct seats {
    ARRAY_OF(struct seat *) list;
    uint64_t showings;
};

/* A seat without a chat, which the caller gives it: with the seat as the
 * context of what it tells. */
struct seat *seats_add(struct screen *screen) RETURNS_NONNULL;

/* One for the next conversation, like the shown one: that itself if nothing was
 * said in it, else another, whose chat is fresh. */
struct seat *seats_free_one(struct screen *screen) RETURNS_NONNULL;

/* A fresh conversation in another seat than the shown one. */
struct seat *seats_fresh(struct screen *screen) RETURNS_NONNULL;

void seats_show(struct screen *screen, struct seat *seat);

/* The views of the shown one begin anew where its conversation did. */
void seats_renew(struct screen *screen);

/* An event came in one that is not shown. True: its mark is another. */
bool seats_note(struct seat *seat, const struct event *event);

/* Each turn of the loop. */
void seats_turn(struct screen *screen);

/* The one to go to next: that which asks, else that which has news, else that
 * which was shown last; NULL: no other is open. */
struct seat *seats_next(const struct screen *screen);

/* An answer is on its way in one that is not shown. */
bool seats_is_busy_elsewhere(const struct screen *screen);

/* The disk does not take something of one of them. */
bool seats_has_refused(const struct screen *screen);

/* Its run, or a call of a tool, waits for the user. */
bool seats_asks(const struct seat *seat);

/* Append what goes on in those that are not shown: "1 asks, 2 unread"; nothing
 * if nothing does. True: one asks. */
bool seats_describe(const struct screen *screen, struct buf *out);

/* Nothing was said in it, and nothing waits. */
bool seat_is_empty(const struct seat *seat);

/* After the terminal is gone: wait for what is to be kept, then free all. */
void seats_end(struct screen *screen);

#endif
