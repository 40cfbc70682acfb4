import Mechanics
import Streams
import TestFolders

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The library of `Tests/Faults`, which makes calls of the C library fail in a program that loads it.
///
/// Executables of `bin/` are static and load nothing: those of the tests' own build are used.
enum FaultLibrary {
  /// Where those are: beside the tests.
  static let tools = executableFolder

  /// Where it is; built once, with whichever compiler there is.
  static let path: String? = {
    guard let compiler = Requirement.compiler.path else { return nil }
    let library = "\(root)/.build/faults-\(getpid()).so"
    let outcome = run([
      compiler, "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", library,
      "\(root)/Tests/Faults/faults.c",
    ])
    guard outcome.ending == .exit(0), outcome.errors.isEmpty else { fatalError(outcome.errors) }
    let place = "\(root)/.build/faults.so"
    return rename(library, place) == 0 ? place : nil
  }()

  /// The words before a command that has a fault.
  static func words(_ library: String, _ fault: Fault, _ others: String) -> [String] {
    let which = "from=\(fault.numbers.lowerBound) to=\(fault.numbers.upperBound)"
    let how = "call=\(fault.call) \(which) errno=\(fault.code) \(others)"
    return ["/usr/bin/env", "LD_PRELOAD=\(library)", "CONVOY_FAULT=\(how)"]
  }

  /// What it has counted: names of 16 bytes, with two numbers each.
  struct Counts {
    /// How often each call was made.
    var calls: [String: Int] = [:]
    /// How many failed.
    var failures = 0

    init(_ bytes: [UInt8]) {
      for place in stride(from: 0, to: bytes.count, by: 32) {
        let name = String(decoding: bytes[place..<place + 16].prefix { $0 != 0 }, as: UTF8.self)
        let (called, failed) = bytes[(place + 16)..<(place + 32)].withUnsafeBytes {
          ($0.loadUnaligned(as: Int.self), $0.loadUnaligned(fromByteOffset: 8, as: Int.self))
        }
        if !name.isEmpty { calls[name] = called }
        failures += failed
      }
    }
  }
}

/// Which calls of a tool fail, and how.
struct Fault: CustomStringConvertible, Sendable {
  /// A name of the library's list, such as `read`.
  var call = "none"
  /// The calls that fail, counted from 1.
  var numbers = 0...0
  /// What they say of it; -1: they do not fail, but take or give one byte only.
  var code: Int32 = 0

  /// Whether the tool must go on as if nothing had happened.
  var isHarmless: Bool { code == -1 || code == EINTR }

  var description: String {
    let how = code == -1 ? "one byte only" : String(cString: strerror(code))
    let which = numbers.count == 1 ? "\(numbers.lowerBound)" : "\(numbers.lowerBound) and all later"
    return "\(call) \(which): \(how)"
  }

  /// What can be said of each call that fails.
  static let codes: [(call: String, codes: [Int32])] = [
    ("read", [EIO, EINTR, -1]), ("write", [ENOSPC, EINTR, -1]), ("open", [EMFILE, EACCES]),
    ("close", [EIO]), ("fsync", [EIO]), ("rename", [EIO]), ("unlink", [EACCES]),
    ("folder", [EACCES]), ("stat", [EIO]), ("seek", [EIO]), ("size", [ENOSPC]),
    ("lock", [ENOLCK]), ("mode", [EPERM]), ("map", [ENOMEM]), ("memory", [ENOMEM]),
    ("small", [ENOMEM]),
    ("thread", [EAGAIN]), ("spawn", [EAGAIN]), ("socket", [EMFILE]),
  ]

  /// Every fault of a tool that makes so many calls: each of the first 200, and some up to the last, by
  /// itself and with all later ones.
  static func all(of calls: [String: Int]) -> [Fault] {
    codes.flatMap { call, codes in
      let count = calls[call] ?? 0
      let late = stride(from: 201, through: count, by: max(1, (count - 200) / 100))
      return ((1..<1 + min(200, count)) + Array(late)).flatMap { number in
        codes.flatMap { code in
          let once = Fault(call: call, numbers: number...number, code: code)
          var forever = once
          forever.numbers = number...Int(Int32.max)
          // Who is interrupted for ever waits for ever, and so does Dispatch for a thread.
          return code == EINTR || call == "thread" ? [once] : [once, forever]
        }
      }
    }
  }

  /// So many faults of a tool that makes so many calls, of all kinds by turns.
  static func picked(_ most: Int, of calls: [String: Int]) -> [Fault] {
    var numbers = SplitMix64(seed: UInt64(most) + UInt64(calls.count))
    let kinds = Dictionary(grouping: all(of: calls), by: \.call)
      .sorted { $0.key < $1.key }.map { $0.value.shuffled(using: &numbers) }
      .shuffled(using: &numbers)
    let longest = kinds.map(\.count).max() ?? 0
    let byTurns = (0..<longest).flatMap { turn in
      kinds.filter { turn < $0.count }.map { $0[turn] }
    }
    return Array(byTurns.prefix(most))
  }
}
