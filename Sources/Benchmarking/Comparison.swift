import Streams
import Tensor

/// Results of others, of the same form: what `torch_conv.py` or an earlier `conv-bench` wrote.
public struct Comparison {
  /// What others measured.
  public struct Other: Equatable, Sendable {
    /// Who did it.
    public let implementation: String
    /// The shortest run in milliseconds.
    public let minimum: Double
    /// The threads; nil where the result does not say.
    let threads: Int?
    /// What was computed.
    let operation: Problem.Operation
    /// Whether the result says of itself that it is wrong.
    let isWrong: Bool
    /// What numbers were multiplied.
    let precision: Precision
    /// The processor's name; nil where the result does not say.
    let processor: String?
  }

  /// Problems are the same where name and pass are.
  private struct Key: Hashable {
    let name: String
    let pass: Problem.Pass
  }

  private var others: [Key: [Other]] = [:]
  /// The file, for diagnostics.
  let path: String

  /// Reads a file of results; throws where a line is no result, and where none has a time.
  public init(path: String) throws {
    var others: [Key: [Other]] = [:]
    try ByteReader([path]).ndjson { record in
      let problem = try Problem(record)
      let implementation = try record.text("implementation")
      // Results that were only checked have no time.
      guard try record.require("min_ms").kind != .null else { return }
      let minimum = try record.positive("min_ms")
      others[Key(name: problem.name, pass: problem.pass), default: []].append(
        Other(
          implementation: implementation, minimum: minimum,
          threads: try record.countIfKnown("threads", from: 1), operation: problem.operation,
          isWrong: try record.truth("wrong"), precision: try Self.precision(record, implementation),
          processor: try record.textIfKnown("processor")))
    }
    guard !others.isEmpty else { throw Failure.badData(path, "there is no result with a time") }
    self.others = others
    self.path = path
  }

  /// What a result multiplied; where it does not say, one that has narrower numbers in its name is of these.
  private static func precision(_ record: JSONValue, _ implementation: String) throws -> Precision {
    if let precision = try record.precision { return precision }
    let words = "\(implementation) \(try record.textIfKnown("method") ?? "")".split(separator: " ")
    return words.compactMap { Precision(rawValue: String($0)) }.first ?? .float
  }

  /// What is different about a counterpart, though it is compared; nil where nothing is.
  func difference(_ other: Other, _ measurement: Measurement) -> String? {
    if other.precision != measurement.precision {
      return "\(other.implementation) multiplies \(other.precision)s, and "
        + "\(measurement.implementation) \(measurement.precision)s: the ratio is of both"
    }
    if measurement.isDevice, other.threads != nil {
      return "is of a processor, and this is \(measurement.place): the ratio is of both"
    }
    guard let there = other.processor, let here = measurement.processor, there != here else {
      return nil
    }
    return "is of \(there), and this is \(here): the ratio is of both"
  }

  /// The counterpart: of the same threads (nil for a device: of any), of the same implementation if there is one, else the fastest.
  public func other(_ problem: Problem, _ implementation: String, threads: Int?) -> Other? {
    let same = (others[Key(name: problem.name, pass: problem.pass)] ?? [])
      .filter { threads == nil || $0.threads ?? threads == threads }
      .filter { $0.operation == problem.operation && !$0.isWrong }
    return same.last { $0.implementation == implementation }
      ?? same.min { $0.minimum < $1.minimum }
  }

  /// Why a problem that the file names is not compared all the same; nil where it is, or is not named.
  public func obstacle(_ problem: Problem, threads: Int?) -> String? {
    let named = others[Key(name: problem.name, pass: problem.pass)] ?? []
    guard let first = named.first, other(problem, "", threads: threads) == nil else { return nil }
    guard let same = named.first(where: { $0.operation == problem.operation }) else {
      return "\(problem.title) is \(first.operation) there, and \(problem.operation) here"
    }
    if let there = same.threads, let threads,
      !named.contains(where: { $0.threads ?? threads == threads })
    {
      return "\(problem.title) has \(threadText(there)) there, and \(threads) here"
    }
    return "\(problem.title) is wrong there"
  }
}
