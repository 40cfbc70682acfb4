/// The name of a shard's file, as `shard` gives it: `2-of-7.npy`.
public struct ShardName: Equatable, Sendable {
  /// Which shard it is, from 1.
  public let number: Int
  /// How many there are.
  public let count: Int

  /// A shard of so many.
  public init(_ number: Int, of count: Int) { (self.number, self.count) = (number, count) }

  /// What a path's last part says before its first dot; nil where it is no shard's name.
  public init?(path: String) {
    let name = path.split(separator: "/").last?.prefix { $0 != "." } ?? ""
    let words = name.split(separator: "-", omittingEmptySubsequences: false)
    guard words.count == 3, words[1] == "of", let number = Int(words[0]), let count = Int(words[2]),
      count > 0, (1...count).contains(number)
    else { return nil }
    self.init(number, of: count)
  }

  /// Throws where files have names of shards, and are not all shards of one splitting, each once; `otherwise`
  /// says what takes some of them.
  public static func checkIsWhole(_ paths: [String], otherwise: String = "see --some") throws {
    let names = paths.map { (path: $0, name: ShardName(path: $0)) }
    guard let (one, name) = names.first(where: { $0.name != nil }), let name else { return }
    var isThere = [String?](repeating: nil, count: name.count)
    for (path, other) in names {
      guard let other else {
        throw Failure.usage("'\(one)' is a shard by its name, and '\(path)' is none (\(otherwise))")
      }
      guard other.count == name.count else {
        throw Failure.usage(
          "shards of \(name.count) and of \(other.count) do not go together: '\(one)', '\(path)'")
      }
      if let first = isThere[other.number - 1] {
        throw Failure.usage(
          "shard \(other.number) of \(name.count) is named twice: '\(first)', '\(path)'")
      }
      isThere[other.number - 1] = path
    }
    if let missing = isThere.firstIndex(of: nil) {
      throw Failure.usage(
        "shard \(missing + 1) of \(name.count) is not named, beside '\(one)' (\(otherwise))")
    }
  }

  /// The same of parts that were counted of shards, which are to be added up.
  public static func checkParts(_ paths: [String]) throws {
    try checkIsWhole(paths, otherwise: "by another name a part is added as it is")
  }
}

extension ShardName: CustomStringConvertible {
  /// `2-of-7`.
  public var description: String { "\(number)-of-\(count)" }
}
