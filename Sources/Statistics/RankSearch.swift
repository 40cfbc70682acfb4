/// A search for the values at given places of a column, were it sorted, whose rows are counted in parts:
/// exact, in three walks over each part.
///
/// It is `QuantileRadixSearch` between its walks. A float's bits, with the sign turned, are in the order of
/// the numbers; a walk counts the next 11, 11 and 10 bits of those values whose bits so far are those of a
/// value looked for. NaNs are left out.
public struct RankSearch: Equatable, Sendable {
  /// A value looked for: its leading bits as far as they are known, and its place among those with the same.
  public struct Target: Equatable, Sendable {
    /// The bits.
    public var prefix: UInt32
    /// The place, from 0.
    public var place: Int

    /// A value of which so much is known.
    public init(prefix: UInt32, place: Int) { (self.prefix, self.place) = (prefix, place) }
  }

  /// How many walks there are.
  public static let walks = 3
  /// How many bits each walk finds.
  private static let bits = [11, 11, 10]

  /// How many walks are done.
  public private(set) var level: Int
  /// The values looked for, in the order that they were asked for.
  public private(set) var targets: [Target]

  /// A search that has not begun: the first walk counts all values.
  public init() { (level, targets) = (0, []) }

  /// A search that goes on; nil where there is none such.
  public init?(level: Int, targets: [Target]) {
    let known = Self.bits.prefix(max(0, level)).reduce(0, +)
    guard (1..<Self.walks).contains(level),
      targets.allSatisfy({ $0.place >= 0 && $0.prefix >> UInt32(known) == 0 })
    else { return nil }
    (self.level, self.targets) = (level, targets)
  }

  /// The leading bits that the next walk counts by, each once, ascending; one of none in the first.
  public var prefixes: [UInt32] { level == 0 ? [0] : Array(Set(targets.map(\.prefix))).sorted() }

  /// The counts that a walk has of each prefix.
  public var binCount: Int { 1 << Self.bits[level] }

  /// How many bits the next walk leaves unknown.
  var shift: UInt32 { UInt32(32 - Self.bits.prefix(level + 1).reduce(0, +)) }

  /// Begins with the counts of the first walk: `places` says what is wanted of so many values.
  public mutating func begin(_ counts: [[Int]], places: (Int) -> [Int]) -> Bool {
    targets = places(counts[0].reduce(0, +)).map { Target(prefix: 0, place: $0) }
    return descend(counts)
  }

  /// Takes the counts of a walk, of each prefix by bins; false where they are not those of the walk before.
  public mutating func descend(_ counts: [[Int]]) -> Bool {
    let prefixes = level == 0 ? [0] : prefixes
    let bits = UInt32(Self.bits[level])
    for index in targets.indices {
      guard let table = prefixes.firstIndex(of: targets[index].prefix) else { return false }
      var left = targets[index].place
      guard
        let bin = counts[table].firstIndex(where: { count in
          if left < count { return true }
          left -= count
          return false
        })
      else { return false }
      targets[index] = Target(
        prefix: targets[index].prefix << bits | UInt32(truncatingIfNeeded: bin), place: left)
    }
    level += 1
    return true
  }

  /// The values, when all walks are done.
  public var values: [Float] {
    targets.map { target in
      let bits = target.prefix >> 31 == 1 ? target.prefix ^ 0x8000_0000 : ~target.prefix
      return Float(bitPattern: bits)
    }
  }
}
