import CZlib

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Buffered bytes of standard input or of named files, one source after the other.
///
/// Gzipped sources are read as what they hold. Before a read that would block, `willBlock` runs, so
/// that a live pipeline has what was written so far.
public final class ByteReader {
  /// The current source, as diagnostics name it: `<stdin>` or the file's path.
  public private(set) var name = "<stdin>"
  /// Bytes of the current source consumed so far.
  public private(set) var offset = 0
  /// The line that `lines` is at, from 1 in each source.
  public internal(set) var lineNumber = 0
  /// The array that was read last, from 1 in each source.
  var arrayNumber = 0
  /// Where bad records are counted, and whether they are tolerated.
  public let badRecords: BadRecords
  /// What is read at most.
  public var limits = ReadingLimits()
  /// Is told how many bytes of all sources were read so far; gzipped ones count as they are stored.
  var didRead: (Int) -> Void = { _ in }
  private var bytesRead = 0
  private var bytesReadBefore = 0
  /// The last npy header up to its shape, and the type that it names.
  var lastHeader: (start: [UInt8], type: NpyType)?
  /// What is known of the seal of the current source.
  var seal = SealReading()
  /// The digest of all that was consumed, where somebody wants to know.
  private var hash: SHA256?
  /// The SHA-256 of what was consumed of all sources, unpacked, since it was asked for; nil where it was not.
  public var fingerprint: String? { hash?.digits }
  /// Whether the current source had a seal, which then was found to be right.
  public var isSealed: Bool { seal.isSealed }
  /// Whether a source without a seal is refused.
  var demandsSeal = false
  /// What is read, as somebody is told who sits at a terminal and is waited for.
  var expected: String?
  /// Runs before a read that would block.
  var willBlock: () throws -> Void = {}

  private var waiting: ArraySlice<String>
  /// The sources that were not opened yet.
  var pathsWaiting: [String] { Array(waiting) }
  /// Whether one was opened.
  private(set) var hasBegun = false
  private var descriptor: Int32 = -1
  /// The next source, where it was opened before it was wanted.
  private var openedAhead: Int32?
  private var sourceEnded = true
  private var inflater: Inflater?

  /// The most that one read into the buffer takes; usually what a pipe of Linux holds.
  private let piece: Int
  /// Whether more than a few sources are open at once, each with a reader of its own.
  private(set) var isOneOfMany = false
  private var memory: UnsafeMutableRawPointer
  private(set) var capacity: Int
  private var start = 0
  private var end = 0

  /// Reads the files named, or standard input where there is none; `-` is standard input.
  ///
  /// `piece` is what it reads ahead at most: less where a thousand are open at once.
  public init(
    _ paths: [String] = [], badRecords: BadRecords = BadRecords(), piece: Int = 1 << 16
  ) {
    waiting = (paths.isEmpty ? ["-"] : paths)[...]
    self.badRecords = badRecords
    self.piece = piece
    capacity = 2 * piece
    memory = .allocate(byteCount: capacity, alignment: 64)
  }

  /// A reader of another file that is read in step with this one: before it blocks, the same runs.
  ///
  /// Throws `inputMissing` at once where the file cannot be read, though it is opened when it is wanted.
  public func companion(_ path: String) throws -> ByteReader {
    if path != "-", access(path, R_OK) != 0 { throw Failure.system(.inputMissing, path) }
    let other = ByteReader([path])
    other.willBlock = { [unowned self] in try willBlock() }
    other.limits = limits
    return other
  }

  /// A reader of each source by itself, for a tool that reads all of them in step: as this one reads
  /// them, which then reads none.
  ///
  /// Throws `inputOutput` where the system does not let so many files be open at once.
  public func apart() throws -> [ByteReader] {
    let paths = pathsWaiting
    waiting = []
    try OpenFiles.makeRoom(paths.count)
    // All of them together hold some megabytes, and each what the head of an array takes.
    let piece = min(1 << 16, max(1 << 12, 1 << 22 / max(1, paths.count) & ~0xfff))
    return paths.map { path in
      let reader = ByteReader([path], badRecords: badRecords, piece: piece)
      reader.expected = expected
      reader.willBlock = { [unowned self] in try willBlock() }
      (reader.limits, reader.demandsSeal) = (limits, demandsSeal)
      reader.isOneOfMany = paths.count > SideDigest.few
      var before = 0
      reader.didRead = { [unowned self] count in
        bytesRead += count - before
        before = count
        didRead(bytesRead)
      }
      return reader
    }
  }

  deinit {
    close(descriptor)
    if let openedAhead { close(openedAhead) }
    memory.deallocate()
  }

  /// Opens the next source; false when there is none left.
  ///
  /// Throws `inputMissing` when it cannot be opened or is a directory.
  public func nextSource() throws -> Bool {
    if hasBegun { try endSeal() }
    guard let path = waiting.popFirst() else { return false }
    hasBegun = true
    // Opening a pipe that has a name waits for its writer.
    try willBlock()
    if descriptor > 0 { close(descriptor) }
    (start, end, offset, sourceEnded, inflater) = (0, 0, 0, false, nil)
    bytesReadBefore = bytesRead
    (arrayNumber, seal) = (0, SealReading())
    if path == "-" {
      name = "<stdin>"
      descriptor = try StandardStreams.takeInput()
      if let expected, isatty(descriptor) == 1 {
        diagnose(
          "reading \(expected) from the terminal; end with Ctrl-D, or give a file; see --help")
      }
    } else {
      name = path
      descriptor = try openedAhead ?? Self.opened(path)
      openedAhead = nil
    }
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      throw Failure.system(.inputMissing, name, EISDIR)
    }
    // A second byte is asked for only where it matters: a live source may have sent just one.
    if try peek(1).first == 0x1f, try peek(2).last == 0x8b {
      inflater = Inflater(Array(UnsafeRawBufferPointer(start: memory + start, count: end - start)))
      (start, end, sourceEnded) = (0, 0, false)
    }
    return true
  }

  /// Opens the next source before anything is wanted of it, for who reads several in step.
  ///
  /// Who writes into pipes with names may begin with none before all have a reader.
  ///
  /// Throws `inputMissing` when it cannot be opened.
  public func openAhead() throws {
    guard openedAhead == nil, let path = waiting.first, path != "-" else { return }
    try willBlock()
    openedAhead = try Self.opened(path)
  }

  private static func opened(_ path: String) throws -> Int32 {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { throw Failure.system(.inputMissing, path) }
    return descriptor
  }

  /// The next bytes of the current source without consuming them: `count`, or fewer at its end.
  ///
  /// The bytes stay where they are until the next call.
  public func peek(_ count: Int) throws -> UnsafeRawBufferPointer {
    while end - start < count, try fill() {}
    return UnsafeRawBufferPointer(start: memory + start, count: min(count, end - start))
  }

  /// All bytes at hand of the current source, at least one unless it has ended.
  func available() throws -> UnsafeRawBufferPointer {
    if start == end { _ = try fill() }
    return window
  }

  /// How many bytes of the current source were read as they are stored; nil where it is not gzipped.
  var packedBytesRead: Int? { inflater == nil ? nil : bytesRead - bytesReadBefore }

  /// How many bytes are left of a source that is a plain file and not gzipped; nil for others.
  var bytesLeftOfFile: Int? {
    var status = stat()
    guard inflater == nil, fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      case let place = lseek(descriptor, 0, SEEK_CUR), place >= 0
    else { return nil }
    return end - start + max(0, Int(status.st_size) - Int(place))
  }

  /// The bytes at hand, without reading.
  var window: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: memory + start, count: end - start)
  }

  /// Begins to take the digest of what is consumed.
  public func beginFingerprint() { hash = SHA256() }

  /// Consumes bytes that `peek` has shown.
  public func skip(_ count: Int) {
    precondition(count <= end - start)
    seal.add(UnsafeRawBufferPointer(start: memory + start, count: count))
    hash?.add(UnsafeRawBufferPointer(start: memory + start, count: count))
    start += count
    offset += count
  }

  /// Fills a buffer from the current source; returns how many bytes there were.
  public func read(into target: UnsafeMutableRawBufferPointer) throws -> Int {
    var filled = 0
    while filled < target.count {
      // What is large is read to where it is wanted: it would be copied once more.
      if start == end, !sourceEnded, inflater == nil, target.count - filled >= piece {
        let room = UnsafeMutableRawBufferPointer(rebasing: target[filled...])
        let count = try readSource(room)
        if count == 0 { sourceEnded = true }
        seal.add(UnsafeRawBufferPointer(rebasing: room[..<count]))
        hash?.add(UnsafeRawBufferPointer(rebasing: room[..<count]))
        offset += count
        filled += count
        continue
      }
      let bytes = try available()
      if bytes.isEmpty { break }
      let count = min(bytes.count, target.count - filled)
      target.baseAddress?.advanced(by: filled).copyMemory(
        from: bytes.baseAddress.unsafelyUnwrapped, byteCount: count)
      skip(count)
      filled += count
    }
    return filled
  }

  /// Adds at least one byte behind `end`; false at the end of the source.
  func fill() throws -> Bool {
    if sourceEnded { return false }
    if start > 0 {
      memory.copyMemory(from: memory + start, byteCount: end - start)
      (start, end) = (0, end - start)
    }
    // The buffer grows with what arrives, never with what a header claims.
    if end == capacity {
      let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity * 2, alignment: 64)
      larger.copyMemory(from: memory, byteCount: end)
      memory.deallocate()
      memory = larger
      capacity *= 2
    }
    let room = UnsafeMutableRawBufferPointer(
      start: memory + end, count: min(capacity - end, piece))
    let count: Int
    if let inflater {
      count = try inflater.inflate(into: room, place: name, refill: readSource)
    } else {
      count = try readSource(room)
    }
    if count == 0 { sourceEnded = true }
    end += count
    return count > 0
  }

  private func readSource(_ room: UnsafeMutableRawBufferPointer) throws -> Int {
    var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    if poll(&ready, 1, 0) <= 0 { try willBlock() }
    while true {
      let count = systemRead(descriptor, room.baseAddress, room.count)
      if count >= 0 {
        bytesRead += count
        didRead(bytesRead)
        return count
      }
      if errno == EAGAIN {
        poll(&ready, 1, -1)
      } else if errno != EINTR {
        throw Failure.system(.inputOutput, name)
      }
    }
  }
}

extension ByteReader {
  /// Every source in turn, whole: for formats that hold one thing a file.
  public func forEachSource(_ body: () throws -> Void) throws {
    while try nextSource() { try body() }
  }
}
