/* SPDX-License-Identifier: MIT */
#include "app/bands.h"

#include <string.h>

#include "ui/theme.h"

enum {
    HEIGHT_FOR_TWO = 22, /* a screen with fewer rows shows one band */
    THREAD_ROWS_MIN = 4, /* left to the thread, if there are so many */
    THREAD_SHARE = 3,    /* bands that stay leave it a third */
    PICKER_SHARE = 2,    /* what one chooses from may take half */
    PREVIEW_SHARE = 2,   /* of a band; the list has the rest */
    PREVIEW_HEIGHT = 12,
    SHEET_SHARE = 2, /* the choices get so much of a band */
    HEIGHT_MIN = 1,
    HEIGHT_MAX = 200,
    NAME_COL = 3,
};

static void configure(struct band *band, const struct panel *panel,
                      const struct settings *settings)
{
    const char *word = panel->at_first;
    if (panel->setting)
        word = settings_text(settings, panel->setting, word);
    band->is_open = !strcmp(word, "open");
    band->opens_when_busy = !strcmp(word, "busy");
}

void bands_init(struct bands *bands, const struct settings *settings)
{
    *bands = (struct bands){ 0 };
    for (int i = PANEL_NONE + 1; i < PANEL_COUNT; i++)
        configure(&bands->items[i], panel_at((enum panel_id)i), settings);
}

void bands_configure(struct bands *bands, const struct settings *settings,
                     struct slice key)
{
    for (int i = PANEL_NONE + 1; i < PANEL_COUNT; i++) {
        const struct panel *panel = panel_at((enum panel_id)i);
        if (!panel->setting || !slice_is(key, panel->setting))
            continue;
        configure(&bands->items[i], panel, settings);
        if (bands->focused == (enum panel_id)i)
            bands->focused = PANEL_NONE;
    }
}

void bands_clear(struct bands *bands)
{
    for (int i = 0; i < PANEL_COUNT; i++) {
        list_clear(&bands->items[i].list);
        list_clear(&bands->items[i].preview);
        sheet_clear(&bands->items[i].sheet);
    }
    *bands = (struct bands){ 0 };
}

bool bands_is_shown(const struct bands *bands, enum panel_id id)
{
    const struct band *band = &bands->items[id];
    return band->is_open || (band->opens_when_busy && band->is_busy);
}

static bool has_choice(const struct band *band)
{
    return *list_chosen(&band->list) || band->list.filter.len;
}

void bands_open(struct bands *bands, enum panel_id id,
                const struct panel_source *source)
{
    struct band *band = &bands->items[id];
    enum panel_id before = bands->focused;
    /* One picker at a time. */
    if (before && before != id && panel_at(before)->is_picker)
        bands_close(bands, before);
    band->is_open = true;
    band->opened = ++bands->openings;
    list_filter_set(&band->list, slice_of(""));
    band->list.has_moved = false;
    panel_fill(id, source, &band->list);
    bands->focused =
        has_choice(band) || panel_at(id)->is_picker ? id : PANEL_NONE;
}

void bands_close(struct bands *bands, enum panel_id id)
{
    struct band *band = &bands->items[id];
    band->is_open = band->opens_when_busy = false;
    list_filter_set(&band->list, slice_of(""));
    if (bands->focused == id)
        bands->focused = PANEL_NONE;
}

void bands_toggle(struct bands *bands, enum panel_id id,
                  const struct panel_source *source)
{
    const struct band *band = &bands->items[id];
    if (bands_is_shown(bands, id) &&
        (bands->focused == id || !has_choice(band)))
        bands_close(bands, id);
    else
        bands_open(bands, id, source);
}

bool bands_escape(struct bands *bands)
{
    enum panel_id id = bands->focused;
    struct list *list = &bands->items[id].list;
    if (!id)
        return false;
    if (list->filter.len)
        list_filter_set(list, slice_of(""));
    else if (panel_at(id)->is_picker)
        bands_close(bands, id);
    else
        bands->focused = PANEL_NONE;
    return true;
}

/* The shown band that was opened last; PANEL_NONE: none is shown. */
static enum panel_id last_opened(const struct bands *bands)
{
    int last = PANEL_NONE;
    for (int i = PANEL_NONE + 1; i < PANEL_COUNT; i++) {
        if (bands_is_shown(bands, (enum panel_id)i) &&
            (!last || bands->items[i].opened > bands->items[last].opened))
            last = i;
    }
    return (enum panel_id)last;
}

/* Who has the keys of a panel with more about a row gets room for it. */
static int wanted_rows(const struct bands *bands, enum panel_id id)
{
    const struct panel *panel = panel_at(id);
    int height = bands->items[id].height;
    if (!height && panel->preview && bands->focused == id &&
        panel->height < PREVIEW_HEIGHT)
        return PREVIEW_HEIGHT;
    return height ? height : panel->height;
}

bool bands_resize(struct bands *bands, int rows)
{
    enum panel_id id = bands->focused ? bands->focused : last_opened(bands);
    if (!id)
        return false;
    struct band *band = &bands->items[id];
    int now = band->drawn > 1 ? band->drawn - 1 : wanted_rows(bands, id);
    int height = now + rows;
    band->height = height < HEIGHT_MIN   ? HEIGHT_MIN
                   : height > HEIGHT_MAX ? HEIGHT_MAX
                                         : height;
    /* For the next key, which may come before the next frame. */
    band->drawn = band->height + 1;
    return true;
}

void bands_set_height(struct bands *bands, enum panel_id id, int64_t rows)
{
    if (rows >= HEIGHT_MIN && rows <= HEIGHT_MAX)
        bands->items[id].height = (int)rows;
}

/* Rows for one band of what is left. A picker may take nearly all: one reads it
 * and is done; the others leave the thread its share. */
static int rows_for(const struct bands *bands, enum panel_id id, int room,
                    int left)
{
    const struct band *band = &bands->items[id];
    int share = panel_at(id)->is_picker || band->height ? THREAD_ROWS_MIN
                                                        : room / THREAD_SHARE;
    int keep = share > THREAD_ROWS_MIN ? share : THREAD_ROWS_MIN;
    int most = left - (room > 2 * THREAD_ROWS_MIN ? keep : 0);
    int rows = wanted_rows(bands, id);
    if (panel_at(id)->is_picker && !band->height && rows < room / PICKER_SHARE)
        rows = room / PICKER_SHARE;
    size_t content = band->list.shown.count;
    if (band->preview.shown.count)
        content += band->preview.shown.count + 1;
    content += sheet_lines(&band->sheet);
    if ((size_t)rows > content && !band->height)
        rows = (int)content;
    if (rows < 1)
        rows = 1;
    return rows + 1 < most ? rows + 1 : most;
}

/* The shown band that was opened last before one of that number. */
static enum panel_id opened_before(const struct bands *bands, enum panel_id id)
{
    int found = PANEL_NONE;
    const struct band *items = bands->items;
    for (int i = PANEL_NONE + 1; i < PANEL_COUNT; i++) {
        bool is_earlier = items[i].opened < items[id].opened ||
                          (items[i].opened == items[id].opened && i > (int)id);
        bool is_later_than_found =
            !found || items[i].opened > items[found].opened;
        if (i != (int)id && bands_is_shown(bands, (enum panel_id)i) &&
            is_earlier && is_later_than_found)
            found = i;
    }
    return (enum panel_id)found;
}

static void fill(struct bands *bands, enum panel_id id,
                 const struct panel_source *source)
{
    struct band *band = &bands->items[id];
    struct panel_source own = *source;
    own.has_keys = bands->focused == id;
    own.height = wanted_rows(bands, id);
    panel_fill(id, &own, &band->list);
    panel_preview(id, &own, list_chosen(&band->list), &band->preview);
    if (panel_at(id)->sheet)
        panel_at(id)->sheet(&own, &band->sheet);
}

int bands_update(struct bands *bands, const struct panel_source *source,
                 int room, int screen_height)
{
    int left = room;
    for (int i = PANEL_NONE + 1; i < PANEL_COUNT; i++) {
        bands->items[i].drawn = 0;
        bands->items[i].is_busy = panel_is_busy((enum panel_id)i, source);
        if (source->is_fresh && bands_is_shown(bands, (enum panel_id)i))
            fill(bands, (enum panel_id)i, source);
    }
    for (enum panel_id id = last_opened(bands); id;
         id = opened_before(bands, id)) {
        int rows = rows_for(bands, id, room, left);
        if (rows < 2)
            break;
        bands->items[id].drawn = rows;
        left -= rows;
        if (screen_height < HEIGHT_FOR_TWO)
            break;
    }
    if (bands->focused && !bands->items[bands->focused].drawn)
        bands->focused = PANEL_NONE;
    return room - left;
}

/* What the left end of the rule says, as much of it as there is room for: the
 * name, how to get here, what was typed to find. */
static void append_name(struct buf *words, const struct bands *bands,
                        enum panel_id id, const struct panel_source *source,
                        int room)
{
    struct slice filter = buf_slice(&bands->items[id].list.filter);
    struct buf keys = { 0 }, find = { 0 };
    keymap_format(source->keymap, panel_at(id)->opener, &keys);
    struct slice rest = buf_slice(&keys), key = slice_of("");
    action_next_word(&rest, ',', &key);
    if (filter.len)
        buf_printf(&find, "%s: %.*s ",
                   source->is_renaming && id == PANEL_SESSIONS ? "title"
                                                               : "find",
                   SLICE_ARG(filter));
    const char *title = panel_title(id, source);
    int name = (int)strlen(title) + 2;
    int typed = canvas_width(buf_slice(&find));
    int divider = typed ? 2 : 0;
    buf_append_char(words, ' ');
    if (!typed || name + divider + typed <= room)
        buf_printf(words, "%s ", title);
    bool is_here = bands->focused == id && panel_at(id)->sheet;
    if (key.len && !is_here &&
        name + (int)key.len + 1 + divider + typed <= room)
        buf_printf(words, "%.*s ", SLICE_ARG(key));
    if (words->len > 1 && typed)
        buf_append_string(words, "| ");
    buf_append_slice(words, buf_slice(&find));
    buf_clear(&keys);
    buf_clear(&find);
}

static const char *escape_of(const struct panel *panel,
                             const struct panel_source *source)
{
    if (panel->escape)
        return panel->escape(source);
    return panel->is_picker ? "closes" : "returns";
}

/* Of what is to be read first, how much was not in view when it was drawn
 * last. */
static void append_unseen(struct buf *facts, const struct sheet *sheet)
{
    size_t unseen = sheet_unseen(sheet);
    if (unseen)
        buf_printf(facts, "%s%zu more: PageDown", facts->len ? " | " : "",
                   unseen);
}

/* For the right end of the rule: what the panel counts, and the way out. */
static void append_facts(struct buf *facts, const struct bands *bands,
                         enum panel_id id, const struct panel_source *source)
{
    struct buf counts = { 0 };
    struct panel_source own = *source;
    own.has_keys = bands->focused == id;
    if (panel_at(id)->facts)
        panel_at(id)->facts(&own, &counts);
    if (own.has_keys)
        buf_printf(&counts, "%sEsc %s", counts.len ? " | " : "",
                   escape_of(panel_at(id), source));
    append_unseen(&counts, &bands->items[id].sheet);
    if (counts.len)
        buf_printf(facts, " %s ", buf_string(&counts));
    buf_clear(&counts);
}

/* As many of the facts as there is room for: the last matter most. */
static struct slice fitting(struct slice facts, int room)
{
    while (facts.len && canvas_width(facts) > room) {
        ptrdiff_t bar = slice_find(facts, " |");
        facts = slice_skip(facts, bar < 0 ? facts.len : (size_t)bar + 2);
    }
    return facts;
}

static void draw_rule(const struct bands *bands, enum panel_id id,
                      const struct panel_source *source, struct canvas *canvas,
                      struct rect rect)
{
    const struct glyphs *glyphs = theme_glyphs(source->ascii);
    struct buf name = { 0 }, facts = { 0 };
    bool has_keys = bands->focused == id;
    struct rect left = { rect.row, rect.col + NAME_COL, 1,
                         rect.width - 2 * NAME_COL };
    canvas_rule(canvas, rect.row, rect.col, rect.width, STYLE_RULE,
                glyphs->rule);
    append_name(&name, bands, id, source, left.width);
    int col = left.col + canvas_put_cut(canvas, left,
                                        has_keys ? STYLE_STRONG : STYLE_DIM,
                                        buf_slice(&name), glyphs->ellipsis);
    if (has_keys) {
        canvas->cursor_row = rect.row;
        canvas->cursor_col = col - 1;
    }
    append_facts(&facts, bands, id, source);
    int end = rect.col + rect.width - NAME_COL;
    struct slice shown = fitting(buf_slice(&facts), end - col - 1);
    int width = canvas_width(shown);
    canvas_put(canvas, rect.row, end - width, width, STYLE_DIM, shown);
    buf_clear(&name);
    buf_clear(&facts);
}

/* At the bottom of the band, below a rule: half of it, or what the list leaves.
 */
static void draw_preview(struct band *band, const struct panel_source *source,
                         struct canvas *canvas, struct rect *rows)
{
    int height = rows->height / PREVIEW_SHARE - 1;
    int left = rows->height - 1 - (int)band->list.shown.count;
    if (height < left)
        height = left;
    if (height > 0 && (size_t)height > band->preview.shown.count)
        height = (int)band->preview.shown.count;
    if (height < 1)
        return;
    rows->height -= height + 1;
    struct rect rect = { rows->row + rows->height + 1, rows->col, height,
                         rows->width };
    canvas_rule(canvas, rect.row - 1, rect.col, rect.width, STYLE_RULE,
                theme_glyphs(source->ascii)->rule);
    list_draw(&band->preview, canvas, rect, false);
}

/* At the top: what the list leaves, or half of it. */
static void draw_sheet(struct band *band, struct canvas *canvas,
                       struct rect *rows)
{
    size_t lines = sheet_lines(&band->sheet), choices = band->list.shown.count;
    int height = rows->height - rows->height / SHEET_SHARE;
    if (!lines || height < 1)
        return;
    if ((size_t)rows->height > choices + (size_t)height)
        height = rows->height - (int)choices;
    if ((size_t)height > lines)
        height = (int)lines;
    struct rect rect = { rows->row, rows->col + 1, height, rows->width - 1 };
    rows->row += height;
    rows->height -= height;
    sheet_draw(&band->sheet, canvas, rect);
}

void bands_draw(struct bands *bands, const struct panel_source *source,
                struct canvas *canvas, struct rect rect)
{
    int row = rect.row;
    for (int i = PANEL_NONE + 1; i < PANEL_COUNT; i++) {
        struct band *band = &bands->items[i];
        struct rect rule = { row, rect.col, 1, rect.width };
        struct rect rows = { row + 1, rect.col, band->drawn - 1, rect.width };
        if (!band->drawn)
            continue;
        row += band->drawn;
        draw_preview(band, source, canvas, &rows);
        /* The rule counts what is in view now. */
        draw_sheet(band, canvas, &rows);
        draw_rule(bands, (enum panel_id)i, source, canvas, rule);
        /* What completes a slash shows what was chosen, and never has the
         * keys. */
        bool shows_choice = (int)bands->focused == i ||
                            (i == PANEL_COMMANDS && band->list.has_moved);
        list_draw(&band->list, canvas, rows, shows_choice);
    }
}
