/* SPDX-License-Identifier: MIT */
#include "base/json_compare.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/memory.h"

enum { BYTES_PER_STEP = 64 }; /* compared or hashed in about the same time */

/* A number as digits * 10^exponent. */
struct decimal {
    uint64_t digits;
    int64_t exponent;
};

struct item {
    uint64_t hash;
    size_t index;
};

static const uint64_t hash_prime = UINT64_C(0x100000001B3); /* FNV-1a */
static const uint64_t hash_start = UINT64_C(0xCBF29CE484222325);

void json_compare_spend(uint64_t *left, size_t len)
{
    uint64_t cost = 1 + len / BYTES_PER_STEP;
    *left -= cost < *left ? cost : *left;
}

static int sign(bool is_less, bool is_more)
{
    return (int)is_more - (int)is_less;
}

/* 2^63 as a double is exact; LLONG_MAX is not. */
static int compare_mixed(json_int_t whole, double real)
{
    if (real >= 0x1p63)
        return -1;
    if (real < -0x1p63)
        return 1;
    json_int_t floor_of_real = (json_int_t)floor(real);
    if (whole != floor_of_real)
        return whole < floor_of_real ? -1 : 1;
    return (double)floor_of_real < real ? -1 : 0;
}

int json_number_compare(const json_t *a, const json_t *b)
{
    if (json_is_integer(a) && json_is_integer(b)) {
        json_int_t x = json_integer_value(a), y = json_integer_value(b);
        return sign(x<y, x> y);
    }
    if (json_is_integer(a))
        return compare_mixed(json_integer_value(a), json_real_value(b));
    if (json_is_integer(b))
        return -compare_mixed(json_integer_value(b), json_real_value(a));
    double x = json_real_value(a), y = json_real_value(b);
    return sign(x<y, x> y);
}

bool json_is_whole(const json_t *value)
{
    if (json_is_integer(value))
        return true;
    double real = json_is_real(value) ? json_real_value(value) : 0.5;
    return !(floor(real) < real);
}

/* Without the sign, which no multiple depends on. Reals by their shortest text:
 * at most 17 digits. */
static struct decimal to_decimal(const json_t *number)
{
    struct decimal decimal = { 0, 0 };
    struct buf text = { 0 };
    json_append_value(&text, number);
    bool is_fraction = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c >= '0' && c <= '9') {
            decimal.digits = decimal.digits * 10 + (uint64_t)(c - '0');
            decimal.exponent -= is_fraction;
        } else if (c == '.') {
            is_fraction = true;
        } else if (c == 'e' || c == 'E') {
            decimal.exponent += strtol(text.ptr + i + 1, NULL, 10);
            break;
        }
    }
    buf_clear(&text);
    while (decimal.digits && decimal.digits % 10 == 0) {
        decimal.digits /= 10;
        decimal.exponent++;
    }
    return decimal;
}

/* a * b mod m, m below 2^63. */
static uint64_t multiply(uint64_t a, uint64_t b, uint64_t m)
{
    uint64_t product = 0;
    for (a %= m; b; b >>= 1) {
        if (b & 1)
            product = (product + a) % m;
        a = (a + a) % m;
    }
    return product;
}

static uint64_t power_of_ten(uint64_t exponent, uint64_t m)
{
    uint64_t power = 1 % m, base = 10 % m;
    for (; exponent; exponent >>= 1) {
        if (exponent & 1)
            power = multiply(power, base, m);
        base = multiply(base, base, m);
    }
    return power;
}

bool json_is_multiple(const json_t *value, const json_t *divisor)
{
    struct decimal a = to_decimal(value), b = to_decimal(divisor);
    if (a.digits == 0 || b.digits == 0)
        return a.digits == 0;
    /* Neither has a zero at its end: what 10 divides, a does not. */
    int64_t shift = a.exponent - b.exponent;
    if (shift < 0)
        return false;
    uint64_t m = b.digits;
    return multiply(a.digits, power_of_ten((uint64_t)shift, m), m) == 0;
}

static bool is_same_array(const json_t *a, const json_t *b, uint64_t *left)
{
    size_t count = json_array_size(a);
    bool is_same = count == json_array_size(b);
    for (size_t i = 0; is_same && i < count; i++)
        is_same =
            json_is_same(json_array_get(a, i), json_array_get(b, i), left);
    return is_same;
}

static bool is_same_object(const json_t *a, const json_t *b, uint64_t *left)
{
    if (json_object_size(a) != json_object_size(b))
        return false;
    const char *name;
    json_t *member;
    json_object_foreach((json_t *)(uintptr_t)a, name, member)
    {
        const json_t *other = json_object_get(b, name);
        if (!other || !json_is_same(member, other, left))
            return false;
    }
    return true;
}

bool json_is_same(const json_t *a, const json_t *b, uint64_t *left)
{
    json_compare_spend(left, json_string_length(a));
    if (!*left)
        return false;
    if (json_is_number(a) && json_is_number(b))
        return json_number_compare(a, b) == 0;
    if (json_typeof(a) != json_typeof(b))
        return false;
    switch (json_typeof(a)) {
    case JSON_STRING:
        return slice_equal(json_string_slice(a), json_string_slice(b));
    case JSON_ARRAY: return is_same_array(a, b, left);
    case JSON_OBJECT: return is_same_object(a, b, left);
    default: return true;
    }
}

static uint64_t hash_bytes(uint64_t hash, const void *ptr, size_t len)
{
    const unsigned char *bytes = ptr;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ bytes[i]) * hash_prime;
    return hash;
}

/* The same for values that are the same. */
static uint64_t hash_value(const json_t *value, uint64_t *left)
{
    uint64_t hash = hash_start + (uint64_t)json_typeof(value) * hash_prime;
    json_compare_spend(left, json_string_length(value));
    if (json_is_number(value)) {
        /* Adding 0 makes -0 the 0 that it is. */
        double number = json_number_value(value) + 0.0;
        return hash_bytes(hash_start, &number, sizeof number);
    }
    if (json_is_string(value))
        return hash_bytes(hash, json_string_value(value),
                          json_string_length(value));
    for (size_t i = 0; *left && i < json_array_size(value); i++)
        hash = hash * hash_prime + hash_value(json_array_get(value, i), left);
    const char *name;
    json_t *member;
    json_object_foreach((json_t *)(uintptr_t)value, name, member)
    {
        uint64_t name_hash = hash_bytes(hash_start, name, strlen(name));
        if (*left)
            hash += name_hash * hash_value(member, left);
    }
    return hash;
}

static int compare_items(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    int order = sign(x->hash<y->hash, x->hash> y->hash);
    return order ? order : sign(x->index<y->index, x->index> y->index);
}

bool json_has_twins(const json_t *array, size_t twins[2], uint64_t *left)
{
    ARRAY_OF(struct item) items = { 0 };
    bool is_found = false;
    for (size_t i = 0; i < json_array_size(array); i++)
        *array_add(&items) =
            (struct item){ hash_value(json_array_get(array, i), left), i };
    if (items.count > 1)
        qsort(items.items, items.count, sizeof *items.items, compare_items);
    for (size_t i = 0; !is_found && *left && i < items.count; i++) {
        for (size_t j = i + 1; !is_found && j < items.count &&
                               items.items[j].hash == items.items[i].hash;
             j++) {
            twins[0] = items.items[i].index;
            twins[1] = items.items[j].index;
            is_found = json_is_same(json_array_get(array, twins[0]),
                                    json_array_get(array, twins[1]), left);
        }
    }
    array_clear(&items);
    return is_found && *left;
}
