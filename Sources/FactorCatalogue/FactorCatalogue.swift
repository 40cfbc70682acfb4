/// The catalogue of factors: a case here and its line in `line` are what the plan, the kernels and the
/// plain twin know a family of factors by.
///
/// A case stands with those of its span, in the order of the rows that the passes write.
/// Source: qlib's `Alpha158DL` and `Alpha360DL`, `qlib/contrib/data/loader.py`.
public enum FactorFamily: Int, CaseIterable, Sendable {
  // Of today: one factor each.
  case kmid, klen, kmid2, kup, kup2, klow, klow2, ksft, ksft2
  case open0, high0, low0, vwap0
  // Over windows: a factor for each of the five.
  case roc, ma, std, beta, rsqr, resi, max, min, qtlu, qtld, rank, rsv, imax, imin, imxd
  case corr, cord, cntp, cntn, cntd, sump, sumn, sumd, vma, vstd, wvma, vsump, vsumn, vsumd
  // Of each of the last 60 days, over today.
  case closeLags, openLags, highLags, lowLags, vwapLags, volumeLags

  /// The first family of each span but the first.
  @usableFromInline static var firstOfWindows: FactorFamily { @inlinable get { .roc } }
  @usableFromInline static var firstOfLags: FactorFamily { @inlinable get { .closeLags } }
  @usableFromInline static var last: FactorFamily { @inlinable get { .volumeLags } }

  /// Its name, the days that its factors look at, and the pass that computes it.
  var line: (name: String, span: FactorSpan, pass: FactorPass) {
    switch self {
    case .kmid: ("KMID", .today, .bar)
    case .klen: ("KLEN", .today, .bar)
    case .kmid2: ("KMID2", .today, .bar)
    case .kup: ("KUP", .today, .bar)
    case .kup2: ("KUP2", .today, .bar)
    case .klow: ("KLOW", .today, .bar)
    case .klow2: ("KLOW2", .today, .bar)
    case .ksft: ("KSFT", .today, .bar)
    case .ksft2: ("KSFT2", .today, .bar)
    case .open0: ("OPEN0", .today, .bar)
    case .high0: ("HIGH0", .today, .bar)
    case .low0: ("LOW0", .today, .bar)
    case .vwap0: ("VWAP0", .today, .bar)
    case .roc: ("ROC", .windows, .bar)
    case .ma: ("MA", .windows, .closes)
    case .std: ("STD", .windows, .closes)
    case .beta: ("BETA", .windows, .closes)
    case .rsqr: ("RSQR", .windows, .closes)
    case .resi: ("RESI", .windows, .closes)
    case .max: ("MAX", .windows, .ranges)
    case .min: ("MIN", .windows, .ranges)
    case .qtlu: ("QTLU", .windows, .quantiles)
    case .qtld: ("QTLD", .windows, .quantiles)
    case .rank: ("RANK", .windows, .ranges)
    case .rsv: ("RSV", .windows, .ranges)
    case .imax: ("IMAX", .windows, .ranges)
    case .imin: ("IMIN", .windows, .ranges)
    case .imxd: ("IMXD", .windows, .ranges)
    case .corr: ("CORR", .windows, .closes)
    case .cord: ("CORD", .windows, .rises)
    case .cntp: ("CNTP", .windows, .steps)
    case .cntn: ("CNTN", .windows, .steps)
    case .cntd: ("CNTD", .windows, .steps)
    case .sump: ("SUMP", .windows, .steps)
    case .sumn: ("SUMN", .windows, .steps)
    case .sumd: ("SUMD", .windows, .steps)
    case .vma: ("VMA", .windows, .closes)
    case .vstd: ("VSTD", .windows, .closes)
    case .wvma: ("WVMA", .windows, .rises)
    case .vsump: ("VSUMP", .windows, .steps)
    case .vsumn: ("VSUMN", .windows, .steps)
    case .vsumd: ("VSUMD", .windows, .steps)
    case .closeLags: ("CLOSE", .lags, .lags)
    case .openLags: ("OPEN", .lags, .lags)
    case .highLags: ("HIGH", .lags, .lags)
    case .lowLags: ("LOW", .lags, .lags)
    case .vwapLags: ("VWAP", .lags, .lags)
    case .volumeLags: ("VOLUME", .lags, .lags)
    }
  }
}

/// A set of factors by its name: which there are, in order.
public enum FactorSet: String, CaseIterable, Sendable {
  /// qlib's: nine shapes of today's bar, four prices, and 29 rolling factors over 5 windows each.
  case alpha158
  /// qlib's: the last 60 bars, over today's close or volume.
  case alpha360

  /// The families, in the order of the output.
  public var families: [FactorFamily] {
    switch self {
    case .alpha158: FactorFamily.all(from: .kmid, through: .vsumd)
    case .alpha360: FactorFamily.all(from: .closeLags, through: .volumeLags)
    }
  }

  /// The factors, in the order of the output.
  public var factors: [Factor] { families.flatMap(\.factors) }

  /// The names of the factors.
  public var names: [String] { factors.map(\.name) }
}

/// The days that the factors of a family look at.
enum FactorSpan {
  /// Today: one factor.
  case today
  /// The last 5, 10, 20, 30 and 60 days: a factor each.
  case windows
  /// One day each of the last 60: a factor each, the oldest first.
  case lags
}

/// The passes over the last days of a block, in the order in which they run.
public enum FactorPass: CaseIterable, Sendable {
  /// Shapes of today's bar, and today's close against single ones.
  case bar
  /// Sums of closes and volumes.
  case closes
  /// Sums of returns and of the volume's.
  case rises
  /// Steps from day to day, up and down.
  case steps
  /// Extremes and ranks.
  case ranges
  /// What stands where in windows put in order.
  case quantiles
  /// Single days.
  case lags

  /// The pass whose counts of valid days it reads.
  public var needs: FactorPass? {
    switch self {
    case .ranges, .quantiles: .closes
    case .bar, .closes, .rises, .steps, .lags: nil
    }
  }

  /// Whether it takes every bar to be there wholly or not at all.
  public var needsWholeBars: Bool { self != .lags }
}
