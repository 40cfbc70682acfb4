/// The end marker of an npy stream: an empty last array that NumPy reads as such, and whose type has
/// the digest of all bytes before it for the name of its field.
///
/// `[('sha256:DIGITS', '|u1')]` of shape `(0,)`. So that a stream which is cut off before its seal is
/// known for one, and only what is sealed must be hashed, the header of its first array says that it
/// is: the white space that fills a header up ends in a tab before the newline, where NumPy writes a
/// space and reads either.
enum Seal {
  private static let prefix = "sha256:"
  private static let digitCount = 64

  /// The seal of what has this digest, as it stands in a stream.
  static func bytes(_ digits: String) -> [UInt8] {
    let field = NpyField(prefix + digits, .uint8)
    return NpyHeader.bytes(NpyType.table([field]).description, [0])
  }

  /// Says in the header of a stream's first array that it is sealed.
  static func mark(_ stream: UnsafeMutableRawBufferPointer) {
    guard stream.count >= 12 else { return }
    let isShort = stream[6] == 1
    let length = (0..<(isShort ? 2 : 4)).reduce(0) { $0 | Int(stream[8 + $1]) << (8 * $1) }
    let end = (isShort ? 10 : 12) + length
    if end <= stream.count { stream[end - 2] = UInt8(ascii: "\t") }
  }

  /// Whether the header of a stream's first array says that it is sealed.
  static func isMarked(_ header: UnsafeRawBufferPointer) -> Bool {
    header.suffix(2).elementsEqual("\t\n".utf8)
  }

  /// The digits of a seal, also of a damaged one; nil where an array is none.
  static func digits(_ header: NpyHeader) -> String? {
    guard case .structured(let fields) = header.type, fields.count == 1, header.shape == [0],
      fields[0].scalar == .uint8, fields[0].shape.isEmpty,
      fields[0].name.utf8.count == prefix.utf8.count + digitCount
    else { return nil }
    let (start, digits) = (fields[0].name.prefix(prefix.count), fields[0].name.suffix(digitCount))
    let isDigits = digits.utf8.allSatisfy {
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
    }
    return start == prefix || isDigits ? String(digits) : nil
  }
}

/// What is known of the seal of a stream that is read.
struct SealReading {
  /// The digest of what was read, where the stream says that it is sealed.
  private var hash: SideDigest?
  /// Whether the seal was read, and found to be right.
  private(set) var isSealed = false

  /// Begins with the bytes of the first array; `isOneOfMany` streams that are open at once are hashed as they are read.
  mutating func begin(isOneOfMany: Bool) {
    hash = SideDigest(isOneOfMany: isOneOfMany)
  }

  /// Takes in bytes that were read.
  @inline(__always)
  func add(_ bytes: @autoclosure () -> UnsafeRawBufferPointer) { hash?.add(bytes()) }

  /// Holds a seal against what was read; `header` is all of its bytes.
  mutating func check(_ digits: String, header: UnsafeRawBufferPointer, isFirst: Bool) throws {
    guard let expected = hash?.digits ?? (isFirst ? SHA256().digits : nil) else {
      throw NpyError("stream is damaged: it has a seal, but its first header does not say so")
    }
    guard header.elementsEqual(Seal.bytes(expected)) else {
      throw NpyError(
        "stream is damaged: the SHA-256 before its seal is \(expected), but the seal says \(digits)"
      )
    }
    (self.hash, isSealed) = (nil, true)
  }

  /// Throws where a stream ends without the seal that it, or its reader, asks for.
  func end(demanded: Bool) throws {
    guard !isSealed else { return }
    if hash != nil {
      throw NpyError("stream is cut short: it says that it is sealed, and ends without its seal")
    }
    if demanded { throw NpyError("stream has no seal, and --sealed asks for one") }
  }
}

/// Seals a stream that is written.
struct SealWriting {
  private let hash: SideDigest
  private var hasBegun = false

  /// Begins; `isOneOfMany` streams that are written at once are hashed as they are written.
  init(isOneOfMany: Bool = false) { hash = SideDigest(isOneOfMany: isOneOfMany) }

  /// Takes in bytes on their way out, and marks the first.
  mutating func add(_ bytes: UnsafeMutableRawBufferPointer) {
    if !hasBegun, !bytes.isEmpty {
      Seal.mark(bytes)
      hasBegun = true
    }
    hash.add(UnsafeRawBufferPointer(bytes))
  }

  /// Takes in bytes on their way out, which are no header.
  func add(_ bytes: UnsafeRawBufferPointer) { hash.add(bytes) }

  /// What comes last.
  var seal: [UInt8] { Seal.bytes(hash.digits) }
}
