import ArgumentParser

/// `--seal`, of tools that write npy.
public struct SealOption: ParsableArguments {
  /// Whether the stream is sealed.
  @Flag(help: "End the stream with a seal: an empty array that has the SHA-256 of all before it.")
  public var seal = false

  /// Empty options, as the parser wants them.
  public init() {}

  /// Refuses a seal where what is written is no npy stream.
  public func validate(unless other: Bool, _ option: String) throws {
    guard !(seal && other) else {
      throw ValidationError("--seal is for npy streams, and \(option) writes none")
    }
  }
}

/// `--sealed`, of tools that read npy.
public struct SealedOption: ParsableArguments {
  /// Whether only sealed streams are read.
  @Flag(help: "Refuse input without a seal, as --seal writes it.")
  public var sealed = false

  /// Empty options, as the parser wants them.
  public init() {}
}

/// A tool that writes an npy stream.
public protocol ArrayWriting: Tool {
  /// Whether it is sealed.
  var sealing: SealOption { get }
  /// Whether that is what goes to the output, and not to files of its own.
  var sealsOutput: Bool { get }
}

extension ArrayWriting {
  /// Most tools write one stream.
  public var sealsOutput: Bool { sealing.seal }
}

/// A tool that reads npy streams.
public protocol ArrayReading: Tool {
  /// Whether they must be sealed.
  var demand: SealedOption { get }
}
