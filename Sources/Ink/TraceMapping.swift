/// How the values of a trace become others: a `<mapping>` of a channel, or of a `<canvasTransform>`.
///
/// Read are `identity`, `unknown` (which is none), `affine`, and `lookup` of one channel in absolute values;
/// `product` and `mathml` are refused. Source: InkML, section 6.
enum TraceMapping: Equatable {
  /// The values as they are.
  case identity
  /// Sums of the sources, and a constant, a row for each target.
  case affine(sources: [String], targets: [String], rows: [[Double]])
  /// A table of one channel, in the order of its first column.
  case lookup(source: String, target: String, table: [Point], between: Interpolation)
  /// A type that is not read: what uses it is refused.
  case unread(String)

  /// What is taken between two rows of a table.
  enum Interpolation: String { case linear, floor, ceiling, middle }

  /// A `<bind>`: which channel is which column.
  struct Binding {
    var source: String?
    var target: String?
    var column: Int?
  }

  /// Reads what stands in a `<mapping>`; throws `InkError` for what is not read.
  init(
    type: String, bindings: [Binding], numbers: String, apply: String, interpolation: String
  ) throws {
    switch type {
    case "identity", "unknown": self = .identity
    case "affine": self = try Self.affine(bindings, numbers)
    case "lookup":
      guard apply == "absolute", let between = Interpolation(rawValue: interpolation) else {
        throw InkError.text(
          "<table> is \(apply) and \(interpolation), expected absolute and linear, floor, middle or "
            + "ceiling")
      }
      self = try Self.lookup(bindings, numbers, between)
    default: self = .unread(type)
    }
  }

  /// Throws `InkError` for a type that is not read.
  func check() throws {
    guard case .unread(let type) = self else { return }
    throw InkError.text("<mapping> of type '\(type)' is not read, only identity, affine and lookup")
  }

  private static func affine(_ bindings: [Binding], _ numbers: String) throws -> TraceMapping {
    let (sources, targets) = (bindings.compactMap(\.source), bindings.compactMap(\.target))
    let from = sources.isEmpty ? ["X", "Y"] : sources
    let to = targets.isEmpty ? ["X", "Y"] : targets
    let rows = try rows(of: numbers)
    guard rows.count == to.count, rows.allSatisfy({ $0.count == from.count + 1 }) else {
      throw InkError.text(
        "<affine> of \(from.count) channels to \(to.count) needs \(to.count) rows of "
          + "\(from.count + 1) numbers")
    }
    return .affine(sources: from, targets: to, rows: rows)
  }

  private static func lookup(
    _ bindings: [Binding], _ numbers: String, _ between: Interpolation
  ) throws -> TraceMapping {
    let sources = bindings.filter { $0.source != nil }
    let targets = bindings.filter { $0.target != nil }
    guard sources.count == 1, targets.count == 1, let source = sources[0].source,
      let target = targets[0].target
    else {
      throw InkError.text("<mapping> of type lookup is read of one source and one target only")
    }
    let (key, value) = ((sources[0].column ?? 1) - 1, (targets[0].column ?? 2) - 1)
    let rows = try rows(of: numbers)
    guard !rows.isEmpty, rows.allSatisfy({ $0.indices.contains(key) && $0.indices.contains(value) })
    else { throw InkError.text("<table> lacks a column that is bound") }
    let table = rows.map { Point($0[key], $0[value]) }.sorted { $0.x < $1.x }
    return .lookup(source: source, target: target, table: table, between: between)
  }

  private static func rows(of text: String) throws -> [[Double]] {
    try text.split(separator: ",").map { row in
      try row.split(whereSeparator: \.isWhitespace).map { word in
        guard let number = Double(word), number.isFinite else {
          throw InkError.text("<mapping> has what is no number: '\(word.prefix(20))'")
        }
        return number
      }
    }
  }

  /// The values of channels, mapped; those that it does not name stay as they are.
  func applied(to values: [String: Double]) -> [String: Double] {
    switch self {
    case .identity, .unread: return values
    case .affine(let sources, let targets, let rows):
      let from = sources.map { values[$0] ?? 0 } + [1]
      return values.merging(
        zip(targets, rows).map { ($0, zip($1, from).reduce(0) { $0 + $1.0 * $1.1 }) }
      ) { $1 }
    case .lookup(let source, let target, let table, let between):
      guard let value = values[source] else { return values }
      return values.merging([target: Self.value(at: value, table, between)]) { $1 }
    }
  }

  /// What a table has for a value; the first and the last row go on for ever.
  private static func value(
    at value: Double, _ table: [Point], _ between: Interpolation
  ) -> Double {
    var (low, high) = (0, table.count)
    while low < high {
      let middle = (low + high) / 2
      if table[middle].x <= value { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return table[0].y }
    let before = table[low - 1]
    guard low < table.count, before.x < value else { return before.y }
    let after = table[low]
    let part = (value - before.x) / (after.x - before.x)
    switch between {
    case .linear: return before.y + part * (after.y - before.y)
    case .floor: return before.y
    case .ceiling: return after.y
    case .middle: return (before.y + after.y) / 2
    }
  }
}
