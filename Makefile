# sennit. `make run` builds and starts it, `make check` tests it; both install
# what is missing first. `make help` lists the rest.
#
# Every variable assigned with ?= may be set from the environment or the
# command line.

NAME    := sennit
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo 0.1)

PREFIX     ?= /usr/local
BINDIR     ?= $(PREFIX)/bin
MANDIR     ?= $(PREFIX)/share/man
DATADIR    ?= $(PREFIX)/share/sennit
BASHDIR    ?= $(PREFIX)/share/bash-completion/completions
ZSHDIR     ?= $(PREFIX)/share/zsh/site-functions
FISHDIR    ?= $(PREFIX)/share/fish/vendor_completions.d
INSTALL    ?= install
PKG_CONFIG ?= pkg-config
CLANG      ?= clang

# BUILD names a flavour; each one keeps its objects in build/<flavour>.
BUILD ?= release
OUT   ?= build/$(BUILD)

LIBRARIES      := libcurl jansson yaml-0.1 md4c libutf8proc libpcre2-8 sqlite3
TEST_LIBRARIES := check vterm

SOURCES      := $(sort $(wildcard src/*.c src/*/*.c))
SUITES       := $(sort $(wildcard tests/*/test_*.c))
TEST_SOURCES := $(sort $(SUITES) tests/main.c $(wildcard tests/support/*.c))
TEST_SERVER  := tests/server/server.c
DISK         := tests/kill/disk.c
PROBE        := $(sort $(wildcard tests/probe/*.c))
SCREENSHOT   := tests/screenshot/screenshot.c
BENCH_SOURCES := $(sort $(wildcard tests/bench/*.c))
FUZZ_TARGETS := $(sort $(wildcard tests/fuzz/target_*.c))
HEADERS      := $(sort $(wildcard src/*/*.h tests/*/*.h))
MANUALS      := $(sort $(wildcard man/*.[1-8]))
EXAMPLES     := $(sort $(wildcard config/*.yaml config/*/*.yaml))

COMPLETIONS  := $(patsubst %,$(OUT)/completions/%,bash zsh fish)
OBJECTS      := $(SOURCES:%.c=$(OUT)/%.o) $(OUT)/manual.o \
	$(OUT)/vendors_table.o
TEST_OBJECTS := $(TEST_SOURCES:%.c=$(OUT)/%.o)
SCREENSHOT_OBJECTS := $(patsubst %.c,$(OUT)/%.o,$(SCREENSHOT) \
	$(filter-out $(SUITES),$(wildcard tests/support/*.c)))
BENCH_OBJECTS := $(patsubst %.c,$(OUT)/%.o,$(BENCH_SOURCES) \
	$(filter-out $(SUITES),$(wildcard tests/support/*.c)))
# What fuzz targets call: layers without a screen, a network or a user, and of
# ui/ what lays text out.
FUZZ_OBJECTS := $(patsubst %.c,$(OUT)/%.o,$(sort tests/fuzz/fuzz.c \
	tests/support/noise.c tests/support/graph_dump.c \
	tests/support/graph_fault.c tests/support/random_log.c \
	$(wildcard src/base/*.c src/config/*.c src/net/*.c \
	src/graph/*.c src/llm/*.c src/ui/*.c) \
	src/tool/command_words.c)) $(OUT)/manual.o
# What the tests link: everything but main().
LIB_OBJECTS  := $(filter-out $(OUT)/src/main.o,$(OBJECTS))

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion \
	-Wformat=2 -Wstrict-prototypes -Wmissing-prototypes \
	-Wold-style-definition -Wpointer-arith -Wcast-qual -Wwrite-strings \
	-Wundef -Wvla -Wimplicit-fallthrough -Wnull-dereference \
	-Wdouble-promotion -Werror=format-security
# NAN, INFINITY and isnan() are of type float to clang.
WARNINGS += $(if $(findstring clang,$(shell $(CC) --version 2>/dev/null)),\
	-Wno-double-promotion)
HARDENING = -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong \
	-fstack-clash-protection \
	$(if $(filter x86_64-%,$(shell $(CC) -dumpmachine)),-fcf-protection=full)
LINK_HARDENING := -pie -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed

CFLAGS_release   = -O2 -g $(HARDENING)
LDFLAGS_release  := $(LINK_HARDENING)
CFLAGS_debug     := -Og -g3 -fno-omit-frame-pointer -Werror
CFLAGS_sanitize  := -O1 -g3 -fno-omit-frame-pointer -Werror \
	-fsanitize=address,undefined -fno-sanitize-recover=all
LDFLAGS_sanitize := -fsanitize=address,undefined
# A tree that runs wherever it is put, with libraries of its own. Only a path of
# the old kind (RPATH) is used for what libraries need, too, and wins over
# LD_LIBRARY_PATH.
CFLAGS_bundle    = $(CFLAGS_release)
LDFLAGS_bundle   := $(LINK_HARDENING) -Wl,--disable-new-dtags \
	'-Wl,-rpath,$$ORIGIN/../lib/$(NAME)'
# libFuzzer: `make fuzz` says how.
CFLAGS_fuzz      := -O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all \
	-fsanitize=fuzzer-no-link,address,undefined
LDFLAGS_fuzz     := -fsanitize=fuzzer,address,undefined
CFLAGS_coverage  := -O0 -g --coverage
LDFLAGS_coverage := --coverage

# Filled in by the user (CFLAGS=..., LDFLAGS=...); ours come first.
CFLAGS  ?=
LDFLAGS ?=

# Asked for only when something is compiled: on a bare machine there is no
# pkg-config yet. ncursesw's own flags set _XOPEN_SOURCE to 600, so only its
# libraries are used.
ALL_CPPFLAGS = -Isrc -I. -D_GNU_SOURCE -DVERSION='"$(VERSION)"' \
	-DDATADIR='"$(DATADIR)"' $(shell $(PKG_CONFIG) --cflags $(LIBRARIES))
ALL_CFLAGS  = -std=c17 -fPIE $(WARNINGS) $(CFLAGS_$(BUILD)) $(CFLAGS)
ALL_LDFLAGS = $(LDFLAGS_$(BUILD)) $(LDFLAGS)
LIBS        = $(shell $(PKG_CONFIG) --libs $(LIBRARIES) ncursesw) -lm

# What installs and then builds: with all cores, unless -j says otherwise.
PARALLEL = $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,\
	-j$(shell nproc 2>/dev/null || echo 2))

# `make V=1` shows the commands.
Q := $(if $(V),,@)
SAY := $(if $(findstring s,$(firstword -$(MAKEFLAGS))),@:,@echo)

.PHONY: all run check programs exits endings kill judge screenshots bench sanitize fuzz fuzzers \
	coverage lint \
	format install uninstall bundle \
	clean help FORCE
.DELETE_ON_ERROR:

all: $(OUT)/$(NAME)  ## build the program (default)

run:  ## install what is missing, build, and start it (ARGS="...")
	@sh tests/packages.sh build </dev/null >&2
	@$(MAKE) $(PARALLEL) -s --no-print-directory all </dev/null >&2
	@exec $(OUT)/$(NAME) $(ARGS)

check:  ## install what is missing, build, and run the tests
	@sh tests/packages.sh test </dev/null >&2
	@$(MAKE) $(PARALLEL) --no-print-directory programs
	@OUT=$(OUT) BUILD=$(BUILD) sh tests/run.sh

programs: $(OUT)/$(NAME) $(OUT)/check $(OUT)/server $(OUT)/disk.so $(OUT)/bench \
	$(OUT)/probe

exits: programs  ## leave in 12 ways, 300 times (make check: 60 times)
	@EXITS_ROUNDS=5 CK_RUN_SUITE=exits LC_ALL=C.UTF-8 \
		PROGRAM=$(OUT)/$(NAME) SERVER=$(OUT)/server $(OUT)/check

endings: programs  ## end 20 stubborn processes, 500 times (make check: 16 times)
	@ENDINGS=500 CK_RUN_SUITE=minder LC_ALL=C.UTF-8 $(OUT)/check

kill: programs  ## kill it while it talks (KILLS=10000; make check: 60)
	@KILLS=$(or $(KILLS),10000) OUT=$(OUT) PROGRAM=$(OUT)/$(NAME) \
		SERVER=$(OUT)/server LC_ALL=C.UTF-8 sh -c '\
		sh tests/kill/kill-test.sh && sh tests/kill/trouble-test.sh'

$(OUT)/$(NAME): $(OBJECTS)
	$(SAY) "  LINK  $@"
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(OUT)/check: $(LIB_OBJECTS) $(TEST_OBJECTS)
	$(SAY) "  LINK  $@"
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) \
		$$($(PKG_CONFIG) --libs $(TEST_LIBRARIES)) -lutil

$(OUT)/screenshot: $(LIB_OBJECTS) $(SCREENSHOT_OBJECTS)
	$(SAY) "  LINK  $@"
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) \
		$$($(PKG_CONFIG) --libs $(TEST_LIBRARIES)) -lutil

$(OUT)/bench: $(LIB_OBJECTS) $(BENCH_OBJECTS)
	$(SAY) "  LINK  $@"
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) \
		$$($(PKG_CONFIG) --libs $(TEST_LIBRARIES)) -lutil

# The scripted server shares no code with the program that it tests.
$(OUT)/server: $(TEST_SERVER) $(OUT)/flags
	@mkdir -p $(@D)
	$(SAY) "  CC    $@"
	$(Q)$(CC) -D_GNU_SOURCE $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $<

# A disk that fails, for programs of any flavour: it is no part of them.
# It tries to leave a box that it runs in: without what a sanitizer brings along.
$(OUT)/probe: $(PROBE) tests/probe/probe.h $(OUT)/flags
	$(SAY) "  CC    $@"
	$(Q)$(CC) $(ALL_CPPFLAGS) -std=c17 $(WARNINGS) -O1 -g -pthread \
		$(CFLAGS) -o $@ $(PROBE)

$(OUT)/disk.so: $(DISK) $(OUT)/flags
	@mkdir -p $(@D)
	$(SAY) "  CC    $@"
	$(Q)$(CC) -D_GNU_SOURCE -std=c17 -O2 -g -fPIC -shared \
		$(filter-out -Wpedantic,$(WARNINGS)) -o $@ $< -ldl

$(OUT)/%.o: %.c $(OUT)/flags
	@mkdir -p $(@D)
	$(SAY) "  CC    $<"
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# The manual, as the embedded guide quotes it.
$(OUT)/manual.c: man/sections.awk man/index.txt $(MANUALS)
	@mkdir -p $(@D)
	$(Q)LC_ALL=C awk -f $^ > $@
$(OUT)/manual.o: $(OUT)/manual.c $(OUT)/flags
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -c -o $@ $<

# The table of vendors, as chat/vendors reads it.
$(OUT)/vendors_table.c: config/embed.awk config/vendors.yaml
	@mkdir -p $(@D)
	$(Q)LC_ALL=C awk -f $^ > $@
$(OUT)/vendors_table.o: $(OUT)/vendors_table.c $(OUT)/flags
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -c -o $@ $<

# Every tests/<layer>/test_<noun>.c holds one suite, <noun>_suite().
$(OUT)/suites.def: $(SUITES) FORCE
	@mkdir -p $(@D)
	@for file in $(SUITES); do \
		name=$${file##*/test_}; echo "SUITE($${name%.c})"; \
	done > $@.new; cmp -s $@ $@.new || mv $@.new $@; rm -f $@.new
$(OUT)/tests/main.o: $(OUT)/suites.def
$(OUT)/tests/main.o: ALL_CPPFLAGS += -I$(OUT)

# Check's macros end in `, ## __VA_ARGS__`, which -Wpedantic dislikes.
$(TEST_OBJECTS) $(SCREENSHOT_OBJECTS) $(BENCH_OBJECTS): \
	ALL_CFLAGS += -Wno-pedantic -Wno-variadic-macros

# Rewritten only when the command line changes, so that a change rebuilds.
$(OUT)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(subst ','\'',$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(ALL_LDFLAGS))' \
		> $@.new; cmp -s $@ $@.new || mv $@.new $@; rm -f $@.new
FORCE:

screenshots:  ## take the pictures of README.md anew
	@sh tests/packages.sh test </dev/null >&2
	@$(MAKE) $(PARALLEL) --no-print-directory $(OUT)/$(NAME) $(OUT)/server \
		$(OUT)/screenshot
	@OUT=$(OUT) sh tests/screenshot/screenshots.sh

bench:  ## measure what the program costs (ONLY="start stream ...")
	@sh tests/packages.sh test </dev/null >&2
	@$(MAKE) $(PARALLEL) --no-print-directory $(OUT)/$(NAME) $(OUT)/bench
	@PROGRAM=$(OUT)/$(NAME) $(OUT)/bench $(ONLY)

sanitize:  ## run the tests under ASan and UBSan
	@$(MAKE) --no-print-directory BUILD=sanitize check

fuzz:  ## feed the parsers changed inputs (FUZZ_SECONDS=60 for each target)
	@! sh tests/packages.sh fuzz </dev/null >&2 || \
		$(MAKE) $(PARALLEL) --no-print-directory BUILD=fuzz CC='$(CLANG)' fuzzers
	@OUT=build/fuzz sh tests/fuzz.sh

fuzzers: $(FUZZ_TARGETS:tests/fuzz/target_%.c=$(OUT)/fuzz-%)

# Of the library only what a target needs is linked.
$(OUT)/fuzzed.a: $(FUZZ_OBJECTS)
	$(Q)rm -f $@
	$(Q)$(AR) cr $@ $^

$(OUT)/fuzz-%: $(OUT)/tests/fuzz/target_%.o $(OUT)/fuzzed.a
	$(SAY) "  LINK  $@"
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)
.SECONDARY: $(FUZZ_TARGETS:%.c=$(OUT)/%.o)

judge:  ## judge the router on prompts whose answers are known (JUDGE=FILES)
	@$(MAKE) $(PARALLEL) --no-print-directory $(OUT)/$(NAME)
	@python3 tests/judge/judge.py $(OUT)/$(NAME) \
		$(or $(JUDGE),$(wildcard ../shared/router-data/*.jsonl))

coverage:  ## run the tests and report the lines they miss (gcovr)
	@command -v gcovr >/dev/null || { \
		echo "make coverage needs gcovr: apt-get install gcovr" >&2; \
		exit 1; }
	@$(MAKE) --no-print-directory BUILD=coverage check
	$(Q)gcovr --root . --filter src/ build/coverage

lint:  ## check formatting, layers, calls, settings, scripts, manuals
	@sh tests/packages.sh lint </dev/null >&2
	@$(MAKE) $(PARALLEL) --no-print-directory all
	$(Q)OUT=$(OUT) sh tests/lint.sh

format:  ## rewrite the sources in the house style
	$(Q)clang-format -i $(SOURCES) $(TEST_SOURCES) $(TEST_SERVER) $(DISK) $(PROBE) \
		$(SCREENSHOT) \
		$(BENCH_SOURCES) $(FUZZ_TARGETS) tests/fuzz/fuzz.c $(HEADERS)

$(COMPLETIONS): $(OUT)/$(NAME)
	@mkdir -p $(@D)
	$(Q)$< completions $(@F) > $@

install: all $(COMPLETIONS)  ## install below $(DESTDIR)$(PREFIX)
	$(INSTALL) -D -m 755 $(OUT)/$(NAME) '$(DESTDIR)$(BINDIR)/$(NAME)'
	$(Q)for page in $(MANUALS); do \
		$(INSTALL) -D -m 644 $$page \
			"$(DESTDIR)$(MANDIR)/man$${page##*.}/$${page##*/}" || exit 1; \
	done
	$(Q)for file in $(EXAMPLES:config/%=%); do \
		$(INSTALL) -D -m 644 config/$$file "$(DESTDIR)$(DATADIR)/$$file" \
			|| exit 1; \
	done
	$(INSTALL) -D -m 644 $(OUT)/completions/bash '$(DESTDIR)$(BASHDIR)/$(NAME)'
	$(INSTALL) -D -m 644 $(OUT)/completions/zsh '$(DESTDIR)$(ZSHDIR)/_$(NAME)'
	$(INSTALL) -D -m 644 $(OUT)/completions/fish \
		'$(DESTDIR)$(FISHDIR)/$(NAME).fish'

uninstall:  ## remove what install put there (not the configuration)
	rm -f '$(DESTDIR)$(BINDIR)/$(NAME)' '$(DESTDIR)$(BASHDIR)/$(NAME)' \
		'$(DESTDIR)$(ZSHDIR)/_$(NAME)' '$(DESTDIR)$(FISHDIR)/$(NAME).fish'
	$(Q)for page in $(notdir $(MANUALS)); do \
		rm -f "$(DESTDIR)$(MANDIR)/man$${page##*.}/$$page"; \
	done
	$(Q)for file in $(EXAMPLES:config/%=%); do \
		rm -f "$(DESTDIR)$(DATADIR)/$$file"; \
	done
	$(Q)for directory in $(filter-out ./,$(sort \
			$(dir $(EXAMPLES:config/%=%)))) ''; do \
		rmdir "$(DESTDIR)$(DATADIR)/$$directory" 2>/dev/null || :; \
	done

bundle:  ## make one archive that runs elsewhere, without root (Debian only)
	@sh tests/packages.sh bundle </dev/null >&2
	@BUILD=bundle VERSION='$(VERSION)' MAKE='$(MAKE)' sh tests/pack.sh

clean:  ## remove everything built
	rm -rf build

help:  ## show this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | \
		expand -t 12

# Keep this last: the compiler wrote which headers each object needs.
-include $(OBJECTS:.o=.d) $(TEST_OBJECTS:.o=.d) $(SCREENSHOT_OBJECTS:.o=.d) \
	$(BENCH_OBJECTS:.o=.d) $(FUZZ_OBJECTS:.o=.d) \
	$(FUZZ_TARGETS:%.c=$(OUT)/%.d)
