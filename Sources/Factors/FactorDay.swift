import Streams

/// The factors of one day: a table whose rows are filled in place.
///
/// A row is the key, what passes through, the factors and the label, if there is to be one.
public final class FactorDay {
  /// What a row is.
  public private(set) var type = NpyType.table([NpyField("date", .day)])
  /// How many rows there are.
  public private(set) var count = 0
  /// Whether it is written at all.
  private(set) var isWanted = true
  /// The instrument of each row, as its slot.
  private(set) var slots: [Int32] = []
  private var size = 0
  private var factorsOffset = 0
  private var labelOffset: Int?
  private var memory = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  /// The row of the output that a row of the input has; negative without one.
  private var place: [Int32] = []
  private var fields: [NpyField] = []

  init() {}

  deinit { memory.deallocate() }

  /// The rows.
  public var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: memory[..<(count * size)])
  }

  /// The table as an array of the stream, with a copy of the rows.
  var array: NpyArray { NpyArray(type: type, shape: [count], bytes: Array(bytes)) }

  /// Lays out the rows that are wanted and fills in their keys.
  func prepare(_ input: FactorInput, _ plan: FactorPlan, slots inputSlots: [Int32]) {
    let array = input.array
    let passing = [input.table.key.instrument, input.table.key.date] + input.others
    setType(
      passing.map { NpyField($0.name, $0.scalar, $0.shape) }
        + plan.names.map { NpyField($0, .float32) }
        + (plan.hasLabel ? [NpyField(FactorPlan.labelName, .float32)] : []),
      factors: plan.names.count, hasLabel: plan.hasLabel)
    slots.removeAll(keepingCapacity: true)
    place.removeAll(keepingCapacity: true)
    isWanted = plan.span.contains(input.table.day)
    let rowSize = array.type.size
    array.bytes.withUnsafeBytes { bytes in
      for row in 0..<array.count {
        let isWanted =
          self.isWanted
          && (plan.allRows || input.member.map { bytes[row * rowSize + $0.offset] != 0 } ?? true)
        place.append(isWanted ? Int32(slots.count) : -1)
        if isWanted { slots.append(inputSlots[row]) }
      }
      reserve(slots.count)
      for row in 0..<array.count where place[row] >= 0 {
        var target = Int(place[row]) * size
        for field in passing {
          let source = UnsafeRawBufferPointer(
            rebasing: bytes[(row * rowSize + field.offset)...].prefix(field.size))
          UnsafeMutableRawBufferPointer(rebasing: memory[target...]).copyMemory(from: source)
          target += field.size
        }
        if let labelOffset {
          memory.storeBytes(
            of: Float.nan, toByteOffset: Int(place[row]) * size + labelOffset, as: Float.self)
        }
      }
    }
  }

  /// A day as it was kept.
  func restore(_ array: NpyArray, factors: Int, slots: [Int32]) {
    guard case .structured(let fields) = array.type else { return }
    setType(fields, factors: factors, hasLabel: true)
    self.slots = slots
    reserve(array.count)
    memory.copyBytes(from: array.bytes)
  }

  private func setType(_ fields: [NpyField], factors: Int, hasLabel: Bool) {
    let type = NpyType.table(fields)
    guard type != self.type else { return }
    self.type = type
    size = type.size
    labelOffset = hasLabel ? size - 4 : nil
    factorsOffset = size - 4 * factors - (hasLabel ? 4 : 0)
  }

  private func reserve(_ rows: Int) {
    count = rows
    guard memory.count < rows * size else { return }
    memory.deallocate()
    // A few more rows come on most days; pages that are touched already cost nothing.
    memory = .allocate(byteCount: rows * size * 5 / 4, alignment: 64)
  }

  /// Where the factors of a row of the input go; nil where it is not wanted.
  func factors(ofInputRow row: Int) -> UnsafeMutablePointer<Float>? {
    let place = Int(place[row])
    guard place >= 0, let start = memory.baseAddress else { return nil }
    return (start + (place * size + factorsOffset)).assumingMemoryBound(to: Float.self)
  }

  func setLabel(_ row: Int, _ value: Float) {
    guard let labelOffset else { return }
    memory.storeBytes(of: value, toByteOffset: row * size + labelOffset, as: Float.self)
  }
}

extension ByteWriter {
  /// Writes the factors of a day as one array.
  public func write(_ day: FactorDay) { write(day.type, [day.count], day.bytes) }
}
