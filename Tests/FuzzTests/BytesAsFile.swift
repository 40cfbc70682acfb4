import Streams
import TestFolders

@testable import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A folder in memory where there is one.
private let shared = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"

/// Calls `body` with the path of a file of these bytes, which is in memory where the system has such.
func withFile<Result>(
  _ bytes: UnsafeRawBufferPointer, _ body: (String) throws -> Result
) throws -> Result {
  #if os(Linux)
    var template = Array("\(shared)/convoy-fuzz.XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { fatalError("no file in \(shared)") }
    defer { close(descriptor) }
    // Its descriptor is a path too, and so it needs no other, whatever ends the process.
    unlink(template)
    try writeAll(bytes, to: descriptor, name: shared)
    return try body("/proc/self/fd/\(descriptor)")
  #else
    return try withFolder { folder in
      put(bytes, "\(folder)/in")
      return try body("\(folder)/in")
    }
  #endif
}

/// Calls `body` with a reader of these bytes.
func reading<Result>(
  _ bytes: UnsafeRawBufferPointer, skipBad: Bool = false, _ body: (ByteReader) throws -> Result
) throws -> Result {
  try withFile(bytes) { try body(ByteReader([$0], badRecords: BadRecords(tolerated: skipBad))) }
}

/// What a body writes.
func written(_ body: (ByteWriter) throws -> Void) rethrows -> [UInt8] {
  let output = ByteWriter(holding: 1 << 12)
  try body(output)
  return output.record
}

/// The bytes that a body saves to the path it is given.
func saved(_ body: (String) throws -> Void) throws -> [UInt8] {
  try withFolder(in: shared) { folder in
    try body("\(folder)/out")
    return contents("\(folder)/out") ?? []
  }
}

/// Files of `testdata`, as seeds.
func samples(_ paths: String...) -> [[UInt8]] {
  paths.compactMap { contents("\(root)/testdata/\($0)") }
}
