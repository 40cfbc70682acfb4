/// Widens 16-bit floats (IEEE 754 binary16) to 32 bits; false where one is infinite or no number.
///
/// Integer shifts and one product by 2^112 move the exponent, subnormals included, so that any vector
/// unit can do it; the `Float16` of the library would call a function for each element.
public func widenHalves(
  _ halves: UnsafePointer<UInt16>, count: Int, to target: UnsafeMutablePointer<Float>
) -> Bool {
  var largest: UInt16 = 0
  for i in 0..<count {
    let magnitude = halves[i] & 0x7fff
    largest = largest > magnitude ? largest : magnitude
    let scaled = Float(bitPattern: UInt32(magnitude) << 13) * 0x1p112
    target[i] = Float(bitPattern: scaled.bitPattern | UInt32(halves[i] & 0x8000) << 16)
  }
  return largest < 0x7c00
}

/// The 16-bit float nearest to `value`, ties to even; what is too large becomes infinite.
public func half(_ value: Float) -> UInt16 {
  let sign = UInt16(value.bitPattern >> 16) & 0x8000
  let magnitude = value.magnitude
  if value.isNaN { return sign | 0x7e00 }
  if magnitude >= 65520 { return sign | 0x7c00 }
  if magnitude < 0x1p-14 {
    // Subnormal: a multiple of 2^-24.
    return sign | UInt16((magnitude * 0x1p24).rounded(.toNearestOrEven), within: 0...0x400)
  }
  let bits = magnitude.bitPattern
  let rounded = bits + 0xfff + (bits >> 13 & 1)
  return sign | UInt16((rounded >> 13) - (112 << 10))
}
