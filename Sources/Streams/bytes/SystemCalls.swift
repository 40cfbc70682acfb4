#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `read(2)`, under a name that methods called `read` do not hide.
func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(descriptor, bytes, count)
}

/// `write(2)`, under a name that methods called `write` do not hide.
func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}

/// Writes all bytes, whatever signals come in between and however full a pipe is; false where that
/// fails, and `errno` says why.
///
/// `written` counts on from the bytes that were written before. They go where the file stands, or to
/// a place in it.
func writeAll(
  _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, at place: Int? = nil,
  written: inout Int
) -> Bool {
  while written < bytes.count {
    let (start, count) = (bytes.baseAddress?.advanced(by: written), bytes.count - written)
    let result =
      place.map { pwrite(descriptor, start, count, off_t($0 + written)) }
      ?? systemWrite(descriptor, start, count)
    if result >= 0 {
      written += result
    } else if errno == EAGAIN {
      var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      poll(&ready, 1, -1)
    } else if errno != EINTR {
      return false
    }
  }
  return true
}

/// Writes all bytes where the file stands, or to a place in it.
///
/// Throws `inputOutput` with the file's name.
public func writeAll(
  _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, at place: Int? = nil, name: String
) throws {
  var written = 0
  guard writeAll(bytes, to: descriptor, at: place, written: &written) else {
    throw Failure.system(.inputOutput, name)
  }
}

/// Fills a buffer from where the file stands, or from a place in it; returns how many bytes there
/// were, which are fewer only at its end.
///
/// Throws `inputOutput` with the file's name.
public func readAll(
  into bytes: UnsafeMutableRawBufferPointer, from descriptor: Int32, at place: Int? = nil,
  name: String
) throws -> Int {
  var filled = 0
  while filled < bytes.count {
    let (start, count) = (bytes.baseAddress?.advanced(by: filled), bytes.count - filled)
    let result =
      place.map { pread(descriptor, start, count, off_t($0 + filled)) }
      ?? systemRead(descriptor, start, count)
    if result == 0 { break }
    if result > 0 {
      filled += result
    } else if errno != EINTR {
      throw Failure.system(.inputOutput, name)
    }
  }
  return filled
}

/// The name of an entry of a folder that is being listed.
public func entryName(_ entry: UnsafeMutablePointer<dirent>) -> String {
  withUnsafePointer(to: &entry.pointee.d_name) { bytes in
    bytes.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
  }
}
