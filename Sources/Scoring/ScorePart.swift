import Mechanics
import Streams

/// What a worker has scored, to be added up: every count of a report, and of its drawings those whose ids
/// have the least hashes.
///
/// Counts are whole numbers, so that the sum of any parts in any order is the report of all their drawings.
/// Two parts that score some of the same drawings mostly share one of those ids, and are refused.
public struct ScorePart {
  /// The ids of the drawings that are remembered.
  private(set) var ids: Set<String> = []
  private static let most = 64

  /// A part of no drawings.
  init() {}

  /// The part that remembers some of these ids.
  init(_ ids: some Sequence<String>) {
    self.ids = Set(ids.sorted { (fnv1a($0), $0) < (fnv1a($1), $1) }.prefix(Self.most))
  }

  /// Takes in another; throws where a drawing is in both.
  mutating func add(_ other: ScorePart, _ record: JSONValue) throws {
    if let id = ids.intersection(other.ids).min() {
      throw record.failure("drawing is in two parts: '\(id)'")
    }
    ids.formUnion(other.ids)
  }

  /// A part as it is written, from its object without the last brace: with the FNV-1a hash of all before it.
  static func sealed(_ bytes: some Collection<UInt8>) -> [UInt8] {
    Array(bytes) + Array(",\"end\":\"\(hexadecimal(fnv1a(bytes)))\"}".utf8)
  }

  /// Throws where a part is not as it was written: any of its counts may be another.
  static func checkSeal(_ record: JSONValue) throws {
    let text = Array(record.text)
    guard text == sealed(text.dropLast(sealed([]).count)) else {
      throw record.failure("part is damaged: its end is not the hash of what is before it")
    }
  }

  /// The ids as a part of all of them remembers them.
  var remembered: [String] { ScorePart(ids).ids.sorted() }
}

extension RecognitionScore {
  /// The counts that a part has of these drawings, by name.
  private static var fields: [(name: String, path: WritableKeyPath<RecognitionScore, Int>)] {
    [
      ("drawings", \.drawings), ("texts_right", \.textsRight), ("values_right", \.valuesRight),
      ("no_value", \.withoutValue), ("characters", \.characters), ("segmented", \.segmented),
      ("symbols_right", \.symbolsRight),
    ]
  }

  func write(part json: inout JSONWriter) {
    json.beginObject()
    for field in Self.fields { json.put(field.name, self[keyPath: field.path]) }
    json.endObject()
  }

  /// Adds the counts of a part; throws where one is missing, below 0, or above what it is of.
  mutating func add(part record: JSONValue) throws {
    var other = RecognitionScore()
    for field in Self.fields {
      other[keyPath: field.path] = try record.count(field.name)
    }
    guard other.isConsistent else { throw record.failure("counts are more than what they are of") }
    for field in Self.fields {
      try record.add(other[keyPath: field.path], to: &self[keyPath: field.path])
    }
  }

  private var isConsistent: Bool {
    max(textsRight, valuesRight, withoutValue) <= drawings && symbolsRight <= segmented
      && segmented <= characters
  }
}

extension JSONValue {
  private static let mostCount = 1 << 61

  /// The count under a key; throws where it is missing, or no whole number from 0.
  func count(_ key: String) throws -> Int {
    let value = try require(key)
    guard let count = value.int, (0...Self.mostCount).contains(count) else {
      throw value.failure("\(key) must be a whole number from 0 to 2^61")
    }
    return count
  }

  /// Adds a count to others; throws where that is more than is counted.
  func add(_ count: Int, to total: inout Int) throws {
    guard total + count <= Self.mostCount else { throw failure("counts add up to over 2^61") }
    total += count
  }
}
