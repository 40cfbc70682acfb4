import Mechanics
import Testing

@testable import Streams

@Suite struct SHA256Tests {
  @Test(
    "the examples of the standard, and one that fills blocks",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      (
        String(repeating: "a", count: 1000),
        "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3"
      ),
    ])
  func examples(_ text: String, _ digits: String) {
    #expect(SHA256.digits(Array(text.utf8)) == digits)
    var plain = SHA256(plain: true)
    plain.add(Array(text.utf8))
    #expect(plain.digits == digits)
  }

  @Test("in any pieces, by instructions or without: the same digits")
  func pieces() {
    var random = SplitMix64(seed: 3)
    for count in [1, 55, 56, 63, 64, 65, 119, 120, 127, 128, 129, 1000, 70_000] {
      let bytes = (0..<count).map { _ in UInt8(random.index(below: 256)) }
      for plain in [false, true] {
        var (hash, start) = (SHA256(plain: plain), 0)
        while start < count {
          let end = min(count, start + 1 + random.index(below: 200))
          hash.add(bytes[start..<end])
          start = end
        }
        #expect(hash.digits == SHA256.digits(bytes), "\(count) bytes")
      }
    }
  }

  @Test("of two at once: the same digits as of each alone, by instructions or without")
  func two() {
    var random = SplitMix64(seed: 4)
    let counts = [0, 1, 63, 64, 65, 128, 1000, 70_000]
    for turn in 0..<200 {
      let plain = turn % 4 == 0
      var hashes = [SHA256(plain: plain), SHA256(plain: plain && turn % 8 == 0)]
      var all: [[UInt8]] = [[], []]
      for _ in 0..<1 + turn % 3 {
        let bytes = (0..<2).map { _ in
          (0..<counts[random.index(below: counts.count)]).map { _ in
            UInt8(random.index(below: 256))
          }
        }
        var (one, other) = (hashes[0], hashes[1])
        bytes[0].withUnsafeBytes { first in
          bytes[1].withUnsafeBytes { SHA256.add(first, to: &one, $0, to: &other) }
        }
        hashes = [one, other]
        for place in 0..<2 { all[place] += bytes[place] }
      }
      for place in 0..<2 { #expect(hashes[place].digits == SHA256.digits(all[place])) }
    }
  }
}
