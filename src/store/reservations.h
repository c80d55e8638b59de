/* SPDX-License-Identifier: MIT */
/*
 * reservations - what the requests of this process that are under way may cost,
 * and what those of others hold: private to the ledger, whose jobs take it to
 * the disk (store/reservation_file) and back.
 */
#ifndef STORE_RESERVATIONS_H
#define STORE_RESERVATIONS_H

#include "base/array.h"
#include "store/ledger.h"
#include "store/owner.h"
#include "store/state_file.h"

enum { RESERVATIONS_OWNER_SIZE = OWNER_SIZE + 32 };

struct reservation {
    uint32_t id;
    int64_t worst, limit;
    bool is_new; /* the disk was not yet asked */
    enum ledger_held held;
    struct error err;
};

struct reservations {
    char owner[RESERVATIONS_OWNER_SIZE];
    ARRAY_OF(struct reservation) list;
    ARRAY_OF(uint32_t) dropped; /* on disk, to go from there */
    uint32_t last_id;
    int64_t others; /* when they were read last */
    bool has_new;
};

/* For the thread of the disk. */
struct reservations_job {
    char owner[RESERVATIONS_OWNER_SIZE];
    int32_t day;                        /* whose cost counts */
    bool reads_others;                  /* when all else is done */
    ARRAY_OF(struct reservation) taken; /* to be */
    ARRAY_OF(uint32_t) dropped;
    int64_t others; /* negative: they were not read */
};

void reservations_begin(struct reservations *all);
void reservations_clear(struct reservations *all);

uint32_t reservations_add(struct reservations *all, int64_t worst,
                          int64_t limit);
void reservations_drop(struct reservations *all, uint32_t id);
enum ledger_held reservations_held(const struct reservations *all, uint32_t id,
                                   struct error *err);
int64_t reservations_sum(const struct reservations *all, uint32_t but_id);

/* Hand over what is to be done (the caller says for which day); then take the answer, and free it. What was to
 * go and did not is kept for the next job. */
void reservations_post(struct reservations *all, struct reservations_job *job);
void reservations_judge(struct reservations *all, struct reservations_job *job,
                        bool has_dropped);

/* On the thread of the disk; the first in a transaction. */
bool reservations_job_drop(const struct reservations_job *job, struct db *db,
                           struct error *err) MUST_USE;
void reservations_job_do(struct reservations_job *job, struct state_file *file);

#endif
