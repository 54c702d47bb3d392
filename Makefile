# Inzage: `make run` opens the app, `make test` runs every test; `make help` lists the rest.
# Each command installs what it misses first (scripts/setup), so a fresh Debian 12 with
# Rust and Node is enough.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# One build at a time: cargo already uses every core.
.NOTPARALLEL:

CARGO ?= cargo
NPM ?= npm
# Cargo.lock and package-lock.json are part of the source: a build changes neither.
LOCKED := --locked

TARGET := target
APP := $(TARGET)/debug/inzage
RUN_FOLDER := $(TARGET)/run
UI_STAMP := ui/node_modules/.installed-from-lock
UI_DIST := ui/dist/index.html
VALIDATOR := tests/fhir-validator
VALIDATOR_STAMP := $(VALIDATOR)/node_modules/.installed-from-lock
UI_SOURCES := $(shell find ui -path ui/node_modules -prune -o -path ui/dist -prune -o -type f -print 2>/dev/null)

# More builds for the tests: one that WebDriver may drive, the product, and one without
# the training feature, as packages have it.
export INZAGE_E2E_BIN := $(CURDIR)/$(TARGET)/e2e/inzage
export INZAGE_PRODUCT_BIN := $(CURDIR)/$(TARGET)/release/inzage
export INZAGE_PACKAGED_BIN := $(CURDIR)/$(TARGET)/packaged/inzage
# The one that is measured: as the product, but a bench may drive it.
export INZAGE_BENCH_BIN := $(CURDIR)/$(TARGET)/bench/inzage

# One look-up in a window, and every state of the screen, in pictures.
PICTURES := $(CARGO) nextest run $(LOCKED) --workspace --test window --no-tests=fail --run-ignored all -E
TOUR := $(PICTURES) 'test(=tour::one_look_up_in_pictures)'
STATES := $(PICTURES) 'test(=tour::every_state_in_pictures_by_day_and_night)'

# Commands that fail when a generated file is not what its generator writes. One per line.
define GENERATED_CHECKS
endef

# The long campaigns; `make test` runs the same tests with small, fixed numbers.
CAMPAIGN_KILLS ?= 2000
CAMPAIGN_WINDOW_KILLS ?= 50
CAMPAIGN_FULL_DISKS ?= 1000
CAMPAIGN_CASES ?= 100000
FUZZ_SECONDS ?= 600

##@ Use

.PHONY: run
run: setup-run ## open the app on the training exchange; without a display: one look-up, in pictures
	@if [ -n "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ]; then \
	    $(MAKE) --no-print-directory app-debug; \
	    exec scripts/with-keychain --if-needed --folder $(CURDIR)/$(RUN_FOLDER) $(APP) $(ARGS); \
	else \
	    echo "There is no display here: running one look-up in a virtual one, with pictures in $(TARGET)/screenshots/."; \
	    $(MAKE) --no-print-directory tour; \
	fi

.PHONY: tour
tour: setup-run app-e2e ## one look-up in a virtual display; pictures in target/screenshots/
	$(TOUR) --no-run # its time limit is for the look-up, not for the compiler
	scripts/headless-tour $(TOUR)

.PHONY: pictures
pictures: setup-test app-e2e ## every state of the screen, by day and night, in target/screenshots/
	$(STATES) --no-run
	scripts/headless-tour $(STATES)

##@ Test

.PHONY: test
test: setup-test check-fast check-rust check-ui app-e2e app-packaged app-debug app-product test-rust ## everything, cheap to expensive
	@echo "make test: every check passed"

.PHONY: check
check: setup-test check-fast check-rust check-ui ## formatting, lints, types, dependencies, generated files: no window

.PHONY: check-fast
check-fast:
	$(CARGO) fmt --all --check
	scripts/check-dependencies

# clippy reads the page that is embedded in the app, so that is built first.
.PHONY: check-rust
check-rust: $(UI_DIST)
	$(CARGO) clippy $(LOCKED) --workspace --all-targets -- -D warnings
	$(CARGO) clippy $(LOCKED) --workspace --no-default-features -- -D warnings
	$(CARGO) clippy $(LOCKED) -p inzage-viewlog --features bench --all-targets -- -D warnings
	$(GENERATED_CHECKS)

.PHONY: check-ui
check-ui: $(UI_STAMP)
	cd ui && $(NPM) run --silent typecheck
	cd ui && $(NPM) test --silent

# The same generated cases on every machine; `campaign` rolls new ones.
.PHONY: test-rust
test-rust: export PROPTEST_RNG_SEED ?= 7513
test-rust: $(VALIDATOR_STAMP) ## the Rust tests, the window tests among them; needs the three builds
	@# Quiet unless they fail: the run's closing words belong to the next command.
	$(CARGO) test $(LOCKED) --workspace --doc >$(TARGET)/doc-tests.log 2>&1 || { cat $(TARGET)/doc-tests.log; exit 1; }
	$(CARGO) nextest run $(LOCKED) --workspace --no-run
	scripts/with-desktop $(CARGO) nextest run $(LOCKED) --workspace --no-tests=fail $(NEXTEST_ARGS)

.PHONY: lint
lint: check-fast check-rust ## formatting and lints only

.PHONY: fmt
fmt: ## format the Rust sources
	$(CARGO) fmt --all

##@ Measure

.PHONY: campaign
campaign: export PROPTEST_CASES = $(CAMPAIGN_CASES)
campaign: export INZAGE_KILLS = $(CAMPAIGN_KILLS)
campaign: export INZAGE_WINDOW_KILLS = $(CAMPAIGN_WINDOW_KILLS)
campaign: export INZAGE_FULL_DISKS = $(CAMPAIGN_FULL_DISKS)
campaign: export INZAGE_LIMIT_S = 14400
campaign: setup-test app-e2e app-debug app-product ## the long runs; results dated in docs/campaigns/
	scripts/campaign 'Properties of the core and the readers' \
	    $(CARGO) nextest run $(LOCKED) --release -p inzage-core -p inzage-viewlog --no-tests=fail
	scripts/campaign 'Fuzzed: HL7v3, batches, FHIR in JSON and in XML' scripts/fuzz $(FUZZ_SECONDS)
	scripts/campaign 'Killed at random moments: no view without its entry, and the log verifies' \
	    scripts/with-desktop $(CARGO) nextest run $(LOCKED) --workspace --no-tests=fail -E 'test(kill)' --run-ignored all
	scripts/campaign 'Every bit of a small log flipped, and a large one attacked' \
	    env INZAGE_BITS_APART=1 INZAGE_ATTACKED_ENTRIES=400 INZAGE_ATTACKS=3600 INZAGE_EDITS=10000 \
	    $(CARGO) nextest run $(LOCKED) --release -p inzage-viewlog --no-tests=fail --success-output=final -E 'test(every_flipped_bit) | test(tamper::) | test(campaign::)'
	scripts/campaign 'Disks that fill up: nothing lost, nothing signed twice' \
	    $(CARGO) nextest run $(LOCKED) -p inzage-viewlog --no-tests=fail --success-output=final -E 'test(failing)'

.PHONY: bench
bench: setup-test app-bench ## the measured ratios, into docs/benchmarks.md
	scripts/bench

# Public messages and documents are no part of this project: they lie beside it, where they are at hand.
CORPUS ?= ../shared/corpus

.PHONY: conformance
conformance: setup-run app-debug ## read every public message and document into docs/conformance.md
	$(APP) conformance $(CORPUS) --except aorta/envelope --except aorta/vocabulary --except identity >$(TARGET)/conformance.md
	mv $(TARGET)/conformance.md docs/conformance.md

.PHONY: bench-readers
bench-readers: setup-run ## reading speed and memory beside parsers, into docs/benchmarks-readers.md
	scripts/bench-readers $(CORPUS)

.PHONY: fuzz
fuzz: setup-test ## fuzz the readers, ten minutes per target
	scripts/fuzz $(FUZZ_SECONDS)

##@ Build

.PHONY: generate
generate: ## the page's types and the generated documentation
	INZAGE_GENERATE=1 $(CARGO) nextest run --workspace --lib --no-fail-fast -E 'test(up_to_date)'

.PHONY: app-debug
app-debug: $(UI_DIST) ## target/debug/inzage and its training exchange
	$(CARGO) build $(LOCKED) --workspace

# In the folder of the debug build, so that their dependencies are built once; then moved
# away, so that nobody takes it for the build without `e2e`, which has the same name there.
.PHONY: app-e2e
app-e2e: $(UI_DIST) ## the build that a test may drive: target/e2e/inzage
	$(CARGO) build $(LOCKED) --workspace --features inzage/e2e
	mkdir -p $(TARGET)/e2e
	rm -f $(TARGET)/e2e/inzage # it may be a link to the very file that is moved here
	mv $(TARGET)/debug/inzage $(TARGET)/e2e/
	cp $(TARGET)/debug/inzage-training-exchange $(TARGET)/e2e/

# Nothing of training: no practice patients, no `inspect`, no default to start on.
.PHONY: app-packaged
app-packaged: $(UI_DIST) ## a debug build without the training feature: target/packaged/inzage
	$(CARGO) build $(LOCKED) --workspace --no-default-features
	mkdir -p $(TARGET)/packaged
	rm -f $(TARGET)/packaged/inzage # it may be a link to the very file that is moved here
	mv $(TARGET)/debug/inzage $(TARGET)/packaged/

# In the folder of the product, so that only the app itself is built once more.
.PHONY: app-bench
app-bench: $(UI_DIST)
	$(CARGO) build $(LOCKED) --workspace --release --features inzage/e2e
	mkdir -p $(TARGET)/bench
	rm -f $(TARGET)/bench/inzage # it may be a link to the very file that is moved here
	mv $(TARGET)/release/inzage $(TARGET)/bench/
	cp $(TARGET)/release/inzage-training-exchange $(TARGET)/bench/

.PHONY: app-product
app-product: $(UI_DIST) ## the build as shipped: target/release/inzage
	$(CARGO) build $(LOCKED) --workspace --release

.PHONY: ui
ui: $(UI_DIST) ## the page that is embedded in the app: ui/dist/

$(UI_STAMP): ui/package-lock.json
	cd ui && $(NPM) ci --no-audit --no-fund
	touch $@

# Somebody else's FHIR validator and server, for the view log's AuditEvents. No script of theirs is run.
$(VALIDATOR_STAMP): $(VALIDATOR)/package-lock.json
	cd $(VALIDATOR) && $(NPM) ci --ignore-scripts --no-audit --no-fund
	touch $@

$(UI_DIST): $(UI_STAMP) $(UI_SOURCES)
	cd ui && $(NPM) run --silent build
	touch $@

.PHONY: icons
icons: setup-icons ## draw every icon from icons/source/
	scripts/draw-icons

##@ Set up

.PHONY: setup
setup: setup-test ## install what is missing, build nothing

setup-test: $(VALIDATOR_STAMP)
.PHONY: setup-run setup-test setup-icons setup-kiosk
setup-run setup-test setup-icons setup-kiosk: setup-%:
	@scripts/setup $*

.PHONY: help
help:
	@awk 'BEGIN { FS = ":.*## " } \
	    /^##@/ { printf "\n%s\n", substr($$0, 5) } \
	    /^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile
