import Streams

/// Charts drawn by one run of gnuplot, as SVG that stands in a page.
enum ChartDrawing {
  /// The pictures of charts, in their order; `data` are the blocks that they draw from.
  static func draw(_ charts: [Chart], data: [String]) throws -> [String] {
    var lines = ["set terminal svg size 560,270 dynamic font 'sans-serif,12'"] + data
    for chart in charts { lines += chart.script }
    lines.append("set output")
    let output = try Gnuplot.run(lines.joined(separator: "\n") + "\n")
    let pictures = split(output)
    guard pictures.count == charts.count else {
      throw Failure(
        .internal, "gnuplot: drew \(pictures.count) charts, expected \(charts.count)")
    }
    return zip(pictures, charts).map { picture, chart in
      let label = HTML.escaped(chart.title)
      return "<svg viewBox='0 0 560 270' role='img' aria-label='\(label)'>\(picture)</svg>"
    }
  }

  /// What is between `<svg ...>` and `</svg>`, without the definitions of points, which only few need.
  private static func split(_ output: [UInt8]) -> [String] {
    var pictures: [String] = []
    var rest = output[...]
    while let start = find("<svg", in: rest), let end = find("</svg>", in: rest[start...]) {
      var body = rest[start..<end]
      if let close = body.firstIndex(of: UInt8(ascii: ">")) { body = body[(close + 1)...] }
      var kept: [UInt8] = []
      if find("#gpPt", in: body[(find("</defs>", in: body) ?? body.startIndex)...]) == nil,
        let open = find("<defs>", in: body), let close = find("</defs>", in: body)
      {
        kept = Array(body[(close + 7)...])
        _ = open
      } else {
        kept = Array(body[(find("<g id=", in: body) ?? body.startIndex)...])
      }
      pictures.append(tidied(kept))
      rest = rest[(end + 6)...]
    }
    return pictures
  }

  /// Colours as `#rrggbb`, which rules of a style sheet can name, and no groups that are empty.
  private static func tidied(_ picture: [UInt8]) -> String {
    var result: [UInt8] = []
    result.reserveCapacity(picture.count)
    var place = 0
    while place < picture.count {
      if picture[place] == UInt8(ascii: "r"), picture[place...].starts(with: "rgb(".utf8),
        let close = picture[place...].firstIndex(of: UInt8(ascii: ")"))
      {
        let numbers = picture[(place + 4)..<close].split(separator: UInt8(ascii: ",")).map {
          Int(String(decoding: $0.filter { $0 != 0x20 }, as: UTF8.self)) ?? 0
        }
        result.append(UInt8(ascii: "#"))
        for number in numbers {
          let digits = String(number, radix: 16)
          result += (digits.utf8.count == 1 ? "0\(digits)" : digits).utf8
        }
        place = close + 1
      } else {
        result.append(picture[place])
        place += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func find(_ text: StaticString, in bytes: ArraySlice<UInt8>) -> Int? {
    let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    guard bytes.count >= wanted.count else { return nil }
    return bytes.withUnsafeBufferPointer { all in
      var place = 0
      while place + wanted.count <= all.count {
        if all[place] == wanted[0],
          UnsafeBufferPointer(rebasing: all[place..<place + wanted.count]).elementsEqual(wanted)
        {
          return bytes.startIndex + place
        }
        place += 1
      }
      return nil
    }
  }
}
