/// Products of numbers narrower than a float, by instructions that only some processors have.
///
/// A register tile is 8 rows of A by 48 columns of B. A word holds two neighbouring depths as bfloat16,
/// or four as bytes: of A along a row, of B for a column.
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum { narrow_rows = 8, narrow_columns = 48 };

/// Whether this processor has AVX512_BF16.
bool bfloat16_is_available(void);
/// Whether this processor has AVX512_VNNI.
bool int8_is_available(void);

/// words[i] = floats 2i and 2i + 1 as bfloat16, rounded to the nearest, ties to even; numbers too small
/// for a normal one are 0. What fills up the last word stays as it is.
void bfloat16_words(long count, const float *floats, uint32_t *words);
/// The same of pairs of rows of 48 floats: word c of a pair has column c of both. `rows` is even.
void bfloat16_pair_rows(long rows, const float *floats, uint32_t *words);
/// C[8, 48] = from, or the bias of each row where that is null, + Σ of products of pairs.
void bfloat16_tile(
    long depth, const uint32_t *a, long a_row, const uint32_t *b, const float *from,
    const float *bias, float *c, long c_row);

/// words[i] = floats 4i to 4i + 3 times `scale`, rounded to the nearest integer, ties to even, kept
/// within -127...127. What fills up the last word stays as it is.
void int8_words(long count, const float *floats, float scale, uint32_t *words);
/// The same of fours of rows of 48 floats, each column with a scale of its own, and 128 added.
void int8_quad_rows(long rows, const float *floats, const float *scales, uint32_t *words);
/// C[8, 48] = from, or 0 where that is null, + Σ of products of fours: signed A, unsigned B.
void int8_tile(
    long depth, const uint32_t *a, long a_row, const uint32_t *b, const int32_t *from, int32_t *c);
/// c = (sums - 128 · weights) · rowScales · columnScales + bias: what B's 128 added is taken away.
void int8_finish(
    const int32_t *sums, const int32_t *weights, const float *row_scales, const float *column_scales,
    const float *bias, float *c, long c_row);
/// The greatest absolute value, NaN where there is one.
float int8_reach(long count, const float *floats);
