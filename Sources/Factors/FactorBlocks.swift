import Bars
import FactorKernelsBaseline

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
    if count == blocks.count * blockWidth { blocks.append(Self.emptyBlock()) }
    let slot = count
    count += 1
    blocks[slot / blockWidth][blockWidth * listedRow + slot % blockWidth] = 1
    return slot
  }

  /// What no instrument has filled: no closes, no history, nothing listed.
  private static func emptyBlock() -> Lanes {
    let size = blockRows * blockWidth
    let block =
      UnsafeMutableRawPointer.allocate(byteCount: size * 4, alignment: 64)
      .bindMemory(to: Float.self, capacity: size)
    block.initialize(repeating: 0, count: size)
    func fill(_ row: Int, _ value: Float) {
      (block + blockWidth * row).update(repeating: value, count: blockWidth)
    }
    for row in todayRow..<todayRow + barFields { fill(row, .nan) }
    fill(regularRow, 64)
    for row in sortedRow..<seriesRow { fill(row, .infinity) }
    for day in 0..<ringDays {
      let row = seriesRow + seriesCount * day
      fill(row + closeSeries, .infinity)
      fill(row + highSeries, -.infinity)
      fill(row + lowSeries, .infinity)
      for field in 0..<barFields { fill(historyRow + barFields * day + field, .nan) }
    }
    return block
  }

  /// Begins a day on which nothing has traded yet.
  func beginDay() {
    day += 1
    for block in blocks {
      (block + blockWidth * todayRow).update(repeating: .nan, count: blockWidth * barFields)
    }
  }

  /// Where today's field of a slot stands; its fields are sixteen floats apart.
  @inline(__always)
  func today(_ slot: Int) -> Lanes {
    blocks[slot / blockWidth] + (blockWidth * todayRow + slot % blockWidth)
  }

  /// The bar that a slot had some days ago; its fields are sixteen floats apart.
  @inline(__always)
  func history(_ slot: Int, daysAgo: Int) -> Lanes {
    let place = historyRow + barFields * ((day - daysAgo) & (ringDays - 1))
    return blocks[slot / blockWidth] + (blockWidth * place + slot % blockWidth)
  }

  /// How many rows a slot has had, 64 at most.
  func age(_ slot: Int) -> Int {
    Int(blocks[slot / blockWidth][blockWidth * ageRow + slot % blockWidth])
  }

  /// Sets whether a slot has a row today, as a state is played back.
  func setListed(_ slot: Int, _ isListed: Bool) {
    blocks[slot / blockWidth][blockWidth * listedRow + slot % blockWidth] = isListed ? 1 : 0
  }

  /// Sets how many rows a slot has had.
  func setAge(_ slot: Int, _ rows: Int) {
    blocks[slot / blockWidth][blockWidth * ageRow + slot % blockWidth] = Float(rows)
  }

  /// The last 61 rows of a slot, the oldest first.
  func bars(_ slot: Int) -> [Bar] {
    (0..<min(age(slot), 61)).reversed().map { daysAgo in
      let fields = history(slot, daysAgo: daysAgo)
      var values = SIMD8<Float>(repeating: .nan)
      for field in 0..<barFields { values[field] = fields[blockWidth * field] }
      return Bar(values)
    }
  }

  /// Whether every bar that a lane's factors look at is there wholly or not at all.
  @inline(__always)
  func isRegular(_ block: Lanes, _ lane: Int) -> Bool {
    block[blockWidth * regularRow + lane] >= 61
  }
}
