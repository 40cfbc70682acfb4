/// The bytes of a connection, with limits to how many are kept.
struct Incoming {
  let connection: Connection
  private var bytes: [UInt8] = []
  private var start = 0

  init(_ connection: Connection) { self.connection = connection }

  /// Whether anything came that was not taken.
  var hasBegun: Bool { bytes.count > start }

  /// Waits for more; false at the end.
  private mutating func fill() async -> Bool {
    if start > 0 {
      bytes.removeFirst(start)
      start = 0
    }
    guard let more = try? await connection.receive(atMost: 4096), !more.isEmpty else {
      return false
    }
    bytes += more
    return true
  }

  /// What comes before the blank line of a request; nil at the end of the stream.
  ///
  /// Where that is more than `limit` bytes, only `isOver` is given.
  mutating func head(limit: Int) async -> (bytes: [UInt8], isOver: Bool)? {
    var scanned = 0
    while true {
      while scanned < bytes.count {
        scanned += 1
        guard scanned <= limit else { return ([], true) }
        for end in [[13, 10, 13, 10], [10, 10]] as [[UInt8]]
        where scanned >= end.count && bytes[(scanned - end.count)..<scanned].elementsEqual(end) {
          defer { start = scanned }
          return (Array(bytes[..<(scanned - end.count)]), false)
        }
      }
      guard await fill() else { return nil }
    }
  }

  /// Exactly so many bytes; nil where the stream ends before.
  mutating func take(_ count: Int) async -> [UInt8]? {
    while bytes.count - start < count {
      guard await fill() else { return nil }
    }
    defer { start += count }
    return Array(bytes[start..<(start + count)])
  }

  /// Reads and drops what the guest still sends, up to a limit.
  ///
  /// Closing with bytes unread would reset the connection, and the guest might lose the answer.
  mutating func drain(limit: Int) async {
    var count = 0
    while count < limit, await fill() {
      count += bytes.count
      bytes = []
    }
  }
}
