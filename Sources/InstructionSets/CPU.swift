import CPUFeatures

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The instruction sets that the kernels are compiled for.
public enum CPU: String, CaseIterable, Sendable, Comparable {
  /// What every machine of the architecture has.
  case baseline
  /// AVX2 and FMA, x86-64-v3.
  case avx2
  /// AVX-512, x86-64-v4.
  case avx512

  /// The best that this processor has.
  public static let best: CPU = cpu_has_avx512() ? .avx512 : cpu_has_avx2() ? .avx2 : .baseline

  /// Those that this processor has, the plainest first.
  public static var available: [CPU] { allCases.filter { $0 <= best } }

  /// Those up to the one in use, the plainest first.
  public static var usable: [CPU] { allCases.filter { $0 <= current } }

  /// The one in use: the best, or a lesser one that `CONVOY_CPU` names.
  public static let current: CPU = chosen(named, of: best)

  /// The one that a name asks for, if it is no better than the best; that, where the name is of none.
  static func chosen(_ named: String?, of best: CPU) -> CPU {
    min(named.flatMap(CPU.init) ?? best, best)
  }

  /// What `CONVOY_CPU` says.
  private static var named: String? { getenv("CONVOY_CPU").map { String(cString: $0) } }

  /// The rule that the environment breaks, and what it says, where `CONVOY_CPU` names no set.
  public static var environmentError: String? { error(in: named) }

  /// What this machine lacks, where `CONVOY_CPU` names a set that it has not.
  public static var environmentLack: String? { lack(named, of: best) }

  static func lack(_ named: String?, of best: CPU) -> String? {
    guard let asked = named.flatMap(CPU.init), asked > best else { return nil }
    return "CONVOY_CPU asks for \(asked), which this processor has not: its best is \(best)"
  }

  static func error(in named: String?) -> String? {
    guard let named, CPU(rawValue: named) == nil else { return nil }
    return "CONVOY_CPU must be one of \(allCases.map(\.rawValue).joined(separator: ", ")): \(named)"
  }

  /// Sets with fewer instructions come first.
  public static func < (one: CPU, other: CPU) -> Bool {
    let order = CPU.allCases
    return order.firstIndex(of: one) ?? 0 < order.firstIndex(of: other) ?? 0
  }
}
