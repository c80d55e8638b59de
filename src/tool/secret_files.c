/* SPDX-License-Identifier: MIT */
#include "tool/secret_files.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/error.h"
#include "base/glob.h"
#include "base/path.h"

/* Where the programs of that name keep them, by their manuals. */
static const char *const patterns[] = {
    "~/.ssh/",
    "~/.gnupg/",
    "~/.password-store/",
    "~/.local/share/keyrings/",
    "~/.local/share/kwalletd/",
    "~/.aws/",
    "~/.azure/",
    "~/.config/gcloud/",
    "~/.config/doctl/",
    "~/.config/op/",
    "~/.config/rclone/",
    "~/.config/gh/",
    "~/.config/hub",
    "~/.config/git/credentials",
    "~/.config/containers/auth.json",
    "~/.kube/",
    "~/.docker/",
    "~/.terraform.d/",
    "~/.vault-token",
    "~/.cargo/credentials",
    "~/.cargo/credentials.toml",
    "~/.gem/credentials",
    "~/.m2/settings.xml",
    "~/.gradle/gradle.properties",
    "~/.cache/huggingface/token",
    "~/.claude/",
    "~/.codex/",
    "~/.gemini/",
    "~/.ollama/id_ed25519",
    "~/.mozilla/",
    "~/.thunderbird/",
    "~/.config/google-chrome/",
    "~/.config/chromium/",
    "~/.config/BraveSoftware/",
    "~/snap/firefox/",
    "~/.netrc",
    "~/.my.cnf",
    "~/.bash_history",
    "~/.zsh_history",
    "~/.python_history",
    "~/.psql_history",
    "~/.local/share/fish/fish_history",
    "~/.pki/",
    "~/.config/keepassxc/",
    "~/.config/Bitwarden/",
    "~/.config/Bitwarden CLI/",
    "~/.config/age/",
    "~/.config/sops/",
    "~/.authinfo",
    "~/.config/glab-cli/",
    "~/.config/hcloud/",
    "~/.config/openstack/",
    "~/.oci/",
    "~/.boto",
    "~/.s3cfg",
    "~/.config/helm/",
    "~/.terraformrc",
    "~/.fly/",
    "~/.config/netlify/",
    "~/.config/pypoetry/",
    "~/.m2/settings-security.xml",
    "~/.config/composer/auth.json",
    "~/.composer/auth.json",
    "~/.nuget/NuGet/NuGet.Config",
    "~/.huggingface/",
    "~/.cache/huggingface/stored_tokens",
    "~/.config/io.datasette.llm/",
    "~/.claude.json",
    "~/.Xauthority",
    "~/.ICEauthority",
    "~/.mylogin.cnf",
    "~/.mysql_history",
    "~/.sqlite_history",
    "~/.rediscli_history",
    "~/.node_repl_history",
    "~/.lesshst",
    "~/.viminfo",
    "~/.config/microsoft-edge/",
    "~/.config/vivaldi/",
    "~/.config/Signal/",
    "~/.config/Slack/",
    "~/.config/discord/",
    "~/.local/share/TelegramDesktop/",
    "~/Mail/",
    "~/Maildir/",
    "~/.mutt/",
    "~/.muttrc",
    "~/.msmtprc",
    "~/.config/msmtp/",
    "~/.mbsyncrc",
    "~/.offlineimaprc",
    "/etc/shadow",
    "/etc/shadow-",
    "/etc/gshadow",
    "/etc/gshadow-",
    "/etc/ssl/private/",
    "/etc/ssh/",
    "/etc/wireguard/",
    "/etc/NetworkManager/system-connections/",
    ".env",
    ".env.*",
    ".envrc",
    ".netrc",
    ".npmrc",
    ".pypirc",
    ".pgpass",
    ".htpasswd",
    ".git-credentials",
    "id_rsa*",
    "id_dsa*",
    "id_ecdsa*",
    "id_ed25519*",
    "*.pem",
    "*.key",
    "*.p12",
    "*.pfx",
    "*.jks",
    "*.keystore",
    "*.ppk",
    "*.kdbx",
    "*.gpg",
};

static bool (*const own[])(struct buf *path, const char *name,
                           struct error *err) = {
    path_config,
    path_state,
    path_data_home,
};

const char *secret_files_at(size_t index)
{
    return index < COUNTOF(patterns) ? patterns[index] : NULL;
}

bool secret_files_own(size_t index, struct buf *path)
{
    struct error err = { 0 };
    /* Without a home directory there is none of ours to protect. */
    for (; index < COUNTOF(own); index++) {
        if (own[index](path, "", &err))
            return true;
    }
    return false;
}

static bool is_in(const char *path, const char *directory)
{
    size_t len = strlen(directory);
    return len > 1 && strncmp(path, directory, len) == 0 &&
           (path[len] == '/' || path[len] == '\0');
}

/* Whether the path is this one or lies in it, or where it leads to. */
static bool is_at(const char *path, const struct buf *place)
{
    char real[PATH_MAX];
    return is_in(path, buf_string(place)) ||
           (realpath(buf_string(place), real) && is_in(path, real));
}

static bool matches(const char *path, const char *pattern)
{
    struct buf place = { 0 };
    if (glob_match(pattern, path))
        return true;
    if (*pattern != '~' && *pattern != '/')
        return false;
    path_expand(&place, pattern);
    while (place.len > 1 && place.ptr[place.len - 1] == '/')
        buf_truncate(&place, place.len - 1);
    bool is_match = is_at(path, &place);
    buf_clear(&place);
    return is_match;
}

static bool is_ours(const char *path)
{
    bool is_match = false;
    struct buf place = { 0 };
    for (size_t i = 0; !is_match && secret_files_own(i, &place); i++) {
        is_match = is_at(path, &place);
        buf_reset(&place);
    }
    buf_clear(&place);
    return is_match;
}

bool secret_files_match(const char *path, struct buf *words)
{
    if (is_ours(path)) {
        buf_append_string(words, "a directory of sennit's");
        return true;
    }
    for (size_t i = 0; i < COUNTOF(patterns); i++) {
        if (matches(path, patterns[i])) {
            buf_append_string(words, patterns[i]);
            return true;
        }
    }
    return false;
}
