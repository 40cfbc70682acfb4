/// A family of factors by qlib's name for it: which there are, in order.
///
/// Source: qlib's `Alpha158DL` and `Alpha360DL`, `qlib/contrib/data/loader.py`.
public enum FactorSet: String, CaseIterable, Sendable {
  /// Nine shapes of today's bar, four prices, and 29 rolling factors over 5 windows each.
  case alpha158
  /// The last 60 bars, over today's close or volume.
  case alpha360

  /// The windows of Alpha158, in days.
  public static let windows = [5, 10, 20, 30, 60]

  /// The names, in qlib's order.
  public var names: [String] {
    switch self {
    case .alpha158:
      return ["KMID", "KLEN", "KMID2", "KUP", "KUP2", "KLOW", "KLOW2", "KSFT", "KSFT2"]
        + ["OPEN0", "HIGH0", "LOW0", "VWAP0"]
        + Self.families.flatMap { family in Self.windows.map { "\(family)\($0)" } }
    case .alpha360:
      return ["CLOSE", "OPEN", "HIGH", "LOW", "VWAP", "VOLUME"].flatMap { field in
        (0..<60).reversed().map { "\(field)\($0)" }
      }
    }
  }

  private static let families = [
    "ROC", "MA", "STD", "BETA", "RSQR", "RESI", "MAX", "MIN", "QTLU", "QTLD", "RANK", "RSV", "IMAX",
    "IMIN", "IMXD", "CORR", "CORD", "CNTP", "CNTN", "CNTD", "SUMP", "SUMN", "SUMD", "VMA", "VSTD",
    "WVMA", "VSUMP", "VSUMN", "VSUMD",
  ]
}
