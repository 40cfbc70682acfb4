import Streams
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A thread that runs all tasks of the server, and waits until descriptors are ready and times have come.
///
/// It keeps nothing in the system but a pipe and a thread, which are had from the start: later no call can
/// fail that others would have to pay for. Dispatch's threads are no such thing: where it cannot open a file of
/// `/proc` that tells it how busy they are, it ends the process.
public final class Watch: TaskExecutor {
  private struct Waiter {
    /// What is waited for beside the time; -1: nothing.
    let descriptor: Int32
    let events: Int16
    let end: ContinuousClock.Instant?
    /// Gets whether that has come; false where the task was cancelled.
    let done: CheckedContinuation<Bool, Never>
  }

  private struct State {
    var jobs: [UnownedJob] = []
    var waiters: [Int: Waiter] = [:]
    var count = 0
    /// Whether the thread waits, and must be told of what is new.
    var isIdle = false

    /// Whether to ring, which one does for all.
    mutating func wakes() -> Bool {
      defer { isIdle = false }
      return isIdle
    }
  }

  private let state = Mutex(State())
  /// A byte in it says that there is something new to wait for.
  private let bell: PipeEnds

  /// Starts to wait; throws `inputOutput` where there is no pipe or no thread to be had.
  public init() throws {
    bell = try PipeEnds()
    for end in [bell.read, bell.write] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
    #if canImport(Glibc)
      var thread = pthread_t()
    #else
      var thread: pthread_t?
    #endif
    let code = pthread_create(
      &thread, nil,
      { (given: UnsafeMutableRawPointer?) in
        guard let given else { return nil }
        Unmanaged<Watch>.fromOpaque(given).takeRetainedValue().run()
      }, Unmanaged.passRetained(self).toOpaque())
    guard code == 0 else { throw Failure.system(.inputOutput, "no thread", code) }
  }

  /// Has the thread run a part of a task.
  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let wakes = state.withLock { state in
      state.jobs.append(job)
      return state.wakes()
    }
    if wakes { ring() }
  }

  /// Returns when a descriptor is ready, or has an end or an error; throws where the task was cancelled.
  func wait(for descriptor: Int32, _ events: Int16) async throws(CancellationError) {
    guard await wait(descriptor, events, nil) else { throw CancellationError() }
  }

  /// Returns when so much time has passed, or the task was cancelled.
  func sleep(for time: Duration) async { _ = await wait(-1, 0, .now + time) }

  private func wait(
    _ descriptor: Int32, _ events: Int16, _ end: ContinuousClock.Instant?
  ) async -> Bool {
    let number = state.withLock { state in
      state.count += 1
      return state.count
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { done in
        let (isCancelled, wakes) = state.withLock { state in
          if Task.isCancelled { return (true, false) }
          state.waiters[number] = Waiter(
            descriptor: descriptor, events: events, end: end, done: done)
          return (false, state.wakes())
        }
        if isCancelled { done.resume(returning: false) }
        if wakes { ring() }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: number) }?.done.resume(returning: false)
    }
  }

  /// Has the thread look at what there is to wait for.
  private func ring() {
    // Where the pipe is full, it has been rung already.
    for _ in 0..<3 where write(bell.write, [1], 1) == 1 || errno == EAGAIN { return }
  }

  private func silence() {
    var bytes = [UInt8](repeating: 0, count: 64)
    while read(bell.read, &bytes, bytes.count) == bytes.count {}
  }

  /// What the thread does, for ever.
  private func run() -> Never {
    while true {
      let (jobs, waiters) = state.withLock { state in
        defer { state.jobs = [] }
        state.isIdle = state.jobs.isEmpty
        return (state.jobs, state.waiters)
      }
      for job in jobs { job.runSynchronously(on: asUnownedTaskExecutor()) }
      wait(for: waiters, atMost: jobs.isEmpty ? longest : .zero)
    }
  }

  /// Waits until something has come of what is waited for, or there is something new, and tells of it.
  private func wait(for waiters: [Int: Waiter], atMost most: Duration) {
    let watched = waiters.filter { $0.value.descriptor >= 0 }.map { $0 }
    var polls = watched.map {
      pollfd(fd: $0.value.descriptor, events: $0.value.events, revents: 0)
    }
    polls.append(pollfd(fd: bell.read, events: Int16(POLLIN), revents: 0))
    let pause = waiters.values.compactMap(\.end).min().map { $0 - .now } ?? most
    // Not before its time, but for what is not to wait at all.
    let milliseconds = Int32(
      (min(max(pause, .zero), most) / .milliseconds(1)).rounded(.up), within: 0 ... .max)
    guard poll(&polls, nfds_t(polls.count), milliseconds) >= 0 else {
      if errno != EINTR { usleep(1000) }
      return
    }
    if polls[watched.count].revents != 0 { silence() }
    let now = ContinuousClock.now
    var ready = zip(watched, polls).filter { $1.revents != 0 }.map(\.0.key)
    ready += waiters.filter { $0.value.end.map { $0 <= now } ?? false }.map(\.key)
    for number in ready {
      state.withLock { $0.waiters.removeValue(forKey: number) }?.done.resume(returning: true)
    }
  }
}

/// How long the thread waits: where the bell cannot be rung, nobody waits for longer.
private let longest = Duration.seconds(1)
