import Bars
import FactorCatalogue

/// The last days of all instruments, sixteen side by side in a block.
///
/// Memory is 78 KB a block and does not depend on how many days went by.
final class FactorBlocks {
  typealias Lanes = UnsafeMutablePointer<Float>

  private(set) var blocks: [Lanes] = []
  /// How many instruments there are; each has a slot, sixteen slots a block.
  private(set) var count = 0
  /// Days since the first; its low six bits are the place in the rings.
  private(set) var day = -1

  deinit { for block in blocks { block.deallocate() } }

  /// A slot for an instrument that is new.
  func addSlot() -> Int {
    if count == blocks.count * FactorBlock.width { blocks.append(Self.emptyBlock()) }
    let slot = count
    count += 1
    self[slot, .listed] = 1
    return slot
  }

  /// What no instrument has filled: no closes, no history, nothing listed.
  private static func emptyBlock() -> Lanes {
    let size = FactorBlock.rows * FactorBlock.width
    let block =
      UnsafeMutableRawPointer.allocate(byteCount: size * 4, alignment: 64)
      .bindMemory(to: Float.self, capacity: size)
    block.initialize(repeating: 0, count: size)
    func fill(_ row: Int, _ value: Float) {
      (block + FactorBlock.width * row).update(repeating: value, count: FactorBlock.width)
    }
    for field in 0..<BarField.count { fill(FactorBlock.todayRow + field, .nan) }
    fill(BlockRow.regular.rawValue, 64)
    for row in FactorBlock.sortedRow..<FactorBlock.seriesRow { fill(row, .infinity) }
    for day in 0..<FactorBlock.ringDays {
      let row = FactorBlock.seriesRow(day)
      fill(row + WorkSeries.close.rawValue, .infinity)
      fill(row + WorkSeries.high.rawValue, -.infinity)
      fill(row + WorkSeries.low.rawValue, .infinity)
      for field in 0..<BarField.count { fill(FactorBlock.historyRow(day) + field, .nan) }
    }
    return block
  }

  /// Begins a day on which nothing has traded yet.
  func beginDay() {
    day += 1
    for block in blocks {
      (block + FactorBlock.width * FactorBlock.todayRow).update(
        repeating: .nan, count: FactorBlock.width * BarField.count)
    }
  }

  /// Where today's field of a slot stands; its fields are sixteen floats apart.
  @inline(__always)
  func today(_ slot: Int) -> Lanes {
    blocks[slot / FactorBlock.width]
      + (FactorBlock.width * FactorBlock.todayRow + slot % FactorBlock.width)
  }

  /// The bar that a slot had some days ago; its fields are sixteen floats apart.
  @inline(__always)
  func history(_ slot: Int, daysAgo: Int) -> Lanes {
    let row = FactorBlock.historyRow(day - daysAgo)
    return blocks[slot / FactorBlock.width] + (FactorBlock.width * row + slot % FactorBlock.width)
  }

  /// A number of the bar that a slot had some days ago.
  @inline(__always)
  func value(_ slot: Int, _ field: BarField, daysAgo: Int) -> Float {
    history(slot, daysAgo: daysAgo)[FactorBlock.width * field.rawValue]
  }

  /// What is kept of a slot.
  private subscript(slot: Int, row: BlockRow) -> Float {
    get {
      blocks[slot / FactorBlock.width][FactorBlock.width * row.rawValue + slot % FactorBlock.width]
    }
    set {
      blocks[slot / FactorBlock.width][
        FactorBlock.width * row.rawValue + slot % FactorBlock.width] =
        newValue
    }
  }

  /// How many rows a slot has had, 64 at most.
  func age(_ slot: Int) -> Int {
    Int(self[slot, .age], within: 0...64)
  }

  /// Sets whether a slot has a row today, as a state is played back.
  func setListed(_ slot: Int, _ isListed: Bool) {
    self[slot, .listed] = isListed ? 1 : 0
  }

  /// Sets how many rows a slot has had.
  func setAge(_ slot: Int, _ rows: Int) {
    self[slot, .age] = Float(rows)
  }

  /// The last 61 rows of a slot, the oldest first.
  func bars(_ slot: Int) -> [Bar] {
    (0..<min(age(slot), 61)).reversed().map { daysAgo in
      var values = SIMD8<Float>(repeating: .nan)
      for field in BarField.allCases {
        values[field.rawValue] = value(slot, field, daysAgo: daysAgo)
      }
      return Bar(values)
    }
  }

  /// Whether every bar that a lane's factors look at is there wholly or not at all.
  @inline(__always)
  func isRegular(_ block: Lanes, _ lane: Int) -> Bool {
    block[FactorBlock.width * BlockRow.regular.rawValue + lane] >= 61
  }
}
