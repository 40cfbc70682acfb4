import Streams

/// The keys of a problem, and what looks like one of them but is another.
///
/// Keys that nobody knows pass through, so that a word with a letter too few would be a default in silence.
enum ProblemKeys {
  /// All keys of problems.
  static let all = [
    "name", "op", "n", "c", "h", "w", "k", "r", "s", "inputs", "outputs", "stride", "padding",
    "dilation", "groups", "pass",
  ]

  /// What a key that is not ours was probably meant to be; nil for a key of others.
  static func meant(_ key: String) -> String? {
    guard !all.contains(key), !ResultRecord.keys.contains(key) else { return nil }
    let key = key.lowercased()
    if all.contains(key) { return key }
    if let known = sides.first(where: { isBeginning(key, of: $0) }) { return known }
    // A letter alone is near to every letter.
    let near = all.filter { $0.count > 2 }.map { ($0, distance(key, $0)) }
      .filter { $0.1 <= ($0.0.count > 5 ? 2 : 1) }
    return near.min { $0.1 < $1.1 }?.0
  }

  /// What other libraries have for each side, or under shorter names.
  private static let sides = ["stride", "padding", "dilation"]

  /// `pad`, `pad_h`, `stride_w`, `padding_mode`, `dilate`.
  private static func isBeginning(_ key: String, of known: String) -> Bool {
    let word = key.prefix { $0 != "_" }
    return word.count > 2
      && (known.hasPrefix(word) || word.hasPrefix(known) || word.hasPrefix(known.prefix(5)))
  }

  /// How many letters must be put in, left out, changed or exchanged with their neighbours.
  static func distance(_ one: String, _ other: String) -> Int {
    let (a, b) = (Array(one), Array(other))
    // A key of others may be long; ours are not.
    guard abs(a.count - b.count) <= 2 else { return .max }
    var rows = [Array(0...b.count)]
    for i in 0..<a.count {
      var row = [i + 1]
      for j in 0..<b.count {
        var least = min(rows[i][j] + (a[i] == b[j] ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          least = min(least, rows[i - 1][j - 1] + 1)
        }
        row.append(least)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}
