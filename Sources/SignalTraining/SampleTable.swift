import Market
import NeuralNet
import Streams
import Tensor

/// The rows of a stream of tables in memory, once: what windows are read from, and their labels.
///
/// A row's window is its instrument's last days of the stream. A day without a row of the instrument takes the
/// row before it within the window or, where there is none, the first one after it: qlib's `TSDataSampler`
/// with `ffill+bfill`.
public final class SampleTable {
  /// A day's rows, by number.
  public typealias DayRows = Range<Int>

  /// The network's inputs; none before the first table.
  public private(set) var names: [String] = []
  /// The label's field.
  public let label: String
  /// The label of each row.
  public private(set) var labels: [Float] = []
  /// The days, ascending.
  public private(set) var days: [Day] = []
  /// The rows of each day.
  public private(set) var rows: [DayRows] = []
  private let fields: TableFields
  private let steps: Int
  private let spans: [DaySpan]
  private var input: InputFields?
  private var buffers: [FloatBuffer] = []
  private var starts: [UnsafeMutablePointer<Float>] = []
  private var dayOfRow: [Int32] = []
  private var previous: [Int32] = []
  private var lastRows: [InstrumentKey: Int32] = [:]

  /// A table without rows, for windows of so many steps whose last day is in one of the spans.
  public init(_ fields: TableFields, label: String, steps: Int, spans: [DaySpan]) {
    self.fields = fields
    self.label = label
    self.steps = steps
    self.spans = spans
  }

  /// Takes in a day; throws what breaks a rule.
  public func add(_ array: NpyArray) throws {
    let key = try DayKey(array)
    if input == nil {
      names = try fields.find(in: array).map(\.name).filter { $0 != label }
      guard !names.isEmpty else { throw MarketError.rule("table has no field but the label") }
      input = InputFields(names)
    }
    let labelField = try array.number(label)
    guard let day = try key.day(array) else { return }
    if let last = days.last, day <= last {
      throw MarketError.rule("days must ascend: \(day) after \(last)")
    }
    // What comes after all spans is seen by none of their windows.
    guard spans.contains(where: { span in span.last.map { day <= $0 } ?? true }) else { return }
    let buffer = FloatBuffer(array.count * names.count)
    try input?.read(array, buffer.start)
    let first = labels.count
    guard first + array.count < Int(Int32.max) else {
      throw MarketError.rule("there must be at most \(Int32.max) rows")
    }
    for row in 0..<array.count {
      let instrument = array.bytes(key.instrument, row: row).withUnsafeBytes { bytes in
        bytes.baseAddress.map { InstrumentKey($0, bytes.count) }
      }
      guard let instrument else { continue }
      let before = lastRows.updateValue(Int32(first + row), forKey: instrument)
      if let before, before >= first {
        throw MarketError.rule("row \(row + 1): \(try instrument.code) has a row of \(day) already")
      }
      previous.append(before ?? -1)
      dayOfRow.append(Int32(days.count))
    }
    labels.append(contentsOf: array.numbers(labelField))
    rows.append(first..<labels.count)
    days.append(day)
    buffers.append(buffer)
    starts.append(buffer.start)
  }

  /// The days of a span by number.
  public func days(in span: DaySpan) -> [Int] {
    days.indices.filter { span.contains(days[$0]) }
  }

  /// The rows of a day that have a label.
  public func samples(ofDay day: Int) -> [Int32] {
    rows[day].filter { labels[$0].isFinite }.map { Int32($0) }
  }

  /// Copies the wanted positions of a row's window, one after the other.
  public func gather(_ row: Int32, _ positions: [Int], _ target: UnsafeMutablePointer<Float>) {
    let first = dayOfRow[Int(row)] - Int32(steps - 1)
    var current = Int(row)
    for place in positions.indices.reversed() {
      let wanted = first + Int32(positions[place])
      while dayOfRow[current] > wanted {
        let before = Int(previous[current])
        guard before >= 0, dayOfRow[before] >= first else { break }
        current = before
      }
      copy(current, target + place * names.count)
    }
  }

  /// Copies the inputs of a row.
  public func copy(_ row: Int, _ target: UnsafeMutablePointer<Float>) {
    let day = Int(dayOfRow[row])
    target.update(
      from: starts[day] + (row - rows[day].lowerBound) * names.count, count: names.count)
  }

  /// A line that tells one set of data from another.
  public var fingerprint: String {
    let bits = labels.reduce(UInt64(days.count)) { RandomNumbers.mix($0 ^ UInt64($1.bitPattern)) }
    return "\(labels.count) rows, \(days.count) days, \(String(bits, radix: 16))"
  }
}
