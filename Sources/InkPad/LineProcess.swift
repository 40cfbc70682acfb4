import Streams

/// A pipeline that is started once and answers each line with a line, in order.
///
/// It may die, or stop answering: then it is killed with all its stages and started anew, after a
/// pause that grows from 50 ms to 5 s. What it had not answered is asked once more (`QuestionQueue`).
public actor LineProcess {
  /// Whether it can be asked.
  public enum Health: String, Sendable { case starting, ready, down }

  private let command: [String]
  private let patience: Duration
  private let watch: Watch
  private let makeLine: @Sendable (_ id: String, _ content: [UInt8]) -> [UInt8]
  private let probe: [UInt8]
  private let answersCarryIDs: Bool
  private var queue = QuestionQueue()
  private var count = 0
  /// Whether the pipeline has answered the probe since its start.
  private var isReady = false
  /// Says that something may be asked.
  ///
  /// Made anew at each start: a stream ends with the task that reads it.
  private var signal = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
  private(set) var health = Health.starting
  private var didChange: @Sendable (Health) async -> Void = { _ in }

  /// A pipeline of drawings, a record a line, whose answers carry the same ids.
  ///
  /// Asked are the members of a record behind its id, `"strokes":[...]` and others.
  public static func ofDrawings(
    _ command: [String], patience: Duration, _ watch: Watch
  ) -> LineProcess {
    let probe = #""strokes":[]"#
    return LineProcess(command, patience, watch, probe: probe, answersCarryIDs: true) {
      id, members in
      Array("{\"id\":\"\(id)\",".utf8) + members + Array("}\n".utf8)
    }
  }

  /// A pipeline of plain text.
  public static func ofText(
    _ command: [String], patience: Duration, _ watch: Watch
  ) -> LineProcess {
    LineProcess(command, patience, watch, probe: "0", answersCarryIDs: false) { $1 + [0x0a] }
  }

  private init(
    _ command: [String], _ patience: Duration, _ watch: Watch, probe: String, answersCarryIDs: Bool,
    makeLine: @escaping @Sendable (String, [UInt8]) -> [UInt8]
  ) {
    self.command = command
    self.patience = patience
    self.watch = watch
    self.probe = Array(probe.utf8)
    self.answersCarryIDs = answersCarryIDs
    self.makeLine = makeLine
  }

  /// Has `body` told of the health, now and at each change.
  func observe(_ body: @escaping @Sendable (Health) async -> Void) async {
    didChange = body
    await body(health)
  }

  private func change(to health: Health) async {
    guard health != self.health else { return }
    self.health = health
    await didChange(health)
  }

  /// The answer to one line of a guest; nil where the pipeline died of it twice, now or before, or
  /// cannot be started, or the task was cancelled.
  func answer(_ content: [UInt8], of guest: Int) async -> [UInt8]? {
    guard !queue.refuses(content) else { return nil }
    count += 1
    let number = count
    return await withTaskCancellationHandler {
      await withCheckedContinuation { done in
        guard !Task.isCancelled else { return done.resume(returning: nil) }
        queue.add(.init(number: number, guest: guest, content: content, done: done))
        signal.continuation.yield()
      }
    } onCancel: {
      Task(executorPreference: watch) { await self.forget(number) }
    }
  }

  /// A guest has gone: nothing is known of it any more.
  func leave(_ guest: Int) { queue.leave(guest) }

  private func forget(_ number: Int) { queue.forget(number)?.resume(returning: nil) }

  /// Keeps the pipeline alive until the task is cancelled.
  func run() async {
    var pause = Duration.milliseconds(50)
    while !Task.isCancelled {
      isReady = false
      count += 1
      queue.probe(.init(number: count, guest: nil, content: probe))
      signal = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
      let reason = await runOnce()
      guard !Task.isCancelled else { break }
      pause = isReady ? .milliseconds(50) : min(pause * 2, .seconds(5))
      diagnose("\(command[0]): \(reason); starting it again")
      await change(to: .down)
      giveUp()
      await watch.sleep(for: pause)
    }
    for job in queue.removeAll() { job.done?.resume(returning: nil) }
  }

  /// Has no answer for the questions that are not to be asked again.
  private func giveUp() {
    let jobs = isReady ? queue.died() : queue.failedToStart()
    if isReady, !jobs.isEmpty {
      diagnose("\(command[0]): a question that ended it twice is not asked again")
    }
    for job in jobs { job.done?.resume(returning: nil) }
  }

  /// Runs the pipeline until it ends; returns why it did.
  private func runOnce() async -> String {
    await runStages(
      command, watch, send: { await self.send(to: $0) }, receive: { await self.receive(from: $0) },
      lateness: { await self.lateness() })
  }

  /// Sends the probe, whose answer shows that the pipeline works and leaves its stages warm, and then
  /// questions.
  private func send(to input: Descriptor) async -> String? {
    var turns = signal.stream.makeAsyncIterator()
    var next = queue.asked.first
    while !Task.isCancelled {
      while let job = next {
        let line = makeLine("\(job.number)", job.content)
        guard (try? await input.send(line)) != nil else { return nil }
        next = isReady ? queue.next() : nil
      }
      guard await turns.next() != nil else { break }
      next = isReady ? queue.next() : nil
    }
    return nil
  }

  private func receive(from output: Descriptor) async -> String? {
    var lines = LineSplitter()
    do {
      while case let bytes = try await output.receive(atMost: 1 << 16), !bytes.isEmpty {
        for line in lines.add(bytes) {
          guard await take(line) else { return "an answer to something else: \(text(line))" }
        }
        guard lines.rest.count <= longestAnswer else { return "an answer without an end" }
      }
    } catch {
      return "\(error)"
    }
    return nil
  }

  /// Hands an answer to whoever asked first; false where it answers something else.
  private func take(_ line: [UInt8]) async -> Bool {
    guard let first = queue.asked.first, !answersCarryIDs || id(of: line) == "\(first.number)"
    else { return false }
    queue.answered().done?.resume(returning: line)
    isReady = true
    signal.continuation.yield()
    await change(to: .ready)
    return true
  }

  private nonisolated func id(of line: [UInt8]) -> String? {
    try? line.withUnsafeBytes { try withJSON($0, name: "answer") { $0["id"]?.string } }
  }

  private nonisolated func text(_ line: [UInt8]) -> String {
    String(decoding: line.prefix(80), as: UTF8.self)
  }

  /// Returns when the oldest question has waited too long.
  private func lateness() async -> String? {
    while !Task.isCancelled {
      await watch.sleep(for: patience / 10)
      if let job = queue.asked.first, job.since.duration(to: .now) > patience {
        return "no answer within \(patience)"
      }
    }
    return nil
  }
}

/// The longest line that is waited for, in bytes.
private let longestAnswer = 64 << 20

/// Bytes as they come from a pipe, put together to lines.
struct LineSplitter {
  /// What came of a line that is not whole yet.
  private(set) var rest: [UInt8] = []

  /// The lines that are whole with these bytes, without their ends.
  mutating func add(_ bytes: [UInt8]) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    for (place, piece) in bytes.split(separator: 0x0a, omittingEmptySubsequences: false)
      .enumerated()
    {
      if place > 0 {
        lines.append(rest)
        rest = []
      }
      rest += piece
    }
    return lines
  }
}
