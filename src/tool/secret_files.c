/* SPDX-License-Identifier: MIT */
#include "tool/secret_files.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/error.h"
#include "base/glob.h"
#include "base/memory.h"
#include "base/path.h"

/* Where the programs of that name keep them, by their manuals. */
/* Those of a place have no stars. */
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

static void add_place(struct secret_files *files, const char *words,
                      struct buf *take_path)
{
    char real[PATH_MAX];
    while (take_path->len > 1 && take_path->ptr[take_path->len - 1] == '/')
        buf_truncate(take_path, take_path->len - 1);
    char *plain = buf_steal(take_path);
    *array_add(&files->places) = (struct secret_place){
        .words = words,
        .plain = plain,
        .real = realpath(plain, real) ? memory_string(real) : NULL,
    };
}

void secret_files_find(struct secret_files *files, const char *const *more)
{
    struct buf path = { 0 };
    *files = (struct secret_files){ 0 };
    for (size_t i = 0; secret_files_own(i, &path); i++)
        add_place(files, "a directory of sennit's", &path);
    for (size_t i = 0; i < COUNTOF(patterns); i++) {
        if (*patterns[i] != '~' && *patterns[i] != '/') {
            *array_add(&files->names) = patterns[i];
        } else {
            path_expand(&path, patterns[i]);
            add_place(files, patterns[i], &path);
        }
    }
    for (; more && *more; more++)
        *array_add(&files->names) = *more;
}

void secret_files_clear(struct secret_files *files)
{
    for (size_t i = 0; i < files->places.count; i++) {
        free(files->places.items[i].plain);
        free(files->places.items[i].real);
    }
    array_clear(&files->places);
    array_clear(&files->names);
}

static bool is_in(const char *path, const char *directory)
{
    size_t len = directory ? strlen(directory) : 0;
    return len > 1 && strncmp(path, directory, len) == 0 &&
           (path[len] == '/' || path[len] == '\0');
}

const char *secret_files_has(const struct secret_files *files, const char *path)
{
    for (size_t i = 0; i < files->places.count; i++) {
        const struct secret_place *place = &files->places.items[i];
        if (is_in(path, place->plain) || is_in(path, place->real))
            return place->words;
    }
    for (size_t i = 0; i < files->names.count; i++) {
        if (glob_match(files->names.items[i], path))
            return files->names.items[i];
    }
    return NULL;
}

bool secret_files_match(const char *path, struct buf *words)
{
    struct secret_files files;
    secret_files_find(&files, NULL);
    const char *found = secret_files_has(&files, path);
    buf_append_string(words, found ? found : "");
    secret_files_clear(&files);
    return found != NULL;
}
