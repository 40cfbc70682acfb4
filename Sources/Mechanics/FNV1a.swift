/// The 64-bit FNV-1a hash of bytes, or of other small numbers: the same on every machine and in every
/// year.
///
/// `start` is the offset basis of the standard, or the hash of what came before.
/// Source: Fowler, Noll and Vo; RFC 9923.
@inlinable
public func fnv1a<Numbers: Sequence>(
  _ numbers: Numbers, from start: UInt64 = 0xcbf2_9ce4_8422_2325
) -> UInt64 where Numbers.Element: BinaryInteger {
  numbers.reduce(start) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
}

/// The 64-bit FNV-1a hash of a text's UTF-8.
@inlinable
public func fnv1a(_ text: String) -> UInt64 { fnv1a(text.utf8) }

/// A hash in 16 digits.
public func hexadecimal(_ hash: UInt64) -> String {
  let digits = String(hash, radix: 16)
  return String(repeating: "0", count: 16 - digits.count) + digits
}
