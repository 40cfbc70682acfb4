import InstructionSets
import KernelChoice
import Mechanics
import Testing

@testable import Tensor

@Suite struct TapProductTests {
  @Test(
    "a product of any number of pictures after any other is what a fresh one gives",
    arguments: CPU.available)
  func pictures(cpu: CPU) throws {
    var random = SplitMix64(seed: 5)
    for (width, rows) in [(12, 32), (28, 24), (20, 7)] {
      let shape = try ConvolutionShape(
        batch: 5, inChannels: 1, height: 12, width: width, outChannels: rows, kernelHeight: 3,
        kernelWidth: 3)
      let geometry = TapGeometry(shape)
      let picture = 12 * width
      let plane = rows * shape.outPlane
      let (weight, source) = (random.floats(rows * 9), random.floats(5 * picture + 64))
      func product() -> TapProduct {
        TapProduct(geometry, rows: rows, workers: Workers(2), kernels: cpu.kernels)
      }
      func run(_ product: TapProduct, _ pictures: Int) -> [Float] {
        let output = Guarded(pictures * plane)
        product.run(
          a: weight, aRow: 9, aStep: 1, bias: nil, source: source, picture: picture,
          pictures: pictures, output: output.start, outputPicture: plane, preparation: nil)
        #expect(output.isIntact)
        return Array(output.values)
      }
      let kept = product()
      for pictures in [3, 5, 2, 5, 1, 4] {
        #expect(run(kept, pictures) == run(product(), pictures), "\(pictures) of \(width)")
      }
    }
  }

  @Test(
    "kernels of one pixel, which ask for what comes next, and rows that fill no tiles",
    arguments: CPU.available)
  func onePixel(cpu: CPU) throws {
    var random = SplitMix64(seed: 6)
    for (channels, rows) in [(1, 4), (24, 12), (96, 100), (200, 50), (300, 26), (64, 3)] {
      for (height, width) in [(8, 16), (7, 13), (1, 3)] {
        let shape = try ConvolutionShape(
          batch: 3, inChannels: channels, height: height, width: width, outChannels: rows,
          kernelHeight: 1, kernelWidth: 1)
        try ConvolutionTests.expectAgreement(
          shape, .gemm, cpu.kernels, threads: 1 + rows % 3, within: 2e-5, &random)
      }
    }
  }
}
