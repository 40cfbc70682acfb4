# Convoy's front door. `make help` lists what it opens.
SHELL = /bin/bash
.SHELLFLAGS = -euo pipefail -c
.DEFAULT_GOAL = build

# The list of tools, in one place.
TOOLS = segment strokes2png center28 lenet-infer lenet-train simink expr-eval calc-score streams-bench \
  conv-bench conv2d conv-bench-gpu conv2d-gpu bars simbars alpha158 robust-zscore fillna dropna cs-rank table \
  describe shard merge-days cnn1d-train cnn1d-infer signal-eval topk-backtest risk-report ink-pad
PIPELINES = mnist-calc mnist-calc-eval mnist-digit tensor-op \
  desk-bars qlib-features qlib-cnn qlib-cnn-daily desk-chain \
  tasks-factors tasks-ink tasks-sweep run-parallel run-slurm run-spark

# What the pipelines read from outside is named after make without CONVOY_: make qlib-cnn PROVIDER=dir
$(foreach name,$(shell grep -oE '\b[A-Z_]+\b' pipelines/variables | sort -u),$(if $(filter command,$(origin $(name))),\
  $(eval export CONVOY_$(name) := $($(name)))$(eval unexport $(name))))

BENCH ?= --suite seed --seconds 0.5
PREFIX ?= /usr/local
SOURCES := $(shell find Sources -type f) Package.swift
BUILT = .build/tools-built
LIBRARIES = .build/system-libraries

# Fully static executables start in 2 ms and run on any Linux.
STATIC = $(if $(filter static,$(shell cat $(LIBRARIES) 2> /dev/null)),\
  -Xswiftc -static-stdlib -Xlinker --gc-sections -Xlinker -s \
  -Xlinker --wrap=_ZN5swift28swift_abortAllocationFailureEmm,\
  $(if $(filter Linux,$(shell uname)),-Xcc -DOWN_MALLOC))

.PHONY: help
help:             ## list what can be made
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*##/\t/' | \
	  awk -F '\t' '{ printf "  make %-15s %s\n", $$1, $$2 }'

.PHONY: build
build: $(TOOLS:%=bin/%) ## build the tools into bin/ (also what plain `make` does)

$(LIBRARIES): Scripts/system-libraries
	@mkdir -p .build
	@Scripts/system-libraries > $@.new && mv $@.new $@

$(BUILT): $(SOURCES) $(LIBRARIES)
	@echo "swift build -c release$(and $(STATIC), (fully static)): some minutes the first time"
	@CONVOY_STATIC=$(if $(findstring -static,$(STATIC)),1) swift build -c release $(STATIC) 2>&1 | { grep -vE 'in statically linked applications|use of .mktemp. is dangerous' || true; }
	@touch $@

bin/%: $(BUILT)
	@install -m 755 .build/release/$* $@

.PHONY: mnist-calc
mnist-calc: build ## the handwriting calculator: 4+4= in ink, or `make mnist-calc < ink.ndjson`
	@Scripts/front-door

.PHONY: conv-bench
conv-bench: build ## the operators, timed: BENCH='--suite resnet' names other problems
	@bin/conv-bench $(BENCH)

.PHONY: tensor-op
tensor-op: build  ## the operators: checked, timed, at work in training; HTML=page.html, FULL=1
	@pipelines/tensor-op $(if $(HTML),--html "$(HTML)") $(if $(FULL),--full)

QLIB ?= .build/qlib-cnn
.PHONY: qlib-cnn
qlib-cnn: build   ## factors, network, backtest, report, of a synthetic market; PROVIDER=dir or CSV=file
	@pipelines/qlib-cnn "$(QLIB)"
	@echo "The page with charts is $(QLIB)/report.html"

.PHONY: ink-pad
ink-pad: build     ## the calculator as a page to write on: prints its address, ends with Ctrl-C
	@bin/ink-pad

.PHONY: test
test: build       ## all tests: of libraries, golden cases, hostile input, examples; ENGINES=yes, clusters
	@CONVOY_ENGINES="$(ENGINES)" Scripts/run-tests

.PHONY: test-tools
test-tools:       ## install the programs that some tests need: they are skipped without; ENGINES=yes, Slurm and its like
	@ENGINES="$(ENGINES)" Scripts/test-tools

SECONDS ?= 30
TARGETS ?=
JOBS ?= 2
.PHONY: fuzz
fuzz:             ## libFuzzer on all that reads from outside: SECONDS=30 each, TARGETS="json png", JOBS=2
	@JOBS="$(JOBS)" Scripts/fuzz $(SECONDS) $(TARGETS)

.PHONY: golden-update
golden-update: build ## write the golden cases anew; `git diff` is the review
	@CONVOY_GOLDEN=update Scripts/run-tests --filter golden

.PHONY: bench
bench: build      ## time the calculator, its network's layers, and the desk's stages
	@pipelines/bench

.PHONY: desk-daily
desk-daily: build ## qlib-cnn-daily: the bytes of one run whatever happens; its time on day 10 and 1,000
	@Scripts/check-daily
	@Scripts/measure-daily

.PHONY: man
man: build        ## manual pages into .build/man, from the options' definitions
	@Scripts/make-man .build/man "$(TOOLS)" "$(PIPELINES)"

.PHONY: install
install: build    ## tools, pipelines, models, manual pages, completions: PREFIX=/usr/local
	@Scripts/install-tools "$(DESTDIR)$(PREFIX)" "$(TOOLS)" "$(PIPELINES)"

.PHONY: lint
lint:             ## check the format of the sources, and what lies in the root
	@Scripts/lint

.PHONY: format
format:           ## format the sources
	@swift format -i -r Sources Tests Package.swift

.PHONY: clean
clean:            ## take away what was built
	rm -rf .build $(TOOLS:%=bin/%)
