/* SPDX-License-Identifier: MIT */
#include "chat/cap.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>

#include "base/compiler.h"
#include "chat/price.h"

/* Sums of costs are not exact to the last bit. */
#define HAIR 1e-9

static const char *const settings[] = {
    [CAP_RUN] = "limits.run",
    [CAP_SESSION] = "limits.session",
    [CAP_DAY] = "limits.day",
};
static_assert(COUNTOF(settings) == CAP_SCOPES, "a scope has no setting");

const char *cap_setting(enum cap_scope scope)
{
    return settings[scope];
}

static double taken(const struct cap *cap)
{
    return cap->spent + cap->held;
}

static enum cap_verdict judge(const struct cap *cap, double worst)
{
    if (cap->limit < 0 || worst == 0)
        return CAP_FITS;
    if (worst < 0)
        return cap->spent > cap->limit + HAIR ? CAP_EXCEEDED : CAP_UNKNOWN;
    return taken(cap) + worst > cap->limit + HAIR ? CAP_EXCEEDED : CAP_FITS;
}

struct cap_judgement caps_judge(const struct caps *caps, double worst)
{
    struct cap_judgement judgement = { .worst = worst };
    for (int i = 0; i < CAP_SCOPES; i++) {
        const struct cap *cap = &caps->list[i];
        enum cap_verdict verdict = judge(cap, worst);
        bool is_worse = verdict == CAP_EXCEEDED ||
                        (verdict == CAP_UNKNOWN && !judgement.verdict);
        if (!is_worse || judgement.verdict == CAP_EXCEEDED)
            continue;
        judgement.verdict = verdict;
        judgement.scope = (enum cap_scope)i;
        judgement.cap = *cap;
    }
    return judgement;
}

void cap_warning(const struct cap *cap, enum cap_scope scope, struct buf *out)
{
    price_append(out, cap->spent);
    buf_append_string(out, " of the ");
    price_append(out, cap->limit);
    buf_printf(out, " of %s is spent", settings[scope]);
    if (cap->unknown)
        buf_printf(out, ", and %" PRId64 " answer%s had no known price",
                   cap->unknown, cap->unknown == 1 ? "" : "s");
}

void cap_words(const struct cap_judgement *judgement, struct buf *out)
{
    if (judgement->worst < 0) {
        buf_append_string(out, "nobody knows what it costs; ");
    } else {
        buf_append_string(out, "it may cost ");
        price_append(out, judgement->worst);
        buf_append_string(out, "; ");
    }
    cap_warning(&judgement->cap, judgement->scope, out);
    if (judgement->cap.held > 0) {
        buf_append_string(out, ", and what is under way may cost ");
        price_append(out, judgement->cap.held);
    }
}

double cap_raised(const struct cap_judgement *judgement)
{
    double limit = judgement->cap.limit;
    double worst = judgement->worst > 0 ? judgement->worst : 0;
    double step = limit > worst ? limit : worst;
    double missing = taken(&judgement->cap) + worst - limit;
    /* What is not even a cent is raised by one. */
    if (step < 0.01)
        step = 0.01;
    return limit + step * ceil((missing - HAIR) / step);
}

double cap_least(const struct cap_judgement *judgement)
{
    double worst = judgement->worst > 0 ? judgement->worst : 0;
    return ceil((taken(&judgement->cap) + worst - HAIR) * 100) / 100;
}

bool cap_warns(const struct cap *cap)
{
    return cap->limit > 0 && cap->spent >= cap->limit * CAP_WARN - HAIR;
}
