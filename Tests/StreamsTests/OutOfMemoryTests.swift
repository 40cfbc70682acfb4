import OutOfMemory
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What becomes of a process that is refused memory: each test ends one.
#if os(Linux)
  @Suite struct OutOfMemoryTests {
    /// The one line, behind the name of the program.
    private func line(_ result: ExitTest.Result?) -> Substring? {
      guard let text = result.map({ String(decoding: $0.standardErrorContent, as: UTF8.self) }),
        let name = text.firstIndex(of: ":"), text.last == "\n"
      else { return nil }
      return text[name...].dropLast()
    }

    @Test("status 71 and one line, with the bytes that were asked for where they are known")
    func ending() async {
      let unknown = await #expect(
        processExitsWith: .exitCode(71), observing: [\.standardErrorContent]
      ) { out_of_memory(0) }
      #expect(line(unknown) == ": out of memory")
      let known = await #expect(
        processExitsWith: .exitCode(71), observing: [\.standardErrorContent]
      ) { out_of_memory(1) }
      #expect(line(known) == ": out of memory: 1 bytes more were asked for")
    }

    @Test("an array and an aligned piece of memory, which ask by two functions")
    func asked() async {
      let array = await #expect(
        processExitsWith: .exitCode(71), observing: [\.standardErrorContent]
      ) { _ = [UInt8](repeating: 1, count: 1 << 62) }
      #expect(line(array)?.hasPrefix(": out of memory: 46116860184273") == true)
      let piece = await #expect(
        processExitsWith: .exitCode(71), observing: [\.standardErrorContent]
      ) {
        UnsafeMutableRawPointer.allocate(byteCount: 1 << 62, alignment: 64).deallocate()
      }
      #expect(line(piece) == ": out of memory: 4611686018427387904 bytes more were asked for")
    }

    @Test("what is to be removed is removed before")
    func cleanup() async {
      let result = await #expect(
        processExitsWith: .exitCode(71), observing: [\.standardOutputContent]
      ) {
        out_of_memory_runs { _ = write(1, "removed\n", 8) }
        out_of_memory(0)
      }
      let output = result.map { String(decoding: $0.standardOutputContent, as: UTF8.self) }
      #expect(output?.contains("removed\n") == true)
    }
  }
#endif
