/// One walk of searches, one a column, over some of the rows.
///
/// A row is counted whole before the next: below one another many values have the same bits, and one count would
/// wait for the other.
public struct RankWalk: Sendable {
  /// What is looked for in a column.
  private struct Column {
    let prefixes: [UInt32]
    /// For each value of the upper 11 bits, one more than the first of more than two prefixes that has it, or 0.
    var first: [UInt16] = []
  }

  private let columns: [Column]
  private let binCount: Int
  private let shift: UInt32
  /// The bits of the largest value that counts.
  private let limit: UInt32
  /// Of all columns what is taken off a number, then the bits of the difference that count, then the first and
  /// the last of at most two prefixes; what no number has, where there are others.
  private let looks: [UInt32]
  /// The columns with more prefixes than two.
  private let many: [Int]
  /// Where the counts of each column begin: first one of what is nowhere looked for, then the bins of each prefix.
  private let starts: [Int]
  /// The counts of the rows that came last, and those of all before: as many rows as 32 bits can count.
  private var recent: [UInt32]
  private var recentRows = 0
  private var before: [Int]
  private let mostRows: Int
  /// Rows that a cache holds for one column after the other.
  private static let cachedRows = 64
  /// Where each value of a row is counted, from its column's start.
  private var places: [UInt32]

  /// The next walk of searches that have come equally far: of values, or of distances where there is a center.
  public init(_ searches: [RankSearch], centers: [Float?], finiteOnly: Bool) {
    self.init(searches, centers: centers, finiteOnly: finiteOnly, mostRows: Int(UInt32.max))
  }

  init(_ searches: [RankSearch], centers: [Float?], finiteOnly: Bool, mostRows: Int) {
    let next = searches.first ?? RankSearch()
    (binCount, shift) = (next.binCount, next.shift)
    limit = (finiteOnly ? Float.greatestFiniteMagnitude : .infinity).bitPattern
    self.mostRows = mostRows
    var columns: [Column] = []
    var starts: [Int] = []
    var size = 0
    for search in searches {
      let prefixes = search.prefixes
      var column = Column(prefixes: prefixes)
      starts.append(size)
      size += 1 + prefixes.count * binCount
      if prefixes.count > 2 {
        column.first = Array(repeating: 0, count: 2048)
        for (place, prefix) in prefixes.enumerated().reversed() {
          column.first[Int(prefix >> (search.level == 2 ? UInt32(11) : 0)) & 2047] = UInt16(
            truncatingIfNeeded: place + 1)
        }
      }
      columns.append(column)
    }
    let few = columns.map { $0.first.isEmpty ? $0.prefixes : [] }
    looks =
      centers.map { ($0 ?? 0).bitPattern } + centers.map { $0 == nil ? .max : .max >> 1 }
      + few.map { $0.first ?? .max } + few.map { $0.last ?? .max }
    many = columns.indices.filter { !columns[$0].first.isEmpty }
    (self.columns, self.starts) = (columns, starts)
    recent = Array(repeating: 0, count: size)
    before = Array(repeating: 0, count: size)
    places = Array(repeating: 0, count: columns.count)
  }

  /// The counts of a column: of each prefix, by bins.
  public func counts(_ column: Int) -> [[Int]] {
    columns[column].prefixes.indices.map { prefix in
      let start = starts[column] + 1 + prefix * binCount
      return (start..<start + binCount).map { before[$0] + Int(recent[$0]) }
    }
  }

  /// Counts rows of all columns: the first number, how many rows, and how many numbers apart they stand.
  public mutating func add(_ numbers: UnsafePointer<Float>, _ rows: Int, _ stride: Int) {
    var start = 0
    while start < rows {
      if recentRows == mostRows { empty() }
      let end = min(rows, start + mostRows - recentRows)
      for first in Swift.stride(from: start, to: end, by: Self.cachedRows) {
        let (some, count) = (numbers + first * stride, min(Self.cachedRows, end - first))
        if many.count < columns.count { addFew(some, count, stride) }
        for column in many { add(some + column, count, stride, to: column) }
      }
      recentRows += end - start
      start = end
    }
  }

  private mutating func empty() {
    for place in recent.indices {
      before[place] += Int(recent[place])
      recent[place] = 0
    }
    recentRows = 0
  }

  /// Counts rows of the columns that have at most two prefixes.
  private mutating func addFew(_ numbers: UnsafePointer<Float>, _ rows: Int, _ stride: Int) {
    let (count, shift, limit) = (starts.count, shift, limit)
    let (bins, bits) = (UInt32(binCount), UInt32(binCount.trailingZeroBitCount))
    recent.withUnsafeMutableBufferPointer { recent in
      places.withUnsafeMutableBufferPointer { places in
        looks.withUnsafeBufferPointer { looks in
          starts.withUnsafeBufferPointer { starts in
            guard let centers = looks.baseAddress else { return }
            let (masks, ones, others) = (
              centers + count, centers + 2 * count, centers + 3 * count
            )
            for row in 0..<rows {
              let numbers = numbers + row * stride
              for column in 0..<count {
                let key = Self.key(numbers[column], centers[column], masks[column], limit)
                let known = key &>> shift
                let (bin, prefix) = (1 &+ (known & (bins &- 1)), known &>> bits)
                let other = prefix == others[column] ? bin &+ bins : 0
                let found = prefix == ones[column] ? bin : other
                places[column] = key == .max ? 0 : found
              }
              for column in 0..<count {
                recent[starts[column] &+ Int(places[column])] &+= 1
              }
            }
          }
        }
      }
    }
  }

  /// Counts the values of a column that has more prefixes.
  private mutating func add(
    _ numbers: UnsafePointer<Float>, _ rows: Int, _ stride: Int, to column: Int
  ) {
    let (center, mask, start) = (looks[column], looks[starts.count + column], starts[column] + 1)
    let (shift, limit, binCount) = (shift, limit, binCount)
    let bits = UInt32(binCount.trailingZeroBitCount)
    recent.withUnsafeMutableBufferPointer { recent in
      columns[column].prefixes.withUnsafeBufferPointer { prefixes in
        columns[column].first.withUnsafeBufferPointer { first in
          for row in 0..<rows {
            let key = Self.key(numbers[row * stride], center, mask, limit)
            var place = Int(first[Int(key &>> 21)]) - 1
            guard place >= 0, key != .max else { continue }
            let known = key &>> shift
            let prefix = known &>> bits
            while place < prefixes.count, prefixes[place] < prefix { place += 1 }
            guard place < prefixes.count, prefixes[place] == prefix else { continue }
            recent[start + place * binCount + Int(known) & (binCount - 1)] &+= 1
          }
        }
      }
    }
  }

  /// The bits of a value in the order of the values; all ones where it does not count.
  @inline(__always)
  private static func key(
    _ number: Float, _ center: UInt32, _ mask: UInt32, _ limit: UInt32
  ) -> UInt32 {
    // Zero is zero, whatever its sign.
    let bits = (Float(bitPattern: (number - Float(bitPattern: center)).bitPattern & mask) + 0)
      .bitPattern
    let key = bits ^ (UInt32(bitPattern: Int32(bitPattern: bits) >> 31) | 0x8000_0000)
    return bits & .max >> 1 <= limit ? key : .max
  }
}
