import Days
import Streams

/// The fields that a network reads, found in tables and read as floats.
public struct InputFields: Sendable {
  /// Their names, in the order of the network's inputs.
  public let names: [String]
  private var known: (type: NpyType, runs: [FieldRun])?

  /// These fields.
  public init(_ names: [String]) { self.names = names }

  /// The runs of the fields in a table; throws where one is missing or no number.
  private mutating func runs(_ array: NpyArray) throws -> [FieldRun] {
    if let known, known.type == array.type { return known.runs }
    let runs = FieldRun.runs(try names.map { try array.number($0) })
    known = (array.type, runs)
    return runs
  }

  /// Reads all rows of a table, one after the other.
  ///
  /// Throws where a number is not finite, unless `isRaw`.
  public mutating func read(
    _ array: NpyArray, isRaw: Bool = false, _ target: UnsafeMutablePointer<Float>
  ) throws {
    let runs = try runs(array)
    let (rows, size, inputs) = (array.count, array.type.size, names.count)
    array.bytes.withUnsafeBytes { bytes in
      for row in 0..<rows {
        for run in runs {
          let to = target + row * inputs + run.start
          let place = row * size + run.offset
          if run.scalar == .float32 {
            UnsafeMutableRawBufferPointer(start: to, count: 4 * run.count).copyMemory(
              from: UnsafeRawBufferPointer(rebasing: bytes[place..<place + 4 * run.count]))
          } else {
            for index in 0..<run.count {
              to[index] = Float(
                bytes.loadUnaligned(fromByteOffset: place + 8 * index, as: Double.self))
            }
          }
        }
      }
    }
    if !isRaw { try check(target, rows) }
  }

  private func check(_ values: UnsafePointer<Float>, _ rows: Int) throws {
    let (count, inputs) = (rows * names.count, names.count)
    // x - x is 0, but NaN for what is not finite: one sum tells.
    var sums = SIMD8<Float>()
    let whole = count & ~7
    for place in stride(from: 0, to: whole, by: 8) {
      let eight = UnsafeRawPointer(values + place).loadUnaligned(as: SIMD8<Float>.self)
      sums += eight - eight
    }
    let isFinite =
      sums == SIMD8<Float>() && (whole..<count).allSatisfy { values[$0].isFinite }
    guard !isFinite, let place = (0..<count).first(where: { !values[$0].isFinite }) else { return }
    throw DayError.rule(
      "row \(place / inputs + 1): field '\(names[place % inputs])' must be a number: "
        + "\(values[place].isNaN ? "NaN" : "infinite") (fillna puts numbers in place of NaN)")
  }
}
