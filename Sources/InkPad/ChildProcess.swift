import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A program that runs in a process group of its own, with pipes to and from it.
///
/// It has our standard error and no other descriptor. Where a call fails on the way, nothing of it is left.
struct ChildProcess: Sendable {
  let input: Descriptor
  let output: Descriptor
  private let id: pid_t
  private let watch: Watch

  /// Starts a program; throws `inputOutput` where that cannot be.
  init(_ words: [String], environment: [String], _ watch: Watch) throws {
    let toIt = try PipeEnds()
    let fromIt: PipeEnds
    do {
      fromIt = try PipeEnds()
    } catch {
      toIt.close()
      throw error
    }
    do {
      id = try spawn(words, environment, input: toIt.read, output: fromIt.write)
    } catch {
      for pipe in [toIt, fromIt] { pipe.close() }
      throw error
    }
    for end in [toIt.read, fromIt.write] { systemClose(end) }
    input = Descriptor(toIt.write, "its input", watch)
    output = Descriptor(fromIt.read, "its output", watch)
    self.watch = watch
  }

  /// Ends it, and all that it has started: who is in its group.
  ///
  /// Until `finish` nobody else can have its number.
  func kill() { _ = killpg(id, SIGKILL) }

  /// Waits until it has ended, or the task is cancelled: what it has started may live on, and hold its pipes.
  func ends() async {
    var information = siginfo_t()
    while !Task.isCancelled {
      information.si_signo = 0
      let isThere = waitid(P_PID, id_t(id), &information, WEXITED | WNOHANG | WNOWAIT) == 0
      if !isThere && errno != EINTR || information.si_signo == SIGCHLD { return }
      await watch.sleep(for: .milliseconds(250))
    }
  }

  /// Waits for its end, which is told, and lets go of its pipes, which nobody may use any more.
  func finish() async -> String {
    // Not of the task that asks, which may be cancelled: what has ended must be taken away.
    await Task(executorPreference: watch) {
      var status: Int32 = 0
      var pause = Duration.milliseconds(1)
      while true {
        let result = waitpid(id, &status, WNOHANG)
        if result == id || (result < 0 && errno != EINTR) { break }
        await watch.sleep(for: pause)
        pause = min(pause * 2, .milliseconds(500))
      }
      input.close()
      output.close()
      return status & 0x7f == 0 ? "exit \(status >> 8 & 0xff)" : "signal \(status & 0x7f)"
    }.value
  }
}

private func spawn(
  _ words: [String], _ environment: [String], input: Int32, output: Int32
) throws -> pid_t {
  #if os(Linux)
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
  #else
    var actions: posix_spawn_file_actions_t?
    var attributes: posix_spawnattr_t?
  #endif
  var codes = [posix_spawn_file_actions_init(&actions), posix_spawnattr_init(&attributes)]
  defer {
    posix_spawn_file_actions_destroy(&actions)
    posix_spawnattr_destroy(&attributes)
  }
  codes.append(posix_spawn_file_actions_adddup2(&actions, input, 0))
  codes.append(posix_spawn_file_actions_adddup2(&actions, output, 1))
  let flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP
  // Signals are to it what they are to any program.
  var signals = sigset_t()
  sigemptyset(&signals)
  codes.append(posix_spawnattr_setsigmask(&attributes, &signals))
  sigaddset(&signals, SIGPIPE)
  codes.append(posix_spawnattr_setsigdefault(&attributes, &signals))
  codes.append(posix_spawnattr_setflags(&attributes, Int16(flags)))
  var arguments = words.map { strdup($0) } + [nil]
  var variables = environment.map { strdup($0) } + [nil]
  defer { for pointer in arguments + variables { free(pointer) } }
  var id: pid_t = 0
  if codes.allSatisfy({ $0 == 0 }) {
    let code = starting.withLock { _ in
      posix_spawn(&id, words[0], &actions, &attributes, &arguments, &variables)
    }
    codes.append(code)
  }
  if let code = codes.first(where: { $0 != 0 }) {
    throw Failure.system(.inputOutput, words[0], code)
  }
  return id
}
