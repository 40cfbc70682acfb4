import ArgumentParser
import Streams

/// Options of a tool that keeps what it remembers of the days before in a file.
public struct StateOptions: ParsableArguments {
  /// The file.
  @Option(
    name: .customLong("state"),
    help: ArgumentHelp(
      "Go on from what is kept in this file, if it is there, and keep it there at the end.",
      valueName: "file"), completion: .file())
  public var path: String?

  /// The day that the state must end on.
  @Option(
    help: ArgumentHelp(
      "The day that --state must end on: what bars --after was told.", valueName: "date"))
  public var after: Day?

  /// Options that keep nothing.
  public init() {}

  /// Refuses a day without a state.
  public func validate() throws {
    guard after == nil || path != nil else { throw ValidationError("--after is for --state") }
  }

  /// What the tool writes, as its `writes` lists it.
  public var written: WrittenPath { .file("--state", path) }

  /// The file, locked for this run; nil where nothing is kept.
  ///
  /// Throws `busy` where another run has it.
  public func file() throws -> StateFile? {
    try path.map { try StateFile($0, after: after) }
  }
}

/// The file of a state, locked as long as this lives.
public final class StateFile {
  /// Where it is.
  public let path: String
  private let after: Day?
  private let lock: FileLock

  init(_ path: String, after: Day?) throws {
    (self.path, self.after) = (path, after)
    lock = try FileLock(path)
  }

  /// Holds the last day of the state, nil where there is none, against the one that it must end on.
  public func check(last: Day?) throws {
    guard let after, after != last else { return }
    throw Failure.badData(
      path,
      last.map { "the state ends on \($0), and what comes is after \(after)" }
        ?? "there is no state, and what comes is after \(after)")
  }
}
