import Days
import Mechanics
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
  private var store: InstrumentRows?
  private var day = FloatBuffer(0)
  private var inputsOfRow: [UnsafePointer<Float>] = []
  private var dayOfRow: [Int32] = []
  private var previous: [Int32] = []
  private var straight: [UInt16] = []
  private var tracks: [InstrumentCode: Track] = [:]

  /// The last row of an instrument, and where its next inputs go.
  private struct Track {
    var row: Int32 = -1
    var end: InstrumentRows.End?
  }

  /// An empty table, for windows of `steps` days whose last day is in one of the spans.
  public init(_ fields: TableFields, label: String, steps: Int, spans: [DaySpan]) {
    self.fields = fields
    self.label = label
    self.steps = steps
    self.spans = spans
  }

  /// Takes in a day; throws what breaks a rule.
  public func add(_ array: NpyArray) throws {
    let table = try DayTable(array)
    if input == nil {
      names = try fields.find(in: array).map(\.name).filter { $0 != label }
      guard !names.isEmpty else { throw DayError.rule("table has no field but the label") }
      input = InputFields(names)
      store = InstrumentRows(inputs: names.count)
    }
    let labelField = try array.number(label)
    guard let table else { return }
    let day = table.day
    try DayOrder(after: days.last).check(day)
    // What comes after all spans is seen by none of their windows.
    guard spans.contains(where: { !$0.isBefore(day) }) else { return }
    let instruments = try table.distinctCodes()
    if self.day.count < array.count * names.count {
      self.day = FloatBuffer(array.count * names.count)
    }
    try input?.read(array, self.day.start)
    let first = labels.count
    guard first + array.count < Int(Int32.max) else {
      throw DayError.rule("there must be at most \(Int32.max) rows")
    }
    for (row, instrument) in instruments.enumerated() {
      add(self.day.start + row * names.count, &tracks[instrument, default: Track()])
    }
    labels.append(contentsOf: array.numbers(labelField))
    rows.append(first..<labels.count)
    days.append(day)
  }

  /// Adds a row of the day that comes in.
  private func add(_ inputs: UnsafePointer<Float>, _ track: inout Track) {
    guard let store else { return }
    let (before, today) = (Int(track.row), Int32(days.count))
    let stored = store.add(inputs, &track.end)
    let isStraight =
      before >= 0 && dayOfRow[before] == today - 1 && inputsOfRow[before] + names.count == stored
    straight.append(isStraight ? min(straight[before], .max - 1) + 1 : 0)
    previous.append(Int32(before))
    track.row = Int32(inputsOfRow.count)
    inputsOfRow.append(stored)
    dayOfRow.append(today)
  }

  /// The days of a span by number.
  public func days(in span: DaySpan) -> [Int] {
    days.indices.filter { span.contains(days[$0]) }
  }

  /// The rows of a day that have a label.
  public func samples(ofDay day: Int) -> [Int32] {
    rows[day].filter { labels[$0].isFinite }.map { Int32($0) }
  }

  /// The windows of the rows so far, as long as the table is there.
  public var windows: SampleWindows {
    SampleWindows(
      inputs: names.count, steps: steps, rows: inputsOfRow, days: dayOfRow, previous: previous,
      straight: straight)
  }

  /// A line that tells one set of data from another.
  public var fingerprint: String {
    var bits = UInt64(days.count)
    for (row, label) in labels.enumerated() {
      var sum = UInt64(label.bitPattern)
      for input in 0..<names.count {
        sum = sum &+ UInt64(inputsOfRow[row][input].bitPattern) &* UInt64(2 * input + 3)
      }
      bits = SplitMix64.mix(bits ^ sum)
    }
    return "\(labels.count) rows, \(days.count) days, data \(String(bits, radix: 16))"
  }
}
