/// What a reader takes at most: so that a small hostile input costs little memory.
///
/// None of them is what a header claims: memory grows with what arrives.
public struct ReadingLimits: Sendable {
  /// The longest line, in bytes.
  public var line = 16 << 20
  /// The largest array that was asked for, in bytes; nil where nobody did.
  public var array: Int?

  /// The usual limits.
  public init() {}

  /// The largest array where nobody asks for another: more than most machines hold.
  static let usualArray = 16 << 30
  /// What an array may unfold to out of any gzip.
  var unfolded = 256 << 20
  /// How many times its packed bytes a larger one may unfold to: tables of prices unfold to some 2 to
  /// 20 times, zeros to 1,000.
  static let unfolding = 32
}

extension ByteReader {
  /// The next `count` bytes of the current source, or fewer at its end.
  ///
  /// Throws `badData` at `place` where they are more than the limits allow.
  func bytes(upTo count: Int, place: @autoclosure () -> String) throws -> [UInt8] {
    let most = limits.array ?? ReadingLimits.usualArray
    guard count <= most else {
      throw Failure.badData(
        place(), "array is over \(most) bytes: \(count); see --max-array")
    }
    // What is never touched costs no memory, so that a small claim need not be proved.
    let small = min(Self.piece, packedBytesRead == nil ? Self.piece : limits.unfolded)
    if count <= small || bytesLeftOfFile.map({ count <= $0 }) ?? false {
      return try bytes(atMost: count)
    }
    return Self.joined(
      try pieces(of: count) { gathered in
        guard limits.array == nil, let packed = packedBytesRead,
          gathered > max(limits.unfolded, packed * ReadingLimits.unfolding)
        else { return }
        throw Failure.badData(
          place(),
          "array is over \(limits.unfolded) bytes and \(ReadingLimits.unfolding) times its gzip: "
            + "\(count) bytes; see --max-array")
      })
  }

  /// Everything left of the current source; throws `badData` where that is over `most` bytes.
  public func readAll(atMost most: Int) throws -> [UInt8] {
    if let left = bytesLeftOfFile, left > most { throw tooLarge(left, most) }
    let pieces = try pieces(of: most) { _ in }
    guard try peek(1).isEmpty else { throw tooLarge(nil, most) }
    return Self.joined(pieces)
  }

  private func tooLarge(_ size: Int?, _ most: Int) -> Failure {
    .badData(name, "file is over \(most) bytes" + (size.map { ": \($0)" } ?? ""))
  }

  /// The next bytes in one array of its own memory.
  private func bytes(atMost count: Int) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: count) { target, filled in
      filled = try read(
        into: UnsafeMutableRawBufferPointer(
          rebasing: UnsafeMutableRawBufferPointer(target)[..<count]))
    }
  }

  /// The next bytes in pieces, each of which `check` lets pass: it gets how many there are so far.
  private func pieces(of count: Int, _ check: (Int) throws -> Void) throws -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var gathered = 0
    while gathered < count {
      let piece = try bytes(atMost: min(Self.piece, count - gathered))
      if piece.isEmpty { break }
      gathered += piece.count
      try check(gathered)
      pieces.append(piece)
    }
    return pieces
  }

  /// The pieces in one array; each is given back as it is copied, so that all is held once.
  private static func joined(_ pieces: consuming [[UInt8]]) -> [UInt8] {
    if pieces.count == 1 { return pieces[0] }
    var pieces = pieces
    let count = pieces.reduce(0) { $0 + $1.count }
    return [UInt8](unsafeUninitializedCapacity: count) { target, filled in
      for index in pieces.indices {
        filled += UnsafeMutableBufferPointer(rebasing: target[filled...])
          .update(fromContentsOf: pieces[index])
        pieces[index] = []
      }
    }
  }

  /// Beyond what the system's allocator ever keeps for itself (32 MiB): memory given back is free.
  private static let piece = 64 << 20
}
