#include "NarrowInstructions.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

static bool has_avx512(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl");
}

bool bfloat16_is_available(void) {
  unsigned a, b, c, d;
  return has_avx512() && __get_cpuid_count(7, 1, &a, &b, &c, &d) && a & 1u << 5;
}

bool int8_is_available(void) {
  unsigned a, b, c, d;
  return has_avx512() && __get_cpuid_count(7, 0, &a, &b, &c, &d) && c & 1u << 11;
}

#define BF16 __attribute__((target("avx512f,avx512bw,avx512vl,avx512bf16")))
#define VNNI __attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni")))
#define EACH(i, count) _Pragma("clang loop unroll(full)") for (int i = 0; i < count; i++)

BF16 static __m512i both(__m512 first, __m512 second) {
  const __m512i low = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(first));
  const __m512i high = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(second));
  return _mm512_or_si512(low, _mm512_slli_epi32(high, 16));
}

BF16 void bfloat16_words(long count, const float *floats, uint32_t *words) {
  for (long i = 0; i < count; i += 16) {
    const __mmask16 some = count - i >= 16 ? 0xffff : (__mmask16)((1u << (count - i)) - 1);
    const __m256i halves = (__m256i)_mm512_cvtneps_pbh(_mm512_maskz_loadu_ps(some, floats + i));
    _mm256_mask_storeu_epi16((uint16_t *)words + i, some, halves);
  }
}

BF16 void bfloat16_pair_rows(long rows, const float *floats, uint32_t *words) {
  for (long row = 0; row < rows; row += 2, floats += 2 * narrow_columns, words += narrow_columns)
    EACH(v, 3)
      _mm512_storeu_si512(
          words + 16 * v,
          both(_mm512_loadu_ps(floats + 16 * v), _mm512_loadu_ps(floats + narrow_columns + 16 * v)));
}

BF16 void bfloat16_tile(
    long depth, const uint32_t *a, long a_row, const uint32_t *b, const float *from,
    const float *bias, float *c, long c_row) {
  __m512 s[narrow_rows][3];
  EACH(r, narrow_rows) EACH(v, 3)
    s[r][v] = from ? _mm512_loadu_ps(from + narrow_columns * r + 16 * v) : _mm512_set1_ps(bias[r]);
  for (long d = 0; d < depth; d++, b += narrow_columns) {
    const __m512bh b0 = (__m512bh)_mm512_loadu_si512(b), b1 = (__m512bh)_mm512_loadu_si512(b + 16),
                   b2 = (__m512bh)_mm512_loadu_si512(b + 32);
    EACH(r, narrow_rows) {
      const __m512bh x = (__m512bh)_mm512_set1_epi32((int)a[r * a_row + d]);
      s[r][0] = _mm512_dpbf16_ps(s[r][0], x, b0);
      s[r][1] = _mm512_dpbf16_ps(s[r][1], x, b1);
      s[r][2] = _mm512_dpbf16_ps(s[r][2], x, b2);
    }
  }
  EACH(r, narrow_rows) EACH(v, 3) _mm512_storeu_ps(c + c_row * r + 16 * v, s[r][v]);
}

VNNI static __m512i whole(__m512 x, __m512 scale) {
  const __m512i most = _mm512_set1_epi32(127);
  const __m512i n = _mm512_cvtps_epi32(_mm512_mul_ps(x, scale));
  return _mm512_max_epi32(_mm512_min_epi32(n, most), _mm512_sub_epi32(_mm512_setzero_si512(), most));
}

VNNI void int8_words(long count, const float *floats, float scale, uint32_t *words) {
  for (long i = 0; i < count; i += 16) {
    const __mmask16 some = count - i >= 16 ? 0xffff : (__mmask16)((1u << (count - i)) - 1);
    const __m512i n = whole(_mm512_maskz_loadu_ps(some, floats + i), _mm512_set1_ps(scale));
    _mm_mask_storeu_epi8((uint8_t *)words + i, some, _mm512_cvtepi32_epi8(n));
  }
}

VNNI void int8_quad_rows(long rows, const float *floats, const float *scales, uint32_t *words) {
  const __m512i shift = _mm512_set1_epi32(128);
  for (long row = 0; row < rows; row += 4, floats += 4 * narrow_columns, words += narrow_columns)
    EACH(v, 3) {
      const __m512 scale = _mm512_loadu_ps(scales + 16 * v);
      __m512i word = _mm512_setzero_si512();
      EACH(i, 4) {
        const __m512 x = _mm512_loadu_ps(floats + i * narrow_columns + 16 * v);
        word = _mm512_or_si512(
            word, _mm512_slli_epi32(_mm512_add_epi32(whole(x, scale), shift), 8 * i));
      }
      _mm512_storeu_si512(words + 16 * v, word);
    }
}

VNNI void int8_tile(
    long depth, const uint32_t *a, long a_row, const uint32_t *b, const int32_t *from, int32_t *c) {
  __m512i s[narrow_rows][3];
  EACH(r, narrow_rows) EACH(v, 3)
    s[r][v] = from ? _mm512_loadu_si512(from + narrow_columns * r + 16 * v) : _mm512_setzero_si512();
  for (long d = 0; d < depth; d++, b += narrow_columns) {
    const __m512i b0 = _mm512_loadu_si512(b), b1 = _mm512_loadu_si512(b + 16),
                  b2 = _mm512_loadu_si512(b + 32);
    EACH(r, narrow_rows) {
      const __m512i x = _mm512_set1_epi32((int)a[r * a_row + d]);
      s[r][0] = _mm512_dpbusd_epi32(s[r][0], b0, x);
      s[r][1] = _mm512_dpbusd_epi32(s[r][1], b1, x);
      s[r][2] = _mm512_dpbusd_epi32(s[r][2], b2, x);
    }
  }
  EACH(r, narrow_rows) EACH(v, 3) _mm512_storeu_si512(c + narrow_columns * r + 16 * v, s[r][v]);
}

VNNI void int8_finish(
    const int32_t *sums, const int32_t *weights, const float *row_scales, const float *column_scales,
    const float *bias, float *c, long c_row) {
  EACH(r, narrow_rows) EACH(v, 3) {
    const __m512i added = _mm512_set1_epi32(128 * weights[r]);
    const __m512i sum = _mm512_sub_epi32(
        _mm512_loadu_si512(sums + narrow_columns * r + 16 * v), added);
    const __m512 scale =
        _mm512_mul_ps(_mm512_set1_ps(row_scales[r]), _mm512_loadu_ps(column_scales + 16 * v));
    _mm512_storeu_ps(
        c + c_row * r + 16 * v,
        _mm512_fmadd_ps(_mm512_cvtepi32_ps(sum), scale, _mm512_set1_ps(bias[r])));
  }
}

VNNI float int8_reach(long count, const float *floats) {
  __m512 most = _mm512_setzero_ps();
  __mmask16 nan = 0;
  for (long i = 0; i < count; i += 16) {
    const __mmask16 some = count - i >= 16 ? 0xffff : (__mmask16)((1u << (count - i)) - 1);
    const __m512 x = _mm512_abs_ps(_mm512_maskz_loadu_ps(some, floats + i));
    nan |= _mm512_cmp_ps_mask(x, x, _CMP_UNORD_Q);
    most = _mm512_max_ps(x, most);
  }
  return nan ? __builtin_nanf("") : _mm512_reduce_max_ps(most);
}
#else
bool bfloat16_is_available(void) { return false; }
bool int8_is_available(void) { return false; }
void bfloat16_words(long count, const float *floats, uint32_t *words) {}
void bfloat16_pair_rows(long rows, const float *floats, uint32_t *words) {}
void bfloat16_tile(
    long depth, const uint32_t *a, long a_row, const uint32_t *b, const float *from,
    const float *bias, float *c, long c_row) {}
void int8_words(long count, const float *floats, float scale, uint32_t *words) {}
void int8_quad_rows(long rows, const float *floats, const float *scales, uint32_t *words) {}
void int8_tile(
    long depth, const uint32_t *a, long a_row, const uint32_t *b, const int32_t *from, int32_t *c) {}
void int8_finish(
    const int32_t *sums, const int32_t *weights, const float *row_scales, const float *column_scales,
    const float *bias, float *c, long c_row) {}
float int8_reach(long count, const float *floats) { return 0; }
#endif
