#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Buffered bytes to standard output or to a file that appears whole or not at all.
///
/// Only committed bytes are ever written out: what a failed record left behind is taken back.
public final class ByteWriter {
  private var descriptor: Int32 = 1
  private var name = "<stdout>"
  private var file: AtomicFile?
  private var buffer: [UInt8] = []
  private var committed = 0
  private let bulk = 1 << 16

  /// Writes to `path`, or to standard output where it is nil or `-`.
  public init(_ path: String? = nil) throws {
    if let path, path != "-" {
      let file = try AtomicFile(path)
      self.file = file
      descriptor = file.descriptor
      name = path
    }
    buffer.reserveCapacity(2 * bulk)
  }

  /// Whether the output is a terminal, where a table reads better than NDJSON.
  public var isTerminal: Bool { isatty(descriptor) == 1 }

  /// Whether the current record has no bytes yet.
  var isAtRecordStart: Bool { buffer.count == committed }

  /// Adds bytes to the current record.
  public func write(_ bytes: UnsafeRawBufferPointer) { buffer.append(contentsOf: bytes) }

  /// Adds bytes to the current record.
  public func write(_ bytes: [UInt8]) { buffer.append(contentsOf: bytes) }

  /// Adds text to the current record, in UTF-8.
  public func write(_ text: String) { buffer.append(contentsOf: text.utf8) }

  /// Adds one byte to the current record.
  @inline(__always) public func write(_ byte: UInt8) { buffer.append(byte) }

  /// Ends a record: it may be written out now.
  public func commit() throws {
    committed = buffer.count
    if committed >= bulk { try flush() }
  }

  /// Takes back what was added since the last commit.
  public func rollback() { buffer.removeSubrange(committed...) }

  /// Writes out all that is committed.
  public func flush() throws {
    guard committed > 0 else { return }
    if file == nil, StandardStreams.outputClosed { throw Failure.system(.inputOutput, name, EBADF) }
    var written = 0
    defer {
      buffer.removeSubrange(..<written)
      committed -= written
    }
    while written < committed {
      let count = buffer.withUnsafeBytes {
        systemWrite(descriptor, $0.baseAddress?.advanced(by: written), committed - written)
      }
      if count >= 0 {
        written += count
      } else if errno == EPIPE {
        throw ReaderGone()
      } else if errno == EAGAIN {
        var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&ready, 1, -1)
      } else if errno != EINTR {
        throw Failure.system(.inputOutput, name)
      }
    }
  }

  /// Writes out the rest and puts the file in its place; a failed close is a failure.
  public func finish() throws {
    try commit()
    try flush()
    if let file {
      try file.publish()
    } else if StandardStreams.outputClosed {
      throw Failure.system(.inputOutput, name, EBADF)
    } else if close(1) != 0 {
      throw Failure.system(.inputOutput, name)
    }
  }
}
