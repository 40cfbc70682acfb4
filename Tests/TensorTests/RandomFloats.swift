import Mechanics

extension SplitMix64 {
  /// Uniform in -1 ..< 1.
  mutating func floats(_ count: Int) -> [Float] {
    (0..<count).map { _ in Float(next() >> 40) / 0x1p23 - 1 }
  }
}

/// The largest difference, relative to the largest magnitude expected; infinite where one is no number.
func relativeError<Number: BinaryFloatingPoint>(_ values: [Float], _ expected: [Number]) -> Float {
  let scale = expected.reduce(1e-6) { max($0, abs(Double($1))) }
  return Float(
    zip(values, expected).reduce(0.0) {
      let difference = abs(Double($1.0) - Double($1.1))
      return max($0, difference.isNaN ? .infinity : difference)
    } / scale)
}

/// Floats that are no numbers at first, between guards that nobody may touch.
final class Guarded {
  private let buffer: UnsafeMutablePointer<Float>
  private let count: Int
  private static let margin = 64

  init(_ count: Int) {
    self.count = count
    buffer = .allocate(capacity: count + 2 * Self.margin)
    buffer.initialize(repeating: .nan, count: count + 2 * Self.margin)
    for i in 0..<Self.margin {
      buffer[i] = 12345
      buffer[count + Self.margin + i] = 12345
    }
  }

  deinit { buffer.deallocate() }

  var start: UnsafeMutablePointer<Float> { buffer + Self.margin }
  var values: [Float] { Array(UnsafeBufferPointer(start: start, count: count)) }
  var isIntact: Bool {
    (0..<Self.margin).allSatisfy {
      buffer[$0] == 12345 && buffer[count + Self.margin + $0] == 12345
    }
  }
}
