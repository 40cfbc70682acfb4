import Dispatch
import Synchronization

/// Runs work that suspends from a place that cannot, and waits for its end.
public func wait(for body: @escaping @Sendable () async throws -> Void) throws {
  let end = DispatchSemaphore(value: 0)
  let outcome = Mutex(Result<Void, any Error>.success(()))
  Task.detached {
    do {
      try await body()
    } catch {
      outcome.withLock { $0 = .failure(error) }
    }
    end.signal()
  }
  end.wait()
  try outcome.withLock { $0 }.get()
}
