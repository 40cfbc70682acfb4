import Subprocess

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

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
      platformOptions: options, input: .inputWriter, output: .sequence, error: .currentStandardError
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
