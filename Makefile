# Targets for users and developers; `make` lists them. `make demo` and `make test` do all the set-up themselves.
# V=1 shows the commands. PYTHON=... names the interpreter to make the environment with.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules
ifneq ($(V),1)
.SILENT:
QUIET := >/dev/null 2>&1
endif

BIN := .venv/bin
READY := .venv/.stamp
# Target languages: LANGS="pt es", else those of a file LINGUAS (tags divided by white space, # begins a comment), as
# gettext has it. FROM is the language that names of source files may end in: harbour.en.txt.
LINGUAS ?= LINGUAS
LANGS ?= $(or $(shell sed 's/\#.*//' $(LINGUAS) 2>/dev/null),pt es ca gl)
FROM ?= en
PYTEST := $(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile
DEMO := out/demo
LIBRE := .libretranslate

# The pairs that take Portuguese on to Spanish, Catalan and Galician: Debian packages, and the modes they bring.
APERTIUM := apertium apertium-es-pt apertium-por-cat apertium-pt-gl
MODES := pt-es por-cat pt-gl

# $(call apt,PACKAGES): install Debian packages where we may (root, or sudo without a password); false where not.
APT_GET = $$root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0
APT_INSTALL = $(APT_GET) install --yes --no-install-recommends $(1)
apt = { root=$$([ "$$(id -u)" = 0 ] || echo "sudo -n"); \
	command -v apt-get >/dev/null && $$root true 2>/dev/null && \
	{ $(APT_INSTALL) || { $(APT_GET) update && $(APT_INSTALL); }; }; } $(QUIET)

# True when Apertium has the mode $(1); grep reads to the end, as `apertium` minds a closed pipe.
mode = apertium -l 2>/dev/null | grep -x ' *$(1)' >/dev/null

.PHONY: help
help: ## List the targets
	awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: $(READY) apertium ## Set up, localise the articles of docs/examples into out/demo and show the result
	langs=pt; \
	$(call mode,pt-es) && langs+=,es || true; \
	$(call mode,por-cat) && langs+=,ca || true; \
	$(call mode,pt-gl) && langs+=,gl || true; \
	$(BIN)/translate-article docs/examples/*.txt --to "$$langs" -o $(DEMO)
	echo; find $(DEMO) -type f | LC_ALL=C sort
	for file in $(DEMO)/harbour/harbour.??.txt; do echo; echo "$$file"; head -n 5 "$$file" | sed 's/^/    /'; done

.PHONY: test
test: $(READY) apertium ## Set up and run the tests, a file a process; ARGS="-k name" chooses some, ARGS="-n 0" runs them in one
	$(PYTEST) $(ARGS)

# A real LibreTranslate server, in an environment of its own (some 300 MB), with the tiny Argos package.
.PHONY: test-libretranslate
test-libretranslate: $(READY) ## Test the LibreTranslate engine against a real server on this machine
	[ -x $(LIBRE)/bin/libretranslate ] || { $(BIN)/python -m venv $(LIBRE) && $(LIBRE)/bin/pip install -qq libretranslate; }
	trap 'kill $$!' EXIT; \
	$(LIBRE)/bin/python tests/engines/real_libretranslate.py $(LIBRE)/run 5055 >$(LIBRE)/server.log 2>&1 & \
	for _ in {1..60}; do (: </dev/tcp/127.0.0.1/5055) 2>/dev/null && break || sleep 1; done; \
	LIBRETRANSLATE_TEST_URL=http://127.0.0.1:5055 $(BIN)/python -m pytest tests/engines/test_libretranslate.py

.PHONY: test-ray
test-ray: $(READY) apertium ## Install Ray (some 300 MB) and test batches on clusters of this machine
	$(BIN)/python -c 'import ray' 2>/dev/null || $(BIN)/pip install -qq --disable-pip-version-check --editable '.[ray]'
	$(BIN)/python -m pytest tests/batch/test_cluster.py $(ARGS)

.PHONY: test-stores
test-stores: $(READY) apertium ## Install an S3 client and server (some 150 MB) and test batches at addresses against it
	$(BIN)/python -c 'import moto, s3fs' 2>/dev/null || $(BIN)/pip install -qq --disable-pip-version-check --group stores
	$(BIN)/python -m pytest tests/test_stores.py tests/cli/test_cli_batch_addresses.py tests/batch/test_s3.py $(ARGS)

.PHONY: check
check: $(READY) apertium check-glossaries ## Format, lint, types, glossaries, tests (which compare docs/cli.md)
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy --strict pipeline
	$(PYTEST)

.PHONY: articles
articles: $(READY) apertium ## Localise a folder, only what changed: make articles IN=texts OUT=out LANGS="pt es"
	[ -d "$(IN)" ] && [ -n "$(OUT)" ] || \
		{ echo 'error: name the folders: make articles IN=texts OUT=out LANGS="pt es"' >&2; exit 2; }
	$(BIN)/translate-article batch "$(IN)" --to "$(strip $(LANGS))" -o "$(OUT)" $(ARGS)

# One article, where its file is newer than what was made of it: make IN=texts OUT=out out/harbour/manifest.json.
# The manifest is written last, so it stands for all files. Several at once (-j) do not get in each other's way.
define ONE_ARTICLE
$(OUT)/%/manifest.json: $(IN)/%.$(1) | $(READY)
	$$(BIN)/translate-article "$$<" --to "$$(strip $$(LANGS))" -o "$(OUT)" $$(ARGS)
endef
ifneq ($(and $(IN),$(OUT)),)
$(foreach suffix,txt md html json,$(eval $(call ONE_ARTICLE,$(FROM).$(suffix)))$(eval $(call ONE_ARTICLE,$(suffix))))
endif

.PHONY: docs
docs: $(READY) ## Write docs/cli.md from the commands' own help
	$(BIN)/python -m pipeline.cli.reference docs/cli.md

.PHONY: bench-quality
bench-quality: $(READY) ## Measure quality on parallel news, and write the costs of routes: DATA=folder [LINES=600]
	[ -d "$(DATA)" ] || { echo 'error: name the folder of parallel news: make bench-quality DATA=folder' >&2; exit 2; }
	$(BIN)/python benchmarks/quality.py "$(DATA)" $(LINES)
	$(BIN)/python benchmarks/routes.py "$(DATA)" $(LINES)

.PHONY: bench-fragments
bench-fragments: $(READY) ## Score the search for fragments: make bench-fragments DATA=folder [ARGS=--parts]
	[ -d "$(DATA)" ] || { echo 'error: name the folder of articles: make bench-fragments DATA=folder' >&2; exit 2; }
	$(BIN)/python benchmarks/fragments.py "$(DATA)" $(ARGS)

.PHONY: bench-batch
bench-batch: $(READY) apertium ## Measure runs of many articles: make bench-batch DATA=folder [ARGS="1000 8"]
	[ -d "$(DATA)" ] || { echo 'error: name the folder of parallel news: make bench-batch DATA=folder' >&2; exit 2; }
	$(BIN)/python benchmarks/batch.py "$(DATA)" $(ARGS)

.PHONY: bench-near
bench-near: $(READY) ## Time near hits in a large memory, in processor time: make bench-near DATA=folder [REVIEWS=20000]
	[ -d "$(DATA)" ] || { echo 'error: name the folder of news: make bench-near DATA=folder' >&2; exit 2; }
	$(BIN)/python benchmarks/near.py "$(DATA)" $(REVIEWS)

.PHONY: bench-engines
bench-engines: $(READY) ## Measure the Firefox engine against its reference, and hops of Apertium: make bench-engines DATA=folder [LINES=400]
	[ -d "$(DATA)" ] || { echo 'error: name the folder of parallel news: make bench-engines DATA=folder' >&2; exit 2; }
	$(BIN)/python benchmarks/engines.py "$(DATA)" $(LINES)
	$(BIN)/python benchmarks/articles.py "$(DATA)"
	$(BIN)/python benchmarks/hops.py "$(DATA)" $(LINES)

.PHONY: bench-argos
bench-argos: $(READY) ## Measure the Argos engine against stock argostranslate: make bench-argos DATA=folder [ARTICLES=20]
	[ -d "$(DATA)" ] || { echo 'error: name the folder of parallel news: make bench-argos DATA=folder' >&2; exit 2; }
	$(BIN)/python benchmarks/argos.py "$(DATA)" $(ARTICLES)

.PHONY: bench-inline
bench-inline: $(READY) apertium ## Count the tags that translations keep, and those around the right words: [SENTENCES=2000]
	$(BIN)/python benchmarks/inline.py $(SENTENCES)

.PHONY: bench-terms
bench-terms: $(READY) ## Measure glossary terms in hard places: 451 sentences into pt, es, ca, gl [FAILURES=file]
	$(BIN)/python benchmarks/terms.py $(FAILURES)

.PHONY: bench-news-terms
bench-news-terms: $(READY) ## Measure a glossary of 51 entries on parallel news: make bench-news-terms DATA=folder [CHANGED=file]
	[ -d "$(DATA)" ] || { echo 'error: name the folder of parallel news: make bench-news-terms DATA=folder' >&2; exit 2; }
	$(BIN)/python benchmarks/news_terms.py "$(DATA)" $(CHANGED)

.PHONY: proofread
proofread: $(READY) ## Draw entries of the shipped glossaries for a proofreader: [SEED=7] [ENTRIES=60]
	$(BIN)/python benchmarks/proofread.py $(or $(SEED),7) $(or $(ENTRIES),60)

.PHONY: bench-glossary
bench-glossary: $(READY) ## Time a large glossary, in processor time: [ENTRIES=10000]
	$(BIN)/python benchmarks/glossary.py $(ENTRIES)

.PHONY: bench-suggest
bench-suggest: $(READY) ## Measure the proposed candidates on marked news: make bench-suggest DATA=folder
	[ -d "$(DATA)" ] || { echo 'error: name the folder of news: make bench-suggest DATA=folder' >&2; exit 2; }
	$(BIN)/python benchmarks/suggest.py "$(DATA)"

.PHONY: bench-formats
bench-formats: $(READY) ## Count real files that come back unchanged: make bench-formats IN=/usr/share/doc
	[ -d "$(IN)" ] || { echo 'error: name a folder of Markdown, HTML or JSON: make bench-formats IN=folder' >&2; exit 2; }
	$(BIN)/python benchmarks/formats.py "$(IN)"

.PHONY: bench-review
bench-review: $(READY) ## Time the glossary review page on a large glossary: [ENTRIES=20000]
	$(BIN)/python benchmarks/review.py $(ENTRIES)

.PHONY: check-glossaries
check-glossaries: $(READY) ## Check every glossary: gettext's msgfmt where installed, then our own loader
	find glossaries -name '*.po' -print0 | LC_ALL=C sort -z | \
		if command -v msgfmt >/dev/null; then xargs -0rn1 msgfmt --check --output-file=/dev/null; else cat >/dev/null; fi
	$(BIN)/translate-article glossary check --glossaries glossaries --no-builtin-glossaries --strict

.PHONY: clean
clean: ## Remove results and caches
	rm -rf out .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist
	find pipeline tests -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: distclean
distclean: clean ## Remove the environment as well
	rm -rf .venv $(LIBRE)

# The environment: made once, and again when the dependencies change.
$(READY): pyproject.toml
	python=; \
	for each in $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11); do \
		if "$$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$each; break; fi; \
	done; \
	[ -n "$$python" ] || { echo 'error: no Python 3.11 or newer found; install one, or: make PYTHON=/path/to/python' >&2; exit 1; }; \
	[ -x $(BIN)/pip ] || echo 'Setting up .venv (once, about a minute) ...' >&2; \
	[ -x $(BIN)/pip ] || "$$python" -m venv .venv >/dev/null 2>&1 || \
		{ $(call apt,python3-venv) && "$$python" -m venv --clear .venv; } || \
		{ rm -rf .venv; echo 'error: Python cannot make environments; try: sudo apt-get install python3-venv' >&2; exit 1; }
	$(BIN)/python -m pip install -qq --disable-pip-version-check --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install -qq --disable-pip-version-check --editable '.[review]' --group dev
	$(BIN)/python -m compileall -q pipeline # as pip does for what is not editable: where Python may not write, each run would
	touch $@

.PHONY: apertium
apertium:
	$(foreach each,$(MODES),$(call mode,$(each)) &&) true || $(call apt,$(APERTIUM)) || \
		echo 'For Spanish, Catalan and Galician too: sudo apt-get install $(APERTIUM)' >&2
