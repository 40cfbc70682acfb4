/// One factor: a number of an instrument and a day.
public struct Factor: Sendable {
  /// The family it is of.
  public let family: FactorFamily
  /// Its name: `KMID`, `MA5`, `CLOSE59`.
  public let name: String
  /// The row of a pass's output that holds it.
  public let row: Int
}

/// The windows of rolling factors, in days.
public enum FactorWindow {
  /// Those there are.
  public static var days: [Int] { (0..<count).map(days) }

  /// How many there are.
  @inlinable public static var count: Int { 5 }

  /// How many days a window has, by its number.
  @inlinable
  public static func days(_ window: Int) -> Int {
    switch window {
    case 0: 5
    case 1: 10
    case 2: 20
    case 3: 30
    default: 60
    }
  }
}

extension FactorFamily {
  /// Days of the past that factors of one day each look at, today's among them.
  @inlinable public static var lags: Int { 60 }

  /// The pass that computes it.
  public var pass: FactorPass { line.pass }

  /// Its factors, in the order of their rows.
  public var factors: [Factor] {
    let (name, span, _) = line
    let suffixes =
      switch span {
      case .today: [""]
      case .windows: FactorWindow.days.map { "\($0)" }
      case .lags: (0..<Self.lags).reversed().map { "\($0)" }
      }
    return suffixes.enumerated().map { place, suffix in
      Factor(family: self, name: name + suffix, row: row + place)
    }
  }

  /// The row of its first factor; those of its other factors follow.
  @inlinable
  public var row: Int {
    let (windows, lags) = (Self.firstOfWindows.rawValue, Self.firstOfLags.rawValue)
    if rawValue < windows { return rawValue }
    if rawValue < lags { return windows + FactorWindow.count * (rawValue - windows) }
    return Self.firstOfLags.rawValue + (FactorWindow.count - 1) * (lags - windows)
      + Self.lags * (rawValue - lags)
  }

  /// The row where the passes keep the counts of valid days of the windows.
  @inlinable public static var countRow: Int { last.row + lags }

  /// Rows of what the passes write.
  @inlinable public static var rows: Int { countRow + FactorWindow.count }

  /// Families that stand one after the other.
  static func all(from first: FactorFamily, through last: FactorFamily) -> [FactorFamily] {
    (first.rawValue...last.rawValue).compactMap(FactorFamily.init)
  }
}
