import Testing

@testable import InkPad

@Suite struct QRCodeTests {
  @Test("the corrections of ISO/IEC 18004's example, 01234567 in version 1-M")
  func corrections() {
    let data: [UInt8] = [
      0x10, 0x20, 0x0c, 0x56, 0x61, 0x80, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec,
      0x11,
    ]
    #expect(
      QRCodewords.correction(of: data, count: 10) == [
        0xa5, 0x24, 0xd4, 0xc1, 0xed, 0x36, 0xc7, 0x87, 0x2c, 0x55,
      ])
  }

  @Test("the format of ISO/IEC 18004's example, level M and mask 5, and the others' distance")
  func formats() {
    #expect(QRCode.format(mask: 5) == 0b100_0000_1100_1110)
    let formats = (0..<8).map { QRCode.format(mask: $0) }
    for (place, one) in formats.enumerated() {
      for other in formats[..<place] { #expect((one ^ other).nonzeroBitCount >= 5) }
    }
  }

  @Test("a text takes the smallest version that has room, and one byte more the next")
  func versions() throws {
    for (most, version) in zip([14, 26, 42, 62, 84, 106], 1...) {
      #expect(QRCode(String(repeating: "x", count: most))?.size == 17 + 4 * version)
      #expect(QRCode(String(repeating: "x", count: most + 1))?.size != 17 + 4 * version)
    }
    #expect(QRCode(String(repeating: "x", count: 107)) == nil)
    #expect(QRCode("")?.size == 21)
  }

  @Test("a code that another decoder reads, module by module")
  func modules() throws {
    let code = try #require(QRCode("Convoy"))
    let rows = (0..<code.size).map { y in
      (0..<code.size).map { code[$0, y] ? "#" : "." }.joined()
    }
    #expect(rows == Self.convoy)
    #expect(!code[-1, 0] && !code[0, 21])
  }

  /// As zxing-cpp reads it: `Convoy`, version 1, level M.
  private static let convoy = [
    "#######.##..#.#######",
    "#.....#.......#.....#",
    "#.###.#.#####.#.###.#",
    "#.###.#..#.#..#.###.#",
    "#.###.#.....#.#.###.#",
    "#.....#.##....#.....#",
    "#######.#.#.#.#######",
    "...........#.........",
    "#.#...##...##..#..#.#",
    "..####.##.#......##.#",
    "##...####.#...#.....#",
    "#.####.#....#...##.##",
    "###.#####.#...#..#.##",
    "........#.##.##..##..",
    "#######.##.###.###..#",
    "#.....#..#.#.###.#..#",
    "#.###.#...######....#",
    "#.###.#..#.....###...",
    "#.###.#.#.#...#.##.##",
    "#.....#.....#..###...",
    "#######.#.#...#..#..#",
  ]

  @Test("in a terminal, two rows of modules are a line, with a rim of four")
  func terminal() throws {
    let plain = try #require(qrCode(of: "Convoy", isColoured: false))
    let lines = plain.split(separator: "\n")
    #expect(lines.count == 15 && lines.allSatisfy { $0.count == 29 })
    // Light is what is written.
    #expect(lines[0].allSatisfy { $0 == "█" } && lines[2].hasPrefix("████ ▄▄▄▄▄ "))
    let coloured = try #require(qrCode(of: "Convoy", isColoured: true)).split(separator: "\n")
    #expect(coloured[2].hasPrefix("\u{1B}[38;5;16;48;5;231m    █▀▀▀▀▀█"))
    #expect(coloured.allSatisfy { $0.hasSuffix("\u{1B}[0m") })
    #expect(qrCode(of: String(repeating: "x", count: 107), isColoured: false) == nil)
  }
}
