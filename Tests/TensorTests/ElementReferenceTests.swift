import Mechanics
import Testing

@testable import Tensor

@Suite struct ElementReferenceTests {
  @Test func elementsOfConvolutionsAreThoseOfTheWhole() throws {
    var random = SplitMix64(seed: 11)
    for _ in 0..<25 {
      let shape = try ConvolutionTests.randomShape(&random)
      let input = random.floats(shape.inputCount)
      let weight = random.floats(shape.weightCount)
      let bias = random.floats(shape.outChannels)
      let gradOutput = random.floats(shape.outputCount)
      let output = ConvolutionReference.forward(shape, input: input, weight: weight, bias: bias)
      let gradients = ConvolutionReference.backward(
        shape, input: input, weight: weight, gradOutput: gradOutput)
      func expectSame(
        _ name: String, _ whole: [Double], _ element: (Int) -> Double
      ) {
        for _ in 0..<20 {
          let place = random.int(0...whole.count - 1)
          #expect(abs(element(place) - whole[place]) < 1e-9, "\(name) at \(place) of \(shape)")
        }
      }
      expectSame("output", output) {
        ConvolutionReference.output(shape, at: $0, input: input, weight: weight, bias: bias)
      }
      expectSame("gradInput", gradients.input) {
        ConvolutionReference.gradInput(shape, at: $0, weight: weight, gradOutput: gradOutput)
      }
      expectSame("gradWeight", gradients.weight) {
        ConvolutionReference.gradWeight(shape, at: $0, input: input, gradOutput: gradOutput)
      }
      expectSame("gradBias", gradients.bias) {
        ConvolutionReference.gradBias(shape, at: $0, gradOutput: gradOutput)
      }
    }
  }

  @Test func elementsOfLinearLayersAreThoseOfTheWhole() {
    var random = SplitMix64(seed: 12)
    let (n, inputs, outputs) = (5, 17, 7)
    let (x, w, b) = (
      random.floats(n * inputs), random.floats(outputs * inputs), random.floats(outputs)
    )
    let whole = LinearReference.forward(
      batch: n, inputs: inputs, outputs: outputs, input: x, weight: w, bias: b)
    for place in whole.indices {
      let element = LinearReference.output(
        inputs: inputs, row: place / outputs, column: place % outputs, input: x, weight: w, bias: b)
      #expect(abs(element - whole[place]) < 1e-12)
    }
  }

  @Test func usefulOperationsAreTheProductsWithPixels() throws {
    var random = SplitMix64(seed: 13)
    for _ in 0..<40 {
      let s = try ConvolutionTests.randomShape(&random)
      // A product with a pixel is 1 where all numbers are, a product with padding is 0.
      let ones = ConvolutionReference.forward(
        s, input: [Float](repeating: 1, count: s.inputCount),
        weight: [Float](repeating: 1, count: s.weightCount), bias: nil)
      #expect(s.usefulOperations == 2 * ones.reduce(0, +), "\(s)")
    }
  }

  @Test func numbersForEachDirectionAreRead() {
    #expect(PerAxis("3") == 3)
    #expect(PerAxis("2x5") == PerAxis(rows: 2, columns: 5))
    for text in ["", "x", "2x", "2x3x4", "2×3", "two", " 2"] { #expect(PerAxis(text) == nil) }
  }
}
