import Streams
import Subprocess

/// A pipeline that is started once and answers each line with a line, in order.
///
/// It may die, or stop answering: then it is killed with all its stages and started anew, after a
/// pause that grows from 50 ms to 5 s. What it had not answered is asked once more, and no third
/// time.
public actor LineProcess {
  /// Whether it can be asked.
  public enum Health: String, Sendable { case starting, ready, down }

  /// Something to answer; the continuation gets nil where there is no answer.
  private struct Job {
    let id: String
    let line: [UInt8]
    var tries = 0
    var since = ContinuousClock.now
    var done: CheckedContinuation<[UInt8]?, Never>?
  }

  private let command: [String]
  private let patience: Duration
  private let makeLine: @Sendable (_ id: String, _ content: [UInt8]) -> [UInt8]
  private let probe: [UInt8]
  private let answersCarryIDs: Bool
  private var waiting: [Job] = []
  private var asked: [Job] = []
  private var count = 0
  private var answersSinceStart = 0
  /// Says that something waits.
  ///
  /// Made anew at each start: a stream ends with the task that reads it.
  private var signal = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
  private(set) var health = Health.starting
  private var didChange: @Sendable (Health) async -> Void = { _ in }

  /// A pipeline of drawings, `{"id","strokes"}` a line, whose answers carry the same ids.
  public static func ofDrawings(_ command: [String], patience: Duration) -> LineProcess {
    LineProcess(command, patience, probe: "[]", answersCarryIDs: true) { id, strokes in
      JSONWriter.bytes { json in
        json.beginObject()
        json.put("id", id)
        json.key("strokes")
        json.copy(strokes)
        json.endObject()
        json.endLine()
      }
    }
  }

  /// A pipeline of plain text.
  public static func ofText(_ command: [String], patience: Duration) -> LineProcess {
    LineProcess(command, patience, probe: "0", answersCarryIDs: false) { $1 + [0x0a] }
  }

  private init(
    _ command: [String], _ patience: Duration, probe: String, answersCarryIDs: Bool,
    makeLine: @escaping @Sendable (String, [UInt8]) -> [UInt8]
  ) {
    self.command = command
    self.patience = patience
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

  /// The answer to one line; nil where the pipeline died of it twice, or the task was cancelled.
  func answer(_ content: [UInt8]) async -> [UInt8]? {
    count += 1
    let id = "\(count)"
    return await withTaskCancellationHandler {
      await withCheckedContinuation { done in
        guard !Task.isCancelled else { return done.resume(returning: nil) }
        waiting.append(Job(id: id, line: makeLine(id, content), done: done))
        signal.continuation.yield()
      }
    } onCancel: {
      Task { await self.forget(id) }
    }
  }

  /// Nobody waits for this answer any more: the question is not asked, or its answer is dropped.
  private func forget(_ id: String) {
    if let place = waiting.firstIndex(where: { $0.id == id }) {
      waiting.remove(at: place).done?.resume(returning: nil)
    } else if let place = asked.firstIndex(where: { $0.id == id }) {
      asked[place].done?.resume(returning: nil)
      asked[place].done = nil
    }
  }

  /// Keeps the pipeline alive until the task is cancelled.
  func run() async {
    var pause = Duration.milliseconds(50)
    while !Task.isCancelled {
      // The answer to the probe shows that the pipeline works, and leaves its stages warm.
      answersSinceStart = 0
      signal = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
      count += 1
      waiting.insert(Job(id: "\(count)", line: makeLine("\(count)", probe), done: nil), at: 0)
      let reason = await runOnce()
      guard !Task.isCancelled else { break }
      pause = answersSinceStart > 0 ? .milliseconds(50) : min(pause * 2, .seconds(5))
      diagnose("\(command[0]): \(reason); starting it again")
      await change(to: .down)
      askAgain()
      try? await Task.sleep(for: pause)
    }
    for job in asked + waiting { job.done?.resume(returning: nil) }
    (asked, waiting) = ([], [])
  }

  /// Puts questions without an answer back in front, and gives up those that have failed twice.
  private func askAgain() {
    var jobs = asked + waiting
    let isHopeless = answersSinceStart == 0
    for place in jobs.indices where place < asked.count || isHopeless { jobs[place].tries += 1 }
    for job in jobs where job.tries > 1 { job.done?.resume(returning: nil) }
    waiting = jobs.filter { $0.tries < 2 && $0.done != nil }
    asked = []
  }

  /// Runs the pipeline until it ends; returns why it did.
  private func runOnce() async -> String {
    await runStages(
      command, send: { await self.send(to: $0) }, receive: { await self.receive(from: $0) },
      watch: { await self.watch() })
  }

  private func send(to writer: StandardInputWriter) async -> String? {
    var turns = signal.stream.makeAsyncIterator()
    while !Task.isCancelled {
      while !waiting.isEmpty {
        var job = waiting.removeFirst()
        job.since = .now
        asked.append(job)
        guard (try? await writer.write(job.line)) != nil else { return nil }
      }
      guard await turns.next() != nil else { break }
    }
    return nil
  }

  private func receive(from output: SubprocessOutputSequence) async -> String? {
    var lines = LineSplitter()
    do {
      for try await buffer in output {
        for line in lines.add(buffer.withUnsafeBytes { Array($0) }) {
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
    guard let job = asked.first, !answersCarryIDs || id(of: line) == job.id else { return false }
    asked.removeFirst()
    // The time of the next one begins now, since it had to wait for this one.
    if !asked.isEmpty { asked[0].since = .now }
    answersSinceStart += 1
    job.done?.resume(returning: line)
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
  private func watch() async -> String? {
    while !Task.isCancelled {
      try? await Task.sleep(for: patience / 10)
      if let job = asked.first, job.since.duration(to: .now) > patience {
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
