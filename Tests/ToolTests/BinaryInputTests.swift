import Mechanics
import TestFolders
import Testing

/// What every tool that reads npy or PNG must survive.
@Suite struct BinaryInputTests {
  @Test("input cut at any byte is refused", arguments: ToolUnderTest.facing(.cutArrays))
  func truncation(_ tool: ToolUnderTest) {
    // Every place in and around the first header and before the end; every 37th in between.
    let count = tool.sample.count
    let places = (1..<count).filter { $0 < 300 || $0 > count - 40 || $0 % 37 == 0 }
    for place in places {
      let outcome = run(tool.arguments, Array(tool.sample[..<place]))
      guard case .exit(65) = outcome.ending, outcome.errorLines.count == 1, outcome.output.isEmpty
      else {
        Issue.record("cut at \(place) of \(count): \(outcome.ending), '\(outcome.errors)'")
        return
      }
    }
  }

  /// Changes to the first bytes of a stream, by what they are.
  static func damaged(_ tool: ToolUnderTest) -> [(rule: String, bytes: [UInt8])] {
    func changed(_ old: String, _ new: String) -> [UInt8] {
      let bytes = tool.sample
      let (old, new) = (Array(old.utf8), Array(new.utf8))
      precondition(old.count == new.count)
      guard let place = bytes.indices.first(where: { bytes[$0...].starts(with: old) }) else {
        return []
      }
      return Array(bytes[..<place]) + new + bytes[(place + old.count)...]
    }
    var magic = tool.sample
    magic[1] ^= 0x20
    switch tool.format {
    case .npy:
      var version = tool.sample
      version[6] = 9
      return [
        ("magic", magic), ("version", version),
        ("big-endian", changed("'<i4'", "'>i4'")),
        ("dtype", changed("'|u1'", "'|O1'")), ("dtype", changed("'<f4'", "'<c4'")),
        ("negative", changed("'shape': (", "'shape':(-")),
        ("header", changed("{'descr'", "['descr'")),
        ("other fields", changed("'image'", "'imago'")),
      ]
    case .png:
      var header = tool.sample
      header[16] = 0xff
      var data = tool.sample
      data[data.count - 20] ^= 0xff
      return [("magic", magic), ("checksum of the header", header), ("checksum", data)]
    case .ndjson, .text, .csv, .nothing: return []
    }
  }

  @Test("a wrong header is refused by name", arguments: ToolUnderTest.facing(.wrongHeaders))
  func wrongHeader(_ tool: ToolUnderTest) {
    for (rule, bytes) in Self.damaged(tool) where !bytes.isEmpty {
      let outcome = run(tool.arguments, bytes)
      #expect(outcome.ending == .exit(65), "\(rule): \(outcome.ending) \(outcome.errors)")
      expectRefusal(outcome, by: tool, 65, naming: "<stdin>")
    }
  }

  @Test("rows of glyphs that make no sense are refused by name")
  func wrongRows() throws {
    let tool = try #require(ToolUnderTest.all.first { $0.format == .npy })
    let start = try #require(tool.sample.firstIndex(of: 0x0a)) + 1
    // An id that is not UTF-8; a first position below 0; one behind the last.
    for (offset, byte, rule) in [
      (0, UInt8(0xff), "'id' of row 1 is not UTF-8"), (67, 0xff, "row 1 needs 0 <= first <= last"),
      (64, 99, "row 1 needs 0 <= first <= last: 99, 1"),
    ] {
      var bytes = tool.sample
      bytes[start + offset] = byte
      expectRefusal(run(tool.arguments, bytes), by: tool, 65, naming: rule)
    }
  }

  @Test("labels may come through a pipe, as idx or npy")
  func labelsFromAPipe() throws {
    try withFolder { folder in
      put(
        [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 28, 0, 0, 0, 28] + [UInt8](repeating: 0, count: 784),
        "\(folder)/images")
      put([0, 0, 8, 1, 0, 0, 0, 1, 3], "\(folder)/idx")
      let header = "{'descr': '|u1', 'fortran_order': False, 'shape': (1,), }\n"
      put(
        [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0]
          + Array(header.utf8) + [3], "\(folder)/npy")
      for labels in ["idx", "npy"] {
        let outcome = bash("lenet-infer --labels <(cat \(labels)) images", folder: folder)
        #expect(outcome.ending == .exit(0), "\(outcome.errors)")
        #expect(String(decoding: outcome.output, as: UTF8.self).contains(" of 1)"))
      }
    }
  }

  @Test(
    "a header that claims more than there is takes no memory",
    arguments: ToolUnderTest.facing(.hugeHeaders))
  func hugeShape(_ tool: ToolUnderTest) {
    func bytes(_ shape: String) -> [UInt8] {
      let header = "{'descr': '|u1', 'fortran_order': False, 'shape': \(shape), }\n"
      return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0]
        + Array(header.utf8)
    }
    let shapes = ["(4611686018427387904,)", "(1099511627776, 1099511627776)", "(99999999999,)"]
    // A header that claims to be 2 GiB itself.
    let header = [0x93] + Array("NUMPY".utf8) + [2, 0, 0, 0, 0, 0x80, 0x7b]
    for bytes in shapes.map(bytes) + [header] {
      // 4 GB of address space is more than any of these tools needs.
      let script = "ulimit -v 4194304; exec \"$0\" \"$@\""
      let outcome = run(
        ["/bin/bash", "-c", script] + tool.arguments, bytes)
      expectRefusal(outcome, by: tool, 65, naming: "<stdin>")
    }
  }

  @Test("random bytes are refused", arguments: ToolUnderTest.facing(.noise))
  func noise(_ tool: ToolUnderTest) {
    var random = SplitMix64(seed: UInt64(tool.sample.count))
    for _ in 0..<20 {
      var bytes = tool.sample
      let place = Int.random(in: 0..<min(200, bytes.count), using: &random)
      bytes[place] = UInt8.random(in: 0...255, using: &random)
      let outcome = run(tool.arguments, bytes)
      let allowed = outcome.ending == .exit(0) || outcome.ending == .exit(65)
      #expect(allowed, "byte \(place) = \(bytes[place]): \(outcome.ending) \(outcome.errors)")
    }
  }
}
