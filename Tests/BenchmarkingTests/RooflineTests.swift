import Pages
import Streams
import Testing

@testable import Benchmarking

@Suite struct RooflineTests {
  private static let roof = Roofline.Roof(
    gflops: 100, memory: 20, cache: 80, machine: "avx512, 1 thread")

  private static func point(
    _ name: String, _ size: Int, kernel: Int = 3, by implementation: String = "gemm",
    method: String? = nil, stride: Int = 1, gflops: Double = 10
  ) throws -> Roofline.Point {
    let record =
      #"{"name":"\#(name)","n":1,"c":\#(size),"h":16,"w":16,"k":\#(size),"r":\#(kernel),"s":\#(kernel),"#
      + #""stride":\#(stride)}"#
    return Roofline.Point(
      try problem(record), by: implementation, method: method ?? implementation, gflops: gflops)
  }

  @Test("winograd's roof is 5.44 times as high for windows of 3×3, 7.72 times for 5×5, in its name")
  func reach() throws {
    let roofline = Roofline(
      [
        try Self.point("a", 8), try Self.point("a", 8, by: "winograd"),
        try Self.point("b", 8, kernel: 5, by: "auto", method: "winograd"),
      ], Self.roof)
    #expect(roofline.reaches.map(\.window) == [5, 3])
    #expect(roofline.reaches.map(\.factor) == [625.0 / 81, 441.0 / 81])
    let file = RooflineDrawing(roofline).file
    #expect(file.contains(">winograd 3×3: 5.44 times the peak, 544 GFLOP/s<"))
    #expect(file.contains(">winograd 5×5: 7.72 times the peak, 772 GFLOP/s<"))
    #expect(file.contains(">peak, 100 GFLOP/s; memory, 20.0 GB/s<"))
    // With a stride of two it has less to do, and that for four phases.
    let strided = Roofline(
      [
        try Self.point("c", 8, by: "winograd", stride: 2),
        try Self.point("d", 8, kernel: 7, by: "winograd", stride: 2),
      ], Self.roof)
    #expect(strided.reaches.map(\.factor) == [1764.0 / 289, 441.0 / 225])
    let both = RooflineDrawing(strided).file
    #expect(both.contains(">winograd 7×7, stride 2: 6.10 times the peak, 610 GFLOP/s<"))
    // Without Winograd's method there is one roof.
    let plain = RooflineDrawing(Roofline([try Self.point("a", 8)], Self.roof)).file
    #expect(!plain.contains("times the peak") && !plain.contains(ChartColour.orange.rawValue))
  }

  @Test("a point has a speed that a logarithm can show: neither 0 nor below, and an end")
  func speeds() throws {
    let speeds = [
      -1, -0.0, 0, .leastNonzeroMagnitude, 1, .greatestFiniteMagnitude, .infinity, .nan,
    ]
    for speed in speeds {
      let roofline = Roofline([try Self.point("a", 8, gflops: speed)], Self.roof)
      let isThere = speed > 0 && speed <= .greatestFiniteMagnitude
      #expect(roofline.problems == (isThere ? ["a"] : []), "\(speed)")
    }
  }

  @Test("only what was timed is drawn; each implementation in its colour of the page")
  func points() throws {
    let all = ["direct", "swap", "gemm", "winograd", "auto"]
    let points = try all.map { try Self.point("a", 8, by: $0) }
    let roofline = Roofline(
      points + [
        try Self.point("untimed", 8, gflops: .nan), try Self.point("stands", 8, gflops: 0),
      ], Self.roof)
    #expect(roofline.problems == ["a"] && roofline.implementations == all)
    let file = RooflineDrawing(roofline).file
    for name in all {
      let colour = ImplementationLook.colour(name).rawValue
      // In the picture, and in the legend.
      #expect(file.contains(">\(name)<"))
      #expect(file.split(separator: "fill='\(colour)'/>").count >= 3, "\(name)")
    }
    #expect(Set(all.map { ImplementationLook.colour($0) }).count == 5)
  }

  @Test("any name is text, in a file that is whole")
  func names() throws {
    let names = ["plain", "quote' $x `id` <b>&", "64×1×28×28 → 32, 3×3"]
    let roofline = Roofline(
      try names.enumerated().map { try Self.point($1, $0 + 1) }, Self.roof)
    try temporaryFile { path in
      try roofline.draw(to: path)
      let picture = try text(of: path)
      #expect(picture.hasPrefix("<svg xmlns=") && picture.hasSuffix("</svg>\n"))
      #expect(!picture.contains("<b>") && !picture.contains("nan"))
      for name in names { #expect(picture.contains(">\(HTML.escaped(name))<"), "\(name)") }
    }
  }

  @Test("numbers of a crowd lie on no other and on no point; nothing leaves the picture")
  func crowd() {
    let points: [(Double, Double)] = (0..<40).map { number in
      let (row, column) = (Double(number / 8), Double(number % 8))
      return (100 + column * 11, 100 + row * 13)
    }
    var places = LabelPlaces(within: 0...300, 0...300, points: points)
    let labels: [LabelPlaces.Place] = points.map { point in
      places.place(beside: point.0, point.1, width: 14, height: 11)
    }
    for (index, one) in labels.enumerated() {
      let (across, down): (ClosedRange<Double>, ClosedRange<Double>) = (7...293, 5.5...294.5)
      #expect(across.contains(one.x) && down.contains(one.y))
      for other in labels[..<index] {
        let (apart, above): (Double, Double) = (abs(one.x - other.x), abs(one.y - other.y))
        #expect(apart >= 14 || above >= 11)
      }
      for point in points {
        let (apart, above): (Double, Double) = (abs(one.x - point.0), abs(one.y - point.1))
        #expect(apart >= 12 || above >= 10.5)
      }
    }
    #expect(labels.contains { $0.isFar })
    var alone = LabelPlaces(within: 0...300, 0...300, points: [(50, 50)])
    let place = alone.place(beside: 50, 50, width: 10, height: 11)
    #expect(place.x == 50 && place.y < 50 && !place.isFar)
  }
}
