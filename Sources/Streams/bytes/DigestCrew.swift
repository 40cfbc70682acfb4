import Dispatch
import InstructionSets

/// Hashes what digests leave to it, on the cores that are free.
///
/// The instructions for SHA-256 wait for each other: two digests at once take 1.1 times as long as one. So of those
/// whose bytes wait the two that have most of them go together, as what is read does with what is written of it.
final class DigestCrew: @unchecked Sendable {
  /// One for all streams of a process: a core is left to who reads and writes.
  static let shared = DigestCrew(threads: max(1, Cores.allowed - 1))

  private let threads: Int
  /// Whoever holds it may touch what follows, and the waiting pieces of each digest.
  private let turn = DispatchQueue(label: "digests")
  private var atWork = 0
  /// The digests that have pieces waiting, without those that are being hashed.
  private var ready: [SideDigest] = []

  init(threads: Int) { self.threads = threads }

  /// Takes a piece of a digest; `taken` of that is called when it is hashed.
  func add(_ piece: UnsafeRawBufferPointer, of digest: SideDigest) {
    // It stays until `taken`.
    nonisolated(unsafe) let piece = piece
    turn.sync {
      digest.waiting.append(piece)
      // Who hashes another piece of it, or is to, comes back for this one.
      guard !digest.isWithCrew else { return }
      digest.isWithCrew = true
      ready.append(digest)
      guard atWork < threads else { return }
      atWork += 1
      DispatchQueue.global().async { [self] in work() }
    }
  }

  private func work() {
    var digests = next(after: [])
    while let one = digests.first {
      if digests.count > 1 {
        SHA256.add(one.current, to: &one.hash, digests[1].current, to: &digests[1].hash)
      } else {
        one.hash.add(one.current)
      }
      for digest in digests { digest.taken() }
      digests = next(after: digests)
    }
  }

  /// Gives back digests, and takes one or two others, each with the piece that is next; none where nothing waits.
  private func next(after digests: [SideDigest]) -> [SideDigest] {
    turn.sync {
      for digest in digests {
        digest.isWithCrew = !digest.waiting.isEmpty
        if digest.isWithCrew { ready.append(digest) }
      }
      var chosen: [SideDigest] = []
      while chosen.count < 2,
        let most = ready.indices.max(by: { ready[$0].waiting.count < ready[$1].waiting.count })
      {
        let digest = ready.remove(at: most)
        digest.current = digest.waiting.removeFirst()
        chosen.append(digest)
      }
      if chosen.isEmpty { atWork -= 1 }
      return chosen
    }
  }
}
