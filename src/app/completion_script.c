/* SPDX-License-Identifier: MIT */
#include "app/completion_script.h"

#include <string.h>

#include "app/cli.h"
#include "app/completion_value.h"

static const char *const kind_names[] = {
    [VALUE_FREE] = "free",
    [VALUE_FILE] = "file",
    [VALUE_WORD] = "word",
    [VALUE_LIST] = "list",
};

static void append_escaped(struct buf *out, const char *text,
                           const char *special)
{
    for (const char *c = text; *c; c++) {
        if (strchr(special, *c))
            buf_append_char(out, '\\');
        buf_append_char(out, *c);
    }
}

/* In single quotes, inside of which bash and zsh escape nothing. */
static void append_quoted(struct buf *out, const char *text)
{
    buf_append_char(out, '\'');
    for (const char *c = text; *c; c++) {
        if (*c == '\'')
            buf_append_string(out, "'\\''");
        else
            buf_append_char(out, *c);
    }
    buf_append_char(out, '\'');
}

static void append_commands(struct buf *out)
{
    struct cli_subcommand command;
    for (size_t i = 0; cli_subcommand(i, &command); i++)
        buf_printf(out, "%s%s", i ? " " : "", command.name);
}

/* bash */

static const char bash_head[] =
    "# bash completion of sennit, made by: sennit completions bash\n"
    "_sennit() {\n"
    "    local IFS=$' \\t\\n' line=${COMP_LINE:0:COMP_POINT}\n"
    "    local current= previous prefix= command= kind= words= head=\n"
    "    local typed word place=0\n"
    "    COMPREPLY=()\n"
    "    # Not COMP_WORDS: readline cuts words at = and :\n"
    "    read -a typed <<<\"$line\"\n"
    "    if [[ $line != *[[:space:]] || $line == *\\\\[[:space:]] ]]; then\n"
    "        current=${typed[${#typed[@]} - 1]}\n"
    "        unset \"typed[${#typed[@]} - 1]\"\n"
    "    fi\n"
    "    (( ${#typed[@]} )) || return 0\n"
    "    previous=${typed[${#typed[@]} - 1]}\n"
    "    if [[ $current == --*=* ]]; then\n"
    "        previous=${current%%=*} prefix=$previous=\n"
    "    fi\n"
    "    command=${typed[1]-}\n"
    "    for word in \"${typed[@]:1}\"; do\n"
    "        [[ $word == -* ]] || place=$((place + 1))\n"
    "    done\n"
    "    case $previous in\n";

static const char bash_options[] =
    "    esac\n"
    "    if [[ -z $kind && $current == -* ]]; then\n"
    "        kind=word words='";

static const char bash_places[] = "'\n"
                                  "    elif [[ -z $kind ]]; then\n"
                                  "        case $command:$place in\n"
                                  "        :0) kind=word words='";

static const char bash_tail[] =
    "        esac\n"
    "    fi\n"
    "    current=${current#\"$prefix\"}\n"
    "    case $kind in\n"
    "    list) words=$(command sennit completions \"$words\" 2>/dev/null) ;;\n"
    "    word) words=${words// /$'\\n'} ;;\n"
    "    file)\n"
    "        compopt -o default\n"
    "        return 0 ;;\n"
    "    *) return 0 ;;\n"
    "    esac\n"
    "    # What stands before the last = stays on the line.\n"
    "    word=$prefix$current\n"
    "    [[ $COMP_WORDBREAKS != *=* ]] || head=${word%\"${word##*=}\"}\n"
    "    while IFS= read -r word; do\n"
    "        [[ -n $word && $word == \"$current\"* ]] || continue\n"
    "        word=$prefix$word\n"
    "        printf -v word %q \"$word\"\n"
    "        COMPREPLY+=(\"${word#\"$head\"}\")\n"
    "    done <<<\"$words\"\n"
    "    if [[ $kind == list && ${COMPREPLY-} == *[/=] ]]; then\n"
    "        compopt -o nospace 2>/dev/null\n"
    "    fi\n"
    "    return 0\n"
    "}\n"
    "complete -F _sennit sennit\n";

static void append_bash_value(struct buf *out,
                              const struct completion_value *value)
{
    buf_printf(out, ") kind=%s", kind_names[value->kind]);
    if (value->words.len) {
        buf_append_string(out, " words=");
        append_quoted(out, buf_string(&value->words));
    }
    buf_append_string(out, " ;;\n");
}

static void append_bash_place(struct buf *out, const char *command, int place,
                              const struct completion_value *value)
{
    buf_printf(out, "        %s:%d", command, place);
    append_bash_value(out, value);
}

static void append_bash_option(struct buf *out, const struct cli_option *option)
{
    struct completion_value value;
    if (!option->argument)
        return;
    completion_value_find(&value, slice_of(option->argument));
    buf_append_string(out, "    ");
    if (option->letter)
        buf_printf(out, "-%c | ", option->letter);
    buf_printf(out, "--%s", option->name);
    append_bash_value(out, &value);
    completion_value_clear(&value);
}

static void append_bash(struct buf *out)
{
    struct cli_option option;
    buf_append_string(out, bash_head);
    for (size_t i = 0; cli_option(i, &option); i++)
        append_bash_option(out, &option);
    buf_append_string(out, bash_options);
    for (size_t i = 0; cli_option(i, &option); i++) {
        if (option.letter)
            buf_printf(out, "%s-%c", i ? " " : "", option.letter);
        buf_printf(out, "%s--%s", option.letter || i ? " " : "", option.name);
    }
    buf_append_string(out, bash_places);
    append_commands(out);
    buf_append_string(out, "' ;;\n");
    completion_value_each(out, append_bash_place);
    buf_append_string(out, bash_tail);
}

/* zsh */

static const char zsh_head[] =
    "#compdef sennit\n"
    "# zsh completion of sennit, made by: sennit completions zsh\n"
    "_sennit_list() {\n"
    "    local -a lines\n"
    "    lines=(${(f)\"$(command sennit completions $1 2>/dev/null)\"})\n"
    "    compadd -S '' -- ${(M)lines:#*[/=]}\n"
    "    compadd -- ${lines:#*[/=]}\n"
    "}\n"
    "_sennit_commands() {\n"
    "    local -a commands\n"
    "    commands=(\n";

static const char zsh_places[] =
    "    )\n"
    "    _describe -t commands subcommand commands\n"
    "}\n"
    "_sennit_places() {\n"
    "    case $line[1]:$CURRENT in\n";

static const char zsh_options[] = "    esac\n"
                                  "}\n"
                                  "_sennit() {\n"
                                  "    local curcontext=$curcontext state\n"
                                  "    local -a line\n"
                                  "    typeset -A opt_args\n"
                                  "    _arguments -C -s -S \\\n";

static const char zsh_tail[] = "        '1: :_sennit_commands' \\\n"
                               "        '*::: :->places' && return 0\n"
                               "    [[ $state == places ]] && _sennit_places\n"
                               "}\n"
                               "if [[ $funcstack[1] == _sennit ]]; then\n"
                               "    _sennit \"$@\"\n"
                               "else\n"
                               "    compdef _sennit sennit\n"
                               "fi\n";

/* In brackets and between colons, as _arguments wants it. */
static const char zsh_special[] = "[]:\\";

static void append_zsh_value(struct buf *out,
                             const struct completion_value *value)
{
    switch (value->kind) {
    case VALUE_FREE: break;
    case VALUE_FILE: buf_append_string(out, "_files"); break;
    case VALUE_WORD:
        buf_printf(out, "compadd -- %s", buf_string(&value->words));
        break;
    case VALUE_LIST:
        buf_printf(out, "_sennit_list %s", buf_string(&value->words));
        break;
    }
}

static void append_zsh_place(struct buf *out, const char *command, int place,
                             const struct completion_value *value)
{
    if (value->kind == VALUE_FREE)
        return;
    buf_printf(out, "    %s:%d) ", command, place);
    append_zsh_value(out, value);
    buf_append_string(out, " ;;\n");
}

/* Any option may be given again: the last one counts, or all do. */
static void append_zsh_way(struct buf *out, const struct cli_option *option,
                           const char *dashed, const char *joint)
{
    struct buf spec = { 0 };
    struct completion_value value = { 0 };
    buf_printf(&spec, "*%s%s[", dashed, option->argument ? joint : "");
    append_escaped(&spec, option->about, zsh_special);
    buf_append_char(&spec, ']');
    if (option->argument) {
        completion_value_find(&value, slice_of(option->argument));
        buf_append_char(&spec, ':');
        append_escaped(&spec, option->argument, zsh_special);
        /* A blank: called with no more than what stands here. */
        buf_append_string(&spec, ": ");
        append_zsh_value(&spec, &value);
    }
    buf_append_string(out, "        ");
    append_quoted(out, buf_string(&spec));
    buf_append_string(out, " \\\n");
    completion_value_clear(&value);
    buf_clear(&spec);
}

static void append_zsh_option(struct buf *out, const struct cli_option *option)
{
    struct buf dashed = { 0 };
    if (option->letter) {
        buf_printf(&dashed, "-%c", option->letter);
        append_zsh_way(out, option, buf_string(&dashed), "+");
        buf_reset(&dashed);
    }
    buf_printf(&dashed, "--%s", option->name);
    append_zsh_way(out, option, buf_string(&dashed), "=");
    buf_clear(&dashed);
}

static void append_zsh(struct buf *out)
{
    struct cli_subcommand command;
    struct cli_option option;
    buf_append_string(out, zsh_head);
    for (size_t i = 0; cli_subcommand(i, &command); i++) {
        struct buf spec = { 0 };
        buf_printf(&spec, "%s:", command.name);
        append_escaped(&spec, command.about, zsh_special);
        buf_append_string(out, "        ");
        append_quoted(out, buf_string(&spec));
        buf_append_char(out, '\n');
        buf_clear(&spec);
    }
    buf_append_string(out, zsh_places);
    completion_value_each(out, append_zsh_place);
    buf_append_string(out, zsh_options);
    for (size_t i = 0; cli_option(i, &option); i++)
        append_zsh_option(out, &option);
    buf_append_string(out, zsh_tail);
}

/* fish */

static const char fish_head[] =
    "# fish completion of sennit, made by: sennit completions fish\n"
    "function __sennit_at --argument-names command place\n"
    "    set -l typed (commandline -opc)\n"
    "    set -l words (string match -v -- '-*' $typed)\n"
    "    if test -z \"$command\"\n"
    "        test (count $typed) -eq 1\n"
    "        return\n"
    "    end\n"
    "    test (count $words) -eq (math $place + 1); "
    "and test \"$typed[2]\" = $command\n"
    "end\n"
    "complete -c sennit -f\n";

/* There a backslash escapes itself and the quote. */
static void append_fish_quoted(struct buf *out, const char *text)
{
    buf_append_char(out, '\'');
    append_escaped(out, text, "\\'");
    buf_append_char(out, '\'');
}

static void append_fish_value(struct buf *out,
                              const struct completion_value *value)
{
    switch (value->kind) {
    case VALUE_FREE: break;
    case VALUE_FILE: buf_append_string(out, " -F"); break;
    case VALUE_WORD:
        buf_append_string(out, " -a ");
        append_fish_quoted(out, buf_string(&value->words));
        break;
    case VALUE_LIST:
        buf_printf(out, " -a '(command sennit completions %s 2>/dev/null)'",
                   buf_string(&value->words));
        break;
    }
}

static void append_fish_place(struct buf *out, const char *command, int place,
                              const struct completion_value *value)
{
    buf_printf(out, "complete -c sennit -n '__sennit_at %s %d'", command,
               place);
    append_fish_value(out, value);
    buf_append_char(out, '\n');
}

static void append_fish_option(struct buf *out, const struct cli_option *option)
{
    struct completion_value value = { 0 };
    buf_append_string(out, "complete -c sennit");
    if (option->letter)
        buf_printf(out, " -s %c", option->letter);
    buf_printf(out, " -l %s", option->name);
    if (option->argument) {
        completion_value_find(&value, slice_of(option->argument));
        buf_append_string(out, value.kind == VALUE_FILE ? " -r" : " -x");
        append_fish_value(out, &value);
    }
    buf_append_string(out, " -d ");
    append_fish_quoted(out, option->about);
    buf_append_char(out, '\n');
    completion_value_clear(&value);
}

static void append_fish(struct buf *out)
{
    struct cli_subcommand command;
    struct cli_option option;
    buf_append_string(out, fish_head);
    for (size_t i = 0; cli_option(i, &option); i++)
        append_fish_option(out, &option);
    for (size_t i = 0; cli_subcommand(i, &command); i++) {
        buf_printf(out, "complete -c sennit -n __sennit_at -a %s -d ",
                   command.name);
        append_fish_quoted(out, command.about);
        buf_append_char(out, '\n');
    }
    completion_value_each(out, append_fish_place);
}

static const struct {
    const char *name;
    void (*append)(struct buf *out);
} shells[] = {
    { "bash", append_bash },
    { "zsh", append_zsh },
    { "fish", append_fish },
};

bool completion_script(struct buf *out, const char *shell)
{
    for (size_t i = 0; i < COUNTOF(shells); i++) {
        if (!strcmp(shell, shells[i].name)) {
            shells[i].append(out);
            return true;
        }
    }
    return false;
}
