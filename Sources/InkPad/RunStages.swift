#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What stages know of the environment that the server was started in: where programs and temporary
/// files are, and what the calculator's pipelines read.
///
/// Nothing else, such as `BASH_ENV` or another one's `CONVOY_TEXT`, changes what they answer.
private let stageEnvironment: [String] = {
  let names = ["PATH", "HOME", "TMPDIR", "CONVOY_CPU", "CONVOY_MODEL", "CONVOY_BEST"]
  return names.compactMap { name in getenv(name).map { "\(name)=\(String(cString: $0))" } }
}()

/// Runs a pipeline while `send`, `receive` and `lateness` go on; returns why it ended.
///
/// When the first of them returns, all stages are killed.
func runStages(
  _ command: [String], _ watch: Watch,
  send: @escaping @Sendable (Descriptor) async -> String?,
  receive: @escaping @Sendable (Descriptor) async -> String?,
  lateness: @escaping @Sendable () async -> String?
) async -> String {
  do {
    let process = try ChildProcess(command, environment: stageEnvironment, watch)
    let reason = await withTaskGroup(of: String?.self) { tasks in
      tasks.addTask { await send(process.input) }
      tasks.addTask { await receive(process.output) }
      tasks.addTask { await lateness() }
      tasks.addTask {
        await process.ends()
        return nil
      }
      let reason = await tasks.next() ?? nil
      process.kill()
      tasks.cancelAll()
      return reason
    }
    let ending = await process.finish()
    return reason ?? "ended: \(ending)"
  } catch {
    return "\(error)"
  }
}
