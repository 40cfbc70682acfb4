import Mechanics
import Streams
import Tables
import TestFolders
import Testing

/// Tables there and back: the same bytes.
@Suite struct RoundTripTests {
  private static let types =
    "instrument=S16,date=M8[D],id=i8,n=i4,flag=u1,x=f4,y=f8,box=f4[2],image=u1[2,3],when=M8[D]"

  @Test("a table of every type, of two days", arguments: [TableFormat.ndjson, .csv, .npy])
  func stored(_ format: TableFormat) throws {
    let ours = try TablesTests.stored("ours.npy")
    let there = try table(ours, to: format)
    let types = format == .npy ? nil : Self.types
    #expect(try table(there, types: types, to: .npy) == ours)
  }

  @Test("random rows of every type", arguments: [TableFormat.ndjson, .csv])
  func random(_ format: TableFormat) throws {
    var random = SplitMix64(seed: 8)
    let fields = try ColumnTypes(parsing: Self.types).fields
    for _ in 0..<20 {
      let rows = random.int(1...50)
      var bytes: [UInt8] = []
      for _ in 0..<rows {
        for field in fields {
          for _ in 0..<field.size / field.scalar.size {
            bytes += field.name == "date" ? Self.day(18_000) : Self.value(field.scalar, &random)
          }
        }
      }
      let array = NpyArray(type: .table(fields), shape: [rows], bytes: bytes)
      let npy = try Self.npy(array)
      let there = try table(npy, to: format)
      #expect(try table(there, types: Self.types, to: .npy) == npy)
    }
  }

  static func npy(_ array: NpyArray) throws -> [UInt8] {
    try withOutput { $0.write(array) }
  }

  private static func day(_ number: Int64) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }

  /// The bytes of any value that both texts can hold.
  private static func value(_ scalar: NpyScalar, _ random: inout SplitMix64) -> [UInt8] {
    let bits = random.next()
    switch scalar {
    case .uint8: return [UInt8(truncatingIfNeeded: bits)]
    case .int32: return withUnsafeBytes(of: UInt32(truncatingIfNeeded: bits)) { Array($0) }
    case .int64: return withUnsafeBytes(of: bits) { Array($0) }
    case .float32:
      let any = Float(bitPattern: UInt32(truncatingIfNeeded: bits))
      let short = Float(random.int(-99_999...99_999)) / 100
      let value = random.int(0...1) == 0 ? short : any.isFinite ? any : .nan
      return withUnsafeBytes(of: value) { Array($0) }
    case .float64:
      let any = Double(bitPattern: bits)
      return withUnsafeBytes(of: any.isFinite ? any : .nan) { Array($0) }
    case .day:
      return random.int(0...9) == 0 ? day(.min) : day(Int64(random.int(-719_162...2_932_896)))
    case .bytes(let width):
      let letters = Array("aZ09,\"' é;\\{[日".unicodeScalars)
      var text = ""
      for _ in 0..<random.int(0...5) { text.unicodeScalars.append(letters[random.int(0...13)]) }
      return Array(text.utf8.prefix(width))
        + Array(repeating: 0, count: max(0, width - text.utf8.count))
    }
  }
}

/// What is written.
func withOutput(_ body: (ByteWriter) throws -> Void) throws -> [UInt8] {
  try withFolder { folder in
    let output = try ByteWriter("\(folder)/file")
    try body(output)
    try output.finish()
    return contents("\(folder)/file") ?? []
  }
}
