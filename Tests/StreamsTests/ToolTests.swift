import ArgumentParser
import TestFolders
import Testing

@testable import Streams

/// Writes the number under `n` of each line; refuses 13 as data and 99 as an option.
private struct Numbers: Tool {
  @OptionGroup var streams: StreamOptions
  @Option var times = 1

  func run(_ input: ByteReader, _ output: ByteWriter) throws {
    guard times != 99 else { throw Failure.usage("--times 99 cannot be") }
    guard times != 98 else { throw ValidationError("--times 98 cannot be") }
    var json = JSONWriter(output)
    try input.ndjson { value in
      let number = try value.require("n")
      json.beginObject()
      json.key("n")
      guard let n = number.int, n != 13 else { throw number.failure("no number we like") }
      json.value(n * times)
      json.endObject()
      json.endLine()
    }
  }
}

struct ToolTests {
  /// The status and what is in the output file; nil where there is none.
  ///
  /// It held "old" before.
  private func run(_ input: String, _ options: [String] = []) throws -> (
    Streams.ExitStatus, String?
  ) {
    try withFolder { folder in
      put(Array(input.utf8), "\(folder)/in")
      put(Array("old".utf8), "\(folder)/out")
      let status = Numbers.status(of: ["\(folder)/in", "--output", "\(folder)/out"] + options)
      #expect(names(folder) == ["in", "out"])
      return (status, contents("\(folder)/out").map { String(decoding: $0, as: UTF8.self) })
    }
  }

  @Test func goodInputGivesANewFile() throws {
    #expect(try run("{\"n\":1}\n{\"n\":2}", ["--times", "3"]) == (.done, "{\"n\":3}\n{\"n\":6}\n"))
    #expect(try run("") == (.done, ""))
  }

  @Test func badInputLeavesTheOldFile() throws {
    for input in ["{\"n\":1}\n{", "{\"n\":13}", "{}", "[]", "{\"n\":1.5}", "{\"n\":1}\n\u{0}"] {
      #expect(try run(input) == (.badData, "old"))
    }
    #expect(try run("{\"n\":123456789}", ["--max-line", "10"]) == (.badData, "old"))
  }

  @Test func badRecordsAreSkippedWhenAsked() throws {
    let input = "{\"n\":1}\n{\"n\":13}\n{\n\n{\"n\":4}\n"
    #expect(try run(input, ["--skip-bad"]) == (.done, "{\"n\":1}\n{\"n\":4}\n"))
    #expect(try run("{}\n[]", ["--skip-bad"]) == (.badData, "old"))
  }

  @Test func usageComesFirst() throws {
    for options in [
      ["--bogus"], ["--times", "x"], ["--max-line", "0"], ["--times", "99"], ["--times", "98"],
    ] {
      #expect(try run("{\"n\":1}", options) == (.usage, "old"))
    }
  }

  @Test func placesAreChecked() {
    #expect(Numbers.status(of: ["/no/such/file", "-o", "/dev/null"]) == .inputMissing)
    #expect(Numbers.status(of: ["/tmp", "-o", "/dev/null"]) == .inputMissing)
    // The output is opened before anything is read.
    #expect(Numbers.status(of: ["/no/such/file", "-o", "/no/such/folder/out"]) == .inputOutput)
  }
}
