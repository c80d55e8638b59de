/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "base/compiler.h"
#include "tests/support/scratch.h"
#include "tool/secret_files.h"

Suite *secret_files_suite(void);

static void ck_secret(const char *path, bool is_secret)
{
    struct buf words = { 0 };
    ck_assert_msg(secret_files_match(path, &words) == is_secret, "%s", path);
    ck_assert_int_eq(words.len > 0, is_secret);
    buf_clear(&words);
}

/* "+" is the home. */
static void ck_secrets(const char *const *paths, size_t count, bool is_secret)
{
    for (size_t i = 0; i < count; i++) {
        struct buf whole = { 0 };
        bool is_home = *paths[i] == '+';
        buf_printf(&whole, "%s%s", is_home ? getenv("HOME") : "",
                   paths[i] + is_home);
        ck_secret(whole.ptr, is_secret);
        buf_clear(&whole);
    }
}

static void be_at_home(char home[SCRATCH_PATH_MAX])
{
    scratch_directory(home, "home");
    setenv("HOME", home, 1);
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("XDG_STATE_HOME");
    unsetenv("XDG_DATA_HOME");
}

START_TEST(keys_and_passwords_are_secret_wherever_they_lie)
{
    static const char *const secret[] = {
        "+/.ssh/id_rsa",
        "+/.ssh",
        "+/.ssh/config",
        "+/.aws/credentials",
        "+/.gnupg/private-keys-v1.d/x.key",
        "+/.netrc",
        "+/.config/gh/hosts.yml",
        "+/p/.env",
        "+/p/.env.production",
        "/srv/app/.env",
        "/srv/tls/site.pem",
        "/srv/tls/SITE.KEY",
        "/mnt/id_ed25519",
        "/etc/shadow",
        "/etc/ssl/private/x",
        "/home/other/id_rsa",
        "+/.bash_history",
    };
    static const char *const plain[] = {
        "+/p/main.c",  "+/p/environment.c",
        "+/p/key.c",   "+/.sshrc",
        "+/.ssh2/x",   "+/p/pem",
        "/etc/hosts",  "/etc/ssl/certs/ca.crt",
        "+/.config/x",
    };
    char home[SCRATCH_PATH_MAX];
    be_at_home(home);
    ck_secrets(secret, COUNTOF(secret), true);
    ck_secrets(plain, COUNTOF(plain), false);
    scratch_remove(home);
}
END_TEST

START_TEST(our_own_directories_are_secret)
{
    static const char *const own[] = {
        "+/.config/sennit/config.yaml",
        "+/.local/share/sennit/sessions/x.db",
        "/var/odd/sennit",
        "/var/odd/sennit/consents",
    };
    static const char *const others[] = {
        "/var/odd/sennits",
        "+/.local/state/sennit/consents",
    };
    char home[SCRATCH_PATH_MAX];
    be_at_home(home);
    setenv("XDG_STATE_HOME", "/var/odd", 1);
    ck_secrets(own, COUNTOF(own), true);
    ck_secrets(others, COUNTOF(others), false);
    scratch_remove(home);
}
END_TEST

START_TEST(a_secret_place_behind_a_link_is_secret_where_it_lies)
{
    char home[SCRATCH_PATH_MAX], vault[SCRATCH_PATH_MAX + 10];
    char way[SCRATCH_PATH_MAX + 10], key[SCRATCH_PATH_MAX + 20];
    be_at_home(home);
    snprintf(vault, sizeof vault, "%s/vault", home);
    snprintf(way, sizeof way, "%s/.ssh", home);
    snprintf(key, sizeof key, "%s/vault/work", home);
    ck_assert_int_eq(mkdir(vault, 0700), 0);
    ck_secret(key, false);
    ck_assert_int_eq(symlink(vault, way), 0);
    ck_secret(key, true);
    scratch_remove(home);
}
END_TEST

START_TEST(the_list_can_be_read_by_others)
{
    struct buf path = { 0 };
    size_t count = 0;
    bool has_ssh = false;
    for (const char *pattern; (pattern = secret_files_at(count)); count++)
        has_ssh |= strcmp(pattern, "~/.ssh/") == 0;
    ck_assert(has_ssh);
    for (count = 0; secret_files_own(count, &path); count++) {
        ck_assert_int_eq(path.ptr[0], '/');
        buf_reset(&path);
    }
    ck_assert_uint_eq(count, 3);
    buf_clear(&path);
}
END_TEST

Suite *secret_files_suite(void)
{
    Suite *suite = suite_create("secret_files");
    TCase *tcase = tcase_create("secret_files");
    tcase_add_test(tcase, keys_and_passwords_are_secret_wherever_they_lie);
    tcase_add_test(tcase, our_own_directories_are_secret);
    tcase_add_test(tcase, a_secret_place_behind_a_link_is_secret_where_it_lies);
    tcase_add_test(tcase, the_list_can_be_read_by_others);
    suite_add_tcase(suite, tcase);
    return suite;
}
