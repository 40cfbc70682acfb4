import Days
import Streams

/// qlib's RobustZScoreNorm: (x - median) / (1.4826 × median |x - median|), clipped to ±3.
///
/// All in float32, as qlib has it: the median of an even count is the float32 mean of the middle two,
/// and 1e-12 is added to the deviation. NaN stays NaN, infinities become ±3.
public struct RobustZScore: Sendable {
  /// The fields, in the order of the table they were fitted on.
  public let names: [String]
  private let median: [Float]
  private let scale: [Float]
  /// What the parameters were fitted on, as texts of the file.
  public let origin: [(key: String, text: String)]
  private var known: (type: NpyType, runs: [FieldRun], order: [Int])?

  /// Parameters of these fields.
  init(names: [String], median: [Float], scale: [Float], origin: [(key: String, text: String)]) {
    self.names = names
    self.median = median
    self.scale = scale
    self.origin = origin
  }

  /// Parameters of these fields: median and scale of each, one after the other.
  public init(names: [String], pairs: [Float]) {
    self.init(
      names: names, median: names.indices.map { pairs[2 * $0] },
      scale: names.indices.map { pairs[2 * $0 + 1] }, origin: [])
  }

  /// Median and scale of each of these fields, one after the other; throws where one was not fitted.
  public func pairs(_ fields: [String]) throws -> [Float] {
    try fields.flatMap { field in
      guard let place = names.firstIndex(of: field) else {
        throw DayError.rule("parameters of robust-zscore lack the field '\(field)'")
      }
      return [median[place], scale[place]]
    }
  }

  /// The parameters as a safetensors file: a tensor a field, of its median and its scale.
  public func bytes() -> [UInt8] {
    var writer = SafetensorsWriter()
    writer.add("processor", "robust-zscore")
    for (key, text) in origin { writer.add(key, text) }
    for (place, name) in names.enumerated() {
      [median[place], scale[place]].withUnsafeBufferPointer {
        writer.add(name, shape: [2], $0)
      }
    }
    return writer.bytes()
  }

  /// Reads such a file; throws a `Failure` that names it where it is none.
  public init(path: String) throws {
    let reader = ByteReader([path])
    guard try reader.nextSource() else { throw Failure(.inputMissing, "\(path): is not there") }
    let bytes = try reader.readAll(atMost: 16 << 20)
    let values = try Safetensors.read(bytes, of: path) { file, _ in
      guard file.metadata["processor"] == "robust-zscore" else {
        throw DayError.rule("file holds no parameters of robust-zscore")
      }
      var values: [(name: String, place: Int, median: Float, scale: Float)] = []
      for (name, entry) in file.entries {
        guard entry.type == .float32, entry.shape == [2] else {
          throw DayError.rule("tensor '\(name)' must be two F32: \(entry.shape)")
        }
        let pair = file.withBytes(entry) { bytes in
          (
            bytes.loadUnaligned(as: Float.self),
            bytes.loadUnaligned(fromByteOffset: 4, as: Float.self)
          )
        }
        guard pair.0.isFinite, pair.1.isFinite, pair.1 > 0 else {
          throw DayError.rule(
            "parameters of '\(name)' must be a finite median and a scale above 0: "
              + "\(pair.0), \(pair.1)")
        }
        values.append((name, entry.range.lowerBound, pair.0, pair.1))
      }
      return values.sorted { $0.place < $1.place }
    }
    self.init(
      names: values.map(\.name), median: values.map(\.median), scale: values.map(\.scale),
      origin: [])
  }

  /// Normalises a table in place; fields that were not fitted stay as they are.
  public mutating func apply(_ array: inout NpyArray) throws {
    if known?.type != array.type {
      let placed = try names.enumerated().map { (try array.number($0.element), $0.offset) }
        .sorted { $0.0.offset < $1.0.offset }
      known = (array.type, FieldRun.runs(placed.map(\.0)), placed.map(\.1))
    }
    guard let known else { return }
    let median = known.order.map { self.median[$0] }
    let scale = known.order.map { self.scale[$0] }
    median.withUnsafeBufferPointer { median in
      scale.withUnsafeBufferPointer { scale in
        guard let median = median.baseAddress, let scale = scale.baseAddress else { return }
        array.edit(
          known.runs,
          narrow: { numbers, start in
            let (median, scale) = (median + start, scale + start)
            for place in 0..<numbers.count {
              numbers[place] = Self.clipped((numbers[place] - median[place]) / scale[place])
            }
          },
          wide: { numbers, start in
            for place in 0..<numbers.count {
              let number = Float(numbers[place])
              numbers[place] = Double(
                Self.clipped((number - median[start + place]) / scale[start + place]))
            }
          })
      }
    }
  }

  @inline(__always)
  private static func clipped(_ x: Float) -> Float { x > 3 ? 3 : x < -3 ? -3 : x }
}
