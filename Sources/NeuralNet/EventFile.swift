import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Scalars over steps in a file that TensorBoard opens.
///
/// Source: TensorFlow's `record_writer.cc` (length, masked check of the length, data, masked check of
/// the data) and `event.proto`, `summary.proto`; only what scalars need.
public final class EventFile {
  private let descriptor: Int32
  private let path: String

  /// Creates `events.out.tfevents.<seconds>.<host>` in a folder, which is made where it is missing.
  ///
  /// A file of the same second is another training's, and an error.
  public init(folder: String, seconds: Double) throws {
    for end in folder.utf8.indices where folder.utf8[end] == UInt8(ascii: "/") {
      mkdir(String(folder[..<end]), 0o777)
    }
    mkdir(folder, 0o777)
    var host = [CChar](repeating: 0, count: 256)
    gethostname(&host, host.count - 1)
    let name = host.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } } ?? ""
    path = "\(folder)/events.out.tfevents.\(Int(seconds, within: 0 ... .max)).\(name)"
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw Failure.system(.inputOutput, path) }
    try write(Self.record(Self.version(seconds)))
  }

  /// Seconds since 1970, for `seconds`.
  public static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  deinit { close(descriptor) }

  /// Adds scalars of one step.
  public func add(_ scalars: [(tag: String, value: Float)], step: Int, seconds: Double) throws {
    try write(Self.record(Self.event(scalars, step: step, seconds: seconds)))
  }

  private func write(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { try writeAll($0, to: descriptor, name: path) }
  }

  /// One TFRecord.
  static func record(_ data: [UInt8]) -> [UInt8] {
    let length = fixed(UInt64(data.count))
    return length + fixed(CRC32C.masked(length)) + data + fixed(CRC32C.masked(data))
  }

  // Event { double wall_time = 1; string file_version = 3; }
  static func version(_ seconds: Double) -> [UInt8] {
    [1 << 3 | 1] + fixed(seconds.bitPattern) + bytes(3, Array("brain.Event:2".utf8))
  }

  // Event { double wall_time = 1; int64 step = 2; Summary summary = 5; }
  // Summary { Value { string tag = 1; float simple_value = 2; } value = 1; }
  static func event(
    _ scalars: [(tag: String, value: Float)], step: Int, seconds: Double
  ) -> [UInt8] {
    let values = scalars.flatMap { tag, value in
      bytes(1, bytes(1, Array(tag.utf8)) + [2 << 3 | 5] + fixed(value.bitPattern))
    }
    return [1 << 3 | 1] + fixed(seconds.bitPattern) + [2 << 3] + varint(UInt64(step))
      + bytes(5, values)
  }

  private static func bytes(_ field: UInt8, _ content: [UInt8]) -> [UInt8] {
    [field << 3 | 2] + varint(UInt64(content.count)) + content
  }

  private static func varint(_ value: UInt64) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  private static func fixed(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }
}

/// The cyclic redundancy check of Castagnoli, as TFRecord files use it.
///
/// Source: RFC 3720, appendix B.4; the mask is that of TensorFlow's `lib/hash/crc32c.h`.
enum CRC32C {
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in
      value & 1 == 1 ? value >> 1 ^ 0x82f6_3b78 : value >> 1
    }
  }

  /// The check of some bytes.
  static func check(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { crc, byte in crc >> 8 ^ table[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] }
  }

  /// The check, turned and shifted so that it may itself be part of checked data.
  static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let crc = check(bytes)
    return (crc >> 15 | crc << 17) &+ 0xa282_ead8
  }
}
