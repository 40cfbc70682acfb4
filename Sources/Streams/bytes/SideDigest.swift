import Dispatch
import InstructionSets
import Mechanics

/// SHA-256 of bytes that come in pieces, taken by another thread where a processor is free for it.
///
/// One thread hashes some 1.5 GB/s, which is more time than most tools take to read and write the bytes. What is
/// added is copied, into eight pieces at most that wait, more than a day of most tables; who adds more waits too.
final class SideDigest: @unchecked Sendable {
  /// So many streams at once are few: each has some megabytes in waiting.
  static let few = 8
  /// Whether there is a second core, and a thread to be had for it.
  private static let isOfUse = Cores.allowed > 1 && threadsAreToBeHad

  private static let pieces = 8
  private static let size = 1 << 18
  /// So many bytes are taken at once: a short stream is not worth a thread.
  private static let start = 1 << 20

  /// Of the queue alone, while pieces wait there.
  private var hash = SHA256()
  private let goesAside: Bool
  private var taken = 0
  private let queue = DispatchQueue(label: "digest")
  /// How many pieces are free.
  private let free = DispatchSemaphore(value: 0)
  private var memory: [UnsafeMutableRawBufferPointer] = []
  /// The piece that is being filled, and how far.
  private var current = 0
  private var filled = 0

  /// The digest of nothing yet; that of a stream which is one of many is taken at once.
  convenience init(isOneOfMany: Bool) { self.init(aside: !isOneOfMany && Self.isOfUse) }

  /// The digest of nothing yet; one that does not go aside is taken at once.
  init(aside: Bool) {
    goesAside = aside
    // A semaphore must end with as much as it began with, or more.
    for _ in 0..<Self.pieces { free.signal() }
  }

  deinit { for piece in memory { piece.deallocate() } }

  /// Takes in more bytes.
  func add(_ bytes: UnsafeRawBufferPointer) {
    guard goesAside, taken >= Self.start else {
      hash.add(bytes)
      taken += bytes.count
      return
    }
    var rest = bytes[...]
    while !rest.isEmpty {
      if filled == 0 { takePiece() }
      let part = rest.prefix(Self.size - filled)
      memory[current][filled...].copyBytes(from: part)
      filled += part.count
      rest = rest.dropFirst(part.count)
      if filled == Self.size { handOver() }
    }
  }

  /// The digest of all that was added, in 64 hexadecimal digits.
  var digits: String {
    if filled > 0 { handOver() }
    queue.sync {}
    return hash.digits
  }

  /// Waits for a piece that is free: they are taken in turns, and so are free in turns.
  private func takePiece() {
    free.wait()
    guard memory.count < Self.pieces else { return }
    memory.append(.allocate(byteCount: Self.size, alignment: 64))
  }

  private func handOver() {
    let piece = UnsafeRawBufferPointer(rebasing: memory[current][..<filled])
    // The pieces are freed with this digest, which the work therefore holds.
    nonisolated(unsafe) let bytes = piece
    queue.async { [self] in
      hash.add(bytes)
      free.signal()
    }
    current = (current + 1) % Self.pieces
    filled = 0
  }
}
