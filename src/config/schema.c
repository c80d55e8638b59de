/* SPDX-License-Identifier: MIT */
#include "config/schema.h"

#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/compiler.h"
#include "base/nearest.h"

enum {
    HOUR_MS = 3600 * 1000,
};

#define VARIABLE_PREFIX "SENNIT_"
#define LATER           .is_reserved = true
#define LIVE            .is_live = true

/* clang-format off */
static const struct schema_row rows[] = {
    { "version", SCHEMA_INTEGER, .least = 1, .most = 1,
      .otherwise = "1",
      .about = "version of this format" },
    { "model", SCHEMA_TEXT,
      .otherwise = "a model that is loaded",
      .about = "ENDPOINT/MODEL to use when no flag names one" },

    { "endpoints", SCHEMA_NAMES,
      .about = "servers that answer, each by a name that you choose" },
    { "endpoints.*", SCHEMA_MAP, .about = "one server" },
    { "endpoints.*.dialect", SCHEMA_CHOICE,
      "ollama chat-completions responses anthropic events guide",
      .about = "protocol that the server speaks" },
    { "endpoints.*.url", SCHEMA_TEXT, .about = "base URL of the server" },
    { "endpoints.*.command", SCHEMA_LIST,
      .about = "program and arguments that answer instead of a server" },
    { "endpoints.*.command[]", SCHEMA_TEXT, .about = "one argument" },
    { "endpoints.*.trust", SCHEMA_CHOICE, "own vendor",
      .otherwise = "vendor",
      .about = "own: private text may go there; vendor: never" },
    { "endpoints.*.num_ctx", SCHEMA_INTEGER, "loaded", .least = 1,
      .most = 1 << 24,
      .otherwise = "loaded",
      .about = "context window in tokens, or loaded: take what runs" },
    { "endpoints.*.keep_alive", SCHEMA_DURATION, "-1", .least = 0,
      .most = INFINITY,
      .otherwise = "the server's own",
      .about = "how long a model stays loaded after an answer; -1: for good" },
    { "endpoints.*.unload_at_exit", SCHEMA_FLAG,
      .about = "unload at the end what a chat has loaded there" },
    { "endpoints.*.models", SCHEMA_NAMES, .has_dots = true,
      .about = "short names for models of the server" },
    { "endpoints.*.models.*", SCHEMA_TEXT, .has_dots = true,
      .about = "the server's own name" },
    { "endpoints.*.price", SCHEMA_LIST,
      .otherwise = "by the address",
      .about = "what models cost, the first row that matches counts" },
    { "endpoints.*.price[]", SCHEMA_MAP, .about = "of some models" },
    { "endpoints.*.price[].model", SCHEMA_TEXT, .is_never_empty = true,
      .otherwise = "all",
      .about = "name of the model, * stands for any letters" },
    { "endpoints.*.price[].in", SCHEMA_REAL, .least = 0, .most = 1000000,
      .about = "dollars for a million tokens that it reads" },
    { "endpoints.*.price[].out", SCHEMA_REAL, .least = 0, .most = 1000000,
      .about = "dollars for a million tokens that it writes" },
    { "endpoints.*.price[].cached", SCHEMA_REAL, .least = 0,
      .most = 1000000, .otherwise = "as those that it reads",
      .about = "dollars for a million tokens read from the cache" },
    { "endpoints.*.price[].cache_write", SCHEMA_REAL, .least = 0,
      .most = 1000000, .otherwise = "as those that it reads",
      .about = "dollars for a million tokens put into the cache" },
    { "endpoints.*.key", SCHEMA_KEY,
      .about = "where the API key comes from; never the key itself" },
    { "endpoints.*.key.env", SCHEMA_VARIABLE,
      .about = "environment variable that holds the key" },
    { "endpoints.*.key.file", SCHEMA_TEXT,
      .about = "file whose first line is the key" },
    { "endpoints.*.key.command", SCHEMA_LIST,
      .about = "program and arguments that print the key" },
    { "endpoints.*.key.command[]", SCHEMA_TEXT, .about = "one argument" },
    { "endpoints.*.proxy", SCHEMA_TEXT,
      .otherwise = "env",
      .about = "env (never for loopback), none, or the URL of a proxy" },
    { "endpoints.*.ca_file", SCHEMA_TEXT,
      .otherwise = "the system's",
      .about = "file of the certificate authorities to trust" },
    { "endpoints.*.like", SCHEMA_CHOICE,
      "generic openai azure gemini openrouter groq mistral deepseek xai zai "
      "perplexity vllm",
      .otherwise = "by the address",
      .about = "whose server it behaves like, behind a gateway" },
    { "endpoints.*.timeouts", SCHEMA_MAP,
      .about = "how long silence of the server is borne" },
    { "endpoints.*.timeouts.connect", SCHEMA_DURATION, .least = 1,
      .most = HOUR_MS,
      .otherwise = "10s, for this machine 3s",
      .about = "until the connection stands" },
    { "endpoints.*.timeouts.first_token", SCHEMA_DURATION, .least = 1,
      .most = HOUR_MS,
      .otherwise = "60s of a vendor, 10m of an own server",
      .about = "until the first word of an answer" },
    { "endpoints.*.timeouts.gap", SCHEMA_DURATION, .least = 1,
      .most = HOUR_MS,
      .otherwise = "60s of a vendor, 3m of an own server",
      .about = "between two words of an answer" },
    { "endpoints.*.allow_cleartext", SCHEMA_FLAG,
      .about = "send the key over plain http to another machine" },

    { "reply", SCHEMA_MAP, .about = "how the model shall answer" },
    { "reply.temperature", SCHEMA_REAL, .least = 0, .most = 2,
      LIVE, .otherwise = "the server's own",
      .about = "how freely the model chooses words; 0: hardly" },
    { "reply.top_p", SCHEMA_REAL, .least = 0, .most = 1,
      LIVE, .otherwise = "the server's own",
      .about = "share of the likeliest words to choose from" },
    { "reply.max_tokens", SCHEMA_INTEGER, .least = 1, .most = INFINITY,
      LIVE, .otherwise = "the server's own",
      .about = "longest answer, in tokens" },
    { "reply.seed", SCHEMA_INTEGER, .least = 0, .most = INFINITY,
      LIVE, .otherwise = "none",
      .about = "start of the random numbers, for answers that repeat" },
    { "reply.stop", SCHEMA_LIST,
      LIVE, .otherwise = "none",
      .about = "texts at which the answer ends" },
    { "reply.stop[]", SCHEMA_TEXT, .is_never_empty = true,
      .about = "one text" },
    { "reply.repeat_penalty", SCHEMA_REAL, .least = 0, .most = 10,
      LIVE, .otherwise = "the server's own",
      .about = "how much words that were said already are avoided; 1: not" },
    { "reply.thinking", SCHEMA_CHOICE, "auto on off low medium high",
      LIVE, .otherwise = "auto",
      .about = "whether, and how much, the model reasons before it answers" },
    { "reply.stream", SCHEMA_FLAG,
      LIVE, .otherwise = "true",
      .about = "take the answer as it is made; false: in one piece" },
    { "reply.repair", SCHEMA_FLAG,
      LIVE, .otherwise = "false",
      .about = "where an answer is not as its schema asks, ask once more" },
    { "reply.on_busy", SCHEMA_CHOICE, "queue replace",
      LIVE, .otherwise = "queue",
      .about = "what Enter does while an answer is still arriving" },

    { "system", SCHEMA_TEXT, .otherwise = "none",
      .about = "system prompt of new conversations" },

    { "role", SCHEMA_TEXT, .otherwise = "none",
      .about = "role of new conversations, and words for it" },
    { "roles", SCHEMA_NAMES,
      .about = "what /role and --role make of a conversation" },
    { "roles.*", SCHEMA_MAP, .about = "one role" },
    { "roles.*.about", SCHEMA_TEXT, .about = "what it is for, in a line" },
    { "roles.*.system", SCHEMA_TEXT, .otherwise = "as without a role",
      .about = "system prompt; {{1}}, {{2}} or {{words}} are filled in" },
    { "roles.*.model", SCHEMA_TEXT, .otherwise = "as without a role",
      .about = "ENDPOINT/MODEL that answers" },
    { "roles.*.reply", SCHEMA_MAP, .otherwise = "as without a role",
      .about = "how the model shall answer" },
    { "roles.*.reply.temperature", SCHEMA_REAL, .least = 0, .most = 2,
      .about = "as reply.temperature" },
    { "roles.*.reply.top_p", SCHEMA_REAL, .least = 0, .most = 1,
      .about = "as reply.top_p" },
    { "roles.*.reply.max_tokens", SCHEMA_INTEGER, .least = 1,
      .most = INFINITY, .about = "as reply.max_tokens" },
    { "roles.*.reply.seed", SCHEMA_INTEGER, .least = 0, .most = INFINITY,
      .about = "as reply.seed" },
    { "roles.*.reply.stop", SCHEMA_LIST, .about = "as reply.stop" },
    { "roles.*.reply.stop[]", SCHEMA_TEXT, .is_never_empty = true,
      .about = "one text" },
    { "roles.*.reply.repeat_penalty", SCHEMA_REAL, .least = 0, .most = 10,
      .about = "as reply.repeat_penalty" },
    { "roles.*.reply.thinking", SCHEMA_CHOICE, "auto on off low medium high",
      .about = "as reply.thinking" },
    { "facts", SCHEMA_LIST, .otherwise = "none",
      .about = "what the model is told of now and here, when it changes" },
    { "facts[]", SCHEMA_CHOICE, "date time directory system",
      .about = "one fact" },

    { "routing", SCHEMA_MAP,
      .about = "which model answers which prompt" },
    { "routing.ladder", SCHEMA_LIST,
      .otherwise = "none",
      .about = "ENDPOINT/MODEL, the cheapest first" },
    { "routing.ladder[]", SCHEMA_TEXT, .about = "one rung" },
    { "routing.threshold", SCHEMA_REAL, .least = 0, .most = 1,
      LIVE, .otherwise = "0.55",
      .about = "scores below go to the first rung" },
    { "routing.band", SCHEMA_REAL, .least = 0, .most = 1,
      LIVE, .otherwise = "0.10",
      .about = "so far above the threshold the first rung still answers" },
    { "routing.learn", SCHEMA_FLAG,
      LIVE, .otherwise = "true",
      .about = "let what you prefer move the threshold, slowly" },
    { "routing.rules", SCHEMA_LIST, .otherwise = "none",
      .about = "the first rule that matches decides, before the score" },
    { "routing.rules[]", SCHEMA_MAP, .about = "one rule" },
    { "routing.rules[].when", SCHEMA_MAP,
      .about = "conditions, all of which must hold" },
    { "routing.rules[].when.has", SCHEMA_CHOICE, "image file code",
      .about = "what the prompt holds" },
    { "routing.rules[].when.tokens", SCHEMA_TEXT,
      .about = "size of the request, as in \"> 24k\"" },
    { "routing.rules[].when.text", SCHEMA_TEXT,
      .about = "regular expression that the prompt matches" },
    { "routing.rules[].use", SCHEMA_TEXT,
      .about = "ENDPOINT/MODEL to use" },
    { "routing.rules[].ask", SCHEMA_FLAG, .otherwise = "false",
      .about = "ask before it is used" },
    { "routing.fallback", SCHEMA_MAP,
      .about = "going on elsewhere when an endpoint fails" },
    { "routing.fallback.on", SCHEMA_LIST,
      .otherwise = "all of them",
      .about = "failures after which the next rung of the ladder answers" },
    { "routing.fallback.on[]", SCHEMA_CHOICE, "refused busy broken silent",
      .about = "one failure" },
    { "routing.fallback.countdown", SCHEMA_DURATION, .least = 0,
      .most = HOUR_MS, LIVE, .otherwise = "0s",
      .about = "time to object before one that costs" },
    { "routing.fallback.after_words", SCHEMA_CHOICE, "always ask never",
      LIVE, .otherwise = "always",
      .about = "fallback once words of the answer have come" },
    { "routing.fallback.after_side_effects", SCHEMA_CHOICE,
      "ask always never", LIVE, .otherwise = "ask",
      .about = "fallback once a tool has changed something" },
    { "routing.escalate", SCHEMA_MAP,
      .about = "going up the ladder when an answer is poor" },
    { "routing.escalate.on", SCHEMA_LIST, .otherwise = "all but low_logprobs",
      .about = "faults of an answer after which the next rung is tried" },
    { "routing.escalate.on[]", SCHEMA_CHOICE,
      "refusal cut loop bad_json bad_arithmetic low_logprobs",
      .about = "one fault" },
    { "routing.escalate.ask", SCHEMA_CHOICE, "always paid never",
      LIVE, .otherwise = "paid",
      .about = "ask first; paid: if the rung costs" },

    { "privacy", SCHEMA_MAP, .about = "what may leave the machine" },
    { "privacy.private", SCHEMA_MAP, .shorthand = "all",
      .about = "what never goes to a vendor; true: nothing does" },
    { "privacy.private.all", SCHEMA_FLAG, .otherwise = "false",
      .about = "everything is private" },
    { "privacy.private.files", SCHEMA_LIST, .otherwise = "none",
      .about = "patterns of file names" },
    { "privacy.private.files[]", SCHEMA_TEXT, .is_never_empty = true,
      .about = "one pattern" },
    { "privacy.private.text", SCHEMA_LIST, .otherwise = "none",
      .about = "regular expressions, or builtin:keys" },
    { "privacy.private.text[]", SCHEMA_TEXT, .is_never_empty = true,
      .about = "one expression" },
    { "privacy.first_send_to_vendor", SCHEMA_CHOICE, "ask always never",
      .about = "consent to the first request to a vendor", LIVE,
      .otherwise = "ask" },

    { "context", SCHEMA_MAP,
      .about = "what happens when the window fills" },
    { "context.policy", SCHEMA_CHOICE, "off truncate summarise",
      LIVE, .otherwise = "summarise",
      .about = "how older turns make room" },
    { "context.warn", SCHEMA_SHARE, .least = 0, .most = 1,
      LIVE, .otherwise = "75%",
      .about = "share of the window that warns" },
    { "context.preview", SCHEMA_SHARE, .least = 0, .most = 1,
      LIVE, .otherwise = "85%",
      .about = "share at which room is offered, or made" },
    { "context.cut_to", SCHEMA_SHARE, .least = 0, .most = 1,
      LIVE, .otherwise = "50%",
      .about = "share that is left afterwards" },
    { "context.by", SCHEMA_TEXT,
      LIVE, .otherwise = "the model that answers",
      .about = "ENDPOINT/MODEL that writes summaries" },

    { "memory", SCHEMA_MAP,
      .about = "what is remembered between conversations" },
    { "memory.recall", SCHEMA_INTEGER, .least = 0, .most = 100, LIVE,
      .otherwise = "5", .about = "entries put behind a prompt, at most" },
    { "memory.share", SCHEMA_SHARE, .least = 0, .most = 1, LIVE,
      .otherwise = "3%", .about = "share of the window that they may take" },
    { "memory.half_life", SCHEMA_DURATION, .least = 1, .most = INFINITY, LIVE,
      .otherwise = "24h", .about = "time in which an entry loses half" },
    { "memory.learn", SCHEMA_CHOICE, "ask always never", LIVE,
      .otherwise = "ask", .about = "whether what is proposed is remembered" },
    { "memory.working", SCHEMA_INTEGER, .least = 0, .most = 1000, LIVE,
      .otherwise = "20", .about = "entries at hand, at most" },
    { "memory.session", SCHEMA_INTEGER, .least = 0, .most = 2000, LIVE,
      .otherwise = "200", .about = "entries of a session, at most" },
    { "memory.long_term", SCHEMA_INTEGER, .least = 1, .most = 100000, LIVE,
      .otherwise = "10000", .about = "entries that stay, at most" },
    { "memory.embed", SCHEMA_TEXT, .otherwise = "none",
      .about = "ENDPOINT/MODEL that makes vectors of them" },

    { "tools", SCHEMA_MAP,
      .about = "what a model may do on this machine" },
    { "tools.mode", SCHEMA_CHOICE, "off plan ask edits",
      LIVE, .otherwise = "ask",
      .about = "what passes without a question" },
    { "tools.use", SCHEMA_LIST,
      LIVE, .otherwise = "all but http_get",
      .about = "tools that are offered to the model" },
    { "tools.use[]", SCHEMA_TEXT, .about = "one tool" },
    { "tools.hosts", SCHEMA_LIST, .otherwise = "none",
      .about = "hosts that http_get may ask, public or not" },
    { "tools.hosts[]", SCHEMA_TEXT, .about = "a host, or HOST:PORT" },
    { "tools.allow", SCHEMA_LIST, .otherwise = "none",
      .about = "calls that need no question" },
    { "tools.allow[]", SCHEMA_MAP, .about = "one rule" },
    { "tools.allow[].tool", SCHEMA_TEXT, .about = "name of the tool" },
    { "tools.allow[].argv", SCHEMA_LIST,
      .about = "the whole command, word for word" },
    { "tools.allow[].argv[]", SCHEMA_TEXT, .about = "one word" },
    { "tools.allow[].under", SCHEMA_TEXT,
      .about = "directory that the file must lie in" },
    { "tools.allow[].url", SCHEMA_TEXT,
      .about = "what may be asked for, with what is below" },
    { "tools.sandbox", SCHEMA_MAP,
      .about = "the box that commands run in" },
    { "tools.sandbox.least", SCHEMA_CHOICE, "full files net none",
      LIVE, .otherwise = "files",
      .about = "weakest box that is accepted" },
    { "tools.sandbox.network", SCHEMA_CHOICE, "off on",
      LIVE, .otherwise = "off",
      .about = "network inside the box" },
    { "tools.sandbox.gpu", SCHEMA_CHOICE, "off on",
      LIVE, .otherwise = "off",
      .about = "GPU devices inside the box" },
    { "tools.own", SCHEMA_NAMES, .about = "tools of your own" },
    { "tools.own.*", SCHEMA_MAP, .about = "one tool" },
    { "tools.own.*.about", SCHEMA_TEXT,
      .about = "what it does, told to the model" },
    { "tools.own.*.argv", SCHEMA_LIST,
      .about = "program and arguments, {NAME} for a parameter" },
    { "tools.own.*.argv[]", SCHEMA_TEXT, .about = "one argument" },
    { "tools.own.*.input", SCHEMA_TEXT, .otherwise = "nothing",
      .about = "what the program reads, {NAME} for a parameter" },
    { "tools.own.*.env", SCHEMA_LIST, .otherwise = "none",
      .about = "environment variables that it gets beside the usual ones" },
    { "tools.own.*.env[]", SCHEMA_VARIABLE, .about = "one variable" },
    { "tools.own.*.parameters", SCHEMA_NAMES,
      .about = "what the model says in a call" },
    { "tools.own.*.parameters.*", SCHEMA_MAP, .about = "one parameter" },
    { "tools.own.*.parameters.*.about", SCHEMA_TEXT,
      .about = "what it means, told to the model" },
    { "tools.own.*.parameters.*.type", SCHEMA_CHOICE,
      "text integer number flag", .otherwise = "text",
      .about = "what it must be" },
    { "tools.own.*.parameters.*.choices", SCHEMA_LIST,
      .about = "the only values that it may have" },
    { "tools.own.*.parameters.*.choices[]", SCHEMA_TEXT,
      .about = "one value" },
    { "tools.own.*.parameters.*.required", SCHEMA_FLAG, .otherwise = "true",
      .about = "whether each call must say it" },
    { "tools.own.*.schema", SCHEMA_TEXT,
      .about = "JSON Schema of the parameters, instead of them" },
    { "tools.own.*.timeout", SCHEMA_DURATION, .least = 1,
      .most = 24.0 * HOUR_MS, .otherwise = "2m",
      .about = "time after which it is ended" },
    { "tools.own.*.max_output", SCHEMA_INTEGER, .least = 1,
      .most = 64.0 * 1024 * 1024, .otherwise = "67108864",
      .about = "bytes of output after which it is ended" },
    { "tools.own.*.ask", SCHEMA_CHOICE, "always never",
      .otherwise = "by the mode",
      .about = "whether each call asks" },
    { "tools.mcp", SCHEMA_NAMES, LATER, .about = "MCP servers" },
    { "tools.mcp.*", SCHEMA_MAP, LATER, .about = "one server" },
    { "tools.mcp.*.argv", SCHEMA_LIST, LATER,
      .about = "program and arguments" },
    { "tools.mcp.*.argv[]", SCHEMA_TEXT, LATER, .about = "one argument" },
    { "tools.mcp.*.env", SCHEMA_LIST, LATER,
      .about = "environment variables that it gets" },
    { "tools.mcp.*.env[]", SCHEMA_VARIABLE, LATER, .about = "one variable" },
    { "tools.mcp.*.ask", SCHEMA_CHOICE, "always never", LATER,
      .about = "whether each call asks" },

    { "limits", SCHEMA_MAP, .about = "bounds that end or stop work" },
    { "limits.run", SCHEMA_MONEY, .least = 0, .most = INFINITY,
      LIVE, .otherwise = "none",
      .about = "most that one prompt may cost" },
    { "limits.session", SCHEMA_MONEY, .least = 0, .most = INFINITY,
      LIVE, .otherwise = "none",
      .about = "most that one conversation may cost" },
    { "limits.day", SCHEMA_MONEY, .least = 0, .most = INFINITY,
      LIVE, .otherwise = "none",
      .about = "most that one day may cost" },
    { "limits.attempts", SCHEMA_INTEGER, .least = 1, .most = 10,
      LIVE, .otherwise = "6",
      .about = "requests that one prompt may cause by failing" },
    { "limits.backoff", SCHEMA_DURATION, .least = 1, .most = 8000,
      LIVE, .otherwise = "500ms",
      .about = "wait before a request is sent again; then twice as long" },
    { "limits.tool_rounds", SCHEMA_INTEGER, .least = 1, .most = 1000,
      LIVE, .otherwise = "10",
      .about = "rounds of tool calls in one run" },
    { "limits.deadline", SCHEMA_DURATION, .least = 1000,
      .most = 24.0 * HOUR_MS, LIVE, .otherwise = "none",
      .about = "time that one answer may take" },
    { "limits.on_hangup", SCHEMA_CHOICE, "finish stop", LATER,
      .about = "what becomes of a run when the terminal goes away" },

    { "looks", SCHEMA_MAP, .about = "the screen" },
    { "looks.theme", SCHEMA_TEXT,
      LIVE, .otherwise = "auto",
      .about = "auto, dark, light, contrast, mono, or a file in themes/" },
    { "looks.panels", SCHEMA_MAP, .about = "bands across the width" },
    { "looks.panels.budget", SCHEMA_CHOICE, "closed open busy",
      LIVE, .otherwise = "closed",
      .about = "tokens and cost" },
    { "looks.panels.tools", SCHEMA_CHOICE, "closed open busy",
      LIVE, .otherwise = "busy",
      .about = "tool calls" },
    { "looks.panels.graph", SCHEMA_CHOICE, "closed open busy",
      LIVE, .otherwise = "closed",
      .about = "the conversation's branches" },
    { "looks.panels.models", SCHEMA_CHOICE, "closed open busy",
      LIVE, .otherwise = "closed",
      .about = "endpoints and their models" },
    { "looks.panels.trace", SCHEMA_CHOICE, "closed open busy",
      LIVE, .otherwise = "closed",
      .about = "attempts and events" },
    { "looks.thinking", SCHEMA_CHOICE, "folded open",
      LIVE, .otherwise = "folded",
      .about = "how a model's reasoning is shown" },
    { "looks.times", SCHEMA_FLAG, LATER,
      .about = "show when each turn was made" },
    { "looks.frames", SCHEMA_INTEGER, .least = 1, .most = 60,
      LIVE, .otherwise = "10",
      .about = "frames per second while text arrives" },
    { "looks.line_rate", SCHEMA_INTEGER, .least = 0, .most = 1000000,
      .about = "bytes per second that the terminal's line takes" },

    { "keys", SCHEMA_NAMES, .about = "keys of actions" },
    { "keys.*", SCHEMA_TEXT, LIVE, .otherwise = "the action's own",
      .about = "one key, or several in a row" },

    { "hooks", SCHEMA_NAMES, .about = "programs that are told of events" },
    { "hooks.*", SCHEMA_LIST, LIVE, .otherwise = "none",
      .about = "program and arguments for one type of event" },
    { "hooks.*[]", SCHEMA_TEXT, .about = "one argument" },

    { "history", SCHEMA_MAP, .about = "the prompts that Up brings back" },
    { "history.skip_blank", SCHEMA_FLAG, LIVE, .otherwise = "true",
      .about = "keep no prompt for the next start that begins with a blank" },

    { "journal", SCHEMA_MAP, .about = "how conversations are kept" },
    { "journal.required", SCHEMA_FLAG, LIVE, .otherwise = "false",
      .about = "refuse prompts while nothing can be written" },
    { "sessions", SCHEMA_MAP, .about = "what becomes of conversations" },
    { "sessions.keep", SCHEMA_DURATION, .least = 24 * 60 * 60 * 1000.0,
      .most = INFINITY, .otherwise = "for ever",
      .about = "then they go to the trash, and later for good" },
};
/* clang-format on */

/* Variables with a shorter name than the rule gives. */
static const struct {
    const char *name; /* after SENNIT_ */
    const char *path;
} short_variables[] = {
    { "TEMPERATURE", "reply.temperature" },
    { "THINKING", "reply.thinking" },
};

static const char *const kind_words[] = {
    [SCHEMA_MAP] = "a map",
    [SCHEMA_KEY] = "a map",
    [SCHEMA_NAMES] = "a map",
    [SCHEMA_LIST] = "a list",
    [SCHEMA_TEXT] = "text",
    [SCHEMA_VARIABLE] = "the name of an environment variable",
    [SCHEMA_CHOICE] = "one of",
    [SCHEMA_INTEGER] = "a whole number",
    [SCHEMA_REAL] = "a number",
    [SCHEMA_FLAG] = "true or false",
    [SCHEMA_DURATION] = "a duration such as 500ms, 5s, 3m, 24h or 90d",
    [SCHEMA_SHARE] = "a share such as 75% or 0.75",
    [SCHEMA_MONEY] = "an amount such as 1.00 USD",
};
static_assert(COUNTOF(kind_words) == SCHEMA_KINDS, "a kind has no words");

size_t schema_count(void)
{
    return COUNTOF(rows);
}

const struct schema_row *schema_at(size_t index)
{
    assert(index < COUNTOF(rows));
    return &rows[index];
}

const char *schema_kind_words(enum schema_kind kind)
{
    return kind_words[kind];
}

bool schema_allows_word(const struct schema_row *row, const char *word)
{
    size_t len = strlen(word);
    for (const char *choice = row->choices; choice && *choice;) {
        size_t choice_len = strcspn(choice, " ");
        if (choice_len == len && !memcmp(choice, word, len))
            return true;
        choice += choice_len + strspn(choice + choice_len, " ");
    }
    return false;
}

/* With has_dots the last name takes in the dots that are left. */
static bool matches(const char *pattern, const char *path, bool has_dots)
{
    while (*pattern) {
        if (*pattern != '*') {
            if (*pattern++ != *path++)
                return false;
            continue;
        }
        bool is_last = !pattern[1];
        size_t len = strcspn(path, has_dots && is_last ? "[" : ".[");
        if (len == 0)
            return false;
        path += len;
        pattern++;
    }
    return !*path;
}

const struct schema_row *schema_find(const char *path)
{
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        if (matches(rows[i].path, path, rows[i].has_dots))
            return &rows[i];
    }
    return NULL;
}

/* The last part of a row's path. */
static const char *last_part(const struct schema_row *row)
{
    const char *dot = strrchr(row->path, '.');
    return dot ? dot + 1 : row->path;
}

/* A key that is written as it stands: no chosen name, no item of a list. */
static bool is_plain_key(const char *key)
{
    return !strpbrk(key, "*[");
}

static bool stands_below(const struct schema_row *row, const char *parent)
{
    const char *key = last_part(row);
    if (!is_plain_key(key))
        return false;
    if (key == row->path)
        return !*parent;
    char above[SCHEMA_PATH_MAX];
    size_t len = (size_t)(key - 1 - row->path);
    assert(len < sizeof above);
    memcpy(above, row->path, len);
    above[len] = '\0';
    return matches(above, parent, false);
}

const char *schema_nearest(const char *parent, const char *key)
{
    const char *names[COUNTOF(rows)];
    size_t count = 0;
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        if (stands_below(&rows[i], parent))
            names[count++] = last_part(&rows[i]);
    }
    return nearest_name(key, names, count);
}

const struct schema_row *schema_elsewhere(const char *key)
{
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        if (is_plain_key(last_part(&rows[i])) &&
            !strcmp(last_part(&rows[i]), key))
            return &rows[i];
    }
    return NULL;
}

static bool is_variable_of(const char *path, struct slice rest)
{
    if (strlen(path) != rest.len || !is_plain_key(path))
        return false;
    for (size_t i = 0; i < rest.len; i++) {
        char wanted = path[i] == '.' ? '_' : (char)toupper(path[i]);
        if (rest.ptr[i] != wanted)
            return false;
    }
    return true;
}

const struct schema_row *schema_of_variable(struct slice name)
{
    if (!slice_starts(name, VARIABLE_PREFIX))
        return NULL;
    struct slice rest = slice_skip(name, strlen(VARIABLE_PREFIX));
    for (size_t i = 0; i < COUNTOF(short_variables); i++) {
        if (slice_is(rest, short_variables[i].name))
            return schema_find(short_variables[i].path);
    }
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        if (is_variable_of(rows[i].path, rest))
            return &rows[i];
    }
    return NULL;
}
