#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension CPU {
  /// Throws where the environment's `CONVOY_CPU` names an instruction set that is none.
  public static func checkEnvironment() throws {
    guard let name = getenv("CONVOY_CPU").map({ String(cString: $0) }), CPU(rawValue: name) == nil
    else { return }
    let names = allCases.map(\.rawValue).joined(separator: ", ")
    throw TensorError.method("CONVOY_CPU must be one of \(names)", name)
  }
}
