/* SPDX-License-Identifier: MIT */
#include "tests/bench/answer.h"

#include <string.h>

enum { TOKEN_MAX = 7 };

/* @ stands for the next mark. */
static const char pattern[] =
    "## Why rope is laid @\n"
    "\n"
    "A rope is made of *yarns* @, and the yarns of fibres that are far shorter "
    "than the rope. What holds them is **twist** @: each layer is turned "
    "against the one inside of it, so that a load which would open the one "
    "closes the other. Sailors call the result laid @; when the strands are "
    "plaited instead, it is `sennit` @, which does not turn under load and "
    "runs well through a block.\n"
    "\n"
    "There are three things to look at @ before one chooses:\n"
    "\n"
    "- **Stretch.** Nylon gives a third of its length @ before it parts; for a "
    "mooring that is a virtue, for a halyard it is a nuisance.\n"
    "- **Chafe.** Where the line passes a fairlead, see @, the outer yarns go "
    "first. Turn the line end for end once a year.\n"
    "- **Sun.** Polypropylene floats, but loses half of its strength @ in two "
    "summers.\n"
    "\n"
    "To reckon the load that a line may carry, divide its breaking strength by "
    "a factor @ that grows with what depends on it:\n"
    "\n"
    "```c\n"
    "/* Newtons, of a line in good order: @ */\n"
    "double safe_load(double breaking, enum use use)\n"
    "{\n"
    "    static const double factor[] = { 5, 8, 12 }; /* @ */\n"
    "    return breaking / factor[use];\n"
    "}\n"
    "```\n"
    "\n"
    "Then 1. measure the old line @, 2. look up its strength, and 3. take the "
    "next size up. A knot costs a part of it @, in the order of the table, and "
    "a splice next to nothing; so \"splice what stays, knot what comes off\" "
    "@ is good advice \342\200\224 even for those who never go to sea.\n"
    "\n"
    "| knot | strength kept |\n"
    "|---|---|\n"
    "| bowline | 65 % @ |\n"
    "| round turn and two half hitches | 75 % @ |\n"
    "| sheet bend | 55 % @ |\n"
    "\n";

static void append_mark(struct answer_text *answer)
{
    buf_printf(&answer->text, ANSWER_MARK, answer->marks++);
}

/* One token off the front of the pattern: a mark, line breaks, or at most seven
 * bytes of which only the first may be a blank. Characters stay whole. */
static size_t token_len(const char *text)
{
    size_t len = 1;
    if (text[0] == '@')
        return 1;
    if (text[0] == '\n')
        return strspn(text, "\n");
    while (text[len] && !strchr(" \n@", text[len]) &&
           (len < TOKEN_MAX || (text[len] & 0xC0) == 0x80))
        len++;
    return len;
}

static void add_token(struct answer_text *answer, const char *text, size_t len)
{
    struct token token = { .offset = (uint32_t)answer->text.len, .mark = -1 };
    if (text[0] == '@') {
        token.mark = answer->marks;
        append_mark(answer);
    } else {
        buf_append(&answer->text, text, len);
    }
    token.len = (uint32_t)answer->text.len - token.offset;
    *array_add(&answer->tokens) = token;
}

void answer_make(struct answer_text *answer, size_t count)
{
    const char *at = pattern;
    *answer = (struct answer_text){ 0 };
    while (answer->tokens.count + 1 < count) {
        size_t len = token_len(at);
        add_token(answer, at, len);
        at = at[len] ? at + len : pattern;
    }
    add_token(answer, ANSWER_END, strlen(ANSWER_END));
}

void answer_free(struct answer_text *answer)
{
    buf_clear(&answer->text);
    array_clear(&answer->tokens);
}

struct slice answer_token(const struct answer_text *answer, size_t index)
{
    const struct token *token = &answer->tokens.items[index];
    return (struct slice){ answer->text.ptr + token->offset, token->len };
}
