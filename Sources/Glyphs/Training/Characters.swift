/// The characters that the calculator reads, in the order of a model's logits.
public enum Characters {
  /// The texts of all 20 classes; the last is what is none of ours.
  public static let all = [
    "0", "1", "2", "3", "4", "5", "6", "7", "8", "9",
    "+", "-", "×", "÷", "(", ")", "=", ".", "/", "none",
  ]
  /// The class of what is no character.
  public static let none = 19
  /// The classes of digits and of + - × ÷ ( ), which the image sets know too.
  public static let sixteen = 0..<16
  /// All but `none`.
  public static let nineteen = 0..<19

  /// Foreign symbols that no shape tells from ours: they teach neither what ours look like nor what
  /// does not, and are left out.
  public static let lookAlikes: Set<String> = [
    "x", "X", "l", "I", "|", "i", "\\prime", ",", "o", "O", "z", "Z", "s", "S", "b", "q", "g", "t",
    "c",
    "C", "y", "j", "\\int", "\\beta", "B", "G", "\\sigma", "\\theta", "\\lt", "\\gt", "\\{", "\\}",
    "[",
    "]", "\\leq", "\\geq", "!", "T", "Y", "\\gamma",
  ]

  private static let indices = Dictionary(
    uniqueKeysWithValues: all.enumerated().map { ($0.element, $0.offset) })

  /// The class of an ink label; any label that is none of ours is `none`.
  public static func index(of label: String) -> Int {
    switch label {
    case "−": indices["-"] ?? none
    case "*", "\\times": indices["×"] ?? none
    case "\\div": indices["÷"] ?? none
    default: indices[label] ?? none
    }
  }
}
