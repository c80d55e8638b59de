/* SPDX-License-Identifier: MIT */
#include "store/session_id.h"

#include <string.h>

#include "base/random.h"

/* https://www.crockford.com/base32.html */
static const char signs[] = "0123456789abcdefghjkmnpqrstvwxyz";

struct session_id session_id_new(void)
{
    struct session_id id = { 0 };
    struct random random;
    random_init(&random, 0);
    for (int i = 0; i < SESSION_ID_LEN; i++)
        id.text[i] = signs[(size_t)(random_real(&random) * (sizeof signs - 1))];
    return id;
}

bool session_id_is_prefix(struct slice text)
{
    if (!text.len || text.len > SESSION_ID_LEN)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (!text.ptr[i] || !strchr(signs, text.ptr[i]))
            return false;
    return true;
}

bool session_id_is_valid(struct slice text)
{
    return text.len == SESSION_ID_LEN && session_id_is_prefix(text);
}
