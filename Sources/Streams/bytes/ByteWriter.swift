#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Buffered bytes to standard output or to a file that appears whole or not at all.
///
/// Only committed bytes are written out: what a failed record has written is taken back.
public final class ByteWriter {
  private var descriptor: Int32 = 1
  private var name = "<stdout>"
  private var file: AtomicFile?
  private var temporary: TemporaryFile?
  private var memory: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private var count = 0
  private var committed = 0
  /// Large arrays of the records, and how many bytes of the memory go before each: held as they are, not
  /// copied.
  private var arrays: [(place: Int, bytes: [UInt8])] = []
  private var committedArrays = 0
  /// Runs when all is written and in place: for state that must not run ahead of the output.
  public var didFinish: () throws -> Void = {}
  /// What seals an npy stream, where one is asked for.
  private var seal: SealWriting?
  /// The type of the last table written and how a header says it: streams repeat it all the time.
  var lastDescription: (type: NpyType, text: String)?
  /// Packs the pixels of pictures.
  private(set) lazy var deflater = Deflater()
  private let bulk = 1 << 16
  /// From which size an array is not copied.
  private let largeArray = 1 << 20

  /// Writes to `path`, or to standard output where it is nil or `-`.
  public init(_ path: String? = nil) throws {
    if let path, path != "-" {
      let file = try AtomicFile(path)
      self.file = file
      descriptor = file.descriptor
      name = path
    }
    capacity = 2 * bulk
    memory = .allocate(capacity: capacity)
  }

  /// Writes a file that is open.
  init(_ file: AtomicFile, name: String) {
    self.file = file
    self.name = name
    descriptor = file.descriptor
    capacity = 2 * bulk
    memory = .allocate(capacity: capacity)
  }

  /// Writes a temporary file from its start.
  public init(_ file: TemporaryFile) throws {
    descriptor = file.descriptor
    name = file.name
    temporary = file
    guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
      throw Failure.system(.inputOutput, name)
    }
    capacity = 2 * bulk
    memory = .allocate(capacity: capacity)
  }

  /// Gathers one record, at first in memory for so many bytes; it is never written out.
  init(holding capacity: Int) {
    self.capacity = capacity
    memory = .allocate(capacity: capacity)
  }

  deinit { memory.deallocate() }

  /// Whether the output is a terminal, where a table reads better than NDJSON.
  public private(set) lazy var isTerminal = isatty(descriptor) == 1

  /// How many columns that terminal has now; nil where the output is none.
  public var terminalWidth: Int? { TerminalSize.columns(of: descriptor) }

  /// Whether what goes to the terminal may be set off: not with `NO_COLOR`, nor on one that is dumb.
  public private(set) lazy var isColoured = isTerminal && TerminalSize.isColoured

  /// Whether the current record has no bytes yet.
  var isAtRecordStart: Bool { count == committed && arrays.count == committedArrays }

  /// What the current record has so far.
  var record: [UInt8] {
    var bytes: [UInt8] = []
    var start = committed
    for (place, array) in arrays.dropFirst(committedArrays) {
      bytes += UnsafeBufferPointer(start: memory + start, count: place - start)
      bytes += array
      start = place
    }
    return bytes + UnsafeBufferPointer(start: memory + start, count: count - start)
  }

  /// Adds at most `most` bytes to the current record: as many as `body` says that it has put there.
  @inline(__always)
  func write(atMost most: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Int) {
    if capacity - count < most { grow(most) }
    count += body(memory + count)
  }

  @inline(never) private func grow(_ most: Int) {
    capacity = max(2 * capacity, count + most)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    larger.update(from: memory, count: count)
    memory.deallocate()
    memory = larger
  }

  /// Adds bytes to the current record.
  public func write(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress else { return }
    write(atMost: bytes.count) { target in
      UnsafeMutableRawPointer(target).copyMemory(from: start, byteCount: bytes.count)
      return bytes.count
    }
  }

  /// Adds bytes to the current record.
  public func write(_ bytes: [UInt8]) {
    if bytes.count >= largeArray {
      arrays.append((count, bytes))
    } else {
      bytes.withUnsafeBytes { write($0) }
    }
  }

  /// Adds text to the current record, in UTF-8.
  public func write(_ text: String) {
    var text = text
    text.withUTF8 { write(UnsafeRawBufferPointer($0)) }
  }

  /// Adds a text that a terminal is to obey: control characters of others are shown, not sent.
  public func write(controls text: String) { arrays.append((count, Array(text.utf8))) }

  /// Adds one byte to the current record.
  public func write(_ byte: UInt8) {
    write(atMost: 1) { target in
      target[0] = byte
      return 1
    }
  }

  /// Ends a record: it may be written out now.
  public func commit() throws {
    committed = count
    committedArrays = arrays.count
    if committed >= bulk || committedArrays > 0 { try flush() }
  }

  /// Takes back what was added since the last commit.
  public func rollback() {
    count = committed
    arrays.removeLast(arrays.count - committedArrays)
  }

  /// Writes out all that is committed.
  public func flush() throws {
    guard committed > 0 || committedArrays > 0 else { return }
    if file == nil, temporary == nil, StandardStreams.outputClosed {
      throw Failure.system(.inputOutput, name, EBADF)
    }
    do {
      if isTerminal { try refuseBinary() }
      var written = 0
      for (place, array) in arrays.prefix(committedArrays) {
        try writeOut(written..<place)
        try array.withUnsafeBytes {
          seal?.add($0)
          try writeOut($0)
        }
        written = place
      }
      try writeOut(written..<committed)
    } catch {
      // Nothing may follow what was cut off.
      (count, committed, committedArrays, arrays) = (0, 0, 0, [])
      throw error
    }
    UnsafeMutableRawPointer(memory).copyMemory(
      from: memory + committed, byteCount: count - committed)
    count -= committed
    arrays.removeFirst(committedArrays)
    for index in arrays.indices { arrays[index].place -= committed }
    (committed, committedArrays) = (0, 0)
  }

  /// Writes out a part of the memory.
  private func writeOut(_ part: Range<Int>) throws {
    let bytes = UnsafeMutableRawBufferPointer(
      start: memory + part.lowerBound, count: part.count)
    seal?.add(bytes)
    if isTerminal, let shown = escapedForTerminal(UnsafeRawBufferPointer(bytes)) {
      return try shown.withUnsafeBytes { try writeOut($0) }
    }
    try writeOut(UnsafeRawBufferPointer(bytes))
  }

  private func writeOut(_ bytes: UnsafeRawBufferPointer) throws {
    if isTerminal { Progress.giveWay(toOutputEndingIn: bytes.last) }
    var written = 0
    guard writeAll(bytes, to: descriptor, written: &written) else {
      throw errno == EPIPE ? ReaderGone() : Failure.system(.inputOutput, name)
    }
  }

  /// Throws where what is committed is not for a terminal.
  private func refuseBinary() throws {
    let start =
      arrays.first.flatMap { $0.place == 0 ? Array($0.bytes.prefix(8)) : nil }
      ?? Array(UnsafeBufferPointer(start: memory, count: min(committed, 8)))
    guard let kind = BinaryOutput(startingWith: start) else { return }
    throw kind.refusal(of: name)
  }

  /// Throws where this is a terminal, and such output is to come.
  func refuse(_ kind: BinaryOutput) throws {
    if isTerminal { throw kind.refusal(of: name) }
  }

  /// Ends the npy stream that is written with a seal; before anything is.
  public func sealArrays(isOneOfMany: Bool = false) { seal = SealWriting(isOneOfMany: isOneOfMany) }

  /// Writes out the rest and puts the file in its place; a failed close is a failure.
  public func finish() throws {
    try commit()
    try flush()
    if let last = seal?.seal {
      seal = nil
      write(last)
      try commit()
      try flush()
    }
    if let file {
      try file.publish()
    } else if temporary == nil {
      if StandardStreams.outputClosed { throw Failure.system(.inputOutput, name, EBADF) }
      if close(1) != 0 { throw Failure.system(.inputOutput, name) }
    }
    try didFinish()
  }
}
