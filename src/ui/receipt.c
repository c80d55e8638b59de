/* SPDX-License-Identifier: MIT */
#include "ui/receipt.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "base/media.h"
#include "base/tokens.h"

enum {
    MS_SHOWN = 2000, /* a state that lasts longer shows how long */
    MS_TENTHS = 10 * 1000,
    MS_MINUTES = 120 * 1000,
};

void receipt_duration(struct buf *out, int64_t ms)
{
    if (ms < 0)
        ms = 0;
    if (ms < MS_TENTHS)
        buf_printf(out, "%" PRId64 ".%" PRId64 " s", ms / 1000,
                   ms % 1000 / 100);
    else if (ms < MS_MINUTES)
        buf_printf(out, "%" PRId64 " s", ms / 1000);
    else
        buf_printf(out, "%" PRId64 " min %" PRId64 " s", ms / 60000,
                   ms % 60000 / 1000);
}

void receipt_size(struct buf *out, size_t size)
{
    static const char *const units[] = { "kB", "MB", "GB" };
    double scaled = (double)size / 1000;
    size_t unit = 0;
    if (size < 1000) {
        buf_printf(out, "%zu B", size);
        return;
    }
    while (scaled >= 999.5 && unit + 1 < COUNTOF(units)) {
        scaled /= 1000;
        unit++;
    }
    buf_printf(out, "%.*f %s", scaled < 9.95, scaled, units[unit]);
}

void receipt_image(struct buf *out, const struct image *image)
{
    struct media media = media_sniff(buf_slice(&image->data));
    if (image->data.len == 0) {
        buf_append_string(out, "by its address");
        return;
    }
    if (media.kind == MEDIA_IMAGE)
        buf_printf(out, "%ux%u, ", media.width, media.height);
    receipt_size(out, image->data.len);
}

void receipt_cost(struct buf *out, double dollars)
{
    enum { DIGITS = 3, LEAST = 1000 /* parts of a dollar */ };
    if (dollars < 0.5 / LEAST)
        buf_append_string(out, "<$.001");
    else if (dollars < 1 - 0.5 / LEAST)
        buf_printf(out, "$.%0*.0f", DIGITS, dollars * LEAST);
    else
        buf_printf(out, "$%.2f", dollars);
}

void receipt_clock(struct buf *out, int64_t at)
{
    time_t seconds = (time_t)(at / 1000);
    struct tm parts;
    if (localtime_r(&seconds, &parts))
        buf_printf(out, "%02d:%02d", parts.tm_hour, parts.tm_min);
}

void receipt_words(struct buf *out, uint64_t words)
{
    buf_printf(out, "%" PRIu64 " word%s", words, words == 1 ? "" : "s");
}

void receipt_recalled(struct buf *out, const struct node *node)
{
    uint64_t count = 0, tokens = 0;
    for (size_t i = 0; i < node->blocks.count; i++) {
        const struct block *block = &node->blocks.items[i];
        count += block->kind == BLOCK_MEMORY;
        tokens += block->tokens;
    }
    if (count)
        buf_printf(out, "remembered %" PRIu64 ", %" PRIu64 " token%s", count,
                   tokens, tokens == 1 ? "" : "s");
}

void receipt_thought(struct buf *out, const struct node *node, size_t block,
                     uint64_t words)
{
    const struct block *thought = &node->blocks.items[block];
    /* What comes next tells when it ended: servers send thoughts in bulk. */
    int64_t ended_at = block + 1 < node->blocks.count ? thought[1].started_at
                                                      : thought->ended_at;
    int64_t seconds = (ended_at - thought->started_at) / 1000;
    buf_printf(out, "thought %" PRId64 " s", seconds > 0 ? seconds : 0);
    if (words) {
        buf_append_string(out, ", ");
        receipt_words(out, words);
    }
}

static const char *state_words(const struct attempt *attempt)
{
    switch (attempt->state) {
    case ATTEMPT_CONNECTING:
        return attempt->connected_at ? "waiting for the first word"
                                     : "connecting";
    case ATTEMPT_LOADING: return "loading model";
    default: return life_state_name(LIFE_ATTEMPT, (int)attempt->state);
    }
}

void receipt_state(struct buf *out, const struct attempt *attempt, int64_t now)
{
    buf_append_string(out, state_words(attempt));
    if (now == 0 || life_is_terminal(LIFE_ATTEMPT, (int)attempt->state))
        return;
    int64_t since =
        attempt->first_delta_at ? attempt->first_delta_at : attempt->started_at;
    if (now - since < MS_SHOWN)
        return;
    /* No tenths: a running number is drawn once a second. */
    int64_t seconds = (now - since) / 1000;
    if (seconds < MS_MINUTES / 1000)
        buf_printf(out, " %" PRId64 " s", seconds);
    else
        buf_printf(out, " %" PRId64 " min %" PRId64 " s", seconds / 60,
                   seconds % 60);
}

/* Milliseconds in which the tokens were written; 0: unknown. */
static int64_t writing_ms(const struct attempt *attempt)
{
    if (attempt->usage.eval_ms > 0)
        return attempt->usage.eval_ms;
    if (attempt->first_delta_at && attempt->ended_at > attempt->first_delta_at)
        return attempt->ended_at - attempt->first_delta_at;
    return 0;
}

double receipt_rate(const struct attempt *attempt, double tokens)
{
    int64_t ms = writing_ms(attempt);
    return ms > 0 && tokens > 0 ? tokens * 1000 / (double)ms : 0;
}

static double tokens_of(const struct attempt *attempt, uint64_t estimate)
{
    bool is_known = attempt->usage.output >= 0;
    return is_known ? (double)attempt->usage.output : (double)estimate;
}

/* Before a number that nobody counted. */
static const char *about(const struct attempt *attempt)
{
    return attempt->usage.output >= 0 ? "" : "~";
}

void receipt_tokens(struct buf *out, const struct attempt *attempt,
                    uint64_t estimate)
{
    buf_printf(out, "%s%.0f tok", about(attempt), tokens_of(attempt, estimate));
}

uint64_t receipt_estimate(const struct node *node)
{
    uint64_t tokens = 0;
    for (size_t i = 0; i < node->blocks.count; i++)
        tokens += tokens_estimate(buf_slice(&node->blocks.items[i].text));
    return tokens;
}

static void append_setting(struct buf *out, const char *name,
                           const json_t *value)
{
    buf_printf(out, "%s%s ", out->len ? ", " : "", name);
    if (json_is_string(value))
        buf_append_slice(out, json_string_slice(value));
    else
        json_append_value(out, value);
}

static void append_settings(struct buf *chosen, struct buf *left_out,
                            const struct attempt *attempt)
{
    struct error ignored = { 0 };
    const char *name;
    json_t *value;
    size_t index;
    if (!*attempt->settings)
        return;
    json_t *settings = json_parse(slice_of(attempt->settings), &ignored);
    json_object_foreach(settings, name, value)
    {
        if (strcmp(name, "left_out"))
            append_setting(chosen, name, value);
    }
    json_array_foreach(json_member_array(settings, "left_out"), index, value)
        buf_printf(left_out, "%sno %.*s", left_out->len ? ", " : "",
                   SLICE_ARG(json_string_slice(value)));
    json_decref(settings);
}

void receipt_left_out(struct buf *out, const struct attempt *attempt)
{
    struct buf chosen = { 0 };
    append_settings(&chosen, out, attempt);
    buf_clear(&chosen);
}

void receipt_skipped(struct buf *out, const struct attempt *attempt)
{
    bool is_one = attempt->skipped == 1;
    if (attempt->skipped)
        buf_printf(out,
                   "%" PRIu32 " piece%s of the answer could not be read and %s "
                   "missing",
                   attempt->skipped, is_one ? "" : "s", is_one ? "is" : "are");
}

void receipt_parts(struct buf parts[RECEIPT_PARTS],
                   const struct attempt *attempt, uint64_t estimate)
{
    double rate = receipt_rate(attempt, tokens_of(attempt, estimate));
    if (attempt->first_delta_at) {
        buf_append_string(&parts[RECEIPT_TTFT], "ttft ");
        receipt_duration(&parts[RECEIPT_TTFT],
                         attempt->first_delta_at - attempt->started_at);
    }
    if (rate > 0)
        buf_printf(&parts[RECEIPT_RATE], "%s%.*f tok/s", about(attempt),
                   rate < 9.95, rate);
    receipt_tokens(&parts[RECEIPT_TOKENS], attempt, estimate);
    if (attempt->usage.cost > 0)
        receipt_cost(&parts[RECEIPT_COST], attempt->usage.cost);
    buf_append_string(&parts[RECEIPT_WHY], attempt->why);
    append_settings(&parts[RECEIPT_SETTINGS], &parts[RECEIPT_LEFT_OUT],
                    attempt);
}

/* After so long, or so long. */
static void append_step(struct buf *out, const char *words, int64_t ms)
{
    buf_printf(out, "%s%s ", out->len ? ", " : "", words);
    receipt_duration(out, ms);
}

/* It could have begun with the run, or when the one before had failed; after one
 * that was complete something else was done. */
static int64_t waiting_ms(const struct run *run, size_t index)
{
    const struct attempt *attempt = &run->attempts.items[index];
    int64_t since = index ? attempt[-1].ended_at : run->started_at;
    if (index && attempt[-1].state == ATTEMPT_COMPLETE)
        return 0;
    return since ? attempt->started_at - since : 0;
}

void receipt_times(struct buf *out, const struct run *run, size_t index)
{
    enum { WAIT_LEAST = 100 };
    const struct attempt *attempt = &run->attempts.items[index];
    int64_t begin = attempt->started_at;
    if (waiting_ms(run, index) >= WAIT_LEAST)
        append_step(out, "waited", waiting_ms(run, index));
    if (attempt->connected_at)
        append_step(out, "connected after", attempt->connected_at - begin);
    if (attempt->usage.load_ms > 0)
        append_step(out, "model loaded in", attempt->usage.load_ms);
    if (attempt->first_delta_at)
        append_step(out, "first token after", attempt->first_delta_at - begin);
    if (attempt->ended_at)
        append_step(out, "ended after", attempt->ended_at - begin);
}

/* Another model answered than the one that was asked. */
static bool is_substitute(const struct attempt *attempt)
{
    const char *asked = attempt->model, *answered = attempt->model_reported;
    return asked[0] && answered[0] && strcmp(asked, answered) != 0;
}

static const char *answering_model(const struct attempt *attempt)
{
    const char *answered = attempt->model_reported;
    return answered[0] ? answered : attempt->model;
}

void receipt_model(struct buf *out, const struct attempt *attempt,
                   const char *arrow)
{
    if (is_substitute(attempt))
        buf_printf(out, "%s %s ", attempt->model, arrow);
    buf_append_string(out, answering_model(attempt));
}

void receipt_brief_model(struct buf *out, const struct attempt *attempt,
                         const struct glyphs *glyphs)
{
    const char *name = answering_model(attempt);
    const char *last = strrchr(name, '/');
    if (is_substitute(attempt))
        buf_printf(out, "%s ", glyphs->arrow);
    if (last && last[1])
        buf_printf(out, "%s%s", glyphs->ellipsis, last);
    else
        buf_append_string(out, name);
}

enum style receipt_call_style(enum call_state state)
{
    switch (state) {
    case CALL_ASKING: return STYLE_WARNING;
    case CALL_ERROR:
    case CALL_DENIED:
    case CALL_UNKNOWN: return STYLE_ERROR;
    default: return STYLE_DIM;
    }
}
