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

  fileprivate let path: String
  private var limits: [InstrumentCode: [Limit]] = [:]
  private var ofPrefixes: [(prefix: String, limit: Limit)] = []

  /// Reads CSV with the columns instrument and limit, and perhaps date, or from and to.
  ///
  /// An instrument is a code, or the beginning of codes and a `*`; a limit is a share, or `none`.
  public init(reading path: String) throws {
    self.path = path
    var line = 0
    try ByteReader([path]).csvRows(required: ["instrument", "limit"]) { row in
      line += 1
      guard let limit = PriceLimit(text: try row.text("limit")) else {
        throw row.failure(
          "limit must be a share above 0, such as 0.195, or none: '\(row["limit"] ?? "")'")
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

  /// The codes that have limits, and the beginnings of codes, each once.
  fileprivate var names: (codes: [InstrumentCode], prefixes: [String]) {
    (limits.keys.sorted(), Set(ofPrefixes.map(\.prefix)).sorted())
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

  /// Reads a share above 0 and up to 1, or `none`; nil for anything else: 20 for 20 % would be no limit at all.
  public init?(text: String) {
    if text.lowercased() == "none" {
      share = nil
    } else if let number = Double(text), number > 0, number <= 1 {
      share = number
    } else {
      return nil
    }
  }
}

/// Which instruments of limits the bars ever had: limits of others limit nothing.
struct LimitJoin: Sendable {
  private let path: String
  private let count: Int
  private var codes: [InstrumentCode]
  private var prefixes: [String]
  /// The instruments of the last day.
  private var others: [InstrumentCode] = []

  init(_ limits: InstrumentLimits) {
    path = limits.path
    (codes, prefixes) = limits.names
    count = codes.count + prefixes.count
  }

  /// Looks for what was not found yet in a day's instruments.
  mutating func see(_ others: [InstrumentCode]) {
    self.others = others
    if !codes.isEmpty { codes.removeAll { others.sortedPlace(of: $0) != nil } }
    if !prefixes.isEmpty {
      prefixes.removeAll { prefix in others.contains { "\($0)".hasPrefix(prefix) } }
    }
  }

  /// Throws where nothing was found, but something that is spelt in another way.
  func finish() throws {
    guard codes.count + prefixes.count == count else { return }
    for code in codes {
      guard let alike = code.alike(among: others) else { continue }
      throw Failure.badData(
        path, "none of \(count) instruments is in the bars: \(code) here, \(alike) there")
    }
  }

  /// How many of how many were not found, and the first three; nil where all were.
  var note: String? {
    let missing = codes.map { "\($0)" } + prefixes.map { "\($0)*" }
    guard !missing.isEmpty, !others.isEmpty else { return nil }
    return "\(missing.count) of \(count) instruments of --limits are not in the bars: "
      + missing.firstThree
  }
}
