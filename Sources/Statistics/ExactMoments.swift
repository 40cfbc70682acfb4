/// The count, the sum and the sum of squares of finite floats, exact: they are the same in any order, and
/// those of parts add up to those of the whole.
///
/// A float is a whole number of 24 bits times a power of two, and its square one of 48. Powers that are
/// near each other share a bin, 32 of them for values and 4 for squares: so 256 numbers fit 64 bits, and then
/// bins are emptied into wider ones.
public struct ExactMoments: Sendable {
  /// The moments of one column.
  public struct Column: Equatable, Sendable {
    /// Finite values.
    public var count = 0
    /// Values that are NaN.
    public var missing = 0
    /// Values that are infinite.
    public var infinite = 0
    /// The sum of bin `b` in units of 2^(32 b - 149).
    var sums = [Int128](repeating: 0, count: ExactMoments.sumBins)
    /// The sum of bin `b` in units of 2^(8 b - 298).
    var squares = [Int128](repeating: 0, count: ExactMoments.squareBins)

    /// No values.
    public init() {}
  }

  static let sumBins = 8
  static let squareBins = 64
  private static let bins = sumBins + squareBins
  private static let mostRows = 256

  private let count: Int
  /// The moments of rows that were emptied into wider bins.
  private var emptied: [Column]
  /// Of each column first the bins of values, then those of squares, and how many rows are in them.
  private var recent: [Int64]
  private var recentRows = 0
  /// Values that are NaN or infinite, by column.
  private var missing: [Int]
  private var infinite: [Int]
  private var rows = 0

  /// Moments of nothing yet.
  public init(columns: Int) {
    count = columns
    emptied = Array(repeating: Column(), count: columns)
    recent = Array(repeating: 0, count: columns * Self.bins)
    missing = Array(repeating: 0, count: columns)
    infinite = missing
  }

  /// Takes in rows: the first number, how many rows, and how many numbers apart they stand.
  public mutating func add(_ numbers: UnsafePointer<Float>, _ rows: Int, _ stride: Int) {
    var start = 0
    while start < rows {
      let taken = min(rows - start, Self.mostRows - recentRows)
      let columns = count
      recent.withUnsafeMutableBufferPointer { recent in
        missing.withUnsafeMutableBufferPointer { missing in
          infinite.withUnsafeMutableBufferPointer { infinite in
            guard let recent = recent.baseAddress else { return }
            for row in start..<start + taken {
              let numbers = numbers + row * stride
              for column in 0..<columns {
                let bits = numbers[column].bitPattern
                let exponent = Int(bits >> 23 & 255)
                if exponent == 255 {
                  if bits & 0x7f_ffff == 0 { infinite[column] += 1 } else { missing[column] += 1 }
                  continue
                }
                // The smallest numbers have no leading bit of their own, and the power of those above.
                let isNormal = exponent > 0
                let power = exponent - (isNormal ? 1 : 0)
                let whole = Int64(bits & 0x7f_ffff) | (isNormal ? 0x80_0000 : 0)
                let bins = recent + column * Self.bins
                let value = whole << Int64(power & 31)
                bins[power >> 5] &+= Int32(bitPattern: bits) < 0 ? -value : value
                bins[Self.sumBins + power >> 2] &+= whole &* whole << Int64(2 * (power & 3))
              }
            }
          }
        }
      }
      start += taken
      recentRows += taken
      self.rows += taken
      if recentRows == Self.mostRows { empty() }
    }
  }

  /// Empties the bins into wider ones.
  private mutating func empty() {
    for column in 0..<count {
      let base = column * Self.bins
      for bin in 0..<Self.sumBins where recent[base + bin] != 0 {
        emptied[column].sums[bin] += Int128(recent[base + bin])
        recent[base + bin] = 0
      }
      for bin in 0..<Self.squareBins where recent[base + Self.sumBins + bin] != 0 {
        emptied[column].squares[bin] += Int128(recent[base + Self.sumBins + bin])
        recent[base + Self.sumBins + bin] = 0
      }
    }
    recentRows = 0
  }

  /// The moments of each column.
  public mutating func columns() -> [Column] {
    empty()
    for column in 0..<count {
      emptied[column].missing = missing[column]
      emptied[column].infinite = infinite[column]
      emptied[column].count = rows - missing[column] - infinite[column]
    }
    return emptied
  }
}

extension ExactMoments.Column {
  /// Adds the moments of other values.
  public static func += (one: inout Self, other: Self) {
    one.count += other.count
    one.missing += other.missing
    one.infinite += other.infinite
    for bin in one.sums.indices { one.sums[bin] += other.sums[bin] }
    for bin in one.squares.indices { one.squares[bin] += other.squares[bin] }
  }

  /// The sum in units of 2^-149: its size, and whether it is below 0.
  private var sum: (size: WholeNumber, isNegative: Bool) {
    let (above, below) = (
      Self.total(sums.map { max(0, $0) }, step: 32), Self.total(sums.map { max(0, -$0) }, step: 32)
    )
    let isNegative = above.isBelow(below)
    return (isNegative ? below - above : above - below, isNegative)
  }

  /// The mean; NaN of none.
  public var mean: Double {
    guard count > 0 else { return .nan }
    let (size, isNegative) = sum
    // A sum may be beyond the greatest double in these units, and is not in its own.
    let mean = size.double * 0x1p-149 / Double(count)
    return isNegative ? -mean : mean
  }

  /// The standard deviation with n - 1; NaN of fewer than two.
  ///
  /// n times the sum of squares, less the square of the sum, is exact: nothing cancels.
  public var deviation: Double {
    guard count > 1 else { return .nan }
    let size = sum.size
    let squares = Self.total(self.squares, step: 8)
    let difference = WholeNumber([UInt64(count)]) * squares - size * size
    let variance = difference.double * 0x1p-298 / (Double(count) * Double(count - 1))
    return variance.squareRoot()
  }

  /// Bins, none below 0, as one number.
  private static func total(_ bins: [Int128], step: Int) -> WholeNumber {
    bins.enumerated().reduce(WholeNumber([])) { sum, bin in
      let shift = bin.offset * step
      let (low, high) = (
        UInt64(truncatingIfNeeded: bin.element), UInt64(truncatingIfNeeded: bin.element >> 64)
      )
      let bits = UInt64(shift & 63)
      let places = [UInt64](repeating: 0, count: shift / 64)
      return sum
        + WholeNumber(
          places
            + (bits == 0
              ? [low, high]
              : [low << bits, high << bits | low >> (64 - bits), high >> (64 - bits)]))
    }
  }
}

extension ExactMoments.Column {
  /// The bins that are not 0, each followed by what is in it: those of squares behind those of values.
  public var texts: [String] {
    (sums + squares).enumerated().filter { $0.element != 0 }.flatMap {
      ["\($0.offset)", "\($0.element)"]
    }
  }

  /// Takes the bins from such texts; false where they are none, or too large to be added up.
  public mutating func set(_ texts: [String]) -> Bool {
    guard texts.count % 2 == 0 else { return false }
    for pair in stride(from: 0, to: texts.count, by: 2) {
      guard let bin = Int(texts[pair]), let number = Int128(texts[pair + 1]),
        number.magnitude < 1 << 100, (0..<sums.count + squares.count).contains(bin),
        bin < sums.count || number > 0
      else { return false }
      if bin < sums.count { sums[bin] = number } else { squares[bin - sums.count] = number }
    }
    return true
  }
}
