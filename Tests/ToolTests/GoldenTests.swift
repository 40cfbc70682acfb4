import TestFolders
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A case is a folder: `cmd`, run by bash in the package's folder with `bin` first on PATH; `stdin` if
/// there is one; and `stdout`, `stderr`, `status`, of which an absent one is empty, or 0.
struct GoldenCase: CustomTestStringConvertible {
  let name: String
  var folder: String { "\(root)/Tests/golden/\(name)" }
  var testDescription: String { name }

  static let all: [GoldenCase] = names("\(root)/Tests/golden").flatMap { tool in
    names("\(root)/Tests/golden/\(tool)").map { GoldenCase(name: "\(tool)/\($0)") }
  }
}

/// `make golden-update` writes what the tools say; nothing else writes here.
private let updates = variable("CONVOY_GOLDEN") == "update"

@Test("a golden case", arguments: GoldenCase.all)
func golden(_ golden: GoldenCase) throws {
  let command = try #require(text("\(golden.folder)/cmd"), "no cmd in \(golden.folder)")
  let outcome = bash(command, contents("\(golden.folder)/stdin") ?? [])
  let found = [
    "stdout": outcome.output, "stderr": Array(outcome.errors.utf8),
    "status": Array("\(outcome.ending)\n".utf8),
  ]
  let unless = ["stdout": [], "stderr": [], "status": Array("exit 0\n".utf8)]
  for (stream, bytes) in found.sorted(by: { $0.key < $1.key }) {
    let path = "\(golden.folder)/\(stream)"
    if updates {
      if bytes == unless[stream] { unlink(path) } else { put(bytes, path) }
    } else if let expected = contents(path) ?? unless[stream], expected != bytes {
      Issue.record("\(golden.name): \(stream) differs\n\(difference(expected, bytes))")
    }
  }
}

@Test("there are golden cases")
func goldenCasesExist() {
  #expect(GoldenCase.all.count > 10)
}

/// What `diff -u` says; binary bytes only as being different.
func difference(_ expected: [UInt8], _ found: [UInt8]) -> String {
  (try? withFolder { folder in
    put(expected, "\(folder)/expected")
    put(found, "\(folder)/found")
    return String(
      decoding: bash("diff -u expected found | head -40", folder: folder).output, as: UTF8.self)
  }) ?? ""
}
