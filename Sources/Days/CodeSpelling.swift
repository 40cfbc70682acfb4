/// How codes of instruments are spelt by those who sell data.
///
/// `600000.SH`, `sh.600000`, `600000.XSHG` and `600000` all become `SH600000`, as qlib has them; what is
/// spelt otherwise, as `AAPL`, stays.
public struct CodeSpelling: Sendable {
  /// The exchange of codes that name none; nil leaves them as they are.
  private let exchange: Exchange?

  /// Where codes without an exchange are traded.
  public enum Exchange: Sendable, Equatable {
    /// One for all, such as `SH`.
    case named(String)
    /// That of mainland China which the first digits tell.
    case china
  }

  /// A spelling whose plain codes are of an exchange.
  public init(plain exchange: Exchange? = nil) { self.exchange = exchange }

  /// The names of exchanges, and what they become.
  private static let exchanges: [String: String] = [
    "SH": "SH", "SS": "SH", "XSHG": "SH", "SSE": "SH", "SZ": "SZ", "XSHE": "SZ", "SZSE": "SZ",
    "BJ": "BJ", "BSE": "BJ",
  ]

  /// The code of a text; throws where it is none.
  public func code(_ text: UnsafeRawBufferPointer) throws -> InstrumentCode {
    let text = String(decoding: text, as: UTF8.self).uppercased()
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    if parts.count == 2 {
      if Self.isNumber(parts[0]), parts[1] == "0" {
        throw DayError.rule(
          "instrument '\(text)' was read as a number somewhere: read codes as texts")
      }
      for (number, name) in [(parts[0], parts[1]), (parts[1], parts[0])] {
        if let exchange = Self.exchanges[String(name)], Self.isNumber(number) {
          return try InstrumentCode(exchange + number)
        }
      }
    }
    guard let exchange, Self.isNumber(text[...]) else { return try InstrumentCode(text) }
    switch exchange {
    case .named(let name): return try InstrumentCode(name.uppercased() + text)
    case .china:
      guard let name = Self.chinese(text) else {
        throw DayError.rule("instrument '\(text)' is of no exchange that is known (see --market)")
      }
      return try InstrumentCode(name + text)
    }
  }

  private static func isNumber(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }

  /// The exchange of a stock's six digits: Shanghai, Shenzhen or Beijing.
  private static func chinese(_ text: String) -> String? {
    guard text.utf8.count == 6 else { return nil }
    if text.hasPrefix("92") { return "BJ" }
    switch text.first {
    case "6", "9", "5": return "SH"
    case "0", "2", "3", "1": return "SZ"
    case "4", "8": return "BJ"
    default: return nil
    }
  }
}
