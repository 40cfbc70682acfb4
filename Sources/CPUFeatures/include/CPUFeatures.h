/// What the processor in hand can do, asked once at start-up.
#pragma once
#include <stdbool.h>

/// How many cores the process may run on; 0 where the system does not say.
int allowed_cores(void);

#if defined(__x86_64__)
/// AVX2 and FMA: x86-64-v3.
static inline bool cpu_has_avx2(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
/// AVX-512 F, BW, DQ and VL: x86-64-v4.
static inline bool cpu_has_avx512(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}
#else
static inline bool cpu_has_avx2(void) { return false; }
static inline bool cpu_has_avx512(void) { return false; }
#endif
