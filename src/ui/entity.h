/* SPDX-License-Identifier: MIT */
/*
 * entity - HTML character references, as Markdown allows them.
 *
 * Pure. Knows every numeric reference and the names that people and models
 * write; any other name is shown as it stands.
 */
#ifndef UI_ENTITY_H
#define UI_ENTITY_H

#include "base/buf.h"
#include "base/slice.h"

/* Append what a reference ("&amp;", "&#x41;") stands for. */
void entity_decode(struct buf *out, struct slice reference);

#endif
