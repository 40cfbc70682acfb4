import Streams
import Tensor
import TestFolders
import Testing

@testable import Benchmarking

@Suite struct RooflineTests {
  private func roofline() -> Roofline {
    let peak = MachinePeak(.current, Workers(1))
    peak.measureOperations(seconds: 0.01)
    peak.measureBandwidth(seconds: 0.01)
    let names = ["plain", "quote\" $x `id`", "new\nline", "64×1×28×28 → 32, 3×3"]
    let points = names.enumerated().map {
      Roofline.Point(
        problem: $1, implementation: $0 % 2 == 0 ? "gemm" : "swap", intensity: Double($0 + 1),
        gflops: 10)
    }
    return Roofline(
      points + [
        Roofline.Point(problem: "untimed", implementation: "gemm", intensity: 1, gflops: .nan)
      ], peak)
  }

  @Test("what gnuplot is told has only what was timed, and nothing that it would run")
  func script() {
    let script = roofline().script
    #expect(script.contains("plain") && !script.contains("untimed") && !script.contains("`"))
  }

  @Test(
    "gnuplot draws every point, whatever its name",
    .enabled(if: Requirement.gnuplot.isMet, "\(Requirement.gnuplot)"))
  func draws() throws {
    try temporaryFile { path in
      try roofline().draw(to: path)
      let picture = try text(of: path)
      #expect(picture.contains("<svg") && picture.contains("</svg>"))
      for name in ["plain", "gemm", "swap", "64×1×28×28 → 32, 3×3"] {
        let isThere = picture.contains(name)
        #expect(isThere, Comment("\(name) is not there"))
      }
    }
  }
}
