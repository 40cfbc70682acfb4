import Subprocess

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What stages know of the environment that the server was started in: where programs and temporary
/// files are, and what the calculator's pipelines read.
///
/// Nothing else, such as `BASH_ENV` or another one's `CONVOY_TEXT`, changes what they answer.
private let stageEnvironment: Environment = {
  let names: [Environment.Key] = [
    "PATH", "HOME", "TMPDIR", "CONVOY_CPU", "CONVOY_MODEL", "CONVOY_BEST",
  ]
  var variables: [Environment.Key: String] = [:]
  for name in names {
    variables[name] = getenv(name.rawValue).map { String(cString: $0) }
  }
  return .custom(variables)
}()

/// Runs a pipeline while `send`, `receive` and `watch` go on; returns why it ended.
///
/// When the first of them returns, all stages are killed.
func runStages(
  _ command: [String],
  send: @escaping @Sendable (StandardInputWriter) async -> String?,
  receive: @escaping @Sendable (SubprocessOutputSequence) async -> String?,
  watch: @escaping @Sendable () async -> String?
) async -> String {
  var options = PlatformOptions()
  // A group of its own, so that all stages can be ended, whoever started them.
  options.processGroupID = 0
  do {
    let outcome = try await Subprocess.run(
      .path(.init(command[0])), arguments: .init(Array(command.dropFirst())),
      environment: stageEnvironment, platformOptions: options, input: .inputWriter,
      output: .sequence, error: .currentStandardError
    ) { execution in
      let group = execution.processIdentifier.value
      let writer = execution.standardInputWriter
      let lines = execution.standardOutput
      return await withTaskGroup(of: String?.self) { tasks in
        tasks.addTask { await send(writer) }
        tasks.addTask { await receive(lines) }
        tasks.addTask { await watch() }
        let reason = await tasks.next() ?? nil
        kill(-group, SIGKILL)
        tasks.cancelAll()
        return reason
      }
    }
    return outcome.closureResult ?? "ended: \(outcome.terminationStatus)"
  } catch {
    return "\(error)"
  }
}
