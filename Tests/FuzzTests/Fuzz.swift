/// fuzz: gives a target what libFuzzer makes, and what each target begins with.
///
///     fuzz                       the names of the targets
///     fuzz TARGET --start DIR    writes what it begins with: DIR/seed-N, DIR.words
///     fuzz TARGET OPTION...      fuzzes it, with options and folders as libFuzzer has them
import CFuzzer
import Streams
import TestFolders

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@main
enum Fuzz {
  nonisolated(unsafe) private static var target = FuzzTarget.all[0]
  /// Standard error as it was: libFuzzer closes it, for what tools tell of bad records.
  private static let standardError = dup(2)

  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count > 1 else {
      for target in FuzzTarget.all { print(target.name) }
      return
    }
    guard let named = FuzzTarget.all.first(where: { $0.name == arguments[1] }) else {
      diagnose("no target is called '\(arguments[1])'")
      exit(ExitStatus.usage.rawValue)
    }
    target = named
    if arguments.count == 4, arguments[2] == "--start" { return try start(arguments[3]) }
    _ = standardError
    run(arguments)
  }

  private static func start(_ folder: String) throws {
    for (number, seed) in try target.seeds().enumerated() { put(seed, "\(folder)/seed-\(number)") }
    let lines = target.words.map { word in
      let bytes = word.utf8.map { byte in
        let digits = String(byte, radix: 16)
        return "\\x\(digits.count == 1 ? "0" : "")\(digits)"
      }
      return "\"\(bytes.joined())\"\n"
    }
    put(lines.joined(), "\(folder).words")
  }

  private static func run(_ arguments: [String]) {
    // libFuzzer keeps the addresses.
    let words = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(
      capacity: arguments.count)
    words.initialize(repeating: nil, count: arguments.count)
    for (place, word) in ([arguments[0]] + arguments[2...]).enumerated() {
      words[place] = strdup(word)
    }
    var count = Int32(arguments.count - 1)
    var list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = words
    exit(
      LLVMFuzzerRunDriver(&count, &list) { bytes, count in
        if let broken = Fuzz.target.broken(by: UnsafeRawBufferPointer(start: bytes, count: count)) {
          _ = dup2(Fuzz.standardError, 2)
          diagnose(broken)
          abort()
        }
        return 0
      })
  }
}
