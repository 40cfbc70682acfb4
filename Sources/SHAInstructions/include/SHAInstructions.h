/// SHA-256 by the instructions that x86-64 has for it.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Whether the processor has them.
bool sha_is_available(void);

/// Takes blocks of 64 bytes into the state: the loop of FIPS 180-4, section 6.2.2.
///
/// Only where `sha_is_available`.
void sha256_take_blocks(uint32_t *_Nonnull state, const uint8_t *_Nonnull bytes, size_t blocks);
