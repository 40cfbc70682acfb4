import TestFolders
import Testing

@testable import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

struct OutputTests {
  @Test func onlyCommittedBytesGoOut() throws {
    try withFolder { folder in
      let path = "\(folder)/out"
      // A device or pipe is written in place, so what has gone out shows at once.
      #expect(mkfifo(path, 0o600) == 0)
      let end = open(path, O_RDONLY | O_NONBLOCK)
      defer { close(end) }
      func arrived() -> String {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        return String(
          decoding: bytes[..<max(0, Streams.systemRead(end, &bytes, bytes.count))], as: UTF8.self)
      }
      let writer = try ByteWriter(path)
      writer.write("one")
      try writer.flush()
      #expect(arrived() == "")
      try writer.commit()
      writer.write("two")
      try writer.flush()
      #expect(arrived() == "one")
      writer.rollback()
      writer.write("three")
      try writer.commit()
      #expect(arrived() == "")
      try writer.finish()
      #expect(arrived() == "three")
    }
  }

  @Test func muchGoesOutByItself() throws {
    let piece = [UInt8](repeating: 0x61, count: 1000)
    let bytes = try writtenToFile { writer in
      for _ in 0..<1000 {
        writer.write(piece)
        try writer.commit()
      }
    }
    #expect(bytes == [UInt8](repeating: 0x61, count: 1_000_000))
  }

  @Test func anErrorLeavesTheOldFile() throws {
    try withFolder { folder in
      let path = "\(folder)/out"
      put(Array("old".utf8), path)
      do {
        let writer = try ByteWriter(path)
        writer.write("new")
        try writer.commit()
        try writer.flush()
        #expect(names(folder).count == 2)
        #expect(contents(path) == Array("old".utf8))
      }
      #expect(names(folder) == ["out"])
      #expect(contents(path) == Array("old".utf8))
    }
  }

  @Test func theNewFileKeepsTheMode() throws {
    try withFolder { folder in
      let path = "\(folder)/out"
      put(Array("old".utf8), path)
      chmod(path, 0o640)
      try "new".withCString {
        try AtomicFile.write(UnsafeRawBufferPointer(start: $0, count: 3), to: path)
      }
      var status = stat()
      #expect(stat(path, &status) == 0)
      #expect(status.st_mode & 0o777 == 0o640)
      #expect(contents(path) == Array("new".utf8))
      #expect(names(folder) == ["out"])
    }
  }

  @Test("what cannot be synced does not take the old file's name")
  func syncedBeforeItIsRenamed() throws {
    try withFolder { folder in
      let path = "\(folder)/out"
      put(Array("old".utf8), path)
      do {
        let file = try AtomicFile(path)
        // A pipe in the file's place is closed like any other, but has no disk to be synced to.
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        #expect(dup2(ends[1], file.descriptor) == file.descriptor)
        defer { for end in ends { close(end) } }
        let failure = #expect(throws: Failure.self) { try file.publish() }
        #expect(failure?.status == .inputOutput)
        #expect(contents(path) == Array("old".utf8))
      }
      #expect(names(folder) == ["out"])
      #expect(contents(path) == Array("old".utf8))
    }
  }

  @Test func aLinkIsFollowed() throws {
    try withFolder { folder in
      put([], "\(folder)/real")
      symlink("\(folder)/real", "\(folder)/link")
      let writer = try ByteWriter("\(folder)/link")
      writer.write("new")
      try writer.finish()
      #expect(contents("\(folder)/real") == Array("new".utf8))
      #expect(names(folder) == ["link", "real"])
    }
  }

  @Test func theOutputMayBeTheInput() throws {
    try withFolder { folder in
      let path = "\(folder)/file"
      put(Array("a\nb\n".utf8), path)
      let (input, output) = (ByteReader([path]), try ByteWriter(path))
      try input.lines { line in
        output.write(line)
        output.write(line)
        try output.commit()
      }
      try output.finish()
      #expect(contents(path) == Array("aabb".utf8))
    }
  }

  @Test func namesAsLongAsAllowed() throws {
    try withFolder { folder in
      let path = "\(folder)/" + String(repeating: "n", count: 255)
      try ByteWriter(path).finish()
      #expect(contents(path) == [])
    }
  }

  @Test func placesThatCannotBeWritten() throws {
    for (path, reason) in [
      ("/no/such/folder/out", "No such file or directory"), ("/", "Is a directory"),
      ("/proc/version/out", "Not a directory"),
    ] {
      do {
        _ = try ByteWriter(path)
        Issue.record("\(path) was opened")
      } catch let failure as Failure {
        #expect(failure.status == .inputOutput)
        #expect(failure.description == "\(path): \(reason)")
      }
    }
    let full = try ByteWriter("/dev/full")
    full.write("x")
    #expect(message { try full.finish() } == "full: No space left on device")
  }

  @Test func placesThatCannotBeRead() throws {
    for (path, reason) in [("/no/such", "No such file or directory"), ("/tmp", "Is a directory")] {
      do {
        _ = try ByteReader([path]).nextSource()
        Issue.record("\(path) was opened")
      } catch let failure as Failure {
        #expect(failure.status == .inputMissing)
        #expect(failure.description == "\(path): \(reason)")
      }
    }
  }
}
