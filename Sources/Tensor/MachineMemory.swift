#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The memory that tensors must fit into.
public enum MachineMemory {
  /// Bytes that the machine has.
  public static var bytes: Double {
    Double(sysconf(Int32(_SC_PHYS_PAGES))) * Double(sysconf(Int32(_SC_PAGESIZE)))
  }

  /// `12.5 GiB`.
  public static func text(_ bytes: Double) -> String {
    "\((bytes / 0x1p30 * 10).rounded() / 10) GiB"
  }
}
