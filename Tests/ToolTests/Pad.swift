import TestFolders
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A pad that runs for the time of a test, on a port that was free.
struct Pad {
  let process: Process
  let address: String
  /// The port it got.
  var port: UInt16 {
    UInt16(address.split(separator: ":").last.map { $0.prefix { $0 != "/" } } ?? "") ?? 0
  }

  /// Answers `{"id":"1","strokes":...}` with the same id and the size of the line.
  static let echo = #"while IFS= read -r line; do echo "${line%%,*},\"size\":${#line}}"; done"#

  /// Starts a pad, with a script as its calculator where one is given, and ends it after `body`.
  static func run(
    _ options: [String] = [], tool: String = "\(root)/bin/ink-pad", calculator: String? = nil,
    variables: [String] = [], _ body: (Pad) throws -> Void
  ) throws {
    try withFolder { folder in
      let pad = start(
        options, tool: tool, calculator: calculator, in: folder, variables: variables)
      defer {
        kill(-pad.process.id, SIGTERM)
        let outcome = pad.process.finish()
        #expect(outcome.ending == .signal(SIGTERM), "\(outcome.errors)")
      }
      try body(pad)
    }
  }

  /// Starts a pad that its user ends; its calculator is put into a folder.
  static func start(
    _ options: [String] = [], tool: String = "\(root)/bin/ink-pad", calculator: String? = nil,
    in folder: String, variables: [String] = []
  ) -> Pad {
    var words = [tool]
    if !options.contains("--port") { words += ["--port", "0"] }
    words += options
    if let calculator {
      put("#!/bin/sh\n\(calculator)\n".utf8, "\(folder)/calculator")
      chmod("\(folder)/calculator", 0o755)
      words += ["--pipeline", "\(folder)/calculator"]
    }
    let process = Process(words, environment: environment + variables)
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while read(process.output, &byte, 1) == 1, byte != 0x0a { line.append(byte) }
    return Pad(process: process, address: String(decoding: line, as: UTF8.self))
  }

  /// Ends it as a power cut would, with all that it has started.
  func killAtOnce() {
    kill(-process.id, SIGKILL)
    _ = process.finish()
  }
}

/// Suites with pads: of each one test after the other.
@Suite enum PadTests {}
