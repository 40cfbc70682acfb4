import Streams
import TestFolders
import Testing

@testable import NeuralNet

@Suite struct TrainingCurvesTests {
  private func curves(_ path: String) -> TrainingCurves {
    TrainingCurves(
      to: path, title: "T", across: "steps",
      [.init("loss", ["training"]), .init("right, %", ["a", "b"])])
  }

  @Test("what is drawn after a checkpoint is what one run would have drawn")
  func resumed() throws {
    try withFolder { folder in
      let (one, two) = (curves("\(folder)/one.svg"), curves("\(folder)/two.svg"))
      one.add(0, 1, 5)
      one.add(2, 1, 50)
      try two.resume(one.text, at: 1)
      for curves in [one, two] {
        curves.add(0, 2, 4)
        try curves.write()
      }
      let file = text("\(folder)/one.svg")
      #expect(file == text("\(folder)/two.svg") && file?.contains("resumed") == false)
      #expect(names(folder) == ["one.svg", "two.svg"])
    }
  }

  @Test("a checkpoint without curves is said so, one with others is refused")
  func without() throws {
    try withFolder { folder in
      let curves = curves("\(folder)/a.svg")
      try curves.resume(nil, at: 70)
      try curves.write()
      #expect(text("\(folder)/a.svg")?.contains("From step 70 on") == true)
      for text in ["", "1 0", "1 0;1 0", "1 0;1 0;x", "1 0;1 0;1 0;1 0"] {
        #expect(throws: NetworkError.self) { try curves.resume(text, at: 1) }
      }
      #expect(throws: Failure.self) {
        try self.curves("\(folder)/none/a.svg").write()
      }
    }
  }
}
