import Mechanics
import Testing

@testable import Streams

@Suite struct SideDigestTests {
  @Test("a digest taken beside the work is the plain one, of pieces of any size", arguments: 0..<20)
  func same(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let total = [0, 1, 1 << 16, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3_000_000][Int(seed) % 7]
    let bytes = (0..<total).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    var plain = SHA256(plain: true)
    let aside = SideDigest(aside: .shared)
    let here = SideDigest(aside: nil)
    var start = 0
    while start < total {
      let most = [1, 100, 1 << 16, (1 << 16) + 1, 1 << 20][Int(random.next() % 5)]
      let piece = bytes[start..<min(total, start + Int(random.next() % UInt64(most)) + 1)]
      plain.add(piece)
      piece.withUnsafeBytes { aside.add($0) }
      piece.withUnsafeBytes { here.add($0) }
      start = piece.endIndex
    }
    #expect(aside.digits == plain.digits)
    #expect(here.digits == plain.digits)
    // It can be asked again, and goes on.
    [1, 2, 3].withUnsafeBytes { aside.add($0) }
    [1, 2, 3].withUnsafeBytes { here.add($0) }
    #expect(aside.digits == here.digits && aside.digits != plain.digits)
  }

  @Test("what is added may be changed at once, and a digest that nobody asks for is no harm")
  func reused() {
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { piece.deallocate() }
    for turn in 0..<20 {
      let aside = SideDigest(aside: .shared)
      var plain = SHA256()
      for value in 0..<6 as Range<UInt8> {
        piece.initializeMemory(as: UInt8.self, repeating: value)
        aside.add(UnsafeRawBufferPointer(piece))
        plain.add(UnsafeRawBufferPointer(piece))
        piece.initializeMemory(as: UInt8.self, repeating: 0xff)
      }
      if turn % 2 == 0 { #expect(aside.digits == plain.digits) }
    }
  }

  @Test(
    "digests that share a crew are the plain ones, however many, with one thread and with more",
    arguments: [1, 2, 3])
  func crew(threads: Int) {
    let crew = DigestCrew(threads: threads)
    var random = SplitMix64(seed: 7)
    let bytes = (0..<3_000_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    for count in [1, 2, 3, 7] {
      let digests = (0..<count).map { _ in SideDigest(aside: crew) }
      var plain = [SHA256](repeating: SHA256(plain: true), count: count)
      // One of them has few bytes, and one has many.
      for turn in 0..<40 * count {
        let place = turn % 3 == 0 ? 0 : Int(random.next() % UInt64(count))
        let start = Int(random.next() % 1_000_000)
        let piece = bytes[
          start..<start + Int(random.next() % (place == count - 1 ? 40_000 : 400_000))]
        piece.withUnsafeBytes { digests[place].add($0) }
        plain[place].add(piece)
        if turn % 50 == 49 { #expect(digests[place].digits == plain[place].digits) }
      }
      for (digest, plain) in zip(digests, plain) { #expect(digest.digits == plain.digits) }
    }
  }
}
