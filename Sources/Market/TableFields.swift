import ArgumentParser
import Streams

/// The fields of a table that a processor works on.
public struct TableFields: Sendable {
  /// Which they are where nobody names them.
  public enum Default: Sendable {
    /// All numbers but the labels.
    case features
    /// `LABEL0`, or what else begins so.
    case labels
    /// All numbers.
    case numbers
  }

  private let names: [String]?
  private let unnamed: Default

  /// The fields named, separated by commas, or those that are the default.
  public init(_ list: String?, default unnamed: Default) throws {
    self.unnamed = unnamed
    names = list?.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard let names else { return }
    guard Set(names).count == names.count, !names.contains("") else {
      throw ValidationError("--fields names a field twice, or an empty one: \(list ?? "")")
    }
  }

  /// The fields in a table, in their order there; throws where one is missing or no number.
  public func find(in array: NpyArray) throws -> [NpyField] {
    guard case .structured(let fields) = array.type, array.shape.count == 1 else {
      throw MarketError.rule("expected a table with named fields, got a plain array")
    }
    if let names {
      return try names.map { try array.number($0) }.sorted { $0.offset < $1.offset }
    }
    let numbers = fields.filter {
      ($0.scalar == .float32 || $0.scalar == .float64) && $0.shape.isEmpty
    }
    let found =
      switch unnamed {
      case .features: numbers.filter { !Self.isLabel($0.name) }
      case .labels: numbers.filter { Self.isLabel($0.name) }
      case .numbers: numbers
      }
    guard !found.isEmpty else {
      throw MarketError.rule(
        unnamed == .labels
          ? "table has no field 'LABEL0' (see --fields)" : "table has no field of numbers")
    }
    return found
  }

  private static func isLabel(_ name: String) -> Bool { name.hasPrefix("LABEL") }
}

/// Fields of one type that follow each other in a row: as an array of numbers.
public struct FieldRun: Sendable {
  /// What the numbers are.
  public let scalar: NpyScalar
  /// Where the first lies in a row, in bytes.
  public let offset: Int
  /// Where the first stands among all fields.
  public let start: Int
  /// How many there are.
  public private(set) var count: Int

  /// The runs of fields that are in their order.
  public static func runs(_ fields: [NpyField]) -> [FieldRun] {
    var runs: [FieldRun] = []
    for (place, field) in fields.enumerated() {
      if let last = runs.last, last.scalar == field.scalar,
        last.offset + last.count * last.scalar.size == field.offset
      {
        runs[runs.count - 1].count += 1
      } else {
        runs.append(
          FieldRun(scalar: field.scalar, offset: field.offset, start: place, count: 1))
      }
    }
    return runs
  }
}

extension NpyArray {
  /// Changes the numbers of fields in place, a run of a row at a time.
  ///
  /// `body` gets the numbers and the place of the first among the fields.
  mutating func edit(
    _ runs: [FieldRun], narrow: (UnsafeMutableBufferPointer<Float>, Int) -> Void,
    wide: (UnsafeMutableBufferPointer<Double>, Int) -> Void
  ) {
    let (rows, size) = (count, type.size)
    bytes.withUnsafeMutableBytes { bytes in
      for row in 0..<rows {
        for run in runs {
          let place = UnsafeMutableRawBufferPointer(
            rebasing: bytes[(row * size + run.offset)...].prefix(run.count * run.scalar.size))
          if run.scalar == .float32 {
            withAligned(place, Float.self) { narrow($0, run.start) }
          } else {
            withAligned(place, Double.self) { wide($0, run.start) }
          }
        }
      }
    }
  }
}

/// Numbers at a place that need not be aligned: worked on in a copy if it is not.
@inline(__always)
private func withAligned<Number: BitwiseCopyable>(
  _ bytes: UnsafeMutableRawBufferPointer, _ type: Number.Type,
  _ body: (UnsafeMutableBufferPointer<Number>) -> Void
) {
  if Int(bitPattern: bytes.baseAddress) % MemoryLayout<Number>.alignment == 0 {
    return body(bytes.assumingMemoryBound(to: Number.self))
  }
  withUnsafeTemporaryAllocation(
    of: Number.self, capacity: bytes.count / MemoryLayout<Number>.stride
  ) { copy in
    let copyBytes = UnsafeMutableRawBufferPointer(copy)
    copyBytes.copyMemory(from: UnsafeRawBufferPointer(bytes))
    body(copy)
    bytes.copyMemory(from: UnsafeRawBufferPointer(copyBytes))
  }
}
