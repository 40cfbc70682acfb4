#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What the surroundings say.
enum Environment {
  /// A variable; nil where it is not set.
  static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
