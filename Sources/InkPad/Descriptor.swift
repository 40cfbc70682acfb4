import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A pipe or a socket that tasks read and write: where it would block, a watch waits for it.
struct Descriptor: Sendable {
  let number: Int32
  /// What it is, for who reads of its failure.
  let name: String
  private let watch: Watch

  /// Takes over a descriptor, which from now on does not block.
  init(_ number: Int32, _ name: String, _ watch: Watch) {
    (self.number, self.name, self.watch) = (number, name, watch)
    _ = fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK)
  }

  /// What there is to read, up to so many bytes; nothing at the end.
  func receive(atMost most: Int) async throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: most)
    let count = try await done(when: POLLIN) { read(number, &bytes, most) }
    return Array(bytes[..<count])
  }

  /// Writes all bytes.
  func send(_ bytes: [UInt8]) async throws {
    var sent = 0
    while sent < bytes.count {
      sent += try await done(when: POLLOUT) {
        bytes[sent...].withUnsafeBytes { write(number, $0.baseAddress, $0.count) }
      }
    }
  }

  /// The next connection to a socket that listens.
  func accept(_ name: String) async throws -> Descriptor {
    let accepted = try await done(when: POLLIN) {
      starting.withLock { _ in
        let accepted = systemAccept(number, nil, nil)
        if accepted >= 0 { _ = fcntl(accepted, F_SETFD, FD_CLOEXEC) }
        return Int(accepted)
      }
    }
    return Descriptor(Int32(accepted), name, watch)
  }

  func close() { systemClose(number) }

  /// What a call returns when it does not block, and no signal comes in between; throws where it fails.
  private func done(when events: some BinaryInteger, _ call: () -> Int) async throws -> Int {
    while true {
      let result = call()
      guard result < 0 else { return result }
      let code = errno
      switch code {
      case EAGAIN: try await watch.wait(for: number, Int16(events))
      case EINTR: break
      default: throw Failure.system(.inputOutput, name, code)
      }
    }
  }
}

/// `accept(2)`, under a name that the method does not hide.
private let systemAccept = accept
