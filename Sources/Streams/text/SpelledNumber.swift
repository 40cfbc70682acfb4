/// Numbers as people and vendors write them into CSV.
public enum SpelledNumber {
  private static let missing: Set<String> = [
    "", "nan", "none", "null", "na", "n/a", "#n/a", "<na>", "n.a.", "nat", "-", "--",
  ]

  /// Whether a text stands for no number: it is empty, a dash, or a word for none.
  public static func isMissing(_ text: String) -> Bool { missing.contains(text.lowercased()) }

  /// The number of a text, perhaps with commas between its thousands; nil where it is none.
  public static func value(_ text: String) -> Double? {
    let digits = text.utf8.contains(UInt8(ascii: ",")) ? withoutThousands(text) : text
    // Double reads words and hexadecimal numbers too.
    let isDecimal = digits.utf8.allSatisfy { (0x2b...0x39).contains($0) || $0 | 0x20 == 0x65 }
    guard isDecimal, let number = Double(digits), number.isFinite else { return nil }
    return number
  }

  /// `1,234,567.8` without its commas; any other text as it is.
  private static func withoutThousands(_ text: String) -> String {
    let groups = text.prefix { $0 != "." }.split(separator: ",", omittingEmptySubsequences: false)
    let isGrouped =
      (1...3).contains(groups[0].drop { $0 == "-" }.count)
      && groups.dropFirst().allSatisfy { $0.utf8.count == 3 }
    return isGrouped ? groups.joined() + text.drop { $0 != "." } : text
  }
}
