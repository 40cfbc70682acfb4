#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Nanoseconds on a clock that only goes forward.
public func monotonicNanoseconds() -> Int {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return time.tv_sec * 1_000_000_000 + time.tv_nsec
}

/// Seconds on a clock that only goes forward.
public func monotonicSeconds() -> Double { Double(monotonicNanoseconds()) * 1e-9 }
