import Mechanics
import Synchronization

/// Counts the time that goes into packing, padding and transforming, summed over threads.
public final class Preparation: @unchecked Sendable {
  /// Seconds so far.
  public var seconds: Double { Double(nanoseconds.load(ordering: .relaxed)) * 1e-9 }
  private let nanoseconds = Atomic(0)

  /// Nothing counted yet.
  public init() {}

  /// Forgets what was counted.
  public func reset() { nanoseconds.store(0, ordering: .relaxed) }

  fileprivate func add(_ time: Int) { nanoseconds.add(time, ordering: .relaxed) }
}

extension Preparation? {
  /// Runs `body`, and counts its time where somebody asks.
  @inline(__always)
  func measure<Result>(_ body: () -> Result) -> Result {
    guard let self else { return body() }
    let start = monotonicNanoseconds()
    defer { self.add(monotonicNanoseconds() - start) }
    return body()
  }
}
