import CZlib
import OutOfMemory

/// Unpacks a gzip stream of one or more members, by zlib.
final class Inflater {
  // zlib keeps the address.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private var packed: [UInt8]
  private var position = 0
  private var count: Int
  private var betweenMembers = false
  /// The last call filled all the room it had, so that zlib may hold more.
  private var mayHoldMore = false

  /// Starts with the packed bytes already at hand.
  init(_ head: [UInt8]) {
    packed = head
    count = head.count
    // 15 + 16: the largest window, in gzip's wrapping.
    stream.initialize(to: z_stream())
    let code = inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    if code == Z_MEM_ERROR { out_of_memory(0) }
    if packed.count < 1 << 16 {
      packed.append(contentsOf: repeatElement(0, count: 1 << 16 - packed.count))
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Unpacks into `room` and returns how many bytes it gave; 0 at the end.
  ///
  /// Throws `badData` where the stream is damaged or cut short.
  func inflate(
    into room: UnsafeMutableRawBufferPointer, place: String,
    refill: (UnsafeMutableRawBufferPointer) throws -> Int
  ) throws -> Int {
    while true {
      if position == count, !mayHoldMore {
        count = try packed.withUnsafeMutableBytes(refill)
        position = 0
        if count == 0 {
          if betweenMembers { return 0 }
          throw Failure.badData(place, "gzip stream is cut short")
        }
      }
      if betweenMembers, position < count {
        // Zero padding after the last member is allowed, as gzip(1) does.
        if packed[position] == 0 {
          position += 1
          continue
        }
        inflateReset(stream)
        betweenMembers = false
      }
      let (code, given) = packed.withUnsafeMutableBytes { bytes in
        stream.pointee.next_in = bytes.baseAddress?.advanced(by: position).assumingMemoryBound(
          to: UInt8.self)
        stream.pointee.avail_in = UInt32(count - position)
        stream.pointee.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(min(room.count, 1 << 30))
        let before = stream.pointee.avail_out
        let code = CZlib.inflate(stream, Z_NO_FLUSH)
        position = count - Int(stream.pointee.avail_in)
        mayHoldMore = stream.pointee.avail_out == 0 && code == Z_OK
        return (code, Int(before - stream.pointee.avail_out))
      }
      switch code {
      case Z_OK, Z_BUF_ERROR: break
      case Z_STREAM_END: betweenMembers = true
      case Z_MEM_ERROR: out_of_memory(0)
      default:
        let reason = stream.pointee.msg.map { String(cString: $0) } ?? "error \(code)"
        throw Failure.badData(place, "gzip stream is damaged: \(reason)")
      }
      if given > 0 { return given }
    }
  }
}
