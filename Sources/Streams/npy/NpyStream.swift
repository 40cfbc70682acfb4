#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// npy arrays one after the other, as `numpy.lib.format.read_array` and `write_array` know them.
extension ByteReader {
  /// Every array of every source, in order; throws `badData` where one is damaged or cut short.
  ///
  /// A stream cannot be read past a damaged array, so that is fatal even under `--skip-bad`; what
  /// `body` throws about the content is not.
  public func arrays(_ body: (NpyArray) throws -> Void) throws {
    try forEachSource { try arraysOfSource(body) }
  }

  /// Every array of the current source: for tools that read other formats too.
  public func arraysOfSource(_ body: (NpyArray) throws -> Void) throws {
    try editArraysOfSource { try body($0) }
  }

  /// Every array of every source, for a body that changes it in place.
  public func editArrays(_ body: (inout NpyArray) throws -> Void) throws {
    try forEachSource { try editArraysOfSource(body) }
  }

  private func editArraysOfSource(_ body: (inout NpyArray) throws -> Void) throws {
    // Bound by itself: while the pair held it too, changing it would copy it.
    while case (var array, let place)? = try nextArrayOfSource() {
      try badRecords.attempt(place) { try body(&array) }
    }
  }

  /// The next array of the current source and its place, as diagnostics name it; nil at its end.
  ///
  /// For tools that read two streams in step.
  public func nextArrayOfSource() throws -> (array: NpyArray, place: String)? {
    guard try !peek(1).isEmpty else {
      try endSeal()
      return nil
    }
    arrayNumber += 1
    let place = "\(name): array \(arrayNumber)"
    return try nextArray(place).map { ($0, place) }
  }

  /// Throws where the current source ends without a seal that must be there.
  func endSeal() throws {
    do { try seal.end(demanded: demandsSeal) } catch { throw Failure.badData(name, "\(error)") }
  }

  /// Reads the array that starts here; nil where it is the seal, behind which nothing is.
  private func nextArray(_ place: String) throws -> NpyArray? {
    do {
      guard let header = try npyHeader() else { return nil }
      let byteCount = try header.byteCount()
      let bytes = try bytes(upTo: byteCount, place: place)
      guard bytes.count == byteCount else {
        throw NpyError(
          "array is cut short: expected \(byteCount) bytes of data, got \(bytes.count)")
      }
      return NpyArray(type: header.type, shape: header.shape, bytes: bytes)
    } catch let error as NpyError {
      throw Failure.badData(place, error.description)
    }
  }

  /// What the first bytes of a source are instead; nothing is known of those behind an array.
  private func otherKind(_ head: UnsafeRawBufferPointer) -> String {
    arrayNumber == 1 ? SourceKind(head)?.sentence ?? "" : ""
  }

  /// The header that starts here, taken off; nil where it is the seal.
  func npyHeader(bridging: Bool = false) throws -> NpyHeader? {
    let prefix = try peek(12)
    guard prefix.count >= 10 || prefix.starts(with: npyMagic.prefix(prefix.count)) else {
      throw NpyError("not an npy array: it does not start with \\x93NUMPY" + otherKind(prefix))
    }
    guard prefix.count >= 10 else {
      throw NpyError("header is cut short: expected 10 bytes, got \(prefix.count)")
    }
    guard prefix.starts(with: npyMagic) else {
      throw NpyError("not an npy array: it does not start with \\x93NUMPY" + otherKind(prefix))
    }
    let version = (prefix[6], prefix[7])
    guard (1...3).contains(version.0), version.1 == 0 else {
      throw NpyError("npy version is none of 1.0, 2.0, 3.0: \(version.0).\(version.1)")
    }
    let lengthSize = version.0 == 1 ? 2 : 4
    guard prefix.count >= 8 + lengthSize else {
      throw NpyError("header is cut short: expected 12 bytes, got \(prefix.count)")
    }
    let length = (0..<lengthSize).reduce(0) { $0 | Int(prefix[8 + $1]) << (8 * $1) }
    guard length <= 64 << 10 else { throw NpyError("header is over 64 KiB: \(length) bytes") }
    let whole = try peek(8 + lengthSize + length)
    let text = UnsafeRawBufferPointer(rebasing: whole.dropFirst(8 + lengthSize))
    guard text.count == length else {
      throw NpyError("header is cut short: expected \(length) bytes, got \(text.count)")
    }
    let header = try npyHeader(parsing: text, bridging)
    if let digits = Seal.digits(header) {
      try seal.check(digits, header: whole, isFirst: arrayNumber == 1)
      skip(whole.count)
      guard try peek(1).isEmpty else { throw NpyError("stream goes on behind its seal") }
      return nil
    }
    if arrayNumber == 1, Seal.isMarked(whole) { seal.begin(isOneOfMany: isOneOfMany) }
    skip(whole.count)
    return header
  }

  /// Reads a header; a type that is the last one's is not read again.
  ///
  /// To read the names of 160 fields takes longer than to process a day of them.
  private func npyHeader(
    parsing text: UnsafeRawBufferPointer, _ bridging: Bool
  ) throws -> NpyHeader {
    guard let start = NpyHeader.shapeStart(text) else {
      return try NpyHeader(parsing: text, bridging: bridging)
    }
    if let lastHeader, lastHeader.start.count == start,
      lastHeader.start.withUnsafeBytes({
        isEqual($0, UnsafeRawBufferPointer(rebasing: text[..<start]))
      })
    {
      return try NpyHeader(
        type: lastHeader.type, parsingShape: UnsafeRawBufferPointer(rebasing: text[start...]))
    }
    let header = try NpyHeader(parsing: text, bridging: bridging)
    if header.foreign == nil { lastHeader = (Array(text[..<start]), header.type) }
    return header
  }
}

/// Whether two pieces of one length have the same bytes.
private func isEqual(_ one: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer) -> Bool {
  guard let first = one.baseAddress, let second = other.baseAddress else { return true }
  return memcmp(first, second, one.count) == 0
}

extension ByteWriter {
  /// Writes one array, header and data.
  public func write(_ array: NpyArray) {
    writeHeader(array.type, array.shape)
    write(array.bytes)
  }

  /// Writes one array from its type, shape and bytes.
  public func write(_ type: NpyType, _ shape: [Int], _ bytes: UnsafeRawBufferPointer) {
    writeHeader(type, shape)
    write(bytes)
  }

  /// Writes the head of one array, whose data the caller writes behind it.
  public func writeHeader(_ type: NpyType, _ shape: [Int]) {
    let text: String
    if let lastDescription, lastDescription.type == type {
      text = lastDescription.text
    } else {
      text = type.description
      lastDescription = (type, text)
    }
    write(NpyHeader.bytes(text, shape))
  }
}
