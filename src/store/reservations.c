/* SPDX-License-Identifier: MIT */
#include "store/reservations.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/random.h"
#include "store/reservation_file.h"

enum { TAKE_TRIES = 40 }; /* a quarter of a second each, while others write */

/* Two ledgers of a process are two owners. */
void reservations_begin(struct reservations *all)
{
    char note[OWNER_SIZE];
    struct random random;
    random_init(&random, 0);
    owner_write(note);
    snprintf(all->owner, sizeof all->owner, "%s%016" PRIx64, note,
             random.state);
}

void reservations_clear(struct reservations *all)
{
    array_clear(&all->list);
    array_clear(&all->dropped);
}

static struct reservation *find(const struct reservations *all, uint32_t id)
{
    for (size_t i = 0; i < all->list.count; i++)
        if (all->list.items[i].id == id)
            return &all->list.items[i];
    return NULL;
}

uint32_t reservations_add(struct reservations *all, int64_t worst,
                          int64_t limit)
{
    struct reservation made = {
        .id = ++all->last_id, .worst = worst, .limit = limit, .is_new = true
    };
    *array_add(&all->list) = made;
    all->has_new = true;
    return made.id;
}

/* One that the disk is being asked for goes once it has answered. */
void reservations_drop(struct reservations *all, uint32_t id)
{
    struct reservation *gone = find(all, id);
    if (!gone)
        return;
    if (gone->held == LEDGER_HOLDS)
        *array_add(&all->dropped) = id;
    *gone = *array_last(&all->list);
    all->list.count--;
}

enum ledger_held reservations_held(const struct reservations *all, uint32_t id,
                                   struct error *err)
{
    const struct reservation *one = find(all, id);
    if (!one)
        return LEDGER_WAITS;
    *err = one->err;
    return one->held;
}

int64_t reservations_sum(const struct reservations *all, uint32_t but_id)
{
    int64_t sum = all->others;
    for (size_t i = 0; i < all->list.count; i++) {
        const struct reservation *one = &all->list.items[i];
        if (one->id != but_id && one->held != LEDGER_EXCEEDS)
            sum += one->worst;
    }
    return sum;
}

void reservations_post(struct reservations *all, struct reservations_job *job)
{
    snprintf(job->owner, sizeof job->owner, "%s", all->owner);
    job->others = -1;
    for (size_t i = 0; i < all->list.count; i++) {
        if (all->list.items[i].is_new)
            *array_add(&job->taken) = all->list.items[i];
        all->list.items[i].is_new = false;
    }
    for (size_t i = 0; i < all->dropped.count; i++)
        *array_add(&job->dropped) = all->dropped.items[i];
    all->dropped.count = 0;
    all->has_new = false;
}

static void take_answer(struct reservations *all,
                        const struct reservation *answer)
{
    struct reservation *one = find(all, answer->id);
    if (one) {
        one->held = answer->held;
        one->err = answer->err;
    } else if (answer->held == LEDGER_HOLDS) {
        *array_add(&all->dropped) = answer->id;
    }
}

void reservations_judge(struct reservations *all, struct reservations_job *job,
                        bool has_dropped)
{
    for (size_t i = 0; i < job->taken.count; i++)
        take_answer(all, &job->taken.items[i]);
    for (size_t i = 0; i < job->dropped.count && !has_dropped; i++)
        *array_add(&all->dropped) = job->dropped.items[i];
    if (job->others >= 0)
        all->others = job->others;
    array_clear(&job->taken);
    array_clear(&job->dropped);
}

/* On the thread of the disk. */

bool reservations_job_drop(const struct reservations_job *job, struct db *db,
                           struct error *err)
{
    bool ok = true;
    for (size_t i = 0; ok && i < job->dropped.count; i++)
        ok = reservation_file_drop(db, job->owner, job->dropped.items[i], err);
    return ok;
}

struct taking {
    struct reservation_claim claim;
    bool fits;
};

static bool take(struct db *db, void *context, struct error *err)
{
    struct taking *taking = context;
    return reservation_file_take(db, &taking->claim, &taking->fits, err);
}

static void take_one(const struct reservations_job *job,
                     struct state_file *file, struct reservation *one)
{
    enum db_fault fault = DB_BUSY;
    struct taking taking = { .claim = { .owner = job->owner,
                                        .id = one->id,
                                        .day = job->day,
                                        .now = clock_wall_ms(),
                                        .worst = one->worst,
                                        .limit = one->limit } };
    bool ok = false;
    for (int tries = TAKE_TRIES; !ok && fault == DB_BUSY && tries > 0; tries--)
        ok = state_file_write(file, take, &taking, &fault, &one->err);
    one->held = !ok           ? LEDGER_UNKNOWN
                : taking.fits ? LEDGER_HOLDS
                              : LEDGER_EXCEEDS;
}

static bool read_others(struct db *db, void *context, struct error *err)
{
    struct reservations_job *job = context;
    return reservation_file_others(db, job->owner, clock_wall_ms(),
                                   &job->others, err);
}

void reservations_job_do(struct reservations_job *job, struct state_file *file)
{
    enum db_fault fault;
    struct error ignored;
    for (size_t i = 0; i < job->taken.count; i++)
        take_one(job, file, &job->taken.items[i]);
    if (!job->reads_others)
        return;
    job->others = 0;
    if (!state_file_read(file, read_others, job, &fault, &ignored))
        job->others = -1;
}
