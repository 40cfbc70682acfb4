import Mechanics
import Streams
import Synchronization
import TestFolders
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How a process ended.
enum Ending: Equatable, CustomStringConvertible {
  case exit(Int32)
  case signal(Int32)
  case timeout

  var description: String {
    switch self {
    case .exit(let status): "exit \(status)"
    case .signal(let number): "signal \(number)"
    case .timeout: "timeout"
    }
  }
}

/// What a process did.
struct Outcome {
  var ending: Ending
  var output: [UInt8]
  var errors: String

  /// Lines on standard error.
  var errorLines: [Substring] { errors.split(separator: "\n") }

  /// Whether standard output ends behind a record: a line, an array or a picture.
  var endsWhole: Bool {
    switch output.first {
    case nil: return true
    case 0x89: return output.suffix(8).elementsEqual(Array("IEND".utf8) + [0xae, 0x42, 0x60, 0x82])
    case 0x93:
      let arrays = try? withFolder { folder in
        put(output, "\(folder)/arrays")
        try ByteReader(["\(folder)/arrays"]).arrays { _ in }
      }
      return arrays != nil
    case 0xff: return endsWithMessage
    default: return output.last == 0x0a
    }
  }
}

extension Outcome {
  /// Whether standard output, a stream of Arrow, ends behind a message: a header's length, the header, whose
  /// last number is the body's length, and the body.
  private var endsWithMessage: Bool {
    func number(_ place: Int, _ size: Int) -> Int {
      (0..<size).reduce(0) { $0 | Int(output[place + $1]) << (8 * $1) }
    }
    var place = 0
    while place + 8 <= output.count, output[place..<place + 4].allSatisfy({ $0 == 0xff }) {
      let length = number(place + 4, 4)
      if length == 0 { return place + 8 == output.count }
      guard place + 8 + length <= output.count else { return false }
      let message = place + 8 + number(place + 8, 4)
      let list = message - number(message, 4)
      place += 8 + length + number(message + number(list + 10, 2), 8)
    }
    return place == output.count
  }
}

/// Where standard output goes.
enum Sink {
  case captured
  case closed
  /// A pipe whose reader has gone.
  case gone
  case file(String)
}

/// Environment of all processes here: that of the test, with `bin` first on PATH.
let environment: [String] = {
  var variables = ["PATH=\(root)/bin:\(variable("PATH") ?? "/usr/bin:/bin")"]
  for name in ["HOME", "CONVOY_DATA", "TMPDIR"] {
    if let value = variable(name) { variables.append("\(name)=\(value)") }
  }
  return variables
}()

/// A pipe whose ends are closed in processes that are started.
private func closedPipe() -> (read: Int32, write: Int32) {
  var ends: [Int32] = [0, 0]
  guard pipe(&ends) == 0 else { fatalError("no pipe: \(String(cString: strerror(errno)))") }
  for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  return (ends[0], ends[1])
}

/// Held while pipes or sockets are made and a process starts, so that no other one inherits an end of them.
let spawning = Mutex(())

/// A process that runs, with pipes to and from it.
struct Process {
  let id: pid_t
  let input: Int32
  let output: Int32
  let errors: Int32

  /// Starts a program; `folder` is where it runs.
  init(
    _ arguments: [String], output sink: Sink = .captured, environment: [String] = environment,
    folder: String = root
  ) {
    // There is no portable way to start a process in another folder than one's own.
    let script = #"cd "$0" && exec "$@""#
    self = spawning.withLock { _ in
      Process(starting: ["/bin/sh", "-c", script, folder] + arguments, sink, environment)
    }
  }

  private init(starting words: [String], _ sink: Sink, _ environment: [String]) {
    signal(SIGPIPE, SIG_IGN)
    let (inputRead, inputWrite) = closedPipe()
    let (outputRead, outputWrite) = closedPipe()
    let (errorsRead, errorsWrite) = closedPipe()
    #if os(Linux)
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #else
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_adddup2(&actions, inputRead, 0)
    switch sink {
    case .captured, .gone: posix_spawn_file_actions_adddup2(&actions, outputWrite, 1)
    case .closed: posix_spawn_file_actions_addclose(&actions, 1)
    case .file(let path): posix_spawn_file_actions_addopen(&actions, 1, path, O_WRONLY, 0)
    }
    posix_spawn_file_actions_adddup2(&actions, errorsWrite, 2)
    posix_spawnattr_init(&attributes)
    var defaults = sigset_t()
    sigemptyset(&defaults)
    // Whoever runs tests in the background ignores some of these, and what is started would too.
    for number in [SIGPIPE, SIGHUP, SIGINT, SIGQUIT, SIGTERM] { sigaddset(&defaults, number) }
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    // Threads of a test block signals, and what they start would inherit that.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    // A group of its own, so that a whole pipeline can be killed.
    let flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP
    posix_spawnattr_setflags(&attributes, Int16(flags))
    var arguments = words.map { strdup($0) } + [nil]
    var variables = environment.map { strdup($0) } + [nil]
    var child: pid_t = 0
    let status = posix_spawn(&child, words[0], &actions, &attributes, &arguments, &variables)
    for pointer in arguments + variables { free(pointer) }
    posix_spawn_file_actions_destroy(&actions)
    posix_spawnattr_destroy(&attributes)
    for end in [inputRead, outputWrite, errorsWrite] { close(end) }
    guard status == 0 else {
      fatalError("cannot start \(words): \(String(cString: strerror(status)))")
    }
    if case .gone = sink {
      close(outputRead)
      output = -1
    } else {
      output = outputRead
    }
    (id, input, errors) = (child, inputWrite, errorsRead)
  }

  /// Feeds it, `step` bytes a write, reads all it says, and waits for its end.
  ///
  /// Its input ends behind the bytes, or is held open for as long as it runs.
  func finish(
    feeding bytes: [UInt8] = [], step: Int = 1 << 16, endsInput: Bool = true,
    timeout: Double = patience
  ) -> Outcome {
    var collected: [Int32: [UInt8]] = [output: [], errors: []]
    var feed: Int32 = input
    var fed = 0
    var open = [output, errors].filter { $0 >= 0 }
    _ = fcntl(input, F_SETFL, O_NONBLOCK)
    let deadline = monotonicSeconds() + timeout
    var late = false
    func endFeed() {
      close(feed)
      feed = -1
    }
    if bytes.isEmpty, endsInput { endFeed() }
    while !open.isEmpty {
      let watched = open + (feed >= 0 && fed < bytes.count ? [feed] : [])
      var polls = watched.map {
        pollfd(fd: $0, events: Int16($0 == feed ? POLLOUT : POLLIN), revents: 0)
      }
      poll(&polls, nfds_t(polls.count), 200)
      if monotonicSeconds() > deadline, !late {
        late = true
        kill(-id, SIGKILL)
      }
      for ready in polls where ready.revents != 0 {
        if ready.fd == feed {
          let count = bytes[fed...].withUnsafeBytes {
            write(feed, $0.baseAddress, min(step, $0.count))
          }
          if count > 0 { fed += count }
          let isDone = fed == bytes.count && endsInput
          if isDone || (count < 0 && errno != EAGAIN && errno != EINTR) { endFeed() }
        } else {
          var piece = [UInt8](repeating: 0, count: 1 << 16)
          let count = read(ready.fd, &piece, piece.count)
          if count > 0 {
            collected[ready.fd]?.append(contentsOf: piece[..<count])
          } else if count == 0 || errno != EINTR {
            close(ready.fd)
            open.removeAll { $0 == ready.fd }
          }
        }
      }
    }
    if feed >= 0 { endFeed() }
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0, errno == EINTR {}
    let ending: Ending =
      late ? .timeout : status & 0x7f == 0 ? .exit(status >> 8 & 0xff) : .signal(status & 0x7f)
    return Outcome(
      ending: ending, output: collected[output] ?? [],
      errors: String(decoding: collected[errors] ?? [], as: UTF8.self))
  }
}

/// Seconds after which what does not come is held to be hung.
///
/// It is no measure of speed: a machine may be busy with much else.
let patience = 120.0

/// Runs a program from start to end.
func run(
  _ arguments: [String], _ input: [UInt8] = [], step: Int = 1 << 16, output: Sink = .captured,
  environment: [String] = environment, folder: String = root, timeout: Double = patience
) -> Outcome {
  Process(arguments, output: output, environment: environment, folder: folder)
    .finish(feeding: input, step: step, timeout: timeout)
}

/// Runs a script with bash.
func bash(
  _ script: String, _ input: [UInt8] = [], folder: String = root, timeout: Double = patience
) -> Outcome {
  run(["/bin/bash", "-c", script], input, folder: folder, timeout: timeout)
}

/// Runs a script in a folder of its own, and expects this output and no errors.
func expectOutput(
  of script: String, _ expected: String, location: SourceLocation = #_sourceLocation
) throws {
  try withFolder { folder in
    let outcome = bash(script, folder: folder)
    #expect(
      outcome.ending == .exit(0) && outcome.errors.isEmpty, "\(outcome.errors)",
      sourceLocation: location)
    #expect(
      String(decoding: outcome.output, as: UTF8.self) == expected, sourceLocation: location)
  }
}
