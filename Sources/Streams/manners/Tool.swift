import ArgumentParser
import InstructionSets

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The version of all tools of the house.
public let convoyVersion = "convoy 0.1.0"

/// A command that reads one stream of bytes and writes another.
///
/// It states its options and `run(_:_:)`; opening, flushing, diagnostics and exit codes are here.
public protocol Tool: ParsableCommand {
  /// Files, `--output`, `--skip-bad` and `--quiet`.
  var streams: StreamOptions { get }
  /// Does the work, from the input to the output.
  func run(_ input: ByteReader, _ output: ByteWriter) throws
  /// What it reads, by its options, as the line says that somebody at a terminal is told: `ink (NDJSON)`.
  var expects: String { get }
  /// What it writes to the output that is not for a terminal, by its options; nil for text.
  var writesBinary: BinaryOutput? { get }
  /// Whether it reports its progress itself, as it does not depend on how much is read.
  var showsProgress: Bool { get }
  /// What it writes beside the output, by its options: that is looked at before anything is read.
  var writes: [WrittenPath] { get }
  /// The files that it reads beside the input, by its options: an output may not be one of them.
  var reads: [String?] { get }
}

extension Tool {
  /// Most tools write their output and nothing else.
  public var writes: [WrittenPath] { [] }

  /// Many tools read their input and nothing else.
  public var reads: [String?] { [] }

  /// What is no table is an object a line.
  public var expects: String {
    self is any ArrayReading ? "a table stream (npy)" : "NDJSON"
  }

  /// Tools that write arrays do so, whatever is read.
  public var writesBinary: BinaryOutput? { self is any ArrayWriting ? .arrays : nil }

  /// The progress of most tools is how much they have read.
  public var showsProgress: Bool { false }
}

private func endProcess(_ status: ExitStatus) -> Never { exit(status.rawValue) }

/// Options that every tool has.
public struct StreamOptions: ParsableArguments {
  /// Inputs, in order; none or `-` is standard input.
  @Argument(help: "Files to read; none, or -, is standard input.", completion: .file())
  public var files: [String] = []

  /// Where to write instead of standard output.
  @Option(
    name: [.short, .long],
    help: "File to write, whole or not at all, instead of standard output.", completion: .file())
  public var output: String?

  /// Whether bad records are dropped and counted.
  @Flag(help: "Drop bad records and count them, instead of stopping at the first.")
  public var skipBad = false

  /// Whether progress is silent.
  @Flag(name: [.short, .long], help: "Show no progress.")
  public var quiet = false

  /// The longest NDJSON line accepted, in bytes.
  @Option(help: ArgumentHelp("Longest line accepted.", valueName: "bytes"))
  public var maxLine = 16 << 20

  /// The largest array accepted; nil for what is usual.
  @Option(
    help: ArgumentHelp(
      "Largest array accepted. (default: 16G, out of gzip 256M or 32 times its size)",
      valueName: "size"))
  public var maxArray: MemorySize?

  /// Empty options, as the parser wants them.
  public init() {}

  /// Refuses limits that make no sense.
  public func validate() throws {
    guard (1..<Int(UInt32.max)).contains(maxLine) else {
      throw ValidationError("--max-line must be from 1 to \(UInt32.max - 1) bytes: \(maxLine)")
    }
  }
}

/// A command whose first word says which of its tools is meant: `robust-zscore fit`.
public protocol ToolGroup: ParsableCommand {}

extension ToolGroup {
  /// Parses the command line, runs the tool and ends the process.
  public static func main() { runAsTool() }
}

/// A command that reads no stream and writes none, such as a server.
///
/// Its diagnostics and exit codes are those of a tool.
public protocol Service: ParsableCommand {}

extension Service {
  /// Parses the command line, runs the service and ends the process.
  public static func main() { runAsTool() }
}

extension Tool {
  /// Parses the command line, runs the tool and ends the process.
  public static func main() { runAsTool() }
}

extension ParsableCommand {
  static func runAsTool() {
    StandardStreams.secure()
    Cleanup.installHandlers()
    let status = status(of: nil)
    Cleanup.run()
    endProcess(status)
  }

  /// Runs the tool with these arguments, or with the process's; says why where it fails.
  static func status(of arguments: [String]?) -> ExitStatus {
    do {
      var command = try parseAsRoot(
        withNegativeNumbers(arguments ?? Array(CommandLine.arguments.dropFirst())))
      // The parser's own command, which gives help, does so in any environment.
      if command is any Tool || command is any Service, let rule = CPU.environmentError {
        throw ValidationError(rule)
      }
      do {
        if command is any Tool || command is any Service, let lack = CPU.environmentLack {
          throw Failure(.unavailable, lack)
        }
        try command.run()
        return .done
      } catch let failure as Failure {
        diagnose(failure.description)
        return failure.status
      } catch is ReaderGone {
        return .done
      }
    } catch {
      return explain(error)
    }
  }

  /// The same, with a number below 0 joined to its option, `--cash -5` as `--cash=-5`: the parser takes it for an
  /// option else, and says that the value is missing.
  private static func withNegativeNumbers(_ arguments: [String]) -> [String] {
    var result: [String] = []
    for word in arguments {
      if let option = result.last, option.hasPrefix("--"), option != "--", !option.contains("="),
        word.hasPrefix("-"), let first = word.dropFirst().first, first.isNumber || first == ".",
        !result.contains("--")
      {
        result[result.count - 1] += "=\(word)"
      } else {
        result.append(word)
      }
    }
    return result
  }

  /// Help and version go to standard output; a usage error is one line on standard error.
  private static func explain(_ error: Error) -> ExitStatus {
    guard exitCode(for: error) != .success else {
      do {
        let output = try ByteWriter()
        // The parser is not to fold lines: that is done here, by what they are.
        let parsed = fullMessage(for: error, columns: 1 << 20)
        output.write((HelpText(parsed)?.text ?? parsed) + "\n")
        try output.finish()
        return .done
      } catch let failure as Failure {
        diagnose(failure.description)
        return failure.status
      } catch {
        return .done
      }
    }
    let lines = message(for: error).split(separator: "\n")
    var reason = lines.first.map(String.init) ?? "\(error)"
    // What an option can be stands below, a line each.
    let choices = lines.dropFirst().map { $0.drop { " -".contains($0) } }
    if reason.hasSuffix(":") { reason += " " + choices.joined(separator: ", ") }
    diagnose("\(reason) (see \(toolName) --help)")
    return .usage
  }
}

extension Tool {
  /// How much is read, where the input is plain files.
  ///
  /// In a pipeline only the first stage reads files, and it goes as fast as the slowest stage.
  private func progress() -> Progress? {
    guard !streams.files.isEmpty, !showsProgress else { return nil }
    let sizes = streams.files.map(plainFileSize)
    guard !sizes.contains(nil) else { return nil }
    let total = sizes.reduce(0) { $0 + ($1 ?? 0) }
    return Progress(total: total >> 10, unit: "kB", quiet: streams.quiet)
  }

  /// Opens the streams, does the work and closes them.
  public func run() throws {
    try WrittenPath.check(writes)
    try WrittenPath.checkApart(streams, written: writes, read: reads)
    let badRecords = BadRecords(tolerated: streams.skipBad)
    let input = ByteReader(streams.files, badRecords: badRecords)
    let output = try ByteWriter(streams.output)
    if let writesBinary { try output.refuse(writesBinary) }
    input.expected = expects
    (input.limits.line, input.limits.array) = (streams.maxLine, streams.maxArray?.bytes)
    input.demandsSeal = (self as? any ArrayReading)?.demand.sealed ?? false
    if (self as? any ArrayWriting)?.sealsOutput ?? false { output.sealArrays() }
    input.willBlock = output.flush
    badRecords.rollback = output.rollback
    badRecords.commit = output.commit
    let progress = progress()
    if let progress { input.didRead = { progress.update($0 >> 10) } }
    defer { progress?.finish() }
    do {
      try run(input, output)
    } catch {
      // What was done before the failure is whole, and goes out; a file is not put in place.
      output.rollback()
      if streams.output == nil { try? output.flush() }
      switch error {
      case is Failure, is ReaderGone: throw error
      case let error as ValidationError: throw Failure.usage(error.message)
      default:
        throw (error as? any EndingError)?.failure ?? Failure.badData(input.name, "\(error)")
      }
    }
    try badRecords.finish()
    try output.finish()
  }
}

/// The size of a plain file; nil for anything else, such as a pipe.
public func plainFileSize(_ path: String) -> Int? {
  var status = stat()
  guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
  return Int(status.st_size)
}
