import ArgumentParser
import Mechanics

/// Which writers are kept out of training, on the command line.
public struct HoldOutOptions: ParsableArguments {
  /// Of how many writers one is kept aside; 0 keeps none.
  @Option(
    help: ArgumentHelp(
      "Keep ink of one in k writers aside, by FNV-1a hash; 0 keeps none.", valueName: "k"))
  public var holdOut = 5

  @Option(help: ArgumentHelp("Which one in k writers, 0 to k-1.", valueName: "f"))
  var fold = 0

  /// The options with their defaults: one in five.
  public init() {}

  /// The writers; nil where nobody is kept out.
  public var writers: HoldOut? { holdOut > 0 ? HoldOut(count: holdOut, fold: fold) : nil }

  /// Throws where the numbers name no fold.
  public func validate() throws {
    guard holdOut >= 0 else { throw ValidationError("--hold-out must not be negative: \(holdOut)") }
    guard (0..<max(holdOut, 1)).contains(fold) else {
      throw ValidationError("--fold must be from 0 to \(max(holdOut, 1) - 1): \(fold)")
    }
  }
}
