import Streams
import Tensor
import Testing

@testable import Benchmarking

@Suite struct RooflineTests {
  @Test("gnuplot draws every point, whatever its name")
  func draws() throws {
    let peak = MachinePeak(.current, Workers(1))
    peak.measureOperations(seconds: 0.01)
    peak.measureBandwidth(seconds: 0.01)
    let names = ["plain", "quote\" $x `id`", "new\nline", "64×1×28×28 → 32, 3×3"]
    let points = names.enumerated().map {
      Roofline.Point(
        problem: $1, implementation: $0 % 2 == 0 ? "gemm" : "swap", intensity: Double($0 + 1),
        gflops: 10)
    }
    let roofline = Roofline(
      points + [
        Roofline.Point(problem: "untimed", implementation: "gemm", intensity: 1, gflops: .nan)
      ], peak)
    #expect(!roofline.script.contains("untimed") && !roofline.script.contains("`"))
    guard (try? Gnuplot.find()) != nil else {
      print("NOT RUN: drawing a roofline (gnuplot is not installed)")
      return
    }
    try temporaryFile { path in
      try roofline.draw(to: path)
      let picture = try text(of: path)
      #expect(picture.contains("<svg") && picture.contains("</svg>"))
      for name in ["plain", "gemm", "swap", "64×1×28×28 → 32, 3×3"] {
        let isThere = picture.contains(name)
        #expect(isThere, Comment("\(name) is not there"))
      }
    }
  }
}
