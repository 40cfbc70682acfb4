import Pages
import Streams

/// Charts drawn by one run of gnuplot, as SVG that stands in a page.
enum ChartDrawing {
  /// The pictures of charts, in their order; `data` are the blocks that they draw from.
  ///
  /// Where gnuplot is not installed each picture is a note that says so.
  static func draw(_ charts: [Chart], data: [String]) throws -> [String] {
    guard Gnuplot.path != nil else {
      return charts.map { _ in "<p class=note>No chart: gnuplot is not installed.</p>" }
    }
    var lines = ["set terminal svg size 560,270 dynamic font 'sans-serif,12'"] + data
    for chart in charts { lines += chart.script }
    lines.append("set output")
    let drawn = charts.filter { !$0.script.isEmpty }.count
    var pictures =
      drawn == 0 ? [] : split(try Gnuplot.run(lines.joined(separator: "\n") + "\n"))[...]
    guard pictures.count == drawn else {
      throw Failure(.internal, "gnuplot: drew \(pictures.count) charts, expected \(drawn)")
    }
    return charts.map { chart in
      guard !chart.script.isEmpty, let picture = pictures.popFirst() else {
        return "<p class=note>There is nothing to draw.</p>"
      }
      let label = HTML.escaped(chart.title)
      return "<svg viewBox='0 0 560 270' role=img aria-label='\(label)'>\(picture)</svg>"
    }
  }

  /// What is between `<svg ...>` and `</svg>`, without definitions of points where none is drawn.
  private static func split(_ output: [UInt8]) -> [String] {
    var pictures: [String] = []
    var rest = output[...]
    while let start = find("<svg", in: rest), let end = find("</svg>", in: rest[start...]) {
      let body = rest[start..<end]
      rest = rest[end...].dropFirst(6)
      let open = find("<defs>", in: body) ?? body.startIndex
      let close = (find("</defs>", in: body) ?? body.startIndex)
      let content = body[close...].drop { $0 != UInt8(ascii: ">") }.dropFirst()
      let hasPoints = find("#gpPt", in: content) != nil
      // What holds all, and ends behind the content, begins before the definitions.
      pictures.append("<g>" + tidied(hasPoints ? Array(body[open...]) : Array(content)))
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
