// What libFuzzer offers to a program that has a main of its own (compiler-rt, FuzzerInterface.h).
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerRunDriver(
    int *argumentCount, char ***arguments,
    int (*testOneInput)(const uint8_t *bytes, size_t count));
