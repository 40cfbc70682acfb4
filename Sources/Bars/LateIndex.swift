import Days

/// Holds back the last days of a source on which an index has no close: it may still be coming.
///
/// A day without one that others with one follow is a gap of the index, and waits no longer.
public struct LateIndex {
  private let index: InstrumentCode?
  private var held: [BarDay] = []

  /// Waits for an index; for nil not at all.
  public init(_ index: InstrumentCode?) { self.index = index }

  /// Takes in a day; gives those to `body` that need not wait.
  public mutating func add(_ day: BarDay, _ body: (BarDay) throws -> Void) rethrows {
    held.append(day)
    guard index.map(day.hasClose) ?? true else { return }
    let days = held
    held = []
    for day in days { try body(day) }
  }

  /// The days that were not given, as a line; nil where there are none.
  public var note: String? {
    guard let index, let first = held.first?.day else { return nil }
    return held.count == 1
      ? "\(index) has no close on \(first) yet: the day is not taken"
      : "\(index) has no close since \(first): \(held.count) days are not taken"
  }
}

extension BarDay {
  /// Whether an instrument has a close.
  func hasClose(of wanted: InstrumentCode) -> Bool {
    var found = false
    forEach { code, bar, _ in
      if code == wanted, !bar.close.isNaN { found = true }
    }
    return found
  }
}
