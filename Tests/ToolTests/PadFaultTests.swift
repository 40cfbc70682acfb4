import TestFolders
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension PadTests {
  /// The pad while its calls fail: it serves on, but for who was being served; only at its start, or where
  /// there is no memory, does it end, and says why with a status that is stated.
  @Suite struct PadFaultTests {
    private static let failures = Int(variable("CONVOY_FAILURES") ?? "")

    /// How a pad was with a fault.
    private struct Visit {
      /// The status of its page, of the first and of the second guest; nil where there was none.
      var pages: [Int?] = []
      /// Whether a guest's drawing was answered; a second guest asks where the first was not.
      var isAnswered = false
      var outcome: Outcome
      var counts: FaultLibrary.Counts
    }

    @Test(
      "failing calls", .enabled(if: Requirement.compiler.isMet, "\(Requirement.compiler)"))
    func failing() throws {
      let tools = variable("CONVOY_FAILURES_OF") ?? ""
      guard tools.isEmpty || tools.split(separator: " ").contains("ink-pad") else { return }
      let well = try visit(Fault())
      try #require(well.pages == [200, 200] && well.isAnswered, "\(well.outcome.errors)")
      var counts: [String: (failed: Int, surprises: Int)] = [:]
      for fault in Fault.picked(Self.failures ?? 6, of: well.counts.calls) {
        let visit = try visit(fault)
        if visit.counts.failures > 0 { counts[fault.call, default: (0, 0)].failed += 1 }
        guard let surprise = surprise(visit, after: fault) else { continue }
        counts[fault.call, default: (0, 0)].surprises += 1
        Issue.record("\(fault): \(surprise)")
      }
      guard Self.failures != nil else { return }
      for (call, count) in counts.sorted(by: { $0.key < $1.key }) {
        print("failures ink-pad \(call) \(count.failed) \(count.surprises)")
      }
    }

    private func surprise(_ visit: Visit, after fault: Fault) -> String? {
      let outcome = visit.outcome
      let errors = outcome.errors
      guard outcome.ending != .signal(SIGTERM) else {
        // What fails once may cost one guest the page: which of them, the machine's haste decides.
        let isServed =
          fault.numbers.count > 1 || (visit.pages.contains(200) && visit.isAnswered)
        return isServed && (!fault.isHarmless || visit.pages.allSatisfy { $0 == 200 })
          ? nil : "pages \(visit.pages), answered \(visit.isAnswered), \(errors)"
      }
      let isStated = [66, 70, 71, 74].contains { outcome.ending == .exit($0) }
      let mayEnd = visit.pages.isEmpty || ["memory", "small", "map"].contains(fault.call)
      // What pipelines it had may have been told of before.
      let last = outcome.errorLines.last ?? ""
      let isLine =
        last.hasPrefix("ink-pad: ") && (!visit.pages.isEmpty || outcome.errorLines.count == 1)
      return isStated && mayEnd && isLine && !fault.isHarmless
        ? nil : "\(outcome.ending), pages \(visit.pages), \(errors)"
    }

    /// Starts a pad, looks at its page twice, asks it, and ends it.
    private func visit(_ fault: Fault) throws -> Visit {
      let library = try #require(FaultLibrary.path)
      return try withFolder { folder in
        put("#!/bin/sh\n\(Pad.echo)\n".utf8, "\(folder)/calculator")
        chmod("\(folder)/calculator", 0o755)
        put([UInt8](repeating: 0, count: 4096), "\(folder)/counts")
        let calculator = "\(folder)/calculator"
        let process = Process(
          FaultLibrary.words(library, fault, "piece=64 large=65536 counts=\(folder)/counts")
            + [
              "\(FaultLibrary.tools)/ink-pad", "--port", "0", "--pipeline", calculator,
              "--digit-pipeline", calculator, "--folder", "\(folder)/sheets",
            ])
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while read(process.output, &byte, 1) == 1, byte != 0x0a { line.append(byte) }
        let address = String(decoding: line, as: UTF8.self)
        var pages: [Int?] = []
        var isAnswered = false
        if let port = UInt16(address.dropLast().split(separator: ":").last ?? "") {
          // Where all calls fail from some on, there is nothing to be had but an end.
          let isOnce = fault.numbers.count == 1
          for _ in 0..<(isOnce ? 2 : 1) {
            let guest = RawGuest(port: port, patience: isOnce ? 4 : 1)
            guest.send("GET / HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n\r\n")
            pages.append(guest.status())
          }
          for _ in 0..<(isOnce ? 2 : 0) where !isAnswered {
            let guest = RawGuest(port: port, patience: 4)
            _ = guest.greet(port: port)
            guest.say(#"{"type":"ink","seq":1,"strokes":[[[1,2],[3,4]]]}"#)
            isAnswered = guest.message()?.contains(#""size":"#) ?? false
            // Kept or not, which it says, the guest is told.
            guest.say(#"{"type":"keep","seq":2,"strokes":[[[1,2],[3,4]]]}"#)
            isAnswered = isAnswered && guest.message()?.contains(#""seq":2,"#) ?? false
          }
        }
        kill(-process.id, SIGTERM)
        let outcome = process.finish()
        return Visit(
          pages: pages, isAnswered: isAnswered, outcome: outcome,
          counts: FaultLibrary.Counts(contents("\(folder)/counts") ?? []))
      }
    }
  }
}
