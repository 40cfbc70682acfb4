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
  }

  /// Problems are the same where name and pass are.
  private struct Key: Hashable {
    let name: String
    let pass: Problem.Pass
  }

  private var others: [Key: [Other]] = [:]

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
          implementation: implementation, minimum: minimum, threads: record["threads"]?.int))
    }
    guard !others.isEmpty else { throw Failure.badData(path, "there is no result with a time") }
    self.others = others
  }

  /// The counterpart: of the same threads, of the same implementation if there is one, else the fastest.
  public func other(_ problem: Problem, _ implementation: String, threads: Int) -> Other? {
    let same = (others[Key(name: problem.name, pass: problem.pass)] ?? [])
      .filter { $0.threads ?? threads == threads }
    return same.last { $0.implementation == implementation }
      ?? same.min { $0.minimum < $1.minimum }
  }
}
