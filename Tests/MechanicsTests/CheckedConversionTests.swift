import Mechanics
import Testing

/// Numbers made whole: towards zero, at the ends of the range, and what is no number.
@Suite struct CheckedConversionTests {
  @Test("within a range a number is cut towards zero, beyond it is the end, NaN the lower one")
  func ends() {
    for (value, expected) in [
      (2.0, 2), (2.999, 2), (3, 3), (3.5, 3), (1e300, 3), (.infinity, 3), (-2, -2), (-1.999, -1),
      (-2.5, -2), (-1e300, -2), (-.infinity, -2), (.nan, -2), (-0.9, 0), (-.nan, -2),
    ] as [(Double, Int)] {
      #expect(Int(value, within: -2...3) == expected, "\(value)")
      #expect(Int(Float(value), within: -2...3) == expected, "\(value)")
    }
    #expect(UInt8(255.4, within: 0...255) == 255 && UInt8(256.0, within: 0...255) == 255)
    #expect(UInt8(-0.5, within: 0...255) == 0 && UInt8(Float.nan, within: 7...255) == 7)
  }

  @Test("the ends of the widest types are no trap, and what lies before them is exact")
  func widest() {
    #expect(Int(0x1p63, within: .min ... .max) == .max)
    #expect(Int((0x1p63).nextDown, within: .min ... .max) == .max - 1023)
    #expect(Int(-0x1p63, within: .min ... .max) == .min)
    #expect(Int((-0x1p63).nextUp, within: .min ... .max) == .min + 1024)
    #expect(UInt64(0x1p64, within: 0 ... .max) == .max)
    #expect(UInt64((0x1p64).nextDown, within: 0 ... .max) == UInt64.max - 2047)
    #expect(UInt64(0x1p63, within: 0 ... .max) == UInt64(1) << 63)
    #expect(UInt64((0x1p63).nextDown, within: 0 ... .max) == UInt64(1) << 63 - 1024)
    #expect(UInt64(0x1p62, within: 0 ... .max) == UInt64(1) << 62)
    #expect(Int32(0x1p31, within: .min ... .max) == .max)
    #expect(Int32(0x1p31 - 1, within: .min ... .max) == .max)
  }
}
