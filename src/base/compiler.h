/* SPDX-License-Identifier: MIT */
/*
 * compiler - the attributes we use, spelled once.
 */
#ifndef BASE_COMPILER_H
#define BASE_COMPILER_H

#define PRINTF_LIKE(format_index, first_argument) \
    __attribute__((format(printf, format_index, first_argument)))
#define MUST_USE        __attribute__((warn_unused_result))
#define NORETURN        __attribute__((noreturn))
#define RETURNS_NONNULL __attribute__((returns_nonnull))

#define COUNTOF(array) (sizeof(array) / sizeof((array)[0]))

#endif
