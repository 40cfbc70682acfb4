/// Values by their rank in one column, in three walks: slow, but whatever the values are.
///
/// A float's bits, with the sign turned, are in the order of the numbers. The first walk counts their
/// upper 11 bits, the second the middle 11 of those values that share the upper ones with a wanted
/// place, the third the last 10. NaNs are left out.
struct QuantileRadixSearch {
  private let center: Float?
  private let limit: Float
  /// The values looked for: the leading bits that are known, and the place among those that share them.
  private var targets: [(prefix: UInt32, place: Int)] = []
  /// The known leading bits of all targets, each once, in order.
  private var prefixes: [UInt32] = []
  /// For each value of the upper 11 bits, one more than the first of `prefixes` that has it, or 0.
  private var first = [UInt8](repeating: 0, count: 2048)
  /// Counts by bits; in the first walk four tables side by side, as equal neighbours would wait for
  /// each other.
  private var histogram = [UInt32](repeating: 0, count: 4 * stride)
  private var count = 0

  /// A table's length: 2,048 counts and one of what does not count.
  private static let stride = 2048 + 16

  /// A search of the values, or of their distances from a center, that are at most as large as a limit.
  private init(center: Float?, limit: Float) {
    self.center = center
    self.limit = limit
  }

  /// Finds values of some columns of these rows: `places(column, count)` says which are wanted, from 0,
  /// each below `count`.
  static func find(
    _ rows: NumberRows, columns: [Int], centers: [Int: Float] = [:], finiteOnly: Bool,
    places: (Int, Int) -> [Int]
  ) throws -> [Int: (count: Int, values: [Float])] {
    guard !columns.isEmpty else { return [:] }
    let limit = finiteOnly ? Float.greatestFiniteMagnitude : .infinity
    var searches = columns.map { Self(center: centers[$0], limit: limit) }
    var column = [Float](repeating: 0, count: 1024)
    func walk(_ level: Int) throws {
      try rows.walk { numbers, count, stride in
        for start in Swift.stride(from: 0, to: count, by: column.count) {
          let taken = min(column.count, count - start)
          for (place, name) in columns.enumerated() {
            for row in 0..<taken { column[row] = numbers[(start + row) * stride + name] }
            column.withUnsafeBufferPointer { values in
              if let values = values.baseAddress { searches[place].count(values, taken, level) }
            }
          }
        }
      }
    }
    try walk(0)
    for (place, column) in columns.enumerated() {
      searches[place].look { places(column, $0) }
    }
    try walk(1)
    for place in searches.indices { searches[place].descend(bits: 11) }
    try walk(2)
    for place in searches.indices { searches[place].descend(bits: 10) }
    return Dictionary(
      uniqueKeysWithValues: zip(columns, searches.map { ($0.count, $0.values) }))
  }

  private var values: [Float] {
    targets.map { target in
      let bits = target.prefix >> 31 == 1 ? target.prefix ^ 0x8000_0000 : ~target.prefix
      return Float(bitPattern: bits)
    }
  }

  /// Calls `body` with the row and the value of each number.
  @inline(__always)
  private static func forEach(
    _ numbers: UnsafePointer<Float>, _ rows: Int, _ center: Float?, _ body: (Int, Float) -> Void
  ) {
    if let center {
      for row in 0..<rows { body(row, abs(numbers[row] - center)) }
    } else {
      for row in 0..<rows { body(row, numbers[row]) }
    }
  }

  @inline(__always)
  private static func key(_ value: Float) -> UInt32 {
    // Zero is zero, whatever its sign.
    let bits = (value + 0).bitPattern
    return bits ^ (UInt32(bitPattern: Int32(bitPattern: bits) >> 31) | 0x8000_0000)
  }

  /// Counts a piece in the walk of that number.
  private mutating func count(_ numbers: UnsafePointer<Float>, _ rows: Int, _ level: Int) {
    switch level {
    case 0: countUpper(numbers, rows)
    case 1: countLower(numbers, rows, shift: 10, bits: 11)
    default: countLower(numbers, rows, shift: 0, bits: 10)
    }
  }

  private mutating func countUpper(_ numbers: UnsafePointer<Float>, _ rows: Int) {
    let (limit, center) = (limit, center)
    histogram.withUnsafeMutableBufferPointer { histogram in
      Self.forEach(numbers, rows, center) { row, value in
        let bin = abs(value) <= limit ? Int(Self.key(value) >> 21) : 2048
        histogram[(row & 3) * Self.stride + bin] &+= 1
      }
    }
  }

  /// Ends the first walk: `places` says what is wanted of so many values.
  private mutating func look(for places: (Int) -> [Int]) {
    for bin in 0..<Self.stride {
      for part in 1..<4 { histogram[bin] += histogram[part * Self.stride + bin] }
    }
    count = histogram[..<2048].reduce(0) { $0 + Int($1) }
    targets = places(count).map { (0, $0) }
    prefixes = [0]
    descend(bits: 11)
  }

  /// Takes the counts of a walk and knows as many bits more.
  private mutating func descend(bits: Int) {
    for index in targets.indices {
      let start = (prefixes.firstIndex(of: targets[index].prefix) ?? 0) * Self.stride
      var left = targets[index].place
      var bin = 0
      while bin < 1 << bits - 1, left >= Int(histogram[start + bin]) {
        left -= Int(histogram[start + bin])
        bin += 1
      }
      targets[index] = (targets[index].prefix << UInt32(bits) | UInt32(bin), left)
    }
    let isFirst = prefixes == [0]
    prefixes = Array(Set(targets.map(\.prefix))).sorted()
    histogram = [UInt32](repeating: 0, count: prefixes.count * Self.stride)
    first = [UInt8](repeating: 0, count: 2048)
    for (place, prefix) in prefixes.enumerated().reversed() {
      first[Int(isFirst ? prefix : prefix >> 11) & 2047] = UInt8(place + 1)
    }
  }

  @inline(__always)
  private mutating func countLower(
    _ numbers: UnsafePointer<Float>, _ rows: Int, shift: Int, bits: Int
  ) {
    guard let one = prefixes.first, let other = prefixes.last else { return }
    let (known, mask) = (UInt32(shift + bits), UInt32(1 << bits - 1))
    let (prefixes, limit, center) = (prefixes, limit, center)
    first.withUnsafeBufferPointer { first in
      histogram.withUnsafeMutableBufferPointer { histogram in
        if prefixes.count <= 2 {
          // As for medians: no branch, what is elsewhere is counted where nobody looks.
          Self.forEach(numbers, rows, center) { row, value in
            let key = Self.key(value)
            let prefix = key >> known
            let bin = Int(key >> UInt32(shift) & mask)
            let table = prefix == one ? 0 : Self.stride * (prefixes.count - 1)
            let isWanted = (prefix == one || prefix == other) && abs(value) <= limit
            histogram[isWanted ? table + bin : 2048 + (row & 15)] &+= 1
          }
        } else {
          Self.forEach(numbers, rows, center) { _, value in
            guard abs(value) <= limit else { return }
            let key = Self.key(value)
            var place = Int(first[Int(key >> 21)]) - 1
            guard place >= 0 else { return }
            let prefix = key >> known
            while place < prefixes.count, prefixes[place] < prefix { place += 1 }
            guard place < prefixes.count, prefixes[place] == prefix else { return }
            histogram[place * Self.stride + Int(key >> UInt32(shift) & mask)] &+= 1
          }
        }
      }
    }
  }
}
