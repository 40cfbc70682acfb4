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
  var port: UInt16 { UInt16(address.dropLast().split(separator: ":").last ?? "") ?? 0 }

  /// Answers `{"id":"1","strokes":...}` with the same id and the size of the line.
  static let echo = #"while IFS= read -r line; do echo "${line%%,*},\"size\":${#line}}"; done"#

  /// Starts a pad, with a script as its calculator where one is given, and ends it after `body`.
  static func run(
    _ options: [String] = [], tool: String = "\(root)/bin/ink-pad", calculator: String? = nil,
    variables: [String] = [], _ body: (Pad) throws -> Void
  ) throws {
    try withFolder { folder in
      var words = [tool, "--port", "0"] + options
      if let calculator {
        put("#!/bin/sh\n\(calculator)\n".utf8, "\(folder)/calculator")
        chmod("\(folder)/calculator", 0o755)
        words += ["--pipeline", "\(folder)/calculator"]
      }
      let process = Process(words, environment: environment + variables)
      defer {
        kill(-process.id, SIGTERM)
        let outcome = process.finish()
        #expect(outcome.ending == .signal(SIGTERM), "\(outcome.errors)")
      }
      var line: [UInt8] = []
      var byte: UInt8 = 0
      while read(process.output, &byte, 1) == 1, byte != 0x0a { line.append(byte) }
      try body(Pad(process: process, address: String(decoding: line, as: UTF8.self)))
    }
  }
}

/// Suites with pads, one test after the other.
@Suite(.serialized) enum PadTests {}
