# Convoy's front door. `make help` lists what it opens.

# Fully static executables start in 2 ms and run on any Linux.
ifeq ($(shell uname -s),Linux)
STATIC = -Xswiftc -static-executable -Xlinker --gc-sections -Xlinker -s
endif
RELEASE = swift build -c release $(STATIC)
TOOLS = segment strokes2png center28 lenet-infer lenet-train expr-eval

.PHONY: all
all: build

.PHONY: build
build:            ## build all tools into bin/
	$(RELEASE)
	@for tool in $(TOOLS); do cp -p .build/release/$$tool bin/; done
