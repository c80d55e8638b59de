/* SPDX-License-Identifier: MIT */
#include "tests/support/vfs_shim.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>

#include <check.h>
#include <sqlite3.h>

enum { KINDS = 9 };

/* What SQLite takes for a file: ours, and the real one right behind it. */
struct shim_file {
    sqlite3_file base;
    sqlite3_file real[];
};

static struct {
    pthread_mutex_t lock;
    sqlite3_vfs vfs, *real;
    struct vfs_fault fault;
    long counts[KINDS], failed;
} shim = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* The code with which a call fails, SQLITE_OK if it does not. */
static int count(int call)
{
    const struct vfs_fault *fault = &shim.fault;
    int code = SQLITE_OK;
    pthread_mutex_lock(&shim.lock);
    for (int kind = 0; kind < KINDS; kind++)
        shim.counts[kind] += call == 1 << kind;
    long now = 0;
    for (int kind = 0; kind < KINDS; kind++)
        now += fault->calls & 1 << kind ? shim.counts[kind] : 0;
    if (fault->calls & call &&
        (now == fault->nth || (now > fault->nth && fault->for_ever))) {
        code = fault->code;
        shim.failed++;
        errno = fault->number;
    }
    pthread_mutex_unlock(&shim.lock);
    return code;
}

static sqlite3_file *real_of(sqlite3_file *file)
{
    return ((struct shim_file *)file)->real;
}

static int close_file(sqlite3_file *file)
{
    sqlite3_file *real = real_of(file);
    return real->pMethods ? real->pMethods->xClose(real) : SQLITE_OK;
}

static int read_file(sqlite3_file *file, void *out, int len, sqlite3_int64 at)
{
    int code = count(VFS_READ);
    sqlite3_file *real = real_of(file);
    return code ? code : real->pMethods->xRead(real, out, len, at);
}

static int write_file(sqlite3_file *file, const void *bytes, int len,
                      sqlite3_int64 at)
{
    int code = count(VFS_WRITE);
    sqlite3_file *real = real_of(file);
    if (!code)
        return real->pMethods->xWrite(real, bytes, len, at);
    if (shim.fault.is_torn)
        real->pMethods->xWrite(real, bytes, len / 2, at);
    errno = shim.fault.number;
    return code;
}

static int truncate_file(sqlite3_file *file, sqlite3_int64 len)
{
    int code = count(VFS_TRUNCATE);
    sqlite3_file *real = real_of(file);
    return code ? code : real->pMethods->xTruncate(real, len);
}

/* Nothing is flushed: the machine does not lose its power in a test. */
static int sync_file(sqlite3_file *file, int flags)
{
    (void)file, (void)flags;
    return count(VFS_SYNC);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size)
{
    int code = count(VFS_SIZE);
    sqlite3_file *real = real_of(file);
    return code ? code : real->pMethods->xFileSize(real, size);
}

static int lock_file(sqlite3_file *file, int level)
{
    int code = count(VFS_LOCK);
    sqlite3_file *real = real_of(file);
    return code ? code : real->pMethods->xLock(real, level);
}

static int unlock_file(sqlite3_file *file, int level)
{
    sqlite3_file *real = real_of(file);
    return real->pMethods->xUnlock(real, level);
}

static int check_lock(sqlite3_file *file, int *is_locked)
{
    int code = count(VFS_LOCK);
    sqlite3_file *real = real_of(file);
    return code ? code : real->pMethods->xCheckReservedLock(real, is_locked);
}

static int control_file(sqlite3_file *file, int operation, void *argument)
{
    sqlite3_file *real = real_of(file);
    return real->pMethods->xFileControl(real, operation, argument);
}

static int sector_size(sqlite3_file *file)
{
    sqlite3_file *real = real_of(file);
    return real->pMethods->xSectorSize(real);
}

static int characteristics(sqlite3_file *file)
{
    sqlite3_file *real = real_of(file);
    return real->pMethods->xDeviceCharacteristics(real);
}

/* Version 1: without shared memory and without mmap. */
static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = close_file,
    .xRead = read_file,
    .xWrite = write_file,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = file_size,
    .xLock = lock_file,
    .xUnlock = unlock_file,
    .xCheckReservedLock = check_lock,
    .xFileControl = control_file,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = characteristics,
};

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file,
                     int flags, int *out_flags)
{
    (void)vfs;
    int code = count(VFS_OPEN);
    file->pMethods = NULL;
    if (!code)
        code =
            shim.real->xOpen(shim.real, name, real_of(file), flags, out_flags);
    if (!code)
        file->pMethods = &methods;
    return code;
}

static int delete_file(sqlite3_vfs *vfs, const char *name, int sync_directory)
{
    (void)vfs;
    int code = count(VFS_DELETE);
    return code ? code : shim.real->xDelete(shim.real, name, sync_directory);
}

static int access_file(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
    (void)vfs;
    int code = count(VFS_ACCESS);
    return code ? code : shim.real->xAccess(shim.real, name, flags, out);
}

/* The patience of a busy handler is counted in these. */
static int do_not_sleep(sqlite3_vfs *vfs, int microseconds)
{
    (void)vfs;
    return microseconds;
}

static int last_error(sqlite3_vfs *vfs, int len, char *text)
{
    (void)vfs, (void)len, (void)text;
    return errno;
}

void vfs_shim_install(void)
{
    if (shim.real)
        return;
    shim.real = sqlite3_vfs_find(NULL);
    shim.vfs = *shim.real;
    shim.vfs.zName = "shim";
    shim.vfs.pNext = NULL;
    shim.vfs.szOsFile = (int)sizeof(struct shim_file) + shim.real->szOsFile;
    shim.vfs.xOpen = open_file;
    shim.vfs.xDelete = delete_file;
    shim.vfs.xAccess = access_file;
    shim.vfs.xSleep = do_not_sleep;
    shim.vfs.xGetLastError = last_error;
    ck_assert_int_eq(sqlite3_vfs_register(&shim.vfs, 1), SQLITE_OK);
}

void vfs_shim_fail(struct vfs_fault fault)
{
    pthread_mutex_lock(&shim.lock);
    shim.fault = fault;
    memset(shim.counts, 0, sizeof shim.counts);
    shim.failed = 0;
    pthread_mutex_unlock(&shim.lock);
}

void vfs_shim_heal(void)
{
    pthread_mutex_lock(&shim.lock);
    shim.fault.calls = 0;
    pthread_mutex_unlock(&shim.lock);
}

long vfs_shim_count(int calls)
{
    long sum = 0;
    pthread_mutex_lock(&shim.lock);
    for (int kind = 0; kind < KINDS; kind++)
        sum += calls & 1 << kind ? shim.counts[kind] : 0;
    pthread_mutex_unlock(&shim.lock);
    return sum;
}

long vfs_shim_failed(void)
{
    pthread_mutex_lock(&shim.lock);
    long failed = shim.failed;
    pthread_mutex_unlock(&shim.lock);
    return failed;
}
