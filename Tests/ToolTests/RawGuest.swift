@testable import InkPad

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A guest without manners: it sends what bytes it likes over a blocking socket, on loopback only.
///
/// Where nobody listens, it can send nothing and gets nothing.
final class RawGuest {
  private let descriptor: Int32
  private var bytes: [UInt8] = []

  init(port: UInt16, patience: Int = 10) {
    // A pad that another test starts meanwhile would keep the connection open, long after this guest is gone.
    descriptor = spawning.withLock { _ in
      #if os(Linux)
        let made = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      #else
        let made = socket(AF_INET, SOCK_STREAM, 0)
      #endif
      _ = fcntl(made, F_SETFD, FD_CLOEXEC)
      return made
    }
    var time = timeval(tv_sec: patience, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    _ = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  deinit { close(descriptor) }

  /// Sends all bytes; false where the server no longer takes them.
  @discardableResult func send(_ bytes: [UInt8], step: Int = 1 << 16) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, min(step, $0.count), Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  @discardableResult func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  /// Reads what comes; false at the end, or where nothing comes in time.
  private func fill() -> Bool {
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    let count = recv(descriptor, &piece, piece.count, 0)
    guard count > 0 else { return false }
    bytes += piece[..<count]
    return true
  }

  /// All that comes until the server ends, as text.
  func rest() -> String {
    while fill() {}
    return String(decoding: bytes, as: UTF8.self)
  }

  private func take(_ count: Int) -> [UInt8]? {
    while bytes.count < count { guard fill() else { return nil } }
    defer { bytes.removeFirst(count) }
    return Array(bytes[..<count])
  }

  /// The status of the answer, such as 404; nil where there is none.
  func status() -> Int? {
    let words = rest().split(separator: " ", maxSplits: 2)
    return words.count == 3 && words[0] == "HTTP/1.1" ? Int(words[1]) : nil
  }

  /// Asks for a WebSocket; the answer's head.
  func greet(port: UInt16, origin: String? = nil, host: String? = nil, more: String = "") -> String
  {
    let host = host ?? "127.0.0.1:\(port)"
    send(
      """
      GET /ws HTTP/1.1\r
      Host: \(host)\r
      Origin: \(origin ?? "http://\(host)")\r
      \(more)\
      Upgrade: websocket\r
      Connection: keep-alive, Upgrade\r
      Sec-WebSocket-Version: 13\r
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
      \r\n
      """)
    var head: [UInt8] = []
    while !head.suffix(4).elementsEqual([13, 10, 13, 10]) {
      guard let byte = take(1) else { break }
      head += byte
    }
    return String(decoding: head, as: UTF8.self)
  }

  /// The next frame; nil at the end.
  func frame() -> Frame? {
    guard let two = take(2), let kind = Frame.Kind(rawValue: two[0] & 0x0f) else { return nil }
    var size = Int(two[1])
    if size > 125 {
      guard let long = take(size == 126 ? 2 : 8) else { return nil }
      size = long.reduce(0) { $0 << 8 | Int($1) }
    }
    guard let payload = take(size) else { return nil }
    return Frame(kind: kind, isLast: two[0] & 0x80 != 0, payload: payload)
  }

  /// The next text that is no greeting and no news of the pipelines' health, or the close code.
  func message() -> String? {
    while let frame = frame() {
      let text = String(decoding: frame.payload, as: UTF8.self)
      if frame.kind == .close {
        return "close \(frame.payload.prefix(2).reduce(0) { $0 << 8 | Int($1) })"
      }
      let isNews = [#"{"type":"state""#, #"{"type":"hello""#].contains { text.hasPrefix($0) }
      if frame.kind == .text, !isNews { return text }
    }
    return nil
  }

  /// The bytes of a frame as a browser sends it.
  static func masked(
    _ payload: [UInt8], kind: UInt8 = 1, isLast: Bool = true, mask: [UInt8] = [1, 2, 3, 4]
  ) -> [UInt8] {
    var bytes = Frame(kind: .text, payload: payload).bytes
    let start = bytes.count - payload.count
    bytes[0] = kind | (isLast ? 0x80 : 0)
    bytes[1] |= 0x80
    for place in payload.indices { bytes[start + place] ^= mask[place & 3] }
    bytes.insert(contentsOf: mask, at: start)
    return bytes
  }

  @discardableResult func say(_ text: String) -> Bool { send(Self.masked(Array(text.utf8))) }
}
