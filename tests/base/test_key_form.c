/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <check.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "base/key_form.h"

Suite *key_form_suite(void);

/* Letters of keys that were never given out, in the lengths that the vendors
 * document. Each key is written in two pieces, so that this file holds none. */
#define D10 "4fQ9z2LxT7"
#define A20 "b7Kq2ZxPw9RtY4mNs8Vd"
#define A36 A20 "H3jLf6GcQ1aXu5Te"
#define A40 A20 "H3jLf6GcQ1aXu5TeWz0o"
#define A52 A40 "pQ8rS7tU6vX5"
#define A80 A40 A40
#define H32 "9f86d081884c7d659a2feaa0c55ad015"
#define H48 H32 "a3bf4f1b2b0b822c"
#define H64 H32 H32
#define U16 "Q3EGXW7L2TJ5KZ4N"
#define L34 "AbCdEfGhIjKlMnOpQrStUvWxYzZyXwVuTs"

static const struct {
    const char *name;
    const char *start, *rest;
} keys[] = {
    { "OpenAI key", "sk-proj-", A40 "_" A40 "-" A36 },
    { "OpenAI key", "sk-svcacct-", A40 "_" A40 },
    { "OpenAI key", "sk-admin-", A40 "-" A20 },
    { "API key (sk-)", "sk-", A20 "T3BlbkFJ" A20 },
    { "API key (sk-)", "sk-", H32 }, /* DeepSeek */
    { "Anthropic key", "sk-ant-", "api03-" A40 "-" A40 "_" D10 "AA" },
    { "OpenRouter key", "sk-or-", "v1-" H64 },
    { "Google key", "AIza", "SyD-9tSrke72PouQMnMX-a7eZSW0jkFMBWY" },
    { "Google token", "ya29.", "a0AfH6SMB" A40 },
    { "Google secret", "GOCSPX-", "r7Kq2ZxPw9RtY4mNs8VdH3jLf6Gc" },
    { "AWS key", "AKIA", U16 },
    { "AWS key", "ASIA", U16 },
    { "GitHub token", "ghp_", A36 },
    { "GitHub token", "gho_", A36 },
    { "GitHub token", "ghu_", A36 },
    { "GitHub token", "ghs_", A36 },
    { "GitHub token", "ghr_", A36 A40 },
    { "GitHub token", "github_pat_", "11ABCDEFG0" A20 "_" A40 A20 },
    { "GitLab token", "glpat-", A20 },
    { "GitLab token", "glrt-", A20 },
    { "Slack token", "xoxb-", "123456789012-1234567890123-" A20 "H3jL" },
    { "Slack token", "xoxp-", "123456789012-123456789012-" H32 },
    { "Slack token", "xapp-", "1-A0123456789-1234567890123-" H64 },
    { "Slack webhook", "https://hooks.slack.com/services/",
      "T0ABCDEF1/B0ABCDEF2/" A20 "H3jL" },
    { "Hugging Face token", "hf_", L34 },
    { "Hugging Face token", "api_org_", L34 },
    { "Groq key", "gsk_", A52 },
    { "xAI key", "xai-", A80 },
    { "Perplexity key", "pplx-", H48 },
    { "Replicate token", "r8_", A36 "W" },
    { "NVIDIA key", "nvapi-", A40 "_" A20 },
    { "Stripe key", "sk_live_", A20 "H3jL" },
    { "Stripe key", "rk_test_", A20 "H3jL" },
    { "npm token", "npm_", A36 },
    { "PyPI token", "pypi-AgE", "IcHlwaS5vcmcCJ" A52 },
    { "SendGrid key", "SG.", "r7Kq2ZxPw9RtY4mNs8VdH3." A40 "abc" },
    { "DigitalOcean token", "dop_v1_", H64 },
    { "Docker token", "dckr_pat_", A20 "-H3jLf6" },
    { "Databricks token", "dapi", H32 },
    { "age key", "AGE-SECRET-KEY-1",
      "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LQPZRY9X8GF2TVDW0S3JN54KHCE" },
    { "web token", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.",
      "eyJzdWIiOiI0MiJ9.r7Kq2ZxPw9RtY4mNs8VdH3jLf6GcQ1aXu5TeWz0opQ8" },
    { "private key", "-----BEGIN RSA PRIVATE ",
      "KEY-----\nMIIEowIBAAKCAQEAr7Kq2ZxPw9RtY4mNs8VdH3jLf6GcQ1aXu5TeWz0o\n" },
    { "private key", "-----BEGIN PRIVATE ",
      "KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ\n" },
    { "private key", "-----BEGIN OPENSSH PRIVATE ",
      "KEY-----\r\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAA\r\n" },
    { "private key", "-----BEGIN EC PRIVATE ",
      "KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,"
      "9F86D081884C7D659A2FEAA0C55AD015\n\n" A40 },
    { "private key", "-----BEGIN PGP PRIVATE ",
      "KEY BLOCK-----\nVersion: 2\n\nlQOYBGPQ" A40 "\n" },
    { "private key", "{\"private_key\": \"-----BEGIN PRIVATE ",
      "KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj\\n\"}" },
    { "private key", "PuTTY-User-Key-File-",
      "3: ssh-ed25519\nEncryption: none\n" },
    /* by their names */
    { "named secret", "AWS_SECRET_ACCESS_",
      "KEY=wJalrXUtnFEMIK7MDENGbPxRfiCY" },
    { "named secret", "aws_secret_access_",
      "key = wJalr/XUtnFEMIK7MDENGb+PxRfiCYq2ZxPw9R" },
    { "named secret", "export DB_PASS", "WORD=swordfish" },
    { "named secret", "DB_PASS", "WORD='hunter2hunter2'" },
    { "named secret", "SESSION_SEC", "RET=" H32 },
    { "named secret", "OPENAI_API_", "KEY=q7w8e9r0t1y2" },
    { "named secret", "\"client_sec", "ret\": \"" A20 "\"" },
    { "named secret", "{\\\"apiK", "ey\\\": \\\"" A20 "\\\"}" },
    { "named secret", "pass", "word: s3cr3tpw9" },
    { "named secret", "const apiK", "ey = \"" A36 "\";" },
    { "named secret", "auth_to", "ken := \"" A20 "\"" },
    { "named secret", "'pass", "word' => 'c0rrecth0rse'" },
    { "named secret", "Authoriza", "tion: Bearer " A40 },
    { "password in a URL", "postgres://app:", "s3cr3tpw@db.internal/app" },
    { "password in a URL", "https://me:", "q7w8e9r0@git.example.org/x" },
};

/* Where a key may stand: {before, after}. */
static const char *const places[][2] = {
    { "", "" },
    { "my key is ", " and more" },
    { "\"", "\"" },
    { "(", ")" },
    { "caf\xC3\xA9 ", "." },
    { "a\n", "\nb" },
    { "--key ", "" },
    { "<b>", "</b>" },
};

START_TEST(a_key_is_found_wherever_it_stands)
{
    for (size_t i = 0; i < COUNTOF(places); i++) {
        struct buf text = { 0 };
        struct key_found found = { 0 };
        buf_printf(&text, "%s%s%s%s", places[i][0], keys[_i].start,
                   keys[_i].rest, places[i][1]);
        ck_assert_msg(key_form_find(buf_slice(&text), &found), "not seen: %s",
                      buf_string(&text));
        ck_assert_str_eq(found.name, keys[_i].name);
        ck_assert_uint_ge(found.start, strlen(places[i][0]));
        ck_assert_uint_le(found.start + found.len, text.len);
        buf_clear(&text);
    }
}
END_TEST

/* A log or an answer that was escaped holds it all the same. */
START_TEST(a_key_behind_an_escape_is_found)
{
    static const char *const before[] = { "line\\n", "x\\t", "token%3D",
                                          "a\\r\\n" };
    for (size_t i = 0; i < COUNTOF(before); i++) {
        struct buf text = { 0 };
        struct key_found found = { 0 };
        buf_printf(&text, "%sghp_%s", before[i], A36);
        ck_assert_msg(key_form_find(buf_slice(&text), &found), "%s", before[i]);
        buf_clear(&text);
    }
}
END_TEST

static const char *const others[] = {
    "",
    "Please review the task-force-member-list-of-2024 today.",
    "disk-encryption-2024-with-luks1",
    "sk-learn-compatible-estimators-2",
    "sk-some-long-css-class-name-2-of-3",
    "The class .sk-three-bounce-child-animation1 spins.",
    "sk-",
    "sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "sk-ant-...",
    "sk-proj-YOUR-KEY-HERE",
    "Keys of OpenAI begin with sk-, those of GitHub with ghp_ or github_pat_.",
    "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "ghp_short",
    "glpat-" /* and nothing */,
    "AKIA",
    "AK"
    "IAIOSFODNN7EXAMPLE",
    "AKIAIOSFODNN7 is cut",
    "XAKIAQ3EGXW7L2TJ5KZ4N is a longer word",
    "AKIAQ3EGXW7L2TJ5KZ4NQQ is longer, too",
    "hf_hub_download(repo_id, filename)",
    "HF_HUB_ENABLE_HF_TRANSFER=1",
    "AIzaTooShort",
    "the sha is 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "123e4567-e89b-12d3-a456-426614174000",
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlE"
    "QVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
    "A PEM file begins with -----BEGIN PRIVATE KEY----- and ends alike.",
    "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQ\n",
    "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA\n",
    "PuTTY-User-Key-File- and a number is how such a file begins",
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGtQUDZWhs8k/cZcykMkaoX7ZE7DXld8TP79",
    "eyJhbGciOiJIUzI1NiJ9",
    "eyJhbGciOiJub25lIn0.eyJzdWIiOiI0MiJ9.",
    "eyJub3RoaW5nIjoiaGVyZSJ9.eyJzdWIiOiI0MiJ9.r7Kq2ZxPw9RtY4mNs8VdH3jL",
    /* names without a secret */
    "MAX_TOKENS=4096",
    "max_tokens: 4096",
    "TOKEN=$GITHUB_TOKEN",
    "API_KEY=${API_KEY}",
    "API_KEY=$(pass show openai)",
    "API_KEY=<your key>",
    "OPENAI_API_KEY=your-api-key-1234567890",
    "API_KEY=changeme123456",
    "PASSWORD=",
    "PASSWORD=password",
    "PASSWORD=********",
    "api_key = os.environ[\"OPENAI_API_KEY\"]",
    "apiKey: process.env.API_KEY1",
    "token = tokenizer2.next_token_4(text)",
    "token = getToken42(user)",
    "password = config.database.password1",
    "password: string;",
    "def login(user, password: str = None):",
    "if token == \"b7Kq2ZxPw9RtY4mNs8Vd\":",
    "eos_token: \"<|endoftext|>\"",
    "ssl_private_key: /etc/ssl/private/server1.pem",
    "secretName: my-app-secret-2024",
    "PRIMARY_KEY=id",
    "The password must be at least 12 characters long.",
    "Password: at least 12 characters",
    "Forgot your password? See https://example.com/reset",
    "PATH=/usr/local/bin:/usr/bin",
    "postgres://user:password@localhost/db",
    "postgres://$USER:$PASS@localhost/db",
    "https://example.com:8080/path@2x.png",
    "git@github.com:user/repo.git",
    "scheme://a:b@c",
    "std::string token;",
    "x := y == z",
    "=:=:://",
};

START_TEST(what_is_no_key_is_none)
{
    struct key_found found = { 0 };
    ck_assert_msg(!key_form_find(slice_of(others[_i]), &found), "%s: %s",
                  found.name, others[_i]);
}
END_TEST

/* Any bytes, cut anywhere: nothing is read beyond the end. */
START_TEST(a_cut_key_is_read_to_its_end_only)
{
    for (size_t i = 0; i < COUNTOF(keys); i++) {
        struct buf text = { 0 };
        buf_printf(&text, "%s%s", keys[i].start, keys[i].rest);
        for (size_t len = 0; len < text.len; len++) {
            struct buf part = { 0 };
            struct key_found found = { 0 };
            buf_append(&part, text.ptr, len);
            struct slice exact = { part.ptr, len };
            if (key_form_find(exact, &found))
                ck_assert_uint_le(found.start + found.len, len);
            buf_clear(&part);
        }
        buf_clear(&text);
    }
}
END_TEST

Suite *key_form_suite(void)
{
    Suite *suite = suite_create("key_form");
    TCase *tcase = tcase_create("key_form");
    tcase_add_loop_test(tcase, a_key_is_found_wherever_it_stands, 0,
                        COUNTOF(keys));
    tcase_add_test(tcase, a_key_behind_an_escape_is_found);
    tcase_add_loop_test(tcase, what_is_no_key_is_none, 0, COUNTOF(others));
    tcase_add_test(tcase, a_cut_key_is_read_to_its_end_only);
    suite_add_tcase(suite, tcase);
    return suite;
}
