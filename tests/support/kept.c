/* SPDX-License-Identifier: MIT */
#include "tests/support/kept.h"

#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>

#include <check.h>

#include "base/path.h"
#include "store/session_file.h"

void kept_write(const struct talk *talk, const char *directory, const char *id,
                int64_t time)
{
    const struct log *log = talk->scenario.log;
    struct buf path = { 0 }, bytes = { 0 };
    struct error err = { 0 };
    struct session_file *file;
    enum db_fault fault;
    buf_printf(&path, "%s/sennit/sessions/%s.db", directory, id);
    ck_assert(path_make_way(path.ptr, &err));
    struct session_opening opening = { .path = path.ptr,
                                       .mode = SESSION_FILE_MAKE };
    ck_assert_int_eq(session_file_open(&opening, &file, &err),
                     SESSION_FILE_OPEN);
    uint64_t last = log_pack(log, 1, SIZE_MAX, &bytes);
    ck_assert_uint_eq(last, log_last_seq(log));
    ck_assert(
        session_file_append(file, 1, last, buf_slice(&bytes), &fault, &err));
    ck_assert(session_file_commit(file, &fault, &err));
    session_file_close(file);
    const struct timespec times[] = { { time, 0 }, { time, 0 } };
    ck_assert_int_eq(utimensat(AT_FDCWD, path.ptr, times, 0), 0);
    buf_clear(&path);
    buf_clear(&bytes);
}

void kept_exchange(const char *directory, const char *id, const char *prompt,
                   const char *answer, int64_t time)
{
    struct talk talk;
    talk_begin(&talk, 1, 1);
    talk_say(&talk, 0, EVENT_SESSION_OPENED, 0, 0, FIELD_NONE);
    talk_exchange(&talk, 1, prompt, answer);
    kept_write(&talk, directory, id, time);
    talk_end(&talk);
}
