#define _GNU_SOURCE
#include "CPUFeatures.h"

#if defined(__linux__)
#include <errno.h>
#include <sched.h>

int allowed_cores(void) {
  // A set of the usual size is too small for the largest machines: the call says so.
  for (int most = CPU_SETSIZE; most <= 1 << 20; most *= 2) {
    cpu_set_t *set = CPU_ALLOC(most);
    if (!set) return 0;
    size_t bytes = CPU_ALLOC_SIZE(most);
    int failed = sched_getaffinity(0, bytes, set);
    int count = failed ? 0 : CPU_COUNT_S(bytes, set);
    int isTooSmall = failed && errno == EINVAL;
    CPU_FREE(set);
    if (!isTooSmall) return count;
  }
  return 0;
}
#else
int allowed_cores(void) { return 0; }
#endif
