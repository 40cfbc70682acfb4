import Dispatch
import InstructionSets
import Mechanics
import Synchronization

/// Threads that share out numbered tasks.
public final class Workers: Sendable {
  /// How many threads work.
  public let count: Int

  /// That many threads; 1 works without any thread of its own.
  public init(_ count: Int) { self.count = max(1, count) }

  /// Runs `body(task, worker)` for every task; tasks of one worker run one after the other.
  ///
  /// Which worker gets which task depends on the clock, so results must not depend on the worker.
  public func forEach(_ tasks: Int, _ body: (_ task: Int, _ worker: Int) -> Void) {
    let threads = min(count, tasks)
    guard threads > 1, threadsAreToBeHad else {
      for task in 0..<tasks { body(task, 0) }
      return
    }
    let taken = Atomic(0)
    // The threads have ended when this returns, so the body need not outlive it.
    nonisolated(unsafe) let body = body
    DispatchQueue.concurrentPerform(iterations: threads) { worker in
      while true {
        let task = taken.add(1, ordering: .relaxed).oldValue
        guard task < tasks else { return }
        body(task, worker)
      }
    }
  }

  /// So many tasks or a few more, so that each thread has as many of them, where `most` allow it.
  func evenly(_ tasks: Int, atMost most: Int) -> Int {
    min(most, (tasks + count - 1) / count * count)
  }

  /// Runs `body` for pieces of `0 ..< count` that start at multiples of `grain`, a piece a thread.
  public func split(
    _ count: Int, grain: Int, _ body: (_ range: Range<Int>, _ worker: Int) -> Void
  ) {
    let size = max(1, (count + self.count * grain - 1) / (self.count * grain)) * grain
    forEach((count + size - 1) / size) { task, worker in
      body(task * size..<min(count, (task + 1) * size), worker)
    }
  }
}

extension Workers {
  /// The cores that this process may run on: as many threads have work to do.
  public static var cores: Int { Cores.allowed }
}
