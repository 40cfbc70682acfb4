import Streams

/// What a table of one trading day holds.
public protocol TradingDay: Sendable {
  /// The day.
  var day: Day { get }
}

/// The days of a file of npy tables, in order, for a reader that is in step with another.
public final class DayStream<Content: TradingDay> {
  private let reader: ByteReader
  private let days: DayReader
  private let content: (NpyArray) throws -> Content?
  private var isOpen = false
  private var hasDays = false
  private var waiting: Content?
  private var order = DayOrder()

  /// Reads the days of a reader's one source; `content` is nil of a table without rows.
  public init(_ reader: ByteReader, _ content: @escaping (NpyArray) throws -> Content?) {
    self.reader = reader
    days = DayReader(reader)
    self.content = content
  }

  /// The file, as diagnostics name it.
  public var name: String { reader.name }

  /// The day that is next, not taken yet; nil at the end.
  ///
  /// Throws where days do not ascend, where there is none at all, and what `content` throws, with its
  /// place.
  public func peek() throws -> Content? {
    if !isOpen {
      isOpen = true
      _ = try reader.nextSource()
    }
    while waiting == nil, let (array, place) = try days.nextOfSource() {
      do {
        guard let next = try content(array) else { continue }
        try order.check(next.day)
        waiting = next
        hasDays = true
      } catch let error where !(error is Failure) {
        throw Failure.badData(place, "\(error)")
      }
    }
    // Who names a file of days would have something of it.
    guard hasDays else { throw Failure.badData(reader.name, "there is no day in it") }
    return waiting
  }

  /// Takes the day that is next.
  public func next() throws -> Content? {
    let day = try peek()
    if let day { order = DayOrder(after: day.day) }
    waiting = nil
    return day
  }
}
