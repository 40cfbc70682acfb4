#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Keys of objects: finding one, and refusing one that comes twice.
extension JSONTape {
  /// A hash of a key's bytes: equal keys have equal hashes, unequal ones nearly always unequal.
  @inline(__always) static func hash(_ bytes: UnsafeRawPointer, _ count: Int) -> UInt32 {
    var hash = UInt32(truncatingIfNeeded: count)
    if count >= 4 {
      hash ^= bytes.loadUnaligned(as: UInt32.self) &* 0x9e37_79b1
      hash ^= bytes.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self) &* 0x85eb_ca6b
    } else {
      for index in 0..<count {
        hash = hash << 8 ^ UInt32(bytes.load(fromByteOffset: index, as: UInt8.self))
      }
    }
    return hash
  }

  /// Throws `badData` where a key comes twice.
  @inline(__always) func refuseDuplicateKeys(_ object: Int) throws {
    // Records have few keys: each is compared with those before it, nearly always by hash only.
    guard nodes[object].low <= 16 else { return try refuseDuplicatesOfMany(object) }
    var later = next(object + 2)
    while nodes[later].tag != .close {
      let hash = nodes[later].high
      var earlier = object + 1
      while earlier < later {
        if nodes[earlier].high == hash, sameKey(earlier, later) { throw duplicate(later) }
        earlier = next(earlier + 1)
      }
      later = next(later + 1)
    }
  }

  private func refuseDuplicatesOfMany(_ object: Int) throws {
    // Keys with other hashes are others; in order of their hashes, the same ones stand side by side.
    sortedKeys.removeAll(keepingCapacity: true)
    var index = object + 1
    while nodes[index].tag != .close {
      sortedKeys.append(UInt64(nodes[index].high) << 32 | UInt64(index))
      index = next(index + 1)
    }
    sortedKeys.sort()
    var alike = 0
    for place in 1..<sortedKeys.count {
      guard sortedKeys[place] >> 32 == sortedKeys[place - 1] >> 32 else { continue }
      alike += 1
      // Of many that are alike, not only neighbours may be the same.
      guard alike < 8 else { return try refuseDuplicatesByText(object) }
      let hash = sortedKeys[place] >> 32
      for other in (0..<place).reversed() {
        guard sortedKeys[other] >> 32 == hash else { break }
        let (one, two) = (
          Int(UInt32(truncatingIfNeeded: sortedKeys[other])),
          Int(UInt32(truncatingIfNeeded: sortedKeys[place]))
        )
        if sameKey(one, two) { throw duplicate(two) }
      }
    }
  }

  private func refuseDuplicatesByText(_ object: Int) throws {
    var keys: [(bytes: [UInt8], index: Int)] = []
    keys.reserveCapacity(nodes[object].low)
    var index = object + 1
    while nodes[index].tag != .close {
      keys.append((keyBytes(index), index))
      index = next(index + 1)
    }
    keys.sort {
      let order = compare($0.bytes, $1.bytes)
      return order != 0 ? order < 0 : $0.index < $1.index
    }
    for (one, other) in zip(keys, keys.dropFirst()) where one.bytes == other.bytes {
      throw duplicate(other.index)
    }
  }

  private func compare(_ one: [UInt8], _ other: [UInt8]) -> Int {
    let order = memcmp(one, other, min(one.count, other.count))
    return order != 0 ? Int(order) : one.count - other.count
  }

  private func duplicate(_ key: Int) -> Failure {
    failure(at: Int(nodes[key].start), "key '\(string(key))' comes twice in the object")
  }

  private func sameKey(_ one: Int, _ other: Int) -> Bool {
    let (a, b) = (content(one), content(other))
    if nodes[one].tag == .string, nodes[other].tag == .string {
      return a.elementsEqual(b)
    }
    return keyBytes(one) == keyBytes(other)
  }

  private func keyBytes(_ index: Int) -> [UInt8] {
    nodes[index].tag == .string ? Array(content(index)) : Self.unescape(content(index))
  }

  @inline(__always) private func same(
    _ bytes: UnsafeRawBufferPointer, _ other: UnsafePointer<UInt8>
  ) -> Bool {
    bytes.baseAddress.map { memcmp($0, other, bytes.count) == 0 } ?? true
  }

  /// The index of the value under a key; nil where the object has none.
  func find(_ key: String, in object: Int) -> Int? {
    var key = key
    return key.withUTF8 { wanted in
      guard let pointer = wanted.baseAddress ?? UnsafePointer(bitPattern: 1) else { return nil }
      let hash = Int(Self.hash(pointer, wanted.count))
      var index = object + 1
      while nodes[index].tag != .close {
        if nodes[index].high == hash {
          let bytes = content(index)
          let same =
            nodes[index].tag == .string
            ? bytes.count == wanted.count && same(bytes, pointer)
            : Self.unescape(bytes).elementsEqual(wanted)
          if same { return index + 1 }
        }
        index = next(index + 1)
      }
      return nil
    }
  }
}
