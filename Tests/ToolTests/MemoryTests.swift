import TestFolders
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What a tool does where memory is short, and how much of it large arrays take.
@Suite struct MemoryTests {
  /// A file of one array of rows of 1 MiB, whose bytes are all zero and take no room on the disk.
  private func array(of count: Int, at path: String) {
    let type = "[('A', '<f4'), ('B', '|u1', (1048572,))]"
    var header = "{'descr': \(type), 'fortran_order': False, 'shape': (\(count),), }"
    header += String(repeating: " ", count: 117 - header.utf8.count) + "\n"
    put(Array("\u{93}NUMPY".unicodeScalars.map { UInt8($0.value) }) + [1, 0, 118, 0], path)
    put((contents(path) ?? []) + Array(header.utf8), path)
    truncate(path, off_t(128 + (count << 20)))
  }

  /// The address space that a tool needs to read an array of a few bytes, in KiB.
  private func need(_ tool: String, _ folder: String) -> Int {
    array(of: 1, at: "\(folder)/small")
    for size in stride(from: 10_000, through: 600_000, by: 10_000)
    where bash("ulimit -v \(size); \(tool) small > out 2> /dev/null", folder: folder).ending
      == .exit(0)
    { return size }
    return 600_000
  }

  #if os(Linux)
    @Test("no memory: 71 and one line, nothing on standard output, no file")
    func outOfMemory() throws {
      try withFolder { folder in
        let need = need("fillna", folder)
        // 1 GB, in a file and in a pipe, which is not believed.
        array(of: 1024, at: "\(folder)/large")
        for command in [
          "fillna large", "fillna large -o out2", "fillna < <(cat large)", "describe large",
        ] {
          let outcome = bash("ulimit -v \(need + 200_000); \(command)", folder: folder)
          #expect(outcome.ending == .exit(71), "\(command): \(outcome.errors)")
          #expect(outcome.errorLines.count == 1, "\(command): \(outcome.errors)")
          #expect(outcome.errors.contains(": out of memory: "), "\(outcome.errors)")
          #expect(outcome.output.isEmpty)
        }
        #expect(names(folder).sorted() == ["large", "out", "small"])
      }
    }

    @Test("an array of a file is held once", arguments: ["fillna", "dropna --fields A"])
    func heldOnce(_ tool: String) throws {
      try withFolder { folder in
        let need = need("fillna", folder)
        // 256 MB, and some memory for the work on a part of it.
        array(of: 256, at: "\(folder)/large")
        let outcome = bash(
          "ulimit -v \(need + 262_144 + 70_000); \(tool) large > /dev/null", folder: folder)
        #expect(outcome.ending == .exit(0), "\(outcome.errors)")
      }
    }
  #endif
}
