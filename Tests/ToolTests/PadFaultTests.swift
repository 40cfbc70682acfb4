import TestFolders
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension PadTests {
  /// The pad while its calls fail: it serves on, or says why not with a status that is stated.
  @Suite struct PadFaultTests {
    private static let failures = Int(variable("CONVOY_FAILURES") ?? "") ?? 6

    private static let isAsked =
      Requirement.compiler.isMet && variable("CONVOY_FAILURES") != nil

    /// How a pad was with a fault.
    private struct Visit {
      /// The status of its page, of the first and of the second guest; nil where there was none.
      var pages: [Int?] = []
      var outcome: Outcome
      var counts: FaultLibrary.Counts
    }

    // The packages that the pad stands on do not bear all of it yet: what fails is told by the script.
    @Test(
      "failing calls", .enabled(if: isAsked, "only where it is asked for: Scripts/check-failures"))
    func failing() throws {
      let tools = variable("CONVOY_FAILURES_OF") ?? ""
      guard tools.isEmpty || tools.split(separator: " ").contains("ink-pad") else { return }
      let well = try visit(Fault())
      try #require(well.pages == [200, 200], "\(well.outcome.errors)")
      var counts: [String: (failed: Int, surprises: Int)] = [:]
      for fault in Fault.picked(Self.failures, of: well.counts.calls) {
        let visit = try visit(fault)
        if visit.counts.failures > 0 { counts[fault.call, default: (0, 0)].failed += 1 }
        guard let surprise = surprise(visit, after: fault) else { continue }
        counts[fault.call, default: (0, 0)].surprises += 1
        Issue.record("\(fault): \(surprise)")
      }
      guard variable("CONVOY_FAILURES") != nil else { return }
      for (call, count) in counts.sorted(by: { $0.key < $1.key }) {
        print("failures ink-pad \(call) \(count.failed) \(count.surprises)")
      }
    }

    private func surprise(_ visit: Visit, after fault: Fault) -> String? {
      let outcome = visit.outcome
      if outcome.ending == .signal(SIGTERM) {
        // What fails once may cost one guest the page.
        let isServed = fault.numbers.count > 1 || visit.pages.last == 200
        return isServed && (!fault.isHarmless || visit.pages.first == 200)
          ? nil : "pages \(visit.pages), \(outcome.errors)"
      }
      let isStated = [66, 70, 71, 74].contains { outcome.ending == .exit($0) }
      let isLine = outcome.errorLines.count == 1 && outcome.errors.hasPrefix("ink-pad: ")
      return isStated && isLine && !fault.isHarmless ? nil : "\(outcome.ending), \(outcome.errors)"
    }

    /// Starts a pad, looks at its page twice, and ends it.
    private func visit(_ fault: Fault) throws -> Visit {
      let library = try #require(FaultLibrary.path)
      return try withFolder { folder in
        put("#!/bin/sh\n\(Pad.echo)\n".utf8, "\(folder)/calculator")
        chmod("\(folder)/calculator", 0o755)
        put([UInt8](repeating: 0, count: 4096), "\(folder)/counts")
        let calculator = "\(folder)/calculator"
        let process = Process(
          FaultLibrary.words(library, fault, "counts=\(folder)/counts")
            + [
              "\(root)/.build/debug/ink-pad", "--port", "0", "--pipeline", calculator,
              "--digit-pipeline", calculator,
            ])
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while read(process.output, &byte, 1) == 1, byte != 0x0a { line.append(byte) }
        let address = String(decoding: line, as: UTF8.self)
        var pages: [Int?] = []
        if let port = UInt16(address.dropLast().split(separator: ":").last ?? "") {
          for _ in 0..<2 {
            let guest = RawGuest(port: port, patience: 2)
            guest.send("GET / HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n\r\n")
            pages.append(guest.status())
          }
        }
        kill(-process.id, SIGTERM)
        let outcome = process.finish(timeout: 20)
        return Visit(
          pages: pages, outcome: outcome,
          counts: FaultLibrary.Counts(contents("\(folder)/counts") ?? []))
      }
    }
  }
}
