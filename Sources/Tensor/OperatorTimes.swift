import Mechanics

/// Counts the calls of operators and their seconds, by name: what a profiler would show.
///
/// For one thread that calls operators one after the other; an operator may use more threads.
public final class OperatorTimes {
  /// The calls of one operator.
  public struct Entry: Equatable, Sendable {
    /// The operator's name.
    public let name: String
    /// How often it was called.
    public var calls = 0
    /// Seconds of all calls.
    public var seconds = 0.0
  }

  /// One call.
  public struct Span: Equatable, Sendable {
    /// The operator's name.
    public let name: String
    /// When it began, in seconds of the monotonic clock, and how long it took.
    public let start, seconds: Double

    /// A call.
    public init(name: String, start: Double, seconds: Double) {
      (self.name, self.start, self.seconds) = (name, start, seconds)
    }
  }

  /// The calls one by one, in the order in which they ended; nil where nobody asks for them.
  public var spans: [Span]?
  /// The operators in the order of their first calls.
  public private(set) var entries: [Entry] = []

  /// Nothing counted yet.
  public init() {}

  /// Forgets what was counted.
  public func reset() { entries = [] }

  /// Runs an operator and counts it.
  public func measure(_ name: String, _ body: () -> Void) {
    let start = monotonicSeconds()
    body()
    let seconds = monotonicSeconds() - start
    add(name, seconds)
    spans?.append(Span(name: name, start: start, seconds: seconds))
  }

  private func add(_ name: String, _ seconds: Double) {
    let index =
      entries.firstIndex { $0.name == name }
      ?? {
        entries.append(Entry(name: name))
        return entries.count - 1
      }()
    entries[index].calls += 1
    entries[index].seconds += seconds
  }
}

extension OperatorTimes? {
  /// Runs an operator, and counts it where somebody asks.
  func measure(_ name: String, _ body: () -> Void) {
    guard let self else { return body() }
    self.measure(name, body)
  }
}
