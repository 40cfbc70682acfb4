import Days
import Dispatch
import FactorCatalogue
import InstructionSets
import KernelChoice
import KernelTable
import Mechanics
import Statistics
import Streams

/// Bars in, factors out, one trading day after the other.
///
/// It keeps the last 64 days of every instrument it has seen, and the rows that wait for their label.
/// An instrument without a row on a day has a row of NaN there, once it has been seen: windows count
/// trading days.
public final class FactorEngine {
  /// What is computed.
  public let plan: FactorPlan
  /// How many instruments it may remember.
  public var mostInstruments = Int.max
  /// The days taken in.
  var order = DayOrder()
  /// The last of them.
  public var lastDay: Day? { order.last }
  let blocks = FactorBlocks()
  private let kernels: Kernels
  private let passes: [FactorKernel]
  /// The row of the passes' output that holds each factor.
  private let outputRows: [Int]
  /// Families whose passes need whole bars: where there are none, the plain twin stands in.
  private let wholeBarFamilies: [FactorFamily]
  private let threads: Int
  /// The last valid close of each slot of a state, until a bar was held against it.
  var remembered: [Float] = []
  /// Why nothing more can be taken in, where a bar did not fit what was remembered.
  private(set) var rewritten: RewrittenHistory?
  /// The slots of all instruments by code, in order.
  private(set) var keys: [InstrumentCode] = []
  private(set) var slots: [Int] = []
  /// The row of the day that a slot has; negative without one.
  private var rowOfSlot: [Int32] = []
  private var slotOfRow: [Int32] = []
  /// Rows that wait for their label, the oldest first.
  var waiting: [FactorDay] = []
  private var spare: [FactorDay] = []
  private let scratch: [UnsafeMutablePointer<Float>]

  /// An engine that has seen nothing.
  public convenience init(_ plan: FactorPlan, threads: Int = 1) {
    self.init(plan, threads: threads, kernels: CPU.current.kernels)
  }

  init(_ plan: FactorPlan, threads: Int, kernels: Kernels) {
    self.plan = plan
    self.threads = max(1, threads)
    self.kernels = kernels
    passes = plan.passes(kernels)
    outputRows = plan.factors.map(\.row)
    wholeBarFamilies = plan.families.filter(\.pass.needsWholeBars)
    scratch = (0..<max(1, threads)).map { _ in
      let size = FactorFamily.rows * FactorBlock.width
      let memory =
        UnsafeMutableRawPointer.allocate(byteCount: 4 * size, alignment: 64)
        .bindMemory(to: Float.self, capacity: size)
      memory.initialize(repeating: 0, count: size)
      return memory
    }
  }

  deinit { for memory in scratch { memory.deallocate() } }

  /// Takes in a day and gives what is done to `body`: that day without label, else the one before the
  /// last.
  ///
  /// Throws a `DayError` where the table is none of bars, or not later than the last; then nothing
  /// has changed.
  public func push(_ array: NpyArray, _ body: (FactorDay) throws -> Void) throws {
    guard let input = try FactorInput(array) else { return }
    if let rewritten { throw rewritten }
    try order.check(input.table.day)
    try checkRemembered(input)
    try assignSlots(input)
    order = DayOrder(after: input.table.day)
    takeIn(input)
    let day = spare.popLast() ?? FactorDay()
    day.prepare(input, plan, slots: slotOfRow)
    compute(day)
    guard plan.hasLabel else {
      if day.isWanted { try body(day) }
      spare.append(day)
      return
    }
    waiting.append(day)
    guard waiting.count == 3 else { return }
    let done = waiting.removeFirst()
    for (row, slot) in done.slots.enumerated() {
      let next = blocks.value(Int(slot), .close, daysAgo: 1)
      let afterNext = blocks.value(Int(slot), .close, daysAgo: 0)
      let label = afterNext / next - 1
      done.setLabel(row, label.isNaN ? .nan : label)
    }
    if done.isWanted { try body(done) }
    spare.append(done)
  }

  /// Gives the days that still wait: their labels are NaN, as nothing came after them.
  public func finish(_ body: (FactorDay) throws -> Void) throws {
    for day in waiting where day.isWanted { try body(day) }
    waiting = []
  }

  /// Finds the slot of every row; throws where an instrument comes twice.
  private func assignSlots(_ input: FactorInput) throws {
    let (count, size) = (input.array.count, input.array.type.size)
    let field = input.table.key.instrument
    for slot in rowOfSlot.indices { rowOfSlot[slot] = -1 }
    slotOfRow.removeAll(keepingCapacity: true)
    try input.array.bytes.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return }
      // Rows come in order of their codes, as the slots' list is: each is near the one before.
      var place = 0
      for row in 0..<count {
        let key = try InstrumentCode(field: start + row * size + field.offset, field.size)
        while place < keys.count, keys[place] < key { place += 1 }
        if place > 0, !(keys[place - 1] < key) { place = keys.firstPlace(notBelow: key) }
        if place == keys.count || keys[place] != key {
          _ = try addInstrument(key, at: place)
        }
        let slot = slots[place]
        guard rowOfSlot[slot] < 0 else {
          throw DayError.rule("second row of \(key) on \(input.table.day): row \(row + 1)")
        }
        rowOfSlot[slot] = Int32(row)
        slotOfRow.append(Int32(slot))
      }
    }
  }

  /// Holds the first bars after a state against the closes that it remembers.
  private func checkRemembered(_ input: FactorInput) throws {
    guard !remembered.isEmpty, let change = input.change else { return }
    let close = input.values[BarField.close.rawValue]
    guard close.scalar == .float32 else { return }
    var fitting: [Int] = []
    for row in 0..<input.array.count {
      let code = try input.table.key.code(input.array, row: row)
      guard let slot = slot(code), slot < remembered.count, !remembered[slot].isNaN
      else { continue }
      let price = input.array.float(close, row: row)
      guard !price.isNaN else { continue }
      do {
        try RememberedClose.check(
          code, input.table.day, close: price, change: input.array.float(change, row: row),
          factor: input.factor.map { input.array.float($0, row: row) } ?? .nan,
          remembered: remembered[slot])
      } catch let found as RewrittenHistory {
        rewritten = found
        throw found
      }
      fitting.append(slot)
    }
    for slot in fitting { remembered[slot] = .nan }
  }

  private func takeIn(_ input: FactorInput) {
    blocks.beginDay()
    let size = input.array.type.size
    let offsets = input.values.map(\.offset)
    let isNarrow = input.values.allSatisfy { $0.scalar == .float32 }
    input.array.bytes.withUnsafeBytes { bytes in
      for (row, slot) in slotOfRow.enumerated() {
        let lanes = blocks.today(Int(slot))
        for field in 0..<BarField.count {
          let place = row * size + offsets[field]
          lanes[field * FactorBlock.width] =
            isNarrow || input.values[field].scalar == .float32
            ? bytes.loadUnaligned(fromByteOffset: place, as: Float.self)
            : Float(bytes.loadUnaligned(fromByteOffset: place, as: Double.self))
        }
      }
    }
  }

  /// Takes today into every block, and fills in the rows of the day.
  private func compute(_ day: FactorDay) {
    let count = blocks.blocks.count
    let pieces = min(threads, count)
    guard pieces > 1, threadsAreToBeHad else {
      for block in 0..<count { compute(block, day, scratch[0]) }
      return
    }
    nonisolated(unsafe) let (engine, day) = (self, day)
    DispatchQueue.concurrentPerform(iterations: pieces) { piece in
      for block in count * piece / pieces..<count * (piece + 1) / pieces {
        engine.compute(block, day, engine.scratch[piece])
      }
    }
  }

  private func compute(_ index: Int, _ day: FactorDay, _ output: UnsafeMutablePointer<Float>) {
    let block = blocks.blocks[index]
    kernels.pushDay(block, blocks.day)
    withUnsafeTemporaryAllocation(
      of: UnsafeMutablePointer<Float>?.self, capacity: FactorBlock.width
    ) {
      targets in
      var wanted = 0
      for lane in 0..<FactorBlock.width {
        let slot = index * FactorBlock.width + lane
        let row = slot < rowOfSlot.count ? rowOfSlot[slot] : -1
        targets[lane] = row < 0 ? nil : day.factors(ofInputRow: Int(row))
        if targets[lane] != nil { wanted += 1 }
      }
      guard wanted > 0, let start = targets.baseAddress else { return }
      for pass in passes { pass(block, blocks.day, output) }
      if !wholeBarFamilies.isEmpty {
        for lane in 0..<FactorBlock.width
        where targets[lane] != nil && !blocks.isRegular(block, lane) {
          let slot = index * FactorBlock.width + lane
          let reference = FactorReference(blocks.bars(slot), rows: blocks.age(slot))
          for family in wholeBarFamilies {
            for (place, value) in reference.factors(of: family).enumerated() {
              output[(family.row + place) * FactorBlock.width + lane] = value
            }
          }
        }
      }
      let count = outputRows.count
      let padded = (count + FactorBlock.width - 1) / FactorBlock.width * FactorBlock.width
      withUnsafeTemporaryAllocation(of: UnsafePointer<Float>?.self, capacity: padded) { rows in
        for place in 0..<padded {
          rows[place] = UnsafePointer(
            output + FactorBlock.width * outputRows[min(place, count - 1)])
        }
        guard let rows = rows.baseAddress else { return }
        kernels.scatterRows(rows, count, start)
      }
    }
  }

  /// The slot of an instrument; nil where it was never seen.
  func slot(_ key: InstrumentCode) -> Int? {
    let place = keys.firstPlace(notBelow: key)
    return place < keys.count && keys[place] == key ? slots[place] : nil
  }

  /// A slot for an instrument of a state.
  func restore(_ key: InstrumentCode) throws -> Int {
    try addInstrument(key, at: keys.firstPlace(notBelow: key))
  }

  /// A slot for an instrument that was never seen, whose place by code is known.
  private func addInstrument(_ key: InstrumentCode, at place: Int) throws -> Int {
    guard keys.count < mostInstruments else {
      throw DayError.rule("instruments are over \(mostInstruments); see --max-instruments")
    }
    let slot = blocks.addSlot()
    keys.insert(key, at: place)
    slots.insert(slot, at: place)
    rowOfSlot.append(-1)
    return slot
  }

  /// Takes a day of a state into every block.
  func pushRestored() {
    for block in blocks.blocks { kernels.pushDay(block, blocks.day) }
  }
}
