import TestFolders
import Testing

@testable import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Which file an output becomes, and what is left of runs that were killed.
struct AtomicFileTests {
  private func write(_ text: String, to path: String) throws {
    try Array(text.utf8).withUnsafeBytes { try AtomicFile.write($0, to: path) }
  }

  private func status(_ path: String) -> stat {
    var status = stat()
    #expect(lstat(path, &status) == 0)
    return status
  }

  @Test("links are followed to a file that is there or is not, folders too; all spellings are one")
  func links() throws {
    try withFolder { base in
      let folder = resolvedPath(base)
      mkdir("\(folder)/d", 0o777)
      symlink("d", "\(folder)/to-d")
      symlink("to-d/new", "\(folder)/to-new")
      symlink("\(folder)/to-new", "\(folder)/to-to-new")
      symlink("loop", "\(folder)/loop")
      let spellings = [
        "d/new", "./d/new", "d/../d/new", "to-d/new", "to-new", "to-to-new", "d//new", "d/./new",
      ]
      for text in ["first", "second"] {
        for path in spellings {
          #expect(resolvedPath("\(folder)/\(path)") == "\(folder)/d/new")
          try write("\(text) \(path)", to: "\(folder)/\(path)")
          #expect(contents("\(folder)/d/new") == Array("\(text) \(path)".utf8))
        }
      }
      #expect(names("\(folder)/d") == ["new"])
      #expect(status("\(folder)/to-new").st_mode & S_IFMT == S_IFLNK)
      #expect(throws: Failure.self) { try write("", to: "\(folder)/loop") }
      for path in ["\(folder)/none/new", "\(folder)/none/", "", "/"] {
        #expect(resolvedPath(path) == path)
      }
    }
  }

  @Test("a descriptor that leads to nothing with a name stays one")
  func descriptors() throws {
    let file = try TemporaryFile()
    #expect(resolvedPath(file.path) == file.path)
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    #expect(resolvedPath("/dev/fd/\(ends[1])") == "/dev/fd/\(ends[1])")
    try write("through", to: "/dev/fd/\(ends[1])")
    var bytes = [UInt8](repeating: 0, count: 99)
    #expect(Streams.systemRead(ends[0], &bytes, 99) == 7)
  }

  @Test("the new file has mode, owner and group of the old one; setuid only with the owner")
  func owner() throws {
    try withFolder { folder in
      let path = "\(folder)/out"
      put([1], path)
      let isRoot = geteuid() == 0
      if isRoot { #expect(chown(path, 12345, 54321) == 0) }
      // The system takes setuid from what a plain user writes into.
      chmod(path, isRoot ? 0o4751 : 0o751)
      let before = status(path)
      try write("new", to: path)
      let after = status(path)
      #expect((after.st_uid, after.st_gid) == (before.st_uid, before.st_gid))
      #expect(after.st_mode == before.st_mode && after.st_ino != before.st_ino)
      #expect(contents(path) == Array("new".utf8))
    }
  }

  @Test("what a dead run has left of this file is removed; what lives, or is of other files, stays")
  func sweeping() throws {
    try withFolder { folder in
      let path = "\(folder)/out"
      let dead = [".out.abcdef.convoy", ".out.ABC123.convoy"]
      let others = [
        ".out.abcde.convoy", ".out.abcdefg.convoy", ".out.abcdef.convoy2", ".out.b.abcdef.convoy",
        ".outs.abcdef.convoy", "out.abcdef.convoy", ".out.abcdef",
      ]
      for name in dead + others { put([1], "\(folder)/\(name)") }
      mkdir("\(folder)/.out.folder.convoy", 0o777)
      let first = try AtomicFile(path)
      #expect(Set(names(folder)).isDisjoint(with: dead))
      #expect(Set(names(folder)).isSuperset(of: others + [".out.folder.convoy"]))
      let count = names(folder).count
      // The second does not take the first for dead.
      let second = try AtomicFile(path)
      #expect(names(folder).count == count + 1)
      try second.publish()
      try first.publish()
      #expect(Set(names(folder)) == Set(others + [".out.folder.convoy", "out"]))
      #expect(contents(path) == [])
    }
  }

  @Test("so is a dead run's folder with all that is in it, links in it not followed")
  func sweepingFolders() throws {
    try withFolder { folder in
      let (path, dead) = ("\(folder)/out", "\(folder)/.out.convoy.abcdef")
      for deep in ["", "/features", "/features/a"] { mkdir(dead + deep, 0o700) }
      put([1], "\(dead)/features/a/close")
      put([1], "\(folder)/mine")
      mkdir("\(folder)/kept", 0o700)
      put([1], "\(folder)/kept/mine")
      symlink("../kept", "\(dead)/link")
      let others = [
        "mine", "kept", ".out.convoy.abcde", ".outs.convoy.abcdef", ".out.convoy.ABCDEF",
      ]
      mkdir("\(folder)/\(others[2])", 0o700)
      mkdir("\(folder)/\(others[3])", 0o700)
      // A file of a folder's name is none of ours.
      put([1], "\(folder)/\(others[4])")
      let first = try NewFolder(path)
      #expect(names(folder).count == others.count + 1)
      // The second does not take the first for dead, nor does a file of that name.
      let second = try NewFolder(path)
      try write("new", to: path)
      unlink(path)
      try first.makeFolder("whole")
      try first.publish()
      #expect(names(folder).count == others.count + 2 && names(path) == ["whole"])
      #expect(throws: (any Error).self) { try second.publish() }
      withExtendedLifetime(second) {}
      #expect(names("\(folder)/kept") == ["mine"])
    }
  }

  @Test("a temporary file can be written, read and opened anew, and has no name")
  func temporaryFile() throws {
    let file = try TemporaryFile()
    let writer = try ByteWriter(file)
    writer.write("one\ntwo\n")
    try writer.finish()
    var status = stat()
    #expect(fstat(file.descriptor, &status) == 0)
    #expect(status.st_nlink == 0 && status.st_size == 8 && status.st_mode & 0o777 == 0o600)
    var lines: [String] = []
    try ByteReader([file.path]).lines { lines.append(String(decoding: $0, as: UTF8.self)) }
    #expect(lines == ["one", "two"])
    let again = try ByteWriter(file)
    again.write("3")
    try again.finish()
    #expect(plainFileSize(file.path) == 1)
  }
}
