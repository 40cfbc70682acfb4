/// How a tool ends where memory runs out: one line, and status 71.
#pragma once
#include <stddef.h>

/// Runs before the process ends: may neither allocate nor lock.
void out_of_memory_runs(void (*_Nullable cleanup)(void));

/// Ends the process, which asked for so many bytes; 0 where nobody knows.
__attribute__((noreturn)) void out_of_memory(size_t bytes);
