import Alphabet

/// The classes of the alphabet, numbered as pictures of the image sets and logits are.
enum Characters {
  /// The texts of all classes; the last is what is none of ours.
  static let all = Alphabet.classes
  /// The class of what is no character.
  static let none = all.count - 1
  /// The classes that the image sets know too: digits and + - × ÷ ( ).
  static let inImageSets = 0..<Alphabet.entries.count { $0.isInImageSets }
  /// All but `none`.
  static let ours = 0..<none
  /// The digits.
  static let digits = 0..<Alphabet.entries.count { $0.kind == .digit }

  private static let numbers = Dictionary(
    uniqueKeysWithValues: Alphabet.entries.enumerated().flatMap { number, entry in
      ([entry.text] + entry.labels).map { ($0, number) }
    })

  /// The class of an ink label; any label that is none of ours is `none`.
  static func index(of label: String) -> Int { numbers[label] ?? none }
}
