import ArgumentParser

/// A command that reads no stream and writes none, such as a server.
///
/// Its diagnostics and exit codes are those of a tool.
public protocol Service: ParsableCommand {}

extension Service {
  /// Parses the command line, runs the service and ends the process.
  public static func main() { runAsTool() }
}
