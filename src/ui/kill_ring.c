/* SPDX-License-Identifier: MIT */
#include "ui/kill_ring.h"

#include <string.h>

void kill_ring_clear(struct kill_ring *ring)
{
    for (size_t i = 0; i < ring->pieces.count; i++)
        fragment_clear(&ring->pieces.items[i]);
    array_clear(&ring->pieces);
    ring->back = 0;
}

static size_t bytes_of(const struct kill_ring *ring)
{
    size_t bytes = 0;
    for (size_t i = 0; i < ring->pieces.count; i++)
        bytes += ring->pieces.items[i].text.len;
    return bytes;
}

static void forget_oldest(struct kill_ring *ring)
{
    struct fragment *pieces = ring->pieces.items;
    fragment_clear(&pieces[0]);
    ring->pieces.count--;
    memmove(pieces, pieces + 1, ring->pieces.count * sizeof *pieces);
}

void kill_ring_add(struct kill_ring *ring, const struct fragment *piece,
                   enum kill_side side)
{
    if (side == KILL_NEW || !ring->pieces.count)
        *array_add(&ring->pieces) = (struct fragment){ 0 };
    struct fragment *newest = array_last(&ring->pieces);
    if (side == KILL_BEFORE)
        fragment_prepend(newest, piece);
    else
        fragment_append(newest, piece);
    ring->back = 0;
    while (ring->pieces.count > KILL_RING_MAX ||
           (ring->pieces.count > 1 && bytes_of(ring) > KILL_RING_BYTES_MAX))
        forget_oldest(ring);
}

const struct fragment *kill_ring_piece(const struct kill_ring *ring)
{
    size_t count = ring->pieces.count;
    return count ? &ring->pieces.items[count - 1 - ring->back] : NULL;
}

void kill_ring_older(struct kill_ring *ring)
{
    if (ring->pieces.count)
        ring->back = (ring->back + 1) % ring->pieces.count;
}
