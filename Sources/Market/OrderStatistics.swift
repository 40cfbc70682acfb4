/// The values that stand at given places of each column of a store, were it sorted: exact, in three
/// walks.
///
/// A float's bits, with the sign turned, are in the order of the numbers. The first walk counts their
/// upper 11 bits, the second the middle 11 of those values that share the upper ones with a wanted
/// place, the third the last 10. NaNs are left out.
struct OrderStatistics {
  /// How many values each column has that are not NaN.
  let counts: [Int]
  /// The values by column, in the order of the places that were asked for.
  let values: [[Float]]

  private static let levels = [(shift: 21, bits: 11), (shift: 10, bits: 11), (shift: 0, bits: 10)]

  /// Finds them: `places(column, count)` says which are wanted, from 0, each below `count`.
  ///
  /// `value(column, number)` is what is looked at in place of each number.
  init(
    _ store: ColumnStore, value: (Int, Float) -> Float, places: (Int, Int) -> [Int]
  ) throws {
    let columns = store.columns
    var searches = [ColumnSearch](repeating: ColumnSearch(), count: columns)
    try store.forEachPiece { numbers, rows in
      for column in 0..<columns {
        searches[column].countUpper(numbers + ColumnStore.pieceRows * column, rows) {
          value(column, $0)
        }
      }
    }
    var counts = [Int](repeating: 0, count: columns)
    for column in 0..<columns {
      counts[column] = searches[column].count
      searches[column].look(for: places(column, counts[column]))
    }
    for level in 1...2 {
      let (shift, bits) = Self.levels[level]
      try store.forEachPiece { numbers, rows in
        for column in 0..<columns where searches[column].isLooking {
          searches[column].countLower(
            numbers + ColumnStore.pieceRows * column, rows, shift: shift, bits: bits
          ) { value(column, $0) }
        }
      }
      for column in 0..<columns { searches[column].descend(bits: bits) }
    }
    self.counts = counts
    values = searches.map(\.values)
  }
}

/// The search in one column.
private struct ColumnSearch {
  /// The values looked for: the leading bits that are known, and the place among those that share them.
  private var targets: [(prefix: UInt32, place: Int)] = []
  /// The known leading bits of all targets, each once, in order.
  private var prefixes: [UInt32] = []
  /// For each value of the upper 11 bits, one more than the first of `prefixes` that has it, or 0.
  private var first = [UInt8]()
  private var histogram = [UInt32](repeating: 0, count: 2048)
  private(set) var count = 0

  var isLooking: Bool { !targets.isEmpty }

  var values: [Float] {
    targets.map { target in
      let bits = target.prefix >> 31 == 1 ? target.prefix ^ 0x8000_0000 : ~target.prefix
      return Float(bitPattern: bits)
    }
  }

  @inline(__always)
  private static func key(_ value: Float) -> UInt32 {
    // Zero is zero, whatever its sign.
    let bits = (value + 0).bitPattern
    return bits >> 31 == 1 ? ~bits : bits | 0x8000_0000
  }

  @inline(__always)
  mutating func countUpper(
    _ numbers: UnsafePointer<Float>, _ rows: Int, _ value: (Float) -> Float
  ) {
    var valid = 0
    histogram.withUnsafeMutableBufferPointer { histogram in
      for row in 0..<rows {
        let number = value(numbers[row])
        guard number == number else { continue }
        valid += 1
        histogram[Int(Self.key(number) >> 21)] &+= 1
      }
    }
    count += valid
  }

  mutating func look(for places: [Int]) {
    targets = places.map { (0, $0) }
    prefixes = [0]
    descend(bits: 11)
  }

  /// Takes the counts of a walk and knows as many bits more.
  mutating func descend(bits: Int) {
    let size = 1 << bits
    for index in targets.indices {
      let start = (prefixes.firstIndex(of: targets[index].prefix) ?? 0) * size
      var left = targets[index].place
      var bin = 0
      while bin < size - 1, left >= Int(histogram[start + bin]) {
        left -= Int(histogram[start + bin])
        bin += 1
      }
      targets[index] = (targets[index].prefix << UInt32(bits) | UInt32(bin), left)
    }
    prefixes = Array(Set(targets.map(\.prefix))).sorted()
    histogram = [UInt32](repeating: 0, count: prefixes.count * 2048)
    if bits == 11, first.isEmpty {
      first = [UInt8](repeating: 0, count: 2048)
      for (place, prefix) in prefixes.enumerated().reversed() {
        first[Int(prefix)] = UInt8(place + 1)
      }
    } else {
      first = [UInt8](repeating: 0, count: 2048)
      for (place, prefix) in prefixes.enumerated().reversed() {
        first[Int(truncatingIfNeeded: prefix >> 11) & 2047] = UInt8(place + 1)
      }
    }
  }

  @inline(__always)
  mutating func countLower(
    _ numbers: UnsafePointer<Float>, _ rows: Int, shift: Int, bits: Int,
    _ value: (Float) -> Float
  ) {
    let (known, mask) = (UInt32(shift + bits), UInt32(1 << bits - 1))
    let size = 1 << bits
    let prefixes = prefixes
    first.withUnsafeBufferPointer { first in
      histogram.withUnsafeMutableBufferPointer { histogram in
        for row in 0..<rows {
          let number = value(numbers[row])
          guard number == number else { continue }
          let key = Self.key(number)
          var place = Int(first[Int(key >> 21)]) - 1
          guard place >= 0 else { continue }
          let prefix = key >> known
          while place < prefixes.count, prefixes[place] < prefix { place += 1 }
          guard place < prefixes.count, prefixes[place] == prefix else { continue }
          histogram[place * size + Int(key >> UInt32(shift) & mask)] &+= 1
        }
      }
    }
  }
}
