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
typedef long Longs __attribute__((ext_vector_type(LANES)));
#define LANE_FUNCTION static inline __attribute__((always_inline))

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

/// The natural logarithm, to within 1e-13 of itself; NaN unless 0 < x < infinity.
///
/// x = m * 2^e with m in [sqrt(1/2), sqrt(2)); log m = 2 artanh((m - 1) / (m + 1)) by its series.
LANE_FUNCTION Doubles logarithm(Doubles x) {
  Longs bits = (Longs)x;
  Longs shifted = bits - 0x3fe6a09e667f3bcdL;
  Longs exponent = shifted >> 52;
  Doubles m = (Doubles)(bits - (exponent << 52));
  Doubles s = (m - 1) / (m + 1), t = s * s;
  Doubles series = (Doubles)(1.0 / 17);
  for (int n = 15; n > 0; n -= 2) series = multiplyAdd(series, t, (Doubles)(1.0 / n));
  // A small integer as a double, by way of 2^52 + 2^51.
  Doubles e = (Doubles)(exponent + 0x4338000000000000L) - 0x1.8p52;
  Doubles result = multiplyAdd(e, (Doubles)0x1.62e42fefa39efp-1, 2 * s * series);
  Doubles nan = (Doubles)__builtin_nan("");
  return x > 0 ? (x < __builtin_inf() ? result : nan) : nan;
}

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
