import Dispatch
import InstructionSets
import Mechanics

/// SHA-256 of bytes that come in pieces, taken by other threads where a processor is free for it.
///
/// One thread hashes 1.5 GB/s, of two streams at once 2.8, which most tools are faster than. What is added is copied,
/// into eight pieces at most that wait, more than a day of most tables; who adds more waits too.
final class SideDigest: @unchecked Sendable {
  /// So many streams at once are few: each has some megabytes in waiting.
  static let few = 8
  /// Whether there is a second core, and a thread to be had for it.
  private static let isOfUse = Cores.allowed > 1 && threadsAreToBeHad

  private static let pieces = 8
  private static let size = 1 << 18
  /// So many bytes are taken at once: a short stream is not worth a thread.
  private static let start = 1 << 20

  /// Of what was handed over; of the thread that hashes a piece, while any waits.
  var hash = SHA256()
  /// Who hashes beside the work; nil where it is done at once.
  private let crew: DigestCrew?
  private var begun = 0
  /// How many pieces are free.
  private let free = DispatchSemaphore(value: 0)
  private var memory: [UnsafeMutableRawBufferPointer] = []
  /// Which piece is being filled, and how far.
  private var place = 0
  private var filled = 0

  /// The piece that is being hashed, of the thread that does it.
  var current = UnsafeRawBufferPointer(start: nil, count: 0)
  /// The pieces that wait, in their order, of who has the crew's turn.
  var waiting: [UnsafeRawBufferPointer] = []
  /// Whether pieces wait, or one is being hashed; of who has the crew's turn.
  var isWithCrew = false

  /// The digest of nothing yet; that of a stream which is one of many is taken at once.
  convenience init(isOneOfMany: Bool) {
    self.init(aside: !isOneOfMany && Self.isOfUse ? .shared : nil)
  }

  /// The digest of nothing yet; without a crew it is taken at once.
  init(aside crew: DigestCrew?) {
    self.crew = crew
    // A semaphore must end with as much as it began with, or more.
    for _ in 0..<Self.pieces { free.signal() }
  }

  deinit { for piece in memory { piece.deallocate() } }

  /// Takes in more bytes.
  func add(_ bytes: UnsafeRawBufferPointer) {
    guard let crew, begun >= Self.start else {
      hash.add(bytes)
      begun += bytes.count
      return
    }
    var rest = bytes[...]
    while !rest.isEmpty {
      if filled == 0 { takePiece() }
      let part = rest.prefix(Self.size - filled)
      memory[place][filled...].copyBytes(from: part)
      filled += part.count
      rest = rest.dropFirst(part.count)
      if filled == Self.size { handOver(to: crew) }
    }
  }

  /// The digest of all that was added, in 64 hexadecimal digits.
  var digits: String {
    if let crew, filled > 0 { handOver(to: crew) }
    // When all pieces are free again, all are hashed.
    for _ in 0..<Self.pieces { free.wait() }
    for _ in 0..<Self.pieces { free.signal() }
    return hash.digits
  }

  /// The crew has hashed the current piece.
  func taken() { free.signal() }

  /// Waits for a piece that is free: they are taken in turns, and so are free in turns.
  private func takePiece() {
    free.wait()
    guard memory.count < Self.pieces else { return }
    memory.append(.allocate(byteCount: Self.size, alignment: 64))
  }

  private func handOver(to crew: DigestCrew) {
    crew.add(UnsafeRawBufferPointer(rebasing: memory[place][..<filled]), of: self)
    place = (place + 1) % Self.pieces
    filled = 0
  }
}
