// Swift's runtime cannot refuse an array: it writes a stack trace and aborts. That one function is
// exchanged here: in static executables by the linker (`--wrap`, see the Makefile), so that it costs
// nothing; in builds whose runtime is a library of its own, those for tests, by a `malloc` that does not return
// without memory. Everything else that ends a process by a signal, such as a trap, still does.
#define _GNU_SOURCE
#include "OutOfMemory.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED
#endif
#endif

static void (*cleanup)(void);
static atomic_flag isEnding = ATOMIC_FLAG_INIT;

void out_of_memory_runs(void (*body)(void)) { cleanup = body; }

void out_of_memory(size_t bytes) {
  // Another thread may have found the same; the first one speaks.
  while (atomic_flag_test_and_set(&isEnding)) pause();
  if (cleanup) cleanup();
#if defined(__linux__)
  const char *tool = program_invocation_short_name;
#else
  const char *tool = getprogname();
#endif
  char line[200];
  int length =
      bytes == 0
          ? snprintf(line, sizeof line, "%.100s: out of memory\n", tool)
          : snprintf(line, sizeof line, "%.100s: out of memory: %zu bytes more were asked for\n",
                     tool, bytes);
  if (write(2, line, length) < 0) {
    // There is nobody left to tell.
  }
  _exit(71);
}

#if defined(__linux__) && !defined(SANITIZED)

/// `swift::swift_abortAllocationFailure(size_t size, size_t alignMask)` of a static executable.
void __wrap__ZN5swift28swift_abortAllocationFailureEmm(size_t bytes, size_t mask) {
  (void)mask;
  out_of_memory(bytes);
}

#if defined(OWN_MALLOC)
#include <dlfcn.h>

void *malloc(size_t bytes) {
  static void *(*next)(size_t);
  if (!next) *(void **)&next = dlsym(RTLD_NEXT, "malloc");
  void *memory = next(bytes);
  if (!memory && bytes) out_of_memory(bytes);
  return memory;
}

int posix_memalign(void **memory, size_t alignment, size_t bytes) {
  static int (*next)(void **, size_t, size_t);
  if (!next) *(void **)&next = dlsym(RTLD_NEXT, "posix_memalign");
  int code = next(memory, alignment, bytes);
  if (code == ENOMEM) out_of_memory(bytes);
  return code;
}
#endif
#endif
