import Streams

/// The days of a stream of npy tables, an array each, whatever arrays they come in.
///
/// Tools write one array a day. What NumPy or pandas has written may be one table of many days: where its
/// days ascend it is cut into them. All else is handed on as it is, for the tool to judge: tables without
/// `date`, and those whose days do not ascend.
public final class DayReader {
  private let input: ByteReader
  /// A table of many days, the rows where they begin, and the day that is next.
  private var table: (array: NpyArray, place: String, starts: [Int], next: Int)?

  /// Reads the sources of a reader.
  public init(_ input: ByteReader) { self.input = input }

  /// The next day of the current source and its place, as diagnostics name it; nil at its end.
  public func nextOfSource() throws -> (array: NpyArray, place: String)? {
    if let day = nextOfTable() { return day }
    guard case (let array, let place)? = try input.nextArrayOfSource() else { return nil }
    guard let starts = array.dayStarts else { return (array, place) }
    table = (array, place, starts, 0)
    return nextOfTable()
  }

  private func nextOfTable() -> (array: NpyArray, place: String)? {
    guard let (array, place, starts, next) = table else { return nil }
    let end = next + 1 < starts.count ? starts[next + 1] : array.count
    if next + 1 < starts.count { table?.next = next + 1 } else { table = nil }
    let size = array.type.size
    let day = NpyArray(
      type: array.type, shape: [end - starts[next]],
      bytes: Array(array.bytes[starts[next] * size..<end * size]))
    return (day, "\(place), day \(next + 1) of \(starts.count)")
  }

  /// Every day of the current source, for a body that may change it in place.
  public func daysOfSource(_ body: (inout NpyArray) throws -> Void) throws {
    // Bound by itself: while the pair held it too, changing it would copy it.
    while case (var array, let place)? = try nextOfSource() {
      try input.badRecords.attempt(place) { try body(&array) }
    }
  }
}

extension ByteReader {
  /// Every day of every source, an array each, for a body that may change it in place: see `DayReader`.
  public func days(_ body: (inout NpyArray) throws -> Void) throws {
    let reader = DayReader(self)
    try forEachSource { try reader.daysOfSource(body) }
  }
}

extension NpyArray {
  /// The rows where the days of a table begin; nil of one day, and of what is no table of ascending days.
  fileprivate var dayStarts: [Int]? {
    guard shape.count == 1, count > 1, let date = try? field("date", .day) else { return nil }
    let (rows, size) = (count, type.size)
    return bytes.withUnsafeBytes { bytes in
      func number(_ row: Int) -> Int64 {
        bytes.loadUnaligned(fromByteOffset: row * size + date.offset, as: Int64.self)
      }
      var starts = [0]
      var last = number(0)
      for row in 1..<rows {
        let next = number(row)
        if next == last { continue }
        guard next > last else { return nil }
        starts.append(row)
        last = next
      }
      return starts.count > 1 ? starts : nil
    }
  }

  /// The day of all rows by the field `date`; nil of no rows, and of an array without that field.
  ///
  /// Throws where the rows are of several days, or of none.
  public func day() throws -> Day? {
    guard shape.count == 1, count > 0, field("date") != nil else { return nil }
    let date = try field("date", .day)
    let (rows, size) = (count, type.size)
    let (first, other) = bytes.withUnsafeBytes { bytes in
      func number(_ row: Int) -> Int64 {
        bytes.loadUnaligned(fromByteOffset: row * size + date.offset, as: Int64.self)
      }
      let first = number(0)
      return (first, (1..<rows).first { number($0) != first }.map { ($0, number($0)) })
    }
    let day = try Day(field: first)
    guard let (row, number) = other else { return day }
    let next = try Day(field: number)
    if next < day { throw DayError.notAscending(next, last: day) }
    throw DayError.rule(
      "days of a table must ascend, or be one: it begins with \(day), row \(row + 1) is of \(next)")
  }
}

extension Day {
  /// The day of a field `date`; throws where that is none.
  init(field number: Int64) throws {
    guard let day = Day(stored: number) else {
      throw DayError.date(number == .min ? "NaT" : "\(number) days from 1970-01-01")
    }
    self = day
  }
}
