import Days
import Streams

/// Which instruments and days rows are of: so that parts with the same rows are told.
struct RowOrigin: Equatable {
  /// The instruments, ascending; none of tables that have none.
  private(set) var instruments: [InstrumentCode] = []
  /// The days, ascending.
  private(set) var days: [Day] = []
  private var known: Set<InstrumentCode> = []
  private var last: [InstrumentCode] = []

  /// No rows.
  init() {}

  /// The origin of rows of these instruments and days.
  init(_ instruments: [InstrumentCode], _ days: [Day]) {
    (self.instruments, self.days) = (instruments, days)
  }

  /// Takes in a day; a table without instrument or date has no origin.
  mutating func add(_ array: NpyArray) throws {
    guard array.field("instrument") != nil, array.field("date") != nil,
      let day = try DayTable(array)
    else { return }
    if days.last != day.day { days.append(day.day) }
    let codes = try day.codes()
    // Most days have the instruments of the day before.
    guard codes != last else { return }
    last = codes
    for code in codes where known.insert(code).inserted { instruments.append(code) }
  }

  /// With instruments and days in order, each once.
  var sorted: RowOrigin { RowOrigin(instruments.sorted(), Set(days).sorted()) }

  /// Takes in that of another part, both sorted; throws where they have an instrument and a day in common.
  mutating func add(_ other: RowOrigin) throws {
    let (codes, dates) = (Set(instruments), Set(days))
    if let code = other.instruments.first(where: codes.contains),
      let day = other.days.first(where: dates.contains)
    {
      throw DayError.rule(
        "parts must be of different instruments, or of different days: \(code) and \(day) are in two"
      )
    }
    self = RowOrigin(
      Array(codes.union(other.instruments)).sorted(), Array(dates.union(other.days)).sorted())
  }
}
