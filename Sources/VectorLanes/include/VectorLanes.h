/// What Swift's SIMD types do not compile to one instruction each: conversions, selections, roots.
///
/// Every function is inlined into the Swift that calls it and compiled for that module's processor;
/// 16 instruments stand side by side where there is AVX-512, else 8.
#pragma once

#ifdef __AVX512F__
#define LANES 16
#else
#define LANES 8
#endif

typedef float Floats __attribute__((ext_vector_type(LANES)));
typedef double Doubles __attribute__((ext_vector_type(LANES)));
typedef int Ints __attribute__((ext_vector_type(LANES)));
#define LANE_FUNCTION static inline __attribute__((always_inline))

#if defined(__clang__)
#pragma clang diagnostic push
// How vectors are handed to a function depends on the processor; these are no calls once compiled.
#pragma clang diagnostic ignored "-Wpsabi"
#endif

LANE_FUNCTION Doubles widen(Floats x) { return __builtin_convertvector(x, Doubles); }
LANE_FUNCTION Floats narrow(Doubles x) { return __builtin_convertvector(x, Floats); }
LANE_FUNCTION Doubles root(Doubles x) { return __builtin_elementwise_sqrt(x); }

/// a * b + c, rounded once where the processor can.
LANE_FUNCTION Doubles multiplyAdd(Doubles a, Doubles b, Doubles c) {
#ifdef __FMA__
  return __builtin_elementwise_fma(a, b, c);
#else
  return a * b + c;
#endif
}

/// a - b * c, rounded once where the processor can.
LANE_FUNCTION Doubles subtractProduct(Doubles a, Doubles b, Doubles c) {
#ifdef __FMA__
  return __builtin_elementwise_fma(-b, c, a);
#else
  return a - b * c;
#endif
}

// Comparisons with NaN are false.

LANE_FUNCTION Floats whereLess(Floats a, Floats b, Floats yes, Floats no) {
  return a < b ? yes : no;
}
LANE_FUNCTION Floats whereAtMost(Floats a, Floats b, Floats yes, Floats no) {
  return a <= b ? yes : no;
}
LANE_FUNCTION Floats whereEqual(Floats a, Floats b, Floats yes, Floats no) {
  return a == b ? yes : no;
}
LANE_FUNCTION Floats whereNaN(Floats a, Floats yes, Floats no) { return a != a ? yes : no; }
LANE_FUNCTION Doubles whereAtMostWide(Doubles a, Doubles b, Doubles yes, Doubles no) {
  return a <= b ? yes : no;
}

LANE_FUNCTION Floats absolute(Floats x) { return __builtin_elementwise_abs(x); }
/// NumPy's maximum and minimum: NaN where either is NaN.
LANE_FUNCTION Floats greater(Floats a, Floats b) { return a != a ? a : a > b ? a : b; }
LANE_FUNCTION Floats lesser(Floats a, Floats b) { return a != a ? a : a < b ? a : b; }
/// The larger or smaller of two numbers, neither NaN; the second where the first is NaN.
LANE_FUNCTION Floats larger(Floats a, Floats b) { return a > b ? a : b; }
LANE_FUNCTION Floats smaller(Floats a, Floats b) { return a < b ? a : b; }

/// Whether any lane of a is less than that of b.
LANE_FUNCTION _Bool anyLess(Floats a, Floats b) {
#ifdef __AVX512F__
  return __builtin_reduce_or((a < b) ? (__attribute__((ext_vector_type(LANES))) int)1
                                     : (__attribute__((ext_vector_type(LANES))) int)0);
#else
  int any = 0;
  for (int i = 0; i < LANES; i++) any |= a[i] < b[i];
  return any;
#endif
}

/// a * b + c in float32, rounded once.
LANE_FUNCTION Floats multiplyAddNarrow(Floats a, Floats b, Floats c) {
#ifdef __FMA__
  return __builtin_elementwise_fma(a, b, c);
#else
  // The product is exact in double; only the rarest sums round twice.
  return narrow(widen(a) * widen(b) + widen(c));
#endif
}

/// The natural logarithm as NumPy has it in float32, bit by bit; NaN unless 0 < x < infinity.
///
/// x = m * 2^e with m in (sqrt(1/2), sqrt(2)]; log m is a quotient of polynomials in m - 1.
/// Source: the coefficients of NumPy's `npy_simd_data.h`. On one value in five it is a bit off the
/// nearest float, which CORR and CORD show.
LANE_FUNCTION Floats logarithm(Floats x) {
  Ints bits = (Ints)x;
  Ints exponent = (bits >> 23) - 126;
  Floats m = (Floats)((bits & 0x7fffff) | (126 << 23));
  Ints isSmall = m <= 0x1.6a09e6p-1f;
  m = isSmall ? m + m : m;
  exponent = exponent + isSmall;  // a comparison that holds is -1
  Floats t = m - 1;
  Floats p = (Floats)2.589979117907922693523e-02f;
  p = multiplyAddNarrow(p, t, (Floats)3.808837741388407920751e-01f);
  p = multiplyAddNarrow(p, t, (Floats)1.480000633576506585156e+00f);
  p = multiplyAddNarrow(p, t, (Floats)2.112677543073053063722e+00f);
  p = multiplyAddNarrow(p, t, (Floats)9.999999999999998702752e-01f);
  p = p * t;
  Floats q = (Floats)5.875095403124574342950e-03f;
  q = multiplyAddNarrow(q, t, (Floats)1.546476374983906719538e-01f);
  q = multiplyAddNarrow(q, t, (Floats)9.864942958519418960339e-01f);
  q = multiplyAddNarrow(q, t, (Floats)2.453006071784736363091e+00f);
  q = multiplyAddNarrow(q, t, (Floats)2.612677543073109236779e+00f);
  q = multiplyAddNarrow(q, t, (Floats)1.0f);
  Floats e = __builtin_convertvector(exponent, Floats);
  Floats result = multiplyAddNarrow(e, (Floats)0x1.62e43p-1f, p / q);
  Floats nan = (Floats)__builtin_nanf("");
  return x > 0 ? (x < __builtin_inff() ? result : nan) : nan;
}

typedef float FourFloats __attribute__((ext_vector_type(4)));

/// The sum of each of four vectors: two are folded into one until four numbers are left.
LANE_FUNCTION FourFloats sumsOfFour(Floats a, Floats b, Floats c, Floats d) {
#define FOLD __builtin_shufflevector
#if LANES == 16
  Floats ab = FOLD(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23) +
              FOLD(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
  Floats cd = FOLD(c, d, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23) +
              FOLD(c, d, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
  Floats q = FOLD(ab, cd, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27) +
             FOLD(ab, cd, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
  typedef float Eight __attribute__((ext_vector_type(8)));
  Eight p = FOLD(q, q, 0, 1, 4, 5, 8, 9, 12, 13) + FOLD(q, q, 2, 3, 6, 7, 10, 11, 14, 15);
#else
  Floats ab = FOLD(a, b, 0, 1, 2, 3, 8, 9, 10, 11) + FOLD(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
  Floats cd = FOLD(c, d, 0, 1, 2, 3, 8, 9, 10, 11) + FOLD(c, d, 4, 5, 6, 7, 12, 13, 14, 15);
  Floats p = FOLD(ab, cd, 0, 1, 4, 5, 8, 9, 12, 13) + FOLD(ab, cd, 2, 3, 6, 7, 10, 11, 14, 15);
#endif
  return FOLD(p, p, 0, 2, 4, 6) + FOLD(p, p, 1, 3, 5, 7);
#undef FOLD
}

/// Asks for a cache line that is read soon, but not yet.
LANE_FUNCTION void fetchLine(const float *from) { __builtin_prefetch(from, 0, 2); }

/// Asks for a cache line that is read very soon.
LANE_FUNCTION void fetchSoon(const float *from) { __builtin_prefetch(from, 0, 3); }

/// Asks for a cache line that is written soon.
LANE_FUNCTION void fetchToWrite(const float *to) { __builtin_prefetch(to, 1, 3); }

/// Writes a vector past the caches; `to` is aligned to it. `endStores` comes before others may read.
LANE_FUNCTION void storePastCaches(float *to, Floats value) {
  __builtin_nontemporal_store(value, (Floats *)to);
}
LANE_FUNCTION void endStores(void) {
#ifdef __SSE__
  __builtin_ia32_sfence();
#endif
}

#if LANES == 8
/// Exchanges the rows and columns of 8×8 floats, which stand so many floats apart.
///
/// Halves of two rows are read side by side, which costs no shuffle: then two steps within them are left of
/// three.
LANE_FUNCTION void turnSquare(const float *from, long fromRow, float *to, long toRow) {
#define FOLD __builtin_shufflevector
  for (int half = 0; half < 2; half++) {
    Floats rows[4];
    for (int i = 0; i < 4; i++) {
      FourFloats low, high;
      __builtin_memcpy(&low, from + i * fromRow + 4 * half, sizeof low);
      __builtin_memcpy(&high, from + (i + 4) * fromRow + 4 * half, sizeof high);
      rows[i] = FOLD(low, high, 0, 1, 2, 3, 4, 5, 6, 7);
    }
    const Floats a = FOLD(rows[0], rows[1], 0, 8, 1, 9, 4, 12, 5, 13);
    const Floats b = FOLD(rows[2], rows[3], 0, 8, 1, 9, 4, 12, 5, 13);
    const Floats c = FOLD(rows[0], rows[1], 2, 10, 3, 11, 6, 14, 7, 15);
    const Floats d = FOLD(rows[2], rows[3], 2, 10, 3, 11, 6, 14, 7, 15);
    const Floats columns[4] = {
        FOLD(a, b, 0, 1, 8, 9, 4, 5, 12, 13), FOLD(a, b, 2, 3, 10, 11, 6, 7, 14, 15),
        FOLD(c, d, 0, 1, 8, 9, 4, 5, 12, 13), FOLD(c, d, 2, 3, 10, 11, 6, 7, 14, 15)};
    for (int i = 0; i < 4; i++)
      __builtin_memcpy(to + (4 * half + i) * toRow, &columns[i], sizeof columns[i]);
  }
#undef FOLD
}
#endif

/// The elements of even, or odd, place of a followed by b.
#if LANES == 16
#define EVEN 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30
#define ODD 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31
#else
#define EVEN 0, 2, 4, 6, 8, 10, 12, 14
#define ODD 1, 3, 5, 7, 9, 11, 13, 15
#endif
LANE_FUNCTION Floats even(Floats a, Floats b) { return __builtin_shufflevector(a, b, EVEN); }
LANE_FUNCTION Floats odd(Floats a, Floats b) { return __builtin_shufflevector(a, b, ODD); }

/// Deals the floats of a row: those at even places go to `evens`, those at odd places to `odds`, so many
/// of each; where one is null its floats are left out.
LANE_FUNCTION void dealRow(
    const float *from, long width, float *evens, long evenCount, float *odds, long oddCount) {
  typedef float Half __attribute__((ext_vector_type(8)));
  long pairs = width / 2;
  if (evens && evenCount < pairs) pairs = evenCount;
  if (odds && oddCount < pairs) pairs = oddCount;
  long i = 0;
  if (pairs >= LANES) {
    // The last vectors overlap those before.
    for (;; i = i + 2 * LANES <= pairs ? i + LANES : pairs - LANES) {
      Floats a, b;
      __builtin_memcpy(&a, from + 2 * i, sizeof a);
      __builtin_memcpy(&b, from + 2 * i + LANES, sizeof b);
      const Floats even_ = even(a, b), odd_ = odd(a, b);
      if (evens) __builtin_memcpy(evens + i, &even_, sizeof a);
      if (odds) __builtin_memcpy(odds + i, &odd_, sizeof a);
      if (i + LANES >= pairs) break;
    }
    i = pairs;
  } else if (pairs >= 8) {
    for (;; i = pairs - 8) {
      Half a, b;
      __builtin_memcpy(&a, from + 2 * i, sizeof a);
      __builtin_memcpy(&b, from + 2 * i + 8, sizeof b);
      const Half even_ = __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14);
      const Half odd_ = __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15);
      if (evens) __builtin_memcpy(evens + i, &even_, sizeof a);
      if (odds) __builtin_memcpy(odds + i, &odd_, sizeof a);
      if (i + 8 >= pairs) break;
    }
    i = pairs;
  }
  if (evens) for (long j = i; j < evenCount; j++) evens[j] = from[2 * j];
  if (odds) for (long j = i; j < oddCount; j++) odds[j] = from[2 * j + 1];
}

#if LANES == 16
#define LOW_HALF 0, 17, 1, 19, 2, 21, 3, 23, 4, 25, 5, 27, 6, 29, 7, 31
#define HIGH_HALF 8, 17, 9, 19, 10, 21, 11, 23, 12, 25, 13, 27, 14, 29, 15, 31
#else
#define LOW_HALF 0, 9, 1, 11, 2, 13, 3, 15
#define HIGH_HALF 4, 9, 5, 11, 6, 13, 7, 15
#endif
/// to[2 i] = from[i]; what lies between stays as it is.
LANE_FUNCTION void putEverySecond(const float *from, long count, float *to) {
  long i = 0;
  for (; i + LANES < count; i += LANES) {
    Floats x, a, b;
    __builtin_memcpy(&x, from + i, sizeof x);
    __builtin_memcpy(&a, to + 2 * i, sizeof a);
    __builtin_memcpy(&b, to + 2 * i + LANES, sizeof b);
    a = __builtin_shufflevector(x, a, LOW_HALF);
    b = __builtin_shufflevector(x, b, HIGH_HALF);
    __builtin_memcpy(to + 2 * i, &a, sizeof a);
    __builtin_memcpy(to + 2 * i + LANES, &b, sizeof b);
  }
  for (; i < count; i++) to[2 * i] = from[i];
}

/// to[2 i] = evens[i], to[2 i + 1] = odds[i].
LANE_FUNCTION void weaveRow(const float *evens, const float *odds, long count, float *restrict to) {
  for (long i = 0; i < count; i++) {
    to[2 * i] = evens[i];
    to[2 * i + 1] = odds[i];
  }
}

/// Turns a square of numbers: lane i of all rows goes to targets[i] + offset, unless that is null.
///
/// log2(LANES) rounds, each of which puts the even elements of all before the odd ones. Of each
/// target `count` numbers are written.
LANE_FUNCTION void scatterLanes(
    const float *const *rows, float *const *targets, long offset, long count) {
  Floats a[LANES], b[LANES];
#pragma clang loop unroll(full)
  for (int i = 0; i < LANES; i++) {
    Floats x = *(const Floats *)rows[i];
    a[i] = x != x ? (Floats)__builtin_nanf("") : x;
  }
#pragma clang loop unroll(full)
  for (int round = 1; round < LANES; round *= 2) {
#pragma clang loop unroll(full)
    for (int i = 0; i < LANES / 2; i++) {
      b[i] = even(a[2 * i], a[2 * i + 1]);
      b[i + LANES / 2] = odd(a[2 * i], a[2 * i + 1]);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < LANES; i++) a[i] = b[i];
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < LANES; i++) {
    if (!targets[i]) continue;
    if (count == LANES)
      __builtin_memcpy(targets[i] + offset, &a[i], sizeof(Floats));
    else
      __builtin_memcpy(targets[i] + offset, &a[i], count * sizeof(float));
  }
}

/// Bins of a column: what is below and above has the first and the last but one, what does not count
/// has the last.
#define BINS 1024

/// The bin of a value, (x - center) * inverse + 511 to the nearest; `ValueGrid` says the same.
LANE_FUNCTION int binOf(float x, float center, float inverse, float limit) {
#pragma STDC FP_CONTRACT OFF
  float place = (x - center) * inverse;
  place = place + 511;
  place = place < 0 ? 0 : place > BINS - 2 ? BINS - 2 : place;
  place = __builtin_fabsf(x) <= limit ? place : BINS - 1;
  // Adding 2^23 leaves the nearest whole number in the low bits.
  place = place + 8388608.0f;
  int bits;
  __builtin_memcpy(&bits, &place, 4);
  return bits & (BINS - 1);
}

/// The bins of many values, each of its column.
LANE_FUNCTION Ints binsOf(
    const float *values, const float *centers, const float *inverses, float limit) {
#pragma STDC FP_CONTRACT OFF
  Floats x, center, inverse;
  __builtin_memcpy(&x, values, sizeof x);
  __builtin_memcpy(&center, centers, sizeof x);
  __builtin_memcpy(&inverse, inverses, sizeof x);
  Floats place = (x - center) * inverse;
  place = place + 511;
  place = place < 0 ? (Floats)0 : place;
  place = place > BINS - 2 ? (Floats)(BINS - 2) : place;
  place = __builtin_elementwise_abs(x) <= limit ? place : (Floats)(BINS - 1);
  place = place + 8388608.0f;
  return (Ints)place & (BINS - 1);
}

/// Counts the values of a row's columns by bins.
LANE_FUNCTION void countBinsOfRow(
    const float *row, long first, long end, const float *centers, const float *inverses,
    float limit, unsigned *counts) {
  long column = first;
  for (; column + LANES <= end; column += LANES) {
    Ints bins = binsOf(row + column, centers + column, inverses + column, limit);
    unsigned *table = counts + BINS * column;
#pragma clang loop unroll(full)
    for (int i = 0; i < LANES; i++) table[BINS * i + bins[i]]++;
  }
  for (; column < end; column++)
    counts[BINS * column + binOf(row[column], centers[column], inverses[column], limit)]++;
}

/// Writes the place of a bin among those of all columns, and the value's bits below, for each value
/// whose bin is marked; returns the place after the last. Room is needed for one that is not.
LANE_FUNCTION unsigned long long *takeBinsOfRow(
    const float *row, long first, long end, const float *centers, const float *inverses,
    float limit, const unsigned char *marks, unsigned long long *target) {
  long column = first;
  for (; column + LANES <= end; column += LANES) {
    Ints bins = binsOf(row + column, centers + column, inverses + column, limit);
    unsigned bits[LANES];
    __builtin_memcpy(bits, row + column, sizeof bits);
#pragma clang loop unroll(full)
    for (int i = 0; i < LANES; i++) {
      unsigned long long place = BINS * (column + i) + bins[i];
      // What is wanted cannot be foreseen: no branch.
      *target = place << 32 | bits[i];
      target += marks[place] != 0;
    }
  }
  for (; column < end; column++) {
    unsigned long long place =
        BINS * column + binOf(row[column], centers[column], inverses[column], limit);
    unsigned bits;
    __builtin_memcpy(&bits, row + column, 4);
    *target = place << 32 | bits;
    target += marks[place] != 0;
  }
  return target;
}

#if defined(__clang__)
#pragma clang diagnostic pop
#endif
