import Mechanics
import Streams
import TestFolders
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A page that draws and clears for hours; `Scripts/check-pad` runs it.
extension PadTests.InBrowser {
  private static let rounds = Int(variable("CONVOY_PAD_ROUNDS") ?? "")

  @Test(
    "a page that draws and clears for long: its memory and the server's stay as they were",
    .enabled(if: rounds != nil, "it takes hours: Scripts/check-pad"))
  func endurance() throws {
    let rounds = Self.rounds ?? 0
    try withFolder { folder in
      try Pad.run(["--folder", "\(folder)/sheets"]) { pad in
        let browser = try Browser(folder: folder, language: "en-US")
        defer { browser.quit() }
        try browser.open(pad.address)
        try browser.wait("globalThis.pad?.state.health.ink", for: "ready")
        let start = monotonicSeconds()
        // The first rounds fill the history, the list of what can be undone, and the server's buffers.
        let warm = max(600, rounds / 10)
        var first: Memory?
        var done = 0
        for mark in [warm] + (1...10).map({ warm + rounds * $0 / 10 }) {
          try drawAndClear(mark - done, in: browser)
          done = mark
          let memory = try Memory(browser, server: pad.process.id)
          if first == nil { first = memory }
          print(
            "ink-pad endurance: \(done) rounds, \(Int(monotonicSeconds() - start, within: 0 ... .max)) s, "
              + "server \(memory.server) KiB, page \(memory.page) KiB, nodes \(memory.nodes)")
          // Who waits for hours wants to see it now.
          fflush(nil)
          for (name, before, now) in [
            ("server", first?.server ?? 0, memory.server), ("page", first?.page ?? 0, memory.page),
          ] {
            #expect(Double(now) < 1.1 * Double(before) + 512, "\(name): \(before) KiB, \(now) KiB")
          }
        }
        #expect(browser.complaints.isEmpty, "\(browser.complaints)")
      }
    }
  }

  /// Draws a character, another one each time, and clears it when it is answered, so many times.
  private func drawAndClear(_ rounds: Int, in browser: Browser) throws {
    var left = rounds
    while left > 0 {
      let now = min(left, 50)
      left -= now
      let done = try browser.evaluate(
        """
        (async () => {
          for (let round = 0; round < \(now); round += 1) {
            const at = (x, y) => [x + 20 * Math.random(), y + 20 * Math.random()];
            const points = () => Array.from({ length: 40 }, (_, i) => at(60 + 3 * i, 90 + 30 * Math.sin(i / 6)));
            for (let stroke = 0; stroke < 3; stroke += 1) {
              pad.keepForUndo();
              pad.become([...pad.state.strokes, pad.newStroke(points())], performance.now());
              for (let wait = 0; wait < 500 && !pad.state.isAnswered; wait += 1) {
                await new Promise((done) => setTimeout(done, 2));
              }
            }
            pad.clear();
          }
          return pad.state.strokes.length;
        })()
        """)
      try #require(done == "0", "\(done)")
      // The folder has a limit, and is not what is measured.
      if left % 200 < 50 {
        _ = try browser.evaluate(
          "Promise.resolve([...document.querySelectorAll('#sheet-list .discard')].forEach((b) => { b.click(); b.click(); }))"
        )
      }
    }
  }

  /// What page and server hold, in KiB, after the page's garbage was collected.
  private struct Memory {
    let server: Int
    let page: Int
    let nodes: Int

    init(_ browser: Browser, server id: Int32) throws {
      let status = text("/proc/\(id)/status") ?? ""
      server =
        status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }?
        .split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
      for _ in 0..<2 { try browser.call("HeapProfiler.collectGarbage", "{}") }
      try browser.call("Performance.enable", "{}")
      let answer = try browser.call("Performance.getMetrics", "{}")
      let metrics = try answer.withUnsafeBytes { bytes in
        try withJSON(bytes, name: "metrics") { answer in
          try answer.require("result").require("metrics").elements.map {
            (try $0.require("name").string ?? "", try $0.require("value").double ?? 0)
          }
        }
      }
      let values = Dictionary(metrics) { one, _ in one }
      page = Int((values["JSHeapUsedSize"] ?? 0) / 1024, within: 0 ... .max)
      nodes = Int(values["Nodes"] ?? 0, within: 0 ... .max)
    }
  }
}
