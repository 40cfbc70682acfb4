#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// e to the power of x.
func exponential(_ x: Float) -> Float { expf(x) }
