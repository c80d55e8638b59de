/* SPDX-License-Identifier: MIT */
#include "base/media.h"

#include <stdbool.h>
#include <string.h>

#include "base/compiler.h"
#include "base/utf8.h"

static bool has(struct slice bytes, size_t offset, const char *magic,
                size_t len)
{
    return bytes.len >= offset && bytes.len - offset >= len &&
           !memcmp(bytes.ptr + offset, magic, len);
}

static uint32_t byte_at(struct slice bytes, size_t offset)
{
    return (uint8_t)bytes.ptr[offset];
}

static uint32_t big16(struct slice bytes, size_t offset)
{
    return byte_at(bytes, offset) << 8 | byte_at(bytes, offset + 1);
}

static uint32_t little16(struct slice bytes, size_t offset)
{
    return byte_at(bytes, offset) | byte_at(bytes, offset + 1) << 8;
}

static uint32_t little24(struct slice bytes, size_t offset)
{
    return little16(bytes, offset) | byte_at(bytes, offset + 2) << 16;
}

/* Pictures. Each reads the size, and is false where the head is no good. */

/* PNG, third edition, 5.2 and 11.2.1: the signature, then a chunk IHDR of 13
 * bytes with its check sum. */
static bool read_png(struct slice bytes, struct media *media)
{
    enum { HEAD_LEN = 33 };
    if (bytes.len < HEAD_LEN || !has(bytes, 8, "\0\0\0\rIHDR", 8))
        return false;
    media->width = big16(bytes, 16) << 16 | big16(bytes, 18);
    media->height = big16(bytes, 20) << 16 | big16(bytes, 22);
    return true;
}

/* GIF89a, 17 to 20: screen, perhaps colours, then the first block. Text that
 * only begins with the six letters has none there. */
static bool read_gif(struct slice bytes, struct media *media)
{
    size_t first = 13;
    if (bytes.len < first)
        return false;
    uint32_t packed = byte_at(bytes, 10);
    if (packed & 0x80)
        first += (size_t)3 << ((packed & 7) + 1);
    media->width = little16(bytes, 6);
    media->height = little16(bytes, 8);
    return bytes.len > first && memchr("\x21\x2C\x3B", bytes.ptr[first], 3);
}

/* RFC 9649, 2.5 to 2.7: lossy, lossless, extended. */
static bool read_webp(struct slice bytes, struct media *media)
{
    enum { LOSSLESS_LEN = 25, OTHER_LEN = 30 };
    if (bytes.len < LOSSLESS_LEN)
        return false;
    if (has(bytes, 12, "VP8L", 4) && has(bytes, 20, "\x2F", 1)) {
        uint32_t bits = little24(bytes, 21) | byte_at(bytes, 24) << 24;
        media->width = (bits & 0x3FFF) + 1;
        media->height = (bits >> 14 & 0x3FFF) + 1;
        return true;
    }
    if (bytes.len < OTHER_LEN)
        return false;
    if (has(bytes, 12, "VP8X", 4)) {
        media->width = little24(bytes, 24) + 1;
        media->height = little24(bytes, 27) + 1;
        return true;
    }
    media->width = little16(bytes, 26) & 0x3FFF;
    media->height = little16(bytes, 28) & 0x3FFF;
    return has(bytes, 12, "VP8 ", 4) && has(bytes, 23, "\x9D\x01\x2A", 3);
}

/* Start of frame: all of C0 to CF but the tables DHT, JPG and DAC. */
static bool is_frame(uint32_t marker)
{
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 &&
           marker != 0xC8 && marker != 0xCC;
}

/* Markers that no length follows: TEM, RST0 to RST7, SOI. */
static bool is_alone(uint32_t marker)
{
    return marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8);
}

/* ITU-T T.81, B.1 and B.2: from marker to marker until a frame tells the size;
 * a scan (DA) or the end (D9) before it is no picture. */
static bool read_jpeg(struct slice bytes, struct media *media)
{
    enum { FRAME_LEN = 7 };
    size_t at = 2;
    while (at + 4 <= bytes.len && byte_at(bytes, at) == 0xFF) {
        uint32_t marker = byte_at(bytes, at + 1);
        if (marker == 0xFF) {
            at++;
        } else if (is_alone(marker)) {
            at += 2;
        } else if (marker == 0xDA || marker == 0xD9) {
            return false;
        } else if (is_frame(marker)) {
            if (bytes.len - at < 2 + FRAME_LEN)
                return false;
            media->height = big16(bytes, at + 5);
            media->width = big16(bytes, at + 7);
            return true;
        } else {
            at += 2 + big16(bytes, at + 2);
        }
    }
    return false;
}

static const struct picture {
    const char *magic;
    size_t len;
    const char *second; /* at offset 8; NULL: none */
    const char *type, *about;
    bool (*read)(struct slice bytes, struct media *media);
} pictures[] = {
    { "\x89PNG\r\n\x1A\n", 8, NULL, "image/png", "a PNG image", read_png },
    { "\xFF\xD8\xFF", 3, NULL, "image/jpeg", "a JPEG image", read_jpeg },
    { "GIF87a", 6, NULL, "image/gif", "a GIF image", read_gif },
    { "GIF89a", 6, NULL, "image/gif", "a GIF image", read_gif },
    { "RIFF", 4, "WEBP", "image/webp", "a WebP image", read_webp },
};

static const struct picture *find_picture(struct slice bytes)
{
    for (size_t i = 0; i < COUNTOF(pictures); i++) {
        const struct picture *picture = &pictures[i];
        if (has(bytes, 0, picture->magic, picture->len) &&
            (!picture->second || has(bytes, 8, picture->second, 4)))
            return picture;
    }
    return NULL;
}

/* Other formats. */

#define TO_PICTURE "convert it, for example: magick FILE picture.png"
#define UNPACK     "unpack it and attach the files in it"
#define SPEECH     "a transcript of it can be attached"

static const struct format {
    size_t offset;
    const char *magic;
    size_t len;
    const char *type, *about, *cure;
} formats[] = {
    { 0, "%PDF-", 5, "application/pdf", "a PDF document",
      "pdftotext makes text of it" },
    { 0, "PK\3\4", 4, "application/zip",
      "a ZIP archive (office documents are such archives too)",
      "unpack it, or let pandoc make text of it" },
    { 0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8, "application/x-ole-storage",
      "an old office document", "libreoffice --convert-to txt makes text" },
    { 0, "{\\rtf", 5, "application/rtf", "an RTF document",
      "pandoc makes text of it" },
    { 0, "\x1F\x8B", 2, "application/gzip", "a gzip archive", UNPACK },
    { 0, "BZh", 3, "application/x-bzip2", "a bzip2 archive", UNPACK },
    { 0,
      "\xFD"
      "7zXZ\0",
      6, "application/x-xz", "an xz archive", UNPACK },
    { 0, "\x28\xB5\x2F\xFD", 4, "application/zstd", "a zstd archive", UNPACK },
    { 0, "7z\xBC\xAF\x27\x1C", 6, "application/x-7z-compressed", "a 7z archive",
      UNPACK },
    { 0, "Rar!\x1A\7", 6, "application/vnd.rar", "a RAR archive", UNPACK },
    { 257, "ustar", 5, "application/x-tar", "a tar archive", UNPACK },
    { 0,
      "\x7F"
      "ELF",
      4, "application/x-elf", "an ELF program or library", NULL },
    { 0, "MZ", 2, "application/vnd.microsoft.portable-executable",
      "a Windows program", NULL },
    { 0, "\xCF\xFA\xED\xFE", 4, "application/x-mach-binary", "a macOS program",
      NULL },
    { 0, "\xCA\xFE\xBA\xBE", 4, "application/java-vm",
      "a Java class or macOS program", NULL },
    { 0, "\0asm", 4, "application/wasm", "a WebAssembly module", NULL },
    { 0, "!<arch>\n", 8, "application/x-archive", "a library or Debian package",
      NULL },
    { 0, "SQLite format 3\0", 16, "application/vnd.sqlite3",
      "an SQLite database", "sqlite3 FILE .dump makes text of it" },
    { 0, "GGUF", 4, "application/x-gguf", "a GGUF model", NULL },
    { 0, "BM", 2, "image/bmp", "a BMP image", TO_PICTURE },
    { 0, "II*\0", 4, "image/tiff", "a TIFF image", TO_PICTURE },
    { 0, "MM\0*", 4, "image/tiff", "a TIFF image", TO_PICTURE },
    { 4, "ftypavif", 8, "image/avif", "an AVIF image", TO_PICTURE },
    { 4, "ftypheic", 8, "image/heic", "a HEIC image", TO_PICTURE },
    { 4, "ftypmif1", 8, "image/heif", "a HEIF image", TO_PICTURE },
    { 0, "\0\0\0\fJXL \r\n\x87\n", 12, "image/jxl", "a JPEG XL image",
      TO_PICTURE },
    { 0, "\xFF\x0A", 2, "image/jxl", "a JPEG XL image", TO_PICTURE },
    { 0, "\0\0\0\fjP  ", 8, "image/jp2", "a JPEG 2000 image", TO_PICTURE },
    { 0, "8BPS", 4, "image/vnd.adobe.photoshop", "a Photoshop image",
      TO_PICTURE },
    { 0, "\0\0\1\0", 4, "image/vnd.microsoft.icon", "an icon", TO_PICTURE },
    { 4, "ftyp", 4, "video/mp4", "an MP4 recording", SPEECH },
    { 0, "\x1A\x45\xDF\xA3", 4, "video/webm", "a Matroska or WebM recording",
      SPEECH },
    { 8, "AVI ", 4, "video/x-msvideo", "an AVI recording", SPEECH },
    { 8, "WAVE", 4, "audio/wav", "a WAV recording", SPEECH },
    { 0, "ID3", 3, "audio/mpeg", "an MP3 recording", SPEECH },
    { 0, "\xFF\xFB", 2, "audio/mpeg", "an MP3 recording", SPEECH },
    { 0, "OggS", 4, "audio/ogg", "an Ogg recording", SPEECH },
    { 0, "fLaC", 4, "audio/flac", "a FLAC recording", SPEECH },
};

static const struct format *find_format(struct slice bytes)
{
    for (size_t i = 0; i < COUNTOF(formats); i++) {
        if (has(bytes, formats[i].offset, formats[i].magic, formats[i].len))
            return &formats[i];
    }
    return NULL;
}

/* Text. */

static bool has_nul(struct slice bytes)
{
    return bytes.len && memchr(bytes.ptr, '\0', bytes.len);
}

static bool is_wide_text(struct slice bytes)
{
    return has(bytes, 0, "\xFF\xFE", 2) || has(bytes, 0, "\xFE\xFF", 2) ||
           has(bytes, 0, "\0\0\xFE\xFF", 4);
}

/* No control characters but those that move, and Escape (logs have colours). */
static bool reads_like_text(struct slice bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        uint32_t byte = byte_at(bytes, i);
        bool is_control = byte < 0x20 || byte == 0x7F;
        if (is_control && !memchr("\a\b\t\n\v\f\r\x1B", (int)byte, 8))
            return false;
    }
    return true;
}

/* Even one that is all ASCII is of no use as text. */
static bool is_never_text(const struct format *format)
{
    return format && (!strcmp(format->type, "application/pdf") ||
                      !strcmp(format->type, "application/rtf"));
}

#define TO_UTF8(from) "iconv -f " from " -t UTF-8 FILE makes UTF-8 of it"

static struct media sniff_other(struct slice bytes)
{
    const struct format *format = find_format(bytes);
    bool is_text = !has_nul(bytes) && utf8_is_valid(bytes);
    if (is_text && !is_never_text(format))
        return (struct media){ MEDIA_TEXT, "text/plain", "text", NULL, 0, 0 };
    if (format)
        return (struct media){
            MEDIA_KNOWN, format->type, format->about, format->cure, 0, 0
        };
    if (is_wide_text(bytes))
        return (struct media){
            MEDIA_UTF16, "text/plain", "UTF-16 text", TO_UTF8("UTF-16"), 0, 0
        };
    if (reads_like_text(bytes))
        return (struct media){ MEDIA_LEGACY,
                               "text/plain",
                               "text, but not UTF-8",
                               TO_UTF8("WINDOWS-1252"),
                               0,
                               0 };
    return (struct media){
        MEDIA_BINARY, "application/octet-stream", "a binary file", NULL, 0, 0
    };
}

struct media media_sniff(struct slice bytes)
{
    const struct picture *picture = find_picture(bytes);
    struct media media = { 0 };
    if (picture && picture->read(bytes, &media) && media.width &&
        media.height) {
        media.kind = MEDIA_IMAGE;
        media.type = picture->type;
        media.about = picture->about;
        return media;
    }
    media = sniff_other(bytes);
    if (!picture || media.kind == MEDIA_TEXT)
        return media;
    return (struct media){
        MEDIA_DAMAGED, picture->type, picture->about, NULL, 0, 0
    };
}
