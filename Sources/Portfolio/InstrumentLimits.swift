import Days
import Streams

/// Limits that are not the exchange's one for all: of instruments, for a while.
public struct InstrumentLimits: Sendable {
  private struct Limit {
    let span: DaySpan
    /// The share; nil for none.
    let share: Double?
    /// Of lines that fit, the last rules.
    let line: Int
  }

  private var limits: [InstrumentCode: [Limit]] = [:]
  private var ofPrefixes: [(prefix: String, limit: Limit)] = []

  /// Reads CSV with the columns instrument and limit, and perhaps date, or from and to.
  ///
  /// An instrument is a code, or the beginning of codes and a `*`; a limit is a share, or `none`.
  public init(reading path: String) throws {
    var line = 0
    try ByteReader([path]).csvRows(required: ["instrument", "limit"]) { row in
      line += 1
      guard let limit = PriceLimit(text: try row.text("limit")) else {
        throw row.failure("limit must be above 0, or none: '\(row["limit"] ?? "")'")
      }
      let day = try row.day(orNone: "date")
      let (from, to) = (try row.day(orNone: "from"), try row.day(orNone: "to"))
      guard day == nil || from == nil && to == nil else {
        throw row.failure("a row has a date, or from and to")
      }
      if let from, let to, to < from {
        throw row.failure("to must not be before from: \(to) < \(from)")
      }
      let entry = Limit(
        span: try DaySpan(from: day ?? from, to: day ?? to), share: limit.share, line: line)
      let name = try row.text("instrument")
      if name.hasSuffix("*") {
        ofPrefixes.append((name.dropLast().uppercased(), entry))
      } else {
        limits[try row.code("instrument"), default: []].append(entry)
      }
    }
  }

  /// The limit of an instrument on a day: nil where the exchange's rules, `.some(nil)` for none.
  func limit(_ code: InstrumentCode, _ day: Day) -> Double?? {
    var found = limits[code]?.last { $0.span.contains(day) }
    if !ofPrefixes.isEmpty {
      let name = "\(code)"
      for (prefix, limit) in ofPrefixes
      where name.hasPrefix(prefix) && limit.span.contains(day) && limit.line > found?.line ?? 0 {
        found = limit
      }
    }
    return found.map(\.share)
  }
}

/// A change that stops trade, as options and files say it: a share above 0, or `none`.
public struct PriceLimit: Sendable {
  /// The share; nil for none.
  public let share: Double?

  /// Reads a number above 0, or `none`; nil for anything else.
  public init?(text: String) {
    if text.lowercased() == "none" {
      share = nil
    } else if let number = Double(text), number > 0, number.isFinite {
      share = number
    } else {
      return nil
    }
  }
}
