/* SPDX-License-Identifier: MIT */
#include "base/key_form.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "base/base64.h"
#include "base/compiler.h"
#include "base/key_value.h"

/* Which characters follow a beginning. */
enum letters {
    ALNUM,  /* letters and digits */
    WORD,   /* and _ and - */
    ALPHA,  /* letters */
    UPPER,  /* capitals and digits */
    HEX,    /* digits and small a to f */
    DASHED, /* letters, digits and - */
    DOTTED, /* WORD and . */
};

struct form {
    const char *name, *start;
    enum letters letters;
    size_t least, most; /* how many follow; most 0: no end */
    /* A kebab-case-word may begin so: somewhere in it so many letters and
     * digits, both of them, stand together; 0: no matter. */
    size_t knot;
};

/* Longer beginnings stand before shorter ones of theirs. */
static const struct form forms[] = {
    { "Anthropic key", "sk-ant-", WORD, 24, 0, 12 },
    { "OpenAI key", "sk-proj-", WORD, 20, 0, 12 },
    { "OpenAI key", "sk-svcacct-", WORD, 20, 0, 12 },
    { "OpenAI key", "sk-admin-", WORD, 20, 0, 12 },
    { "OpenRouter key", "sk-or-", WORD, 32, 0, 12 },
    { "API key (sk-)", "sk-", WORD, 16, 0, 16 },
    { "Stripe key", "sk_live_", ALNUM, 16, 0, 0 },
    { "Stripe key", "sk_test_", ALNUM, 16, 0, 0 },
    { "Stripe key", "rk_live_", ALNUM, 16, 0, 0 },
    { "Stripe key", "rk_test_", ALNUM, 16, 0, 0 },
    { "Stripe secret", "whsec_", ALNUM, 24, 0, 12 },
    { "Google key", "AIza", WORD, 35, 35, 0 },
    { "Google key", "AQ.", WORD, 40, 0, 0 },
    { "Google token", "ya29.", WORD, 20, 0, 0 },
    { "Google secret", "GOCSPX-", WORD, 24, 0, 0 },
    { "AWS key", "AKIA", UPPER, 16, 16, 0 },
    { "AWS key", "ASIA", UPPER, 16, 16, 0 },
    { "AWS key", "ABSK", ALNUM, 100, 0, 0 },
    { "GitHub token", "github_pat_", WORD, 36, 0, 0 },
    { "GitHub token", "ghp_", ALNUM, 36, 0, 0 },
    { "GitHub token", "gho_", ALNUM, 36, 0, 0 },
    { "GitHub token", "ghu_", ALNUM, 36, 0, 0 },
    { "GitHub token", "ghs_", ALNUM, 36, 0, 0 },
    { "GitHub token", "ghr_", ALNUM, 36, 0, 0 },
    { "GitLab token", "glpat-", DOTTED, 20, 0, 0 },
    { "GitLab token", "gldt-", WORD, 20, 0, 0 },
    { "GitLab token", "glrt-", DOTTED, 20, 0, 0 },
    { "GitLab token", "glcbt-", WORD, 20, 0, 0 },
    { "GitLab token", "glptt-", WORD, 40, 0, 0 },
    { "GitLab token", "glft-", WORD, 20, 0, 0 },
    { "GitLab token", "gloas-", WORD, 40, 0, 0 },
    { "GitLab token", "glsoat-", WORD, 20, 0, 0 },
    { "Slack token", "xoxb-", DASHED, 20, 0, 0 },
    { "Slack token", "xoxp-", DASHED, 20, 0, 0 },
    { "Slack token", "xoxa-", DASHED, 20, 0, 0 },
    { "Slack token", "xoxr-", DASHED, 20, 0, 0 },
    { "Slack token", "xoxs-", DASHED, 20, 0, 0 },
    { "Slack token", "xoxe-", DASHED, 20, 0, 0 },
    { "Slack token", "xoxe.xox", DOTTED, 20, 0, 0 },
    { "Slack token", "xapp-", DASHED, 20, 0, 12 },
    { "Slack webhook", "hooks.slack.com/services/T", UPPER, 6, 0, 0 },
    { "Hugging Face token", "hf_", ALNUM, 30, 0, 0 },
    { "Hugging Face token", "api_org_", ALPHA, 34, 34, 0 },
    { "Groq key", "gsk_", ALNUM, 40, 0, 0 },
    { "xAI key", "xai-", ALNUM, 40, 0, 0 },
    { "Perplexity key", "pplx-", ALNUM, 40, 0, 0 },
    { "Replicate token", "r8_", ALNUM, 37, 37, 0 },
    { "NVIDIA key", "nvapi-", WORD, 40, 0, 0 },
    { "Cerebras key", "csk-", ALNUM, 40, 0, 0 },
    { "Together key", "tgp_v1_", WORD, 40, 0, 0 },
    { "Fireworks key", "fw_", ALNUM, 20, 0, 16 },
    { "Tavily key", "tvly-", WORD, 28, 0, 16 },
    { "npm token", "npm_", ALNUM, 36, 36, 0 },
    { "PyPI token", "pypi-AgE", WORD, 50, 0, 0 },
    { "SendGrid key", "SG.", DOTTED, 60, 0, 16 },
    { "DigitalOcean token", "dop_v1_", HEX, 64, 64, 0 },
    { "DigitalOcean token", "doo_v1_", HEX, 64, 64, 0 },
    { "Docker token", "dckr_pat_", WORD, 27, 0, 0 },
    { "Shopify token", "shpat_", HEX, 32, 32, 0 },
    { "Shopify secret", "shpss_", HEX, 32, 32, 0 },
    { "Databricks token", "dapi", HEX, 32, 0, 0 },
    { "Vault token", "hvs.", WORD, 24, 0, 0 },
    { "Linear key", "lin_api_", ALNUM, 40, 0, 0 },
    { "Notion token", "ntn_", ALNUM, 40, 0, 0 },
    { "Grafana token", "glsa_", WORD, 40, 0, 0 },
    { "Tailscale key", "tskey-", WORD, 20, 0, 12 },
    { "age key", "AGE-SECRET-KEY-1", UPPER, 58, 58, 0 },
};

enum {
    KINDS_LEAST = 7,   /* different characters of a key; fewer are a mask */
    LOOKED_MOST = 256, /* characters that tell whether a run is a key */
    BLOCK_HEAD = 96, /* from its title to the letters of a private key block */
    BLOCK_LEAST = 32,
};

static bool is_letter_of(enum letters letters, char c)
{
    bool is_alnum = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                    (c >= '0' && c <= '9');
    switch (letters) {
    case ALNUM: return is_alnum;
    case WORD: return is_alnum || c == '_' || c == '-';
    case ALPHA: return is_alnum && !isdigit((unsigned char)c);
    case UPPER: return is_alnum && !(c >= 'a' && c <= 'z');
    case HEX: return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    case DASHED: return is_alnum || c == '-';
    case DOTTED: return is_alnum || c == '_' || c == '-' || c == '.';
    }
    return false;
}

static size_t run_of(struct slice text, enum letters letters)
{
    size_t len = 0;
    while (len < text.len && is_letter_of(letters, text.ptr[len]))
        len++;
    return len;
}

/* At most so many of it: whoever asks at each place of a long run asks little. */
static size_t short_run_of(struct slice text, enum letters letters)
{
    if (text.len > LOOKED_MOST)
        text.len = LOOKED_MOST;
    return run_of(text, letters);
}

/* "xxxxxxxx" and "YOUR-KEY" are none. */
static bool is_mask(struct slice letters)
{
    bool seen[UINT8_MAX + 1] = { false };
    size_t kinds = 0;
    for (size_t i = 0; i < letters.len; i++) {
        bool *is_seen = &seen[(unsigned char)letters.ptr[i]];
        kinds += !*is_seen;
        *is_seen = true;
    }
    return kinds < KINDS_LEAST;
}

static bool has_knot(struct slice letters, size_t least)
{
    size_t len = 0;
    bool has_digit = false, has_letter = false;
    for (size_t i = 0; i < letters.len; i++) {
        char c = letters.ptr[i];
        bool is_in = is_letter_of(ALNUM, c);
        len = is_in ? len + 1 : 0;
        has_digit = is_in && (has_digit || isdigit((unsigned char)c));
        has_letter = is_in && (has_letter || isalpha((unsigned char)c));
        if (len >= least && has_digit && has_letter)
            return true;
    }
    return least == 0;
}

/* AWS's manual ends those that are none so. */
static bool is_example(struct slice letters)
{
    static const char mark[] = "EXAMPLE";
    size_t len = sizeof mark - 1;
    return letters.len >= len &&
           !memcmp(letters.ptr + letters.len - len, mark, len);
}

/* The length of a key that has the form at the start of the text; 0: none. */
static size_t length_by(const struct form *form, struct slice text)
{
    if (!slice_starts(text, form->start))
        return 0;
    size_t start = strlen(form->start);
    struct slice letters = slice_skip(text, start);
    letters.len = short_run_of(letters, form->letters);
    if (letters.len < form->least || (form->most && letters.len > form->most))
        return 0;
    if (is_mask(letters) || !has_knot(letters, form->knot))
        return 0;
    letters = slice_skip(text, start);
    letters.len = run_of(letters, form->letters);
    /* Letters of another sort go on: it is something longer. */
    struct slice rest = slice_skip(text, start + letters.len);
    if (form->most && rest.len && is_letter_of(ALNUM, rest.ptr[0]))
        return 0;
    return is_example(letters) ? 0 : start + letters.len;
}

static size_t vendor_length(struct slice text, const char **name)
{
    for (size_t i = 0; i < COUNTOF(forms); i++) {
        if (forms[i].start[0] != text.ptr[0])
            continue;
        size_t len = length_by(&forms[i], text);
        if (len) {
            *name = forms[i].name;
            return len;
        }
    }
    return 0;
}

/* The part before a dot, or the last: 0 if it has too few letters. */
static size_t part_length(struct slice text, size_t least)
{
    size_t len = run_of(text, WORD);
    return len >= least ? len : 0;
}

/* Whether the first part of a token is what RFC 7515 calls its header. */
static bool is_header(struct slice part)
{
    enum { HEAD_MAX = 256 };
    char letters[HEAD_MAX];
    struct buf text = { 0 };
    size_t len = part.len < HEAD_MAX ? part.len : HEAD_MAX;
    len -= len % 4; /* a beginning will do, and one needs no padding */
    for (size_t i = 0; i < len; i++)
        letters[i] = part.ptr[i] == '-'   ? '+'
                     : part.ptr[i] == '_' ? '/'
                                          : part.ptr[i];
    bool is_good = base64_decode(&text, (struct slice){ letters, len }) &&
                   slice_find(buf_slice(&text), "\"alg\"") >= 0;
    buf_clear(&text);
    return is_good;
}

/* HEADER.CLAIMS.SIGNATURE; one without a signature opens nothing. */
static size_t token_length(struct slice text)
{
    if (!slice_starts(text, "eyJ"))
        return 0;
    size_t header = part_length(text, 16);
    struct slice rest = slice_skip(text, header + 1);
    if (!header || header >= text.len || text.ptr[header] != '.' ||
        !slice_starts(rest, "eyJ"))
        return 0;
    size_t claims = part_length(rest, 8);
    struct slice last = slice_skip(rest, claims + 1);
    if (claims >= rest.len || rest.ptr[claims] != '.')
        return 0;
    size_t signature = part_length(last, 16);
    return signature && is_header((struct slice){ text.ptr, header })
               ? header + claims + signature + 2
               : 0;
}

static bool is_block_letter(char c)
{
    return is_letter_of(ALNUM, c) || c == '+' || c == '/' || c == '=';
}

/* Text about such blocks has their title, too: letters have to follow. What
 * stands between are line ends, also as a string of a program has them, and
 * lines like "Proc-Type: 4,ENCRYPTED". */
static bool has_block_letters(struct slice text)
{
    size_t run = 0, most = BLOCK_HEAD + BLOCK_LEAST;
    for (size_t i = 0; i < text.len && i < most; i++) {
        run = is_block_letter(text.ptr[i]) ? run + 1 : 0;
        if (run >= BLOCK_LEAST)
            return true;
    }
    return false;
}

/* "-----BEGIN ... PRIVATE KEY-----", and PGP's "PRIVATE KEY BLOCK"; to its last
 * letter where that is seen. */
static size_t block_length(struct slice text)
{
    enum { TITLE_MAX = 64 };
    static const char begin[] = "-----BEGIN ", end[] = "-----END ";
    if (!slice_starts(text, begin))
        return 0;
    struct slice title = slice_skip(text, sizeof begin - 1);
    if (title.len > TITLE_MAX)
        title.len = TITLE_MAX;
    ptrdiff_t close = slice_find(title, "-----");
    if (close < 0)
        return 0;
    struct slice rest = slice_skip(text, sizeof begin - 1 + (size_t)close + 5);
    title.len = (size_t)close;
    if (slice_find(title, "PRIVATE KEY") < 0 || !has_block_letters(rest))
        return 0;
    ptrdiff_t last = slice_find(text, end);
    return last < 0 ? text.len : (size_t)last + sizeof end - 1;
}

/* With the number of its version. */
static size_t putty_length(struct slice text)
{
    static const char title[] = "PuTTY-User-Key-File-";
    size_t len = sizeof title - 1;
    return slice_starts(text, title) && text.len > len &&
                   isdigit((unsigned char)text.ptr[len])
               ? len + 1
               : 0;
}

/* What begins here and has a name of its own. */
static size_t length_at(struct slice text, const char **name)
{
    size_t len = 0;
    switch (text.ptr[0]) {
    case '-': *name = "private key"; return block_length(text);
    case 'P':
        *name = "private key";
        len = putty_length(text);
        break;
    case 'e':
        *name = "web token";
        len = token_length(text);
        break;
    }
    return len ? len : vendor_length(text, name);
}

/* The last letter of a "\\n" or "%3D" is no part of a word. */
static bool begins_word(struct slice text, size_t at)
{
    if (at == 0 || !is_letter_of(ALNUM, text.ptr[at - 1]) ||
        !is_letter_of(ALNUM, text.ptr[at]))
        return true;
    return (at >= 2 && text.ptr[at - 2] == '\\') ||
           (at >= 3 && text.ptr[at - 3] == '%');
}

/* Whether something ends before `at` that a value follows. */
static size_t value_length(struct slice text, size_t at, size_t *start,
                           const char **name)
{
    switch (text.ptr[at]) {
    case '=':
    case ':':
        *name = slice_starts(slice_skip(text, at), "://") ? "password in a URL"
                                                          : "named secret";
        return key_value_at(text, at, start);
    }
    return 0;
}

/* The characters that something which is looked for can begin with. */
static void note_beginnings(bool has[UINT8_MAX + 1])
{
    static const char others[] = "=:-Pe"; /* see value_length(), length_at() */
    memset(has, 0, UINT8_MAX + 1);
    for (size_t i = 0; i < COUNTOF(forms); i++)
        has[(unsigned char)forms[i].start[0]] = true;
    for (size_t i = 0; others[i]; i++)
        has[(unsigned char)others[i]] = true;
}

bool key_form_find(struct slice text, struct key_found *found)
{
    bool has[UINT8_MAX + 1];
    note_beginnings(has);
    for (size_t at = 0; at < text.len; at++) {
        if (!has[(unsigned char)text.ptr[at]])
            continue;
        size_t start = at;
        size_t len = value_length(text, at, &start, &found->name);
        if (!len && begins_word(text, at))
            len = length_at(slice_skip(text, at), &found->name);
        if (len) {
            found->start = start;
            found->len = len;
            return true;
        }
    }
    return false;
}
