/// How readings spell what no character says: what stands over, under and in what.
///
/// Readings hold what belongs together in braces; `LayoutSpelling` makes texts on one line of them.
public enum ReadingSpelling {
  /// What stands in a mixed number, as in 2½, where nothing is written.
  public static let invisiblePlus: Character = "\u{2064}"

  /// A fraction over a bar: `{{1}/{2}}`.
  public static func fraction(_ above: String, _ below: String) -> String {
    "{{\(above)}/{\(below)}}"
  }

  /// A root over its inside: `√{5}`, or with an index, `³√{8}`.
  public static func root(_ inside: String, index: Int = 2) -> String {
    "\(LexemeReader.root(index)){\(inside)}"
  }
}
