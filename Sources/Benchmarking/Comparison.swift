import Streams

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
      guard let implementation = try record.require("implementation").string else {
        throw record.failure("implementation must be a string")
      }
      let time = try record.require("min_ms")
      // Results that were only checked have no time.
      guard time.kind != .null else { return }
      guard let minimum = time.double, minimum > 0 else {
        throw time.failure("min_ms must be a positive number: got \(time.kindName)")
      }
      others[Key(name: problem.name, pass: problem.pass), default: []].append(
        Other(
          implementation: implementation, minimum: minimum, threads: record["threads"]?.int,
          operation: problem.operation, isWrong: record["wrong"]?.bool ?? false))
    }
    guard !others.isEmpty else { throw Failure.badData(path, "there is no result with a time") }
    self.others = others
    self.path = path
  }

  /// The counterpart: of the same threads, of the same implementation if there is one, else the fastest.
  public func other(_ problem: Problem, _ implementation: String, threads: Int) -> Other? {
    let same = (others[Key(name: problem.name, pass: problem.pass)] ?? [])
      .filter { $0.threads ?? threads == threads }
      .filter { $0.operation == problem.operation && !$0.isWrong }
    return same.last { $0.implementation == implementation }
      ?? same.min { $0.minimum < $1.minimum }
  }

  /// Why a problem that the file names is not compared all the same; nil where it is, or is not named.
  public func obstacle(_ problem: Problem, threads: Int) -> String? {
    let named = others[Key(name: problem.name, pass: problem.pass)] ?? []
    guard let first = named.first, other(problem, "", threads: threads) == nil else { return nil }
    guard let same = named.first(where: { $0.operation == problem.operation }) else {
      return "\(problem.title) is \(first.operation) there, and \(problem.operation) here"
    }
    if let there = same.threads, !named.contains(where: { $0.threads ?? threads == threads }) {
      return "\(problem.title) has \(threadText(there)) there, and \(threads) here"
    }
    return "\(problem.title) is wrong there"
  }
}
