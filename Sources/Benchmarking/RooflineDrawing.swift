import Pages
import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A roofline as SVG: both axes are logarithms, points bear the numbers of their problems.
struct RooflineDrawing {
  private let roofline: Roofline
  private var roof: Roofline.Roof { roofline.roof }
  /// The ends of the axes: operations a byte, and 10⁹ operations a second.
  private let least, most, lowest, highest: Double

  init(_ roofline: Roofline) {
    self.roofline = roofline
    let points = roofline.points
    let roof = roofline.roof
    let bends = [roof.memory, roof.cache].compactMap { $0.map { roof.gflops / $0 } }.filter(
      \.isFinite)
    let intensities = points.map(\.intensity) + bends
    least = (intensities.min() ?? 1) / 1.5
    most = (intensities.max() ?? 1) * 1.5
    let reach = roofline.reaches.first?.factor ?? 1
    highest = (points.map(\.gflops) + [reach * roof.gflops]).reduce(0, max) * 1.5
    lowest = (points.map(\.gflops) + [roof.gflops / 10]).reduce(.infinity, min) / 2
  }

  /// A file of its own: the picture, and what marks and numbers mean beside it.
  var file: String {
    let lines = legend
    let height = max(640, Double(lines.count) * 17 + 60)
    let (plot, left) = (620.0, 660.0)
    let width = lines.map { SVG.width($0.text, size: 12) }.reduce(220, max) + left + 34
    var parts = [
      "<rect width='\(width.rounded())' height='\(height)' fill='#fff'/>",
      SVG.text(60, 26, "Roofline: \(roof.machine)", size: 15, isBold: true),
      picture(within: 60...plot, 40...(height - 56)),
    ]
    for (number, line) in lines.enumerated() {
      let y = 52 + Double(number) * 17
      parts.append(line.sample(left + 10, y - 4))
      parts.append(SVG.text(left + 26, y, line.text, colour: .text))
    }
    return "<svg xmlns='http://www.w3.org/2000/svg' width='\(width.rounded())' height='\(height)'"
      + " viewBox='0 0 \(width.rounded()) \(height)' font-family='sans-serif'>\n"
      + parts.joined(separator: "\n") + "\n</svg>\n"
  }

  /// The picture in a page, as wide as a telephone, and below it what marks and numbers mean.
  var inPage: String {
    var parts = [picture(within: 40...352, 8...290)]
    var y = 346.0
    for line in legend {
      parts += [line.sample(14, y - 4), SVG.text(30, y, line.text, size: 11)]
      y += 16
    }
    return SVG.picture("Roofline", width: 360, height: y - 8, parts)
  }

  /// What roofs, marks and numbers mean.
  var legend: [(text: String, sample: (Double, Double) -> String)] {
    let fewer = roofline.reaches.map { reach in
      let isWhole = reach.factor == reach.factor.rounded()
      let times = isWhole ? fixed(reach.factor, 0) : short(reach.factor)
      return (
        "winograd \(reach.title): \(times) times the peak, "
          + "\(short(reach.factor * roof.gflops)) GFLOP/s",
        { (x: Double, y: Double) in
          SVG.line(x - 10, y, x + 10, y, .orange, width: 1.6, dashes: reach.dashes)
        }
      )
    }
    var roofs: [(text: String, sample: (Double, Double) -> String)] = [
      (
        "peak, \(short(roof.gflops)) GFLOP/s; memory, \(short(roof.memory)) GB/s",
        { SVG.line($0 - 10, $1, $0 + 10, $1, .text, width: 2) }
      )
    ]
    if let cache = roof.cache {
      roofs.append(
        (
          "second-level cache, \(short(cache)) GB/s",
          { SVG.line($0 - 10, $1, $0 + 10, $1, .axis) }
        ))
    }
    let marks = roofline.implementations.map { name in
      (name, { (x: Double, y: Double) in ImplementationLook.mark(name, x, y) })
    }
    let numbers = roofline.problems.enumerated().map { number, name in
      (
        name.map { $0.isNewline ? " " : $0 }.map(String.init).joined(),
        { (x: Double, y: Double) in SVG.text(x, y + 4, "\(number + 1)", anchor: "middle") }
      )
    }
    return roofs + fewer + marks + numbers
  }

  /// Axes, roofs, points and numbers.
  private func picture(within width: ClosedRange<Double>, _ height: ClosedRange<Double>) -> String {
    func x(_ value: Double) -> Double {
      width.lowerBound + (width.upperBound - width.lowerBound) * log(value / least)
        / log(most / least)
    }
    func y(_ value: Double) -> Double {
      height.upperBound - (height.upperBound - height.lowerBound) * log(value / lowest)
        / log(highest / lowest)
    }
    let (left, right) = (width.lowerBound, width.upperBound)
    let (top, bottom) = (height.lowerBound, height.upperBound)
    var parts: [String] = []
    for value in Self.marks(least, most) {
      parts.append(SVG.line(x(value), top, x(value), bottom, .grid))
      parts.append(
        SVG.text(x(value), bottom + 15, Self.plain(value), size: 11, anchor: "middle"))
    }
    for value in Self.marks(lowest, highest) {
      parts.append(SVG.line(left, y(value), right, y(value), .grid))
      parts.append(SVG.text(left - 5, y(value) + 4, Self.plain(value), size: 11, anchor: "end"))
    }
    parts.append(SVG.line(left, bottom, right, bottom, .axis))
    parts.append(SVG.line(left, top, left, bottom, .axis))
    parts.append(
      SVG.text(
        (left + right) / 2, bottom + 33, "operations for each byte that must be moved",
        anchor: "middle"))
    parts.append(SVG.text(left + 6, top + 12, "GFLOP/s"))
    /// What a bandwidth lets through, up to a number of operations a second.
    func line(
      _ bandwidth: Double, _ peak: Double, _ colour: ChartColour, _ weight: Double,
      from start: Double? = nil, dashes: String = ""
    ) {
      let first = max(start ?? least, lowest / bandwidth)
      let bend = min(peak / bandwidth, most)
      if bend > first {
        parts.append(
          SVG.line(
            x(first), y(first * bandwidth), x(bend), y(bend * bandwidth), colour, width: weight,
            dashes: dashes))
      }
      if bend < most {
        let from = max(bend, least)
        parts.append(
          SVG.line(x(from), y(peak), right, y(peak), colour, width: weight, dashes: dashes))
      }
    }
    if let cache = roof.cache { line(cache, roof.gflops, .axis, 1) }
    for reach in roofline.reaches {
      // Below the machine's peak both are one.
      line(
        roof.memory, reach.factor * roof.gflops, .orange, 1.6, from: roof.gflops / roof.memory,
        dashes: reach.dashes)
    }
    line(roof.memory, roof.gflops, .text, 2)
    for point in roofline.points {
      parts.append(
        ImplementationLook.mark(point.implementation, x(point.intensity), y(point.gflops)))
    }
    parts += numbers(width, height, x, y)
    return parts.joined(separator: "\n")
  }

  /// The number of each problem, beside its fastest point.
  private func numbers(
    _ width: ClosedRange<Double>, _ height: ClosedRange<Double>, _ x: (Double) -> Double,
    _ y: (Double) -> Double
  ) -> [String] {
    var places = LabelPlaces(
      within: width, height,
      points: roofline.points.map { (x($0.intensity), y($0.gflops)) })
    return roofline.fastest.enumerated().flatMap { number, point -> [String] in
      let (px, py) = (x(point.intensity), y(point.gflops))
      let text = "\(number + 1)"
      let place = places.place(
        beside: px, py, width: SVG.width(text, size: 11) + 2, height: 11)
      let label = SVG.text(place.x, place.y + 4, text, size: 11, anchor: "middle")
      return place.isFar
        ? [SVG.line(px, py, place.x, place.y, .axis, width: 0.6), label] : [label]
    }
  }

  /// Numbers to mark between two ends: 1, 2 and 5 of each power of ten, or less of many powers.
  private static func marks(_ least: Double, _ most: Double) -> [Double] {
    let steps = log10(most / least) > 2.5 ? [1.0] : [1, 2, 5]
    return (-12...12).flatMap { power in steps.map { $0 * pow(10, Double(power)) } }
      .filter { $0 >= least && $0 <= most }
  }

  /// `0.1`, `10`, `1000`.
  private static func plain(_ value: Double) -> String {
    value >= 1 ? fixed(value, 0) : "\(value.rounded(significant: 1))"
  }
}

extension Roofline.Reach {
  /// How a roof is dashed, by which they are told apart.
  fileprivate var dashes: String {
    switch (window, stride) {
    case (3, 1): "6 3"
    case (3, _): "6 3 2 3"
    case (5, 1): "2 3"
    case (_, 1): "10 3"
    case (_, _): "2 6"
    }
  }

  /// Its windows.
  fileprivate var title: String {
    stride == 1 ? "\(window)×\(window)" : "\(window)×\(window), stride \(stride)"
  }
}
