/// What inputs are called, where nobody says: as their files, without folders and endings.
public enum InputNames {
  private static let endings = [".gz", ".csv", ".ndjson", ".jsonl", ".json", ".txt"]

  /// A name for each path, no two the same.
  public static func names(of paths: [String]) -> [String] {
    let short = paths.map(name)
    var seen: [String: Int] = [:]
    return zip(paths, short).map { path, name in
      let text = short.count { $0 == name } > 1 ? path : name
      seen[text, default: 0] += 1
      return seen[text] == 1 ? text : "\(text) (\(seen[text] ?? 0))"
    }
  }

  private static func name(_ path: String) -> String {
    guard path != "-" else { return "<stdin>" }
    let last = path.split(separator: "/").last.map(String.init) ?? path
    var name = last
    for ending in endings where name.lowercased().hasSuffix(ending) {
      name.removeLast(ending.utf8.count)
    }
    return name.isEmpty ? last : name
  }
}
