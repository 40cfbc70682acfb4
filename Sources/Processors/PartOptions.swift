import ArgumentParser
import Streams

/// Options of a tool whose rows may be counted in parts, by several workers.
public struct PartOptions: ParsableArguments {
  /// Whether rows are counted.
  @Flag(help: "Count rows for one walk, and write that as a part of all.")
  public var partial = false

  /// Whether parts are read.
  @Flag(help: "Add up parts of all rows: the plan of the next walk, or the end.")
  public var merge = false

  /// What the walks before have come to.
  @Option(
    help: ArgumentHelp(
      "What --merge wrote of the walk before: none in the first.", valueName: "file"),
    completion: .file())
  public var plan: String?

  /// Options of a tool that does it all at once.
  public init() {}

  /// Whether it is one or the other.
  public var isAny: Bool { partial || merge }

  /// Refuses what does not go together.
  public func validate() throws {
    guard !(partial && merge) else {
      throw ValidationError("--partial counts rows, and --merge adds up counts: not both")
    }
    guard isAny || plan == nil else { throw ValidationError("--plan is for --partial and --merge") }
  }

  /// The plan for a purpose; nil in the first walk.
  public func plan(_ purpose: CountedPurpose) throws -> CountingPlan? {
    try plan.map { try CountingPlan(path: $0, purpose) }
  }
}
