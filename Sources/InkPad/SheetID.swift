#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The name of a kept sheet, which the server makes: `20261129-003012-5f0c9a1e`, when it was begun (UTC)
/// and eight random digits.
///
/// Nothing else becomes part of a path.
struct SheetID: Hashable, Sendable, Comparable {
  let text: String

  /// Takes a name that looks as the server makes them; nil for any other text.
  init?(_ text: String) {
    let shape = "00000000-000000-xxxxxxxx"
    guard text.utf8.count == shape.utf8.count else { return nil }
    for (letter, expected) in zip(text.utf8, shape.utf8) {
      switch expected {
      case UInt8(ascii: "0"): guard (0x30...0x39).contains(letter) else { return nil }
      case UInt8(ascii: "x"):
        guard (0x30...0x39).contains(letter) || (0x61...0x66).contains(letter) else { return nil }
      default: guard letter == expected else { return nil }
      }
    }
    self.text = text
  }

  /// A name for a sheet that is begun at a time, in seconds since 1970.
  init(at time: Int, random: UInt32 = .random(in: 0 ... .max)) {
    var seconds = time_t(time)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    let numbers = [
      (Int(parts.tm_year) + 1900, 4), (Int(parts.tm_mon) + 1, 2), (Int(parts.tm_mday), 2),
      (Int(parts.tm_hour), 2), (Int(parts.tm_min), 2), (Int(parts.tm_sec), 2),
    ].map { padded(String($0.0), to: $0.1) }
    let digits = padded(String(random, radix: 16), to: 8)
    text = "\(numbers[0..<3].joined())-\(numbers[3...].joined())-\(digits)"
  }

  /// The sheet of a file's name; nil where that is none.
  init?(fileName: String) {
    guard fileName.hasSuffix(Self.ending) else { return nil }
    self.init(String(fileName.dropLast(Self.ending.count)))
  }

  /// The name of its file.
  var fileName: String { text + Self.ending }

  private static let ending = ".ndjson"

  static func < (one: SheetID, other: SheetID) -> Bool { one.text < other.text }
}

private func padded(_ digits: String, to count: Int) -> String {
  String(repeating: "0", count: max(0, count - digits.utf8.count)) + digits
}
