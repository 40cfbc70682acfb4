/// Builds a FlatBuffer, from its end to its start: what is pointed to comes before what points to it.
///
/// Source: "FlatBuffer Internals" of Google's FlatBuffers. Only what Arrow's messages need: tables of
/// scalars and offsets, texts, vectors of tables and of structs of 64-bit numbers.
struct FlatBuffer {
  /// The bytes in reverse: the last one comes first.
  private var reversed: [UInt8] = []
  private var mostAligned = 1

  /// A place in the buffer, counted from its end.
  typealias Place = Int

  /// A field of a table.
  enum Field {
    /// A number of so many bytes.
    case number(Int64, size: Int)
    /// A text, vector or table that is there already.
    case offset(Place)
  }

  private mutating func align(_ size: Int, before count: Int = 0) {
    mostAligned = max(mostAligned, size)
    while (reversed.count + count) % size != 0 { reversed.append(0) }
  }

  private mutating func put(_ value: Int64, _ size: Int) {
    align(size)
    for byte in (0..<size).reversed() {
      reversed.append(UInt8(truncatingIfNeeded: value >> (8 * Int64(byte))))
    }
  }

  /// An offset from where it stands to a place.
  private mutating func put(offset place: Place) {
    align(4)
    put(Int64(reversed.count + 4 - place), 4)
  }

  /// A text, behind its length and before a NUL.
  mutating func text(_ text: String) -> Place {
    let bytes = Array(text.utf8)
    align(4, before: bytes.count + 1)
    reversed.append(0)
    reversed += bytes.reversed()
    put(Int64(bytes.count), 4)
    return reversed.count
  }

  /// A vector of tables.
  mutating func vector(_ places: [Place]) -> Place {
    align(4)
    for place in places.reversed() { put(offset: place) }
    put(Int64(places.count), 4)
    return reversed.count
  }

  /// A vector of structs of two 64-bit numbers.
  mutating func vector(_ pairs: [(Int, Int)]) -> Place {
    // The numbers are aligned, and the count is right before them.
    align(8)
    for (first, second) in pairs.reversed() {
      put(Int64(second), 8)
      put(Int64(first), 8)
    }
    put(Int64(pairs.count), 4)
    return reversed.count
  }

  /// A table; nil stands for a field that has its default.
  mutating func table(_ fields: [Field?]) -> Place {
    let end = reversed.count
    var places: [Place] = []
    // Large ones last, so that few bytes fill up.
    for field in fields {
      switch field {
      case nil: places.append(0)
      case .number(let value, let size):
        put(value, size)
        places.append(reversed.count)
      case .offset(let place):
        put(offset: place)
        places.append(reversed.count)
      }
    }
    align(4)
    // The table begins with the distance to the list of its fields, which stands before it.
    let start = reversed.count + 4
    let listSize = 4 + 2 * fields.count
    put(Int64(listSize), 4)
    for place in places.reversed() { put(place == 0 ? 0 : Int64(start - place), 2) }
    put(Int64(start - end), 2)
    put(Int64(listSize), 2)
    return start
  }

  /// The buffer whose root is a table.
  mutating func finish(_ root: Place) -> [UInt8] {
    align(max(mostAligned, 8), before: 4)
    put(offset: root)
    return reversed.reversed()
  }
}
