import Convolving
import Mechanics
import Streams
import Tensor
import TestFolders
import Testing

@testable import Devices

/// The filter of arrays on a device, beside that on the processor, whose numbers are held to PyTorch's.
@Suite(.serialized, .enabled(if: Requirement.opencl.isMet, "\(Requirement.opencl)"))
struct HostedConvolutionTests {
  private func random(_ shape: [Int], _ numbers: inout SplitMix64) -> NpyArray {
    NpyArray(
      (0..<shape.reduce(1, *)).map { _ in
        Float(numbers.next() >> 40) * 0x1p-23 - 1
      }, shape: shape)
  }

  private func expectNear(_ found: NpyArray, _ expected: NpyArray, _ bound: Float) throws {
    #expect(found.shape == expected.shape)
    let (found, expected) = (try found.floats(), try expected.floats())
    let scale = expected.reduce(0) { max($0, abs($1)) }
    let error = zip(found, expected).reduce(0) { max($0, abs($1.0 - $1.1)) }
    #expect(error <= bound * scale, "\(error / scale)")
  }

  @Test(
    "several arrays of several sizes, with bias and without, forward and backward",
    arguments: ConvolutionMethod.allCases, [true, false])
  func filter(_ method: ConvolutionMethod, _ hasBias: Bool) throws {
    var numbers = SplitMix64(seed: 11)
    let weight = random([5, 3, 3, 3], &numbers)
    let bias = hasBias ? random([5], &numbers) : nil
    var setting = ConvolutionFilter.Setting()
    setting.padding = 1
    let session = try DeviceSession(Device.named(nil))
    let there = try ConvolutionFilter(weight: weight, bias: bias, setting) {
      try HostedConvolution($0, method, on: session)
    }
    let here = try ConvolutionFilter(weight: weight, bias: bias, setting, workers: Workers(1))
    for shape in [[2, 3, 9, 11], [2, 3, 9, 11], [1, 3, 7, 7], [3, 8, 8]] {
      let x = random(shape, &numbers)
      let bound: Float = method == .winograd ? 2e-4 : 2e-5
      let y = try here.forward(x)
      try expectNear(try there.forward(x), y, bound)
      let gradient = random(y.shape, &numbers)
      let expected = try here.backward(x, gradOutput: gradient)
      for (found, own) in zip(try there.backward(x, gradOutput: gradient), expected) {
        try expectNear(found, own, bound)
      }
    }
  }

  @Test("what a method does not do is said by its rule")
  func refused() throws {
    let session = try DeviceSession(Device.named(nil))
    let shape = try ConvolutionShape(
      batch: 1, inChannels: 1, height: 9, width: 9, outChannels: 1, kernelHeight: 5,
      kernelWidth: 5)
    #expect(throws: TensorError.self) { try HostedConvolution(shape, .winograd, on: session) }
  }
}
