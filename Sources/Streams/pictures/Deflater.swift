import CZlib
import OutOfMemory

/// Packs bytes into zlib streams, one after the other in the same memory.
final class Deflater {
  // zlib keeps the address.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)

  /// Fast, and good at what drawings are: long runs of one value.
  init() {
    stream.initialize(to: z_stream())
    let code = deflateInit2_(
      stream, 1, Z_DEFLATED, 15, 8, Z_RLE, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    if code == Z_MEM_ERROR { out_of_memory(0) }
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  /// One whole zlib stream.
  func pack(_ bytes: [UInt8]) -> [UInt8] {
    deflateReset(stream)
    let bound = Int(deflateBound(stream, UInt(bytes.count)))
    return [UInt8](unsafeUninitializedCapacity: bound) { packed, count in
      bytes.withUnsafeBufferPointer { bytes in
        stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress)
        stream.pointee.avail_in = UInt32(bytes.count)
        stream.pointee.next_out = packed.baseAddress
        stream.pointee.avail_out = UInt32(bound)
        _ = deflate(stream, Z_FINISH)
        count = bound - Int(stream.pointee.avail_out)
      }
    }
  }
}
