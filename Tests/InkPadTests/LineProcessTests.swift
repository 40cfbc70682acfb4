import Synchronization
import Testing

@testable import InkPad

/// Pipelines that die, hang and lie.
@Suite(.serialized) struct LineProcessTests {
  /// It waits for ever: all tests have one.
  private static let watch = Result { try Watch() }

  /// As in the tool: a pipeline that is gone must not end who writes to it.
  init() { signal(SIGPIPE, SIG_IGN) }

  private func with<Result: Sendable>(
    _ script: String, patience: Duration = .seconds(600),
    _ body: (LineProcess) async throws -> Result
  ) async throws -> Result {
    let process = LineProcess.ofDrawings(
      ["/bin/sh", "-c", script], patience: patience, try Self.watch.get())
    let running = Task { await process.run() }
    let result = try await body(process)
    running.cancel()
    await running.value
    return result
  }

  private func text(_ answer: [UInt8]?) -> String? {
    answer.map { String(decoding: $0, as: UTF8.self) }
  }

  private let echo = #"while read -r line; do echo "${line%%,*},\"n\":${#line}}"; done"#

  /// Strokes as a question holds them.
  private static func strokes(_ text: String) -> [UInt8] { Array("\"strokes\":\(text)".utf8) }

  @Test("many questions at once are answered in order, each with its own answer")
  func order() async throws {
    try await with(echo) { process in
      await withTaskGroup(of: Bool.self) { tasks in
        for number in 0..<200 {
          tasks.addTask {
            let strokes = Self.strokes("[[[\(String(repeating: "1", count: number + 1)),2]]]")
            let answer = await process.answer(strokes, of: number)
            let size = #","n":\#(strokes.count + 10 + "\(number + 2)".count)}"#
            // The id is as long as its number, which is not known here: 1 to 3 digits.
            let sizes = (0...3).map { #","n":\#(strokes.count + 9 + $0)}"# } + [size]
            return sizes.contains { text(answer)?.hasSuffix($0) ?? false }
          }
        }
        for await isRight in tasks { #expect(isRight) }
      }
    }
  }

  @Test("it dies with a question in hand: the question is asked once more")
  func death() async throws {
    let flag = "/tmp/convoy-ink-pad-\(getpid())"
    let script = """
      n=0; while read -r line; do n=$((n + 1))
        if [ $n = 3 ] && mkdir \(flag) 2> /dev/null; then exit 1; fi
        echo "${line%%,*}}"
      done
      """
    try await with(script) { process in
      #expect(await process.answer([0x5b, 0x5d], of: 1) != nil)
      #expect(await process.answer([0x5b, 0x5d], of: 1) != nil)
      #expect(await process.answer([0x5b, 0x5d], of: 1) != nil)
    }
    rmdirectory(flag)
  }

  @Test("it dies of a question: that is given up after the second time, the next is answered")
  func poison() async throws {
    let script = """
      while read -r line; do case $line in *666*) kill -9 $$ ;; esac; echo "${line%%,*}}"; done
      """
    try await with(script) { process in
      #expect(await process.answer(Self.strokes("[[[666,1]]]"), of: 1) == nil)
      #expect(await process.answer(Self.strokes("[[[1,1]]]"), of: 1) != nil)
    }
  }

  /// Dies of 666, hangs at 777, and takes a moment for anything else.
  private let poisoned = #"""
    while read -r line; do
      case $line in *666*) kill -9 $$ ;; *777*) sleep 1000 ;; esac
      sleep 0.01; echo "${line%%,*}}"
    done
    """#

  @Test("questions beside one that kills and one that hangs: 100 of 100 are answered")
  func innocents() async throws {
    try await with(poisoned, patience: .seconds(1)) { process in
      await withTaskGroup(of: (isInnocent: Bool, isAnswered: Bool).self) { tasks in
        for guest in 0..<102 {
          let number = [30: 666, 60: 777][guest] ?? 1000 + guest
          tasks.addTask {
            let answer = await process.answer(Self.strokes("[[[\(number),1]]]"), of: guest)
            return (number >= 1000, answer != nil)
          }
        }
        for await task in tasks { #expect(task.isInnocent == task.isAnswered) }
      }
      // What has ended it twice is known from now on, whoever asks.
      let start = ContinuousClock.now
      for number in [666, 777] {
        #expect(await process.answer(Self.strokes("[[[\(number),1]]]"), of: 200) == nil)
      }
      #expect(start.duration(to: .now) < .milliseconds(500))
    }
  }

  @Test("beside a guest who always asks what kills or hangs, the others are answered in time")
  func fairness() async throws {
    for poison in [6660, 7770] {
      try await with(poisoned, patience: .seconds(1)) { process in
        let culprit = Task {
          var asked = 0
          while !Task.isCancelled {
            // The drawing is another one each time: it cannot be known.
            _ = await process.answer(Self.strokes("[[[\(poison),\(asked)]]]"), of: 0)
            asked += 1
          }
          return asked
        }
        var late = 0
        for number in 0..<15 {
          try await Task.sleep(for: .milliseconds(100))
          let start = ContinuousClock.now
          let answer = await process.answer(Self.strokes("[[[1,\(number)]]]"), of: 1)
          if answer == nil || start.duration(to: .now) > .seconds(4) { late += 1 }
        }
        culprit.cancel()
        #expect(late <= 1)
        #expect(await culprit.value > 1)
      }
    }
  }

  @Test("many who wait are no reason to start it again: its time counts from the last answer")
  func queue() async throws {
    let healths = Mutex<[LineProcess.Health]>([])
    let script = #"while read -r line; do sleep 0.3; echo "${line%%,*}}"; done"#
    try await with(script, patience: .seconds(2)) { process in
      await process.observe { health in healths.withLock { $0.append(health) } }
      await withTaskGroup(of: [UInt8]?.self) { tasks in
        for _ in 0..<12 { tasks.addTask { await process.answer([0x5b, 0x5d], of: 1) } }
        for await answer in tasks { #expect(answer != nil) }
      }
    }
    #expect(!healths.withLock { $0 }.contains(.down))
  }

  @Test("who is gone is not answered, whether it was asked already or still waits")
  func cancellation() async throws {
    try await with(#"read -r line; echo "${line%%,*}}"; sleep 1000"#) { process in
      // The second does not fit into the pipe, so the third is not asked yet.
      let contents = [[0x5b, 0x5d], [UInt8](repeating: 0x20, count: 1 << 18), [0x5b, 0x5d]]
      let tasks = contents.map { content in Task { await process.answer(content, of: 1) } }
      try await Task.sleep(for: .milliseconds(200))
      for task in tasks { task.cancel() }
      for task in tasks { #expect(await task.value == nil) }
    }
  }

  @Test("it answers something else, or cannot be started: no answer, and no end of the server")
  func lies() async throws {
    for script in [
      #"while read -r line; do echo '{"id":"no"}'; done"#, "exit 3",
      "while read -r line; do echo; done", "echo nonsense; cat",
      "exec /no/such/program 2> /dev/null",
    ] {
      try await with(script) { process in
        #expect(await process.answer([0x5b, 0x5d], of: 1) == nil, "\(script)")
      }
    }
    let missing = LineProcess.ofDrawings(
      ["/no/such/program"], patience: .seconds(1), try Self.watch.get())
    let running = Task { await missing.run() }
    #expect(await missing.answer([0x5b, 0x5d], of: 1) == nil)
    running.cancel()
    await running.value
  }
}

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

private func rmdirectory(_ path: String) { rmdir(path) }
