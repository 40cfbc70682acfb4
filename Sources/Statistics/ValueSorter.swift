/// Puts values in order, and equal ones in runs.
///
/// A value's bits, turned so that they are in its order, stand above its place. Values are dealt into
/// twice as many buckets as there are values, evenly over three standard deviations, where insertion puts them
/// right: 600 values take 2 µs, where digits take 5 and comparisons 25. Where values lie so unevenly
/// that insertion has much to move, digits take over.
struct ValueSorter {
  private var keys: [UInt64] = []
  private var other: [UInt64] = []
  private var starts: [Int32] = []
  private var buckets: [Int32] = []

  /// Sorts finite values, whose mean and squares about it are known.
  mutating func sort(_ values: UnsafeBufferPointer<Float>, _ centered: Centered) {
    let count = values.count
    if keys.count != count {
      keys = Array(repeating: 0, count: count)
      other = keys
      buckets = Array(repeating: 0, count: count)
    }
    guard count > 1 else {
      if count == 1 { keys[0] = Self.key(values[0], 0) }
      return
    }
    deal(values, centered)
    if !insert() { sortByDigits() }
  }

  private mutating func deal(_ values: UnsafeBufferPointer<Float>, _ centered: Centered) {
    let (count, dealt) = (values.count, 2 * values.count)
    let deviation = (centered.squares / Double(count)).squareRoot()
    let (last, step) = (Int32(dealt - 1), Float(Double(dealt) / (6 * deviation)))
    let scale = step.isFinite ? step : 0
    let low = Float(centered.mean - 3 * deviation)
    starts.removeAll(keepingCapacity: true)
    starts.append(contentsOf: repeatElement(0, count: dealt + 1))
    starts.withUnsafeMutableBufferPointer { starts in
      buckets.withUnsafeMutableBufferPointer { buckets in
        for (place, value) in values.enumerated() {
          let number = Int32((value - low) * scale, within: 0...last)
          buckets[place] = number
          starts[Int(number) + 1] &+= 1
        }
        var sum: Int32 = 0
        for bucket in starts.indices {
          sum &+= starts[bucket]
          starts[bucket] = sum
        }
        keys.withUnsafeMutableBufferPointer { keys in
          for (place, value) in values.enumerated() {
            let bucket = Int(buckets[place])
            keys[Int(starts[bucket])] = Self.key(value, place)
            starts[bucket] &+= 1
          }
        }
      }
    }
  }

  /// Sorts what is nearly sorted; false where that would be too much work.
  private mutating func insert() -> Bool {
    keys.withUnsafeMutableBufferPointer { keys in
      var left = 16 * keys.count
      for place in 1..<keys.count {
        let key = keys[place]
        var hole = place
        while hole > 0, keys[hole - 1] > key {
          keys[hole] = keys[hole - 1]
          hole -= 1
        }
        keys[hole] = key
        left -= place - hole
        if left < 0 { return false }
      }
      return true
    }
  }

  /// Sorts by one byte of the values after the other.
  private mutating func sortByDigits() {
    for shift in stride(from: UInt64(32), to: 64, by: 8) {
      var starts = [Int](repeating: 0, count: 257)
      for key in keys { starts[Int(key >> shift & 255) + 1] += 1 }
      for bin in 1..<257 { starts[bin] += starts[bin - 1] }
      for key in keys {
        let bin = Int(key >> shift & 255)
        other[starts[bin]] = key
        starts[bin] += 1
      }
      swap(&keys, &other)
    }
  }

  @inline(__always)
  private static func key(_ value: Float, _ place: Int) -> UInt64 {
    // Zero is zero, whatever its sign.
    let bits = (value + 0).bitPattern
    let key = bits ^ (UInt32(bitPattern: Int32(bitPattern: bits) >> 31) | 0x8000_0000)
    return UInt64(key) << 32 | UInt64(place)
  }

  /// Calls `body` with the start and the end of each run of equal values, and with its keys, whose low
  /// halves are the places.
  @inline(__always)
  func forEachRun(_ body: (Int, Int, Slice<UnsafeBufferPointer<UInt64>>) -> Void) {
    keys.withUnsafeBufferPointer { keys in
      var start = 0
      while start < keys.count {
        var end = start + 1
        while end < keys.count, keys[end] >> 32 == keys[start] >> 32 { end += 1 }
        body(start, end, keys[start..<end])
        start = end
      }
    }
  }
}
