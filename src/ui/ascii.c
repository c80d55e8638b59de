/* SPDX-License-Identifier: MIT */
#include "ui/ascii.h"

#include <stddef.h>

#include "base/compiler.h"

/* In the order of their first characters; none overlap. */
static const struct {
    uint32_t first, last;
    char likeness;
} rows[] = {
    { 0x00A0, 0x00A0, ' ' },  /* no-break space */
    { 0x00AB, 0x00AB, '"' },  /* angle quotation marks */
    { 0x00B4, 0x00B4, '\'' }, /* acute accent */
    { 0x00B7, 0x00B7, '.' },  /* middle dot */
    { 0x00BB, 0x00BB, '"' },
    { 0x00D7, 0x00D7, 'x' },  /* multiplication sign */
    { 0x2000, 0x200A, ' ' },  /* spaces of all widths */
    { 0x2010, 0x2015, '-' },  /* hyphens and dashes */
    { 0x2018, 0x201B, '\'' }, /* single quotation marks */
    { 0x201C, 0x201F, '"' },  /* double ones */
    { 0x2022, 0x2023, '*' },  /* bullets */
    { 0x2026, 0x2026, '~' },  /* ellipsis */
    { 0x202F, 0x202F, ' ' },  /* narrow no-break space */
    { 0x2032, 0x2032, '\'' }, /* prime */
    { 0x2033, 0x2033, '"' },
    { 0x2039, 0x2039, '<' }, /* single angle quotation marks */
    { 0x203A, 0x203A, '>' },
    { 0x2190, 0x2190, '<' }, /* arrows */
    { 0x2191, 0x2191, '^' },
    { 0x2192, 0x2192, '>' },
    { 0x2193, 0x2193, 'v' },
    { 0x2212, 0x2212, '-' }, /* minus sign */
    { 0x2500, 0x2501, '-' }, /* box drawing */
    { 0x2502, 0x2503, '|' },
    { 0x2504, 0x2505, '-' },
    { 0x2506, 0x2507, '|' },
    { 0x2508, 0x2509, '-' },
    { 0x250A, 0x250B, '|' },
    { 0x250C, 0x254B, '+' },
    { 0x254C, 0x254D, '-' },
    { 0x254E, 0x254F, '|' },
    { 0x2550, 0x2550, '=' },
    { 0x2551, 0x2551, '|' },
    { 0x2552, 0x2570, '+' },
    { 0x2588, 0x2588, '#' }, /* full block */
    { 0x2591, 0x2593, '#' }, /* shades */
    { 0x25CF, 0x25CF, '*' }, /* black circle */
    { 0x2713, 0x2714, 'v' }, /* check marks */
};

char ascii_likeness(uint32_t character)
{
    if (character < 0x80)
        return (char)character;
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        if (character >= rows[i].first && character <= rows[i].last)
            return rows[i].likeness;
    }
    return '?';
}
