import TestFolders
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What lenet-train must survive; it writes a model, so it has a table of its own.
@Suite struct LenetTrainTests {
  private static let small = [
    "\(root)/bin/lenet-train", "--architecture", "conv 3x3x4 same, relu, pool 2, fc 16, relu",
    "--epochs", "2", "--epoch-samples", "64", "--batch", "16", "--warmup", "2", "--interval", "1",
    "--hold-out", "4",
  ]

  /// Three characters of four writers, each drawn in three ways.
  private static let ink: [UInt8] = {
    var lines = ""
    for writer in ["a", "b", "c", "d"] {
      for slant in 1...3 {
        for (label, points) in [
          ("1", "[0,0],[\(slant),9]"), ("-", "[0,0],[9,\(slant)]"),
          ("7", "[0,0],[9,\(slant)],[3,14]"),
        ] {
          lines += #"{"label":"\#(label)","writer":"\#(writer)","strokes":[[\#(points)]]}"# + "\n"
        }
      }
    }
    return Array(lines.utf8)
  }()

  private func train(_ folder: String, _ model: String, _ options: String...) -> Outcome {
    run(Self.small + ["--model", model] + options, Self.ink, folder: folder)
  }

  @Test("1 thread or 2, and a training that was cut and resumed: the same model")
  func sameBytes() throws {
    try withFolder { folder in
      let one = train(folder, "one", "--threads", "1")
      #expect(one.ending == .exit(0), "\(one.errors)")
      let two = train(folder, "two", "--threads", "2")
      #expect(one.output == two.output)
      let expected = try #require(contents("\(folder)/one"))
      #expect(contents("\(folder)/two") == expected)

      let half = train(folder, "cut", "--checkpoint", "state", "--stop-after", "1")
      #expect(half.ending == .exit(0), "\(half.errors)")
      #expect(contents("\(folder)/cut") == nil)
      let rest = train(folder, "cut", "--checkpoint", "state", "--resume")
      #expect(rest.ending == .exit(0), "\(rest.errors)")
      #expect(contents("\(folder)/cut") == expected)
      #expect(train(folder, "other", "--seed", "2").ending == .exit(0))
      #expect(contents("\(folder)/other") != expected)

      let glyphs = ToolUnderTest.all.filter { $0.name == "lenet-infer" }.map(\.sample).joined()
      let infer = run(["\(root)/bin/lenet-infer", "--model", "one"], Array(glyphs), folder: folder)
      #expect(infer.output.starts(with: #"{"id":"#.utf8), "\(infer.errors)")
    }
  }

  @Test("every way to compute layers gives the same losses")
  func methods() throws {
    try withFolder { folder in
      func losses(_ options: String...) throws -> [Double] {
        let outcome = run(
          [
            "\(root)/bin/lenet-train", "--arch", "mnist-net", "--epochs", "1", "--epoch-samples",
            "64", "--batch", "16", "--interval", "1", "--hold-out", "4", "--model", "m",
          ] + options, Self.ink, folder: folder)
        try #require(outcome.ending == .exit(0), "\(outcome.errors)")
        let lines = String(decoding: outcome.output, as: UTF8.self).split(separator: "\n")
        return lines.compactMap { line in
          line.split(separator: ",").first { $0.hasPrefix("\"loss\":") }
            .flatMap { Double($0.dropFirst(7)) }
        }
      }
      let expected = try losses("--conv", "direct", "--linear", "direct")
      #expect(expected.count == 4)
      for method in ["swap", "gemm", "winograd", "auto"] {
        let found = try losses("--conv", method)
        #expect(found.count == 4)
        for (one, other) in zip(expected, found) {
          #expect(abs(one - other) < 0.01, "\(method): \(found), \(expected)")
        }
      }
    }
  }

  @Test("bad ink: 65, the line, one message, and the old model stays")
  func badInk() throws {
    try withFolder { folder in
      put([1, 2, 3], "\(folder)/model")
      for bad in ["{\"label\":\"1\"}", "{}", "{", "[]", #"{"label":"1","strokes":[[[0]]]}"#] {
        let outcome = run(
          Self.small + ["--model", "model"], Self.ink + Array("\(bad)\n".utf8), folder: folder)
        #expect(outcome.ending == .exit(65), "\(bad): \(outcome.errors)")
        #expect(outcome.errorLines.count == 1)
        #expect(outcome.errors.hasPrefix("lenet-train: <stdin>:37"), "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
        #expect(names(folder) == ["model"] && contents("\(folder)/model") == [1, 2, 3])
      }
    }
  }

  @Test("nothing to learn from: 65; files that are not there: 66; a model that cannot be: 74")
  func missing() throws {
    try withFolder { folder in
      #expect(run(Self.small + ["--model", "m"], folder: folder).ending == .exit(65))
      let absent = run(Self.small + ["--model", "m", "no-such-file"], folder: folder)
      #expect(absent.ending == .exit(66) && absent.errors.contains("no-such-file"))
      let pictures = run(
        Self.small + ["--model", "m", "--images", "no-i", "--labels", "no-l"], folder: folder)
      #expect(pictures.ending == .exit(66) && pictures.errors.contains("no-"))
      let nowhere = train(folder, "no-such-folder/model")
      // Found out before the training, so without a line of metrics.
      #expect(nowhere.ending == .exit(74) && nowhere.output.isEmpty, "\(nowhere.errors)")
      let state = train(folder, "m", "--checkpoint", "no-such-folder/state")
      #expect(state.ending == .exit(74) && state.output.isEmpty, "\(state.errors)")
      #expect(train(folder, "m", "--architecture", "cone 3").ending == .exit(64))
      #expect(names(folder).isEmpty)
    }
  }

  @Test("a training that diverges says so, and writes no model")
  func diverged() throws {
    try withFolder { folder in
      let outcome = train(folder, "m", "--learning-rate", "1e30")
      #expect(outcome.ending == .exit(65), "\(outcome.errors)")
      #expect(outcome.errorLines.count == 1 && outcome.errors.contains("--learning-rate"))
      #expect(names(folder).isEmpty)
    }
  }

  @Test("killed in the middle: the old model stays, no temporary file")
  func killed() throws {
    for number in [SIGKILL, SIGTERM, SIGINT] {
      try withFolder { folder in
        put([1, 2, 3], "\(folder)/model")
        put(Self.ink, "\(folder)/ink")
        let process = Process(
          Self.small + ["--model", "model", "--epochs", "100000", "ink"], folder: folder)
        // The first line of metrics tells that it trains.
        var byte: UInt8 = 0
        #expect(read(process.output, &byte, 1) == 1)
        kill(process.id, number)
        let outcome = process.finish()
        #expect(outcome.ending == .signal(number), "\(outcome.errors)")
        #expect(names(folder) == ["ink", "model"])
        #expect(contents("\(folder)/model") == [1, 2, 3])
      }
    }
  }
}
