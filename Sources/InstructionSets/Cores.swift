import CPUFeatures

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The cores of the processor.
public enum Cores {
  /// How many this process may run on, at least 1: those that are online, or those that `taskset`, a container or
  /// a batch system left to it.
  public static let allowed: Int = {
    let allowed = Int(allowed_cores())
    return max(1, allowed > 0 ? allowed : Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
  }()
}
