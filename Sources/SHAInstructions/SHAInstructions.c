#include "SHAInstructions.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

bool sha_is_available(void) {
  unsigned a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSSE3) || !(c & bit_SSE4_1)) return false;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) && b & bit_SHA;
}

// The round constants of FIPS 180-4, section 4.2.2.
static const uint32_t constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

#define SHA_TARGET __attribute__((target("sha,ssse3,sse4.1")))

// The words of a state as the instructions have them: a b e f and c d g h together.
typedef struct { __m128i abef, cdgh; } State;

SHA_TARGET static inline State load(const uint32_t *words) {
  const __m128i dcba = _mm_loadu_si128((const __m128i *)words);
  const __m128i hgfe = _mm_loadu_si128((const __m128i *)(words + 4));
  const __m128i cdab = _mm_shuffle_epi32(dcba, 0xb1), efgh = _mm_shuffle_epi32(hgfe, 0x1b);
  return (State){_mm_alignr_epi8(cdab, efgh, 8), _mm_blend_epi16(efgh, cdab, 0xf0)};
}

SHA_TARGET static inline void store(State state, uint32_t *words) {
  const __m128i feba = _mm_shuffle_epi32(state.abef, 0x1b);
  const __m128i dchg = _mm_shuffle_epi32(state.cdgh, 0xb1);
  _mm_storeu_si128((__m128i *)words, _mm_blend_epi16(feba, dchg, 0xf0));
  _mm_storeu_si128((__m128i *)(words + 4), _mm_alignr_epi8(dchg, feba, 8));
}

SHA_TARGET static inline State add(State one, State other) {
  return (State){
      _mm_add_epi32(one.abef, other.abef), _mm_add_epi32(one.cdgh, other.cdgh)};
}

// The words of a block, the first four rounds' first.
SHA_TARGET static inline void read_block(const uint8_t *bytes, __m128i *words) {
  const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  for (int i = 0; i < 4; i++)
    words[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(bytes + 16 * i)), swap);
}

// The i-th four of the 64 rounds.
SHA_TARGET static inline State four_rounds(State state, __m128i *words, int i) {
  const __m128i now = words[i % 4];
  const __m128i sum = _mm_add_epi32(now, _mm_loadu_si128((const __m128i *)(constants + 4 * i)));
  state.cdgh = _mm_sha256rnds2_epu32(state.cdgh, state.abef, sum);
  state.abef = _mm_sha256rnds2_epu32(state.abef, state.cdgh, _mm_shuffle_epi32(sum, 0x0e));
  if (i < 12) {
    const __m128i next = words[(i + 1) % 4], last = words[(i + 3) % 4];
    const __m128i mixed = _mm_add_epi32(
        _mm_sha256msg1_epu32(now, next), _mm_alignr_epi8(last, words[(i + 2) % 4], 4));
    words[i % 4] = _mm_sha256msg2_epu32(mixed, last);
  }
  return state;
}

SHA_TARGET
void sha256_take_blocks(uint32_t *words, const uint8_t *bytes, size_t blocks) {
  State state = load(words);
  for (; blocks > 0; blocks--, bytes += 64) {
    const State before = state;
    __m128i block[4];
    read_block(bytes, block);
#pragma clang loop unroll(full)
    for (int i = 0; i < 16; i++) state = four_rounds(state, block, i);
    state = add(state, before);
  }
  store(state, words);
}

SHA_TARGET
void sha256_take_blocks_of_two(
    uint32_t *words, const uint8_t *bytes, uint32_t *other_words, const uint8_t *other_bytes,
    size_t blocks) {
  State state = load(words), other = load(other_words);
  for (; blocks > 0; blocks--, bytes += 64, other_bytes += 64) {
    const State before = state, other_before = other;
    __m128i block[4], other_block[4];
    read_block(bytes, block);
    read_block(other_bytes, other_block);
#pragma clang loop unroll(full)
    for (int i = 0; i < 16; i++) {
      state = four_rounds(state, block, i);
      other = four_rounds(other, other_block, i);
    }
    state = add(state, before);
    other = add(other, other_before);
  }
  store(state, words);
  store(other, other_words);
}
#else
bool sha_is_available(void) { return false; }
void sha256_take_blocks(uint32_t *words, const uint8_t *bytes, size_t blocks) {}
void sha256_take_blocks_of_two(
    uint32_t *words, const uint8_t *bytes, uint32_t *other_words, const uint8_t *other_bytes,
    size_t blocks) {}
#endif
