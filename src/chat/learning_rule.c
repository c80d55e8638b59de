/* SPDX-License-Identifier: MIT */
#include "chat/learning_rule.h"

#include <string.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "base/utf8.h"

/* Without case. What follows is what is to be remembered; nobody who asks
 * "remember when ...?" is meant. */
static const char *const beginnings[] = {
    "please remember that ",
    "remember that ",
    "remember: ",
    "keep in mind that ",
    "note for later: ",
    "bitte merk dir, dass ",
    "merk dir, dass ",
    "merke dir, dass ",
    "merk dir: ",
    "merke dir: ",
    "souviens-toi que ",
    "souviens-toi qu'",
    "retiens que ",
    "retiens qu'",
    "recuerda que ",
    "ricorda che ",
    "ricordati che ",
    "lembre-se de que ",
    "lembra-te de que ",
    "onthoud dat ",
    "zapami\xc4\x99taj, \xc5\xbc"
    "e ",
    "\xd0\xb7\xd0\xb0\xd0\xbf\xd0\xbe\xd0\xbc\xd0\xbd\xd0\xb8, "
    "\xd1\x87\xd1\x82\xd0\xbe ",
    "\xe8\xaf\xb7\xe8\xae\xb0\xe4\xbd\x8f",
    "\xe8\xae\xb0\xe4\xbd\x8f\xef\xbc\x9a",
};

/* Bytes at the beginning of a text that are these words; 0: it begins with
 * others. */
static size_t begins(struct slice text, const char *words)
{
    struct slice rest = text, expected = slice_of(words);
    while (expected.len) {
        uint32_t one, other;
        if (!rest.len)
            return 0;
        rest = slice_skip(rest, utf8_decode(rest, &one));
        expected = slice_skip(expected, utf8_decode(expected, &other));
        if (utf8_lower(one) != other)
            return 0;
    }
    return text.len - rest.len;
}

/* A full stop within a name ("train.py") ends nothing. */
static size_t sentence_end(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        bool is_stop = strchr(".!?", text.ptr[i]) && text.ptr[i];
        bool is_last = i + 1 == text.len || strchr(" \t\r\n", text.ptr[i + 1]);
        if (text.ptr[i] == '\n' || (is_stop && is_last))
            return i;
        if (slice_starts(slice_skip(text, i), "\xe3\x80\x82"))
            return i;
    }
    return text.len;
}

bool learning_rule_find(struct slice prompt, struct slice *what)
{
    while (prompt.len) {
        prompt = slice_trim(prompt);
        for (size_t i = 0; i < COUNTOF(beginnings); i++) {
            size_t len = begins(prompt, beginnings[i]);
            struct slice rest = slice_skip(prompt, len);
            *what = slice_trim((struct slice){ rest.ptr, sentence_end(rest) });
            if (len && what->len)
                return true;
        }
        size_t end = sentence_end(prompt);
        prompt = slice_skip(prompt, end < prompt.len ? end + 1 : end);
    }
    return false;
}
