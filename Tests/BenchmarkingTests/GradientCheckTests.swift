import InstructionSets
import Tensor
import Testing

@testable import Benchmarking

@Suite struct GradientCheckTests {
  @Test func everyImplementationHasTheGradientsOfFiniteDifferences() throws {
    var done: [Int] = []
    let check = GradientCheck(seed: 5, Candidate.Setting.all(Workers(2)), Implementation.all)
    let findings = try check.run(shapes: 20) { done.append($0) }
    #expect(done == Array(1...20))
    let sets = CPU.usable.count
    #expect(findings.count == (5 + 2) * sets)
    for finding in findings {
      #expect(!finding.isWrong, "\(finding)")
      #expect(finding.shapes >= 5 && finding.elements > 50)
    }
    // The same seed, the same numbers.
    let again = try GradientCheck(
      seed: 5, Candidate.Setting.all(Workers(1)), Implementation.all
    )
    .run(shapes: 20) { _ in }
    #expect(again.map(\.error) == findings.map(\.error))
  }

  @Test func anErrorBeyondTheBoundIsWrongAndSoIsNone() {
    for (error, elements, isWrong) in [
      (0, 1, false), (0.5, 1, false), ((0.5).nextUp, 1, true), (.infinity, 1, true),
      (.nan, 1, true), (0, 0, true),
    ] as [(Double, Int, Bool)] {
      let finding = GradientCheck.Finding(
        op: .conv2d, implementation: "x", place: "baseline", isDevice: false, shapes: 1,
        elements: elements, error: error, bound: 0.5)
      #expect(finding.isWrong == isWrong)
    }
  }
}
