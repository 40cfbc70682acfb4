import Convolving
import Streams
import Tensor
import TensorArguments
import TestFolders
import Testing

/// Numbers that PyTorch 2.13 gave.
struct TorchCase: CustomTestStringConvertible {
  let file: String
  let setting: ConvolutionFilter.Setting
  /// Whether it is 3×3 of stride 1 or 2, in one group: what Winograd's method is for.
  let isPlain: Bool
  var testDescription: String { file }

  static let inTestdata = (try? cases("\(root)/testdata/torch")) ?? []
  /// The whole collection, which holds what is in testdata too.
  static let inReference = (try? cases("\(reference)/torch")) ?? []

  private static func cases(_ folder: String) throws -> [TorchCase] {
    let input = ByteReader(["\(folder)/cases.json"])
    var text: [UInt8] = []
    try input.forEachSource { text = try input.readAll(atMost: 1 << 20) }
    var cases: [TorchCase] = []
    try text.withUnsafeBytes { bytes in
      try withJSON(bytes, name: "cases") { list in
        for item in list.elements {
          guard let file = item["file"]?.string, file.hasPrefix("conv2d") else { continue }
          var setting = ConvolutionFilter.Setting()
          setting.stride = PerAxis(item["stride"]?.int ?? 1)
          setting.padding = PerAxis(item["padding"]?.int ?? 0)
          setting.dilation = PerAxis(item["dilation"]?.int ?? 1)
          setting.groups = item["groups"]?.int ?? 1
          let isPlain =
            item["r"]?.int == 3 && item["s"]?.int == 3
            && (setting.stride == 1 || setting.stride == 2) && setting.dilation == 1
            && setting.groups == 1
          cases.append(TorchCase(file: "\(folder)/\(file)", setting: setting, isPlain: isPlain))
        }
      }
    }
    return cases
  }
}

/// The largest difference of two arrays of floats, relative to the largest element.
private func relativeError(_ found: NpyArray, _ expected: NpyArray) throws -> Float {
  #expect(found.shape == expected.shape)
  let (found, expected) = (try found.floats(), try expected.floats())
  let scale = expected.reduce(0) { max($0, abs($1)) }
  return zip(found, expected).reduce(0) { max($0, abs($1.0 - $1.1)) } / scale
}

@Suite struct ConvolutionFilterTests {
  @Test("there are cases of PyTorch") func casesExist() { #expect(TorchCase.inTestdata.count >= 6) }

  @Test("numbers of PyTorch", arguments: TorchCase.inTestdata, ConvolutionMethod.allCases)
  func torch(_ item: TorchCase, _ method: ConvolutionMethod) throws {
    try compare(item, method)
  }

  @Test(
    "numbers of PyTorch, all of them",
    .enabled(if: Requirement.reference.isMet, "\(Requirement.reference)"),
    arguments: TorchCase.inReference, ConvolutionMethod.allCases)
  func wholeTorch(_ item: TorchCase, _ method: ConvolutionMethod) throws {
    try compare(item, method)
  }

  /// A case's arrays, and a filter of its setting but for what is changed.
  private func filter(
    _ item: TorchCase, _ change: (inout ConvolutionFilter.Setting) -> Void
  ) throws -> ([NpyArray], ConvolutionFilter) {
    let arrays = try manyArrays(item.file)
    try #require(arrays.count == 8)
    var setting = item.setting
    change(&setting)
    return (
      arrays,
      try ConvolutionFilter(weight: arrays[1], bias: arrays[2], setting, workers: Workers(2))
    )
  }

  private func compare(_ item: TorchCase, _ method: ConvolutionMethod) throws {
    let (arrays, filter) = try filter(item) { $0.method = method }
    let bound: Float = method == .winograd || method == .auto ? 2e-4 : 2e-5
    do {
      #expect(try relativeError(filter.forward(arrays[0]), arrays[3]) < bound)
    } catch TensorError.method {
      // Not every shape is done every way.
      #expect(method == .winograd && !item.isPlain)
      return
    }
    let gradients = try filter.backward(arrays[0], gradOutput: arrays[4])
    for (found, expected) in zip(gradients, arrays[5...]) {
      #expect(try relativeError(found, expected) < bound)
    }
  }

  private static let x = NpyArray((0..<24).map(Float.init), shape: [1, 2, 3, 4])
  private static let weight = NpyArray((0..<12).map { Float($0 % 5) - 2 }, shape: [2, 2, 1, 3])

  @Test("one picture without a batch, and one dimension, give the same numbers")
  func ranks() throws {
    let workers = Workers(1)
    let filter = try ConvolutionFilter(weight: Self.weight, bias: nil, .init(), workers: workers)
    let output = try filter.forward(Self.x)
    #expect(output.shape == [1, 2, 3, 2])
    let one = try filter.forward(NpyArray(Self.x.floats(), shape: [2, 3, 4]))
    #expect(one.shape == [2, 3, 2] && one.bytes == output.bytes)

    // A row of 4 for each of two channels, as conv1d and as conv2d.
    let row: [Float] = [3, 1, -4, 1, 5, -9, 2, 6]
    let flat = try ConvolutionFilter(
      weight: NpyArray(Self.weight.floats(), shape: [2, 2, 3]), bias: nil, .init(),
      workers: workers)
    let flatOutput = try flat.forward(NpyArray(row, shape: [1, 2, 4]))
    #expect(flatOutput.shape == [1, 2, 2])
    let plane = try filter.forward(NpyArray(row, shape: [1, 2, 1, 4]))
    #expect(plane.bytes == flatOutput.bytes)
    #expect(try flat.forward(NpyArray(row, shape: [2, 4])).shape == [2, 2])
    let gradients = try flat.backward(
      NpyArray(row, shape: [1, 2, 4]), gradOutput: NpyArray([1, 0, 0, 1], shape: [1, 2, 2]))
    #expect(gradients.map(\.shape) == [[1, 2, 4], [2, 2, 3], [2]])
  }

  @Test("numbers along two axes are written as they are read: rows first")
  func axes() {
    for axes in [PerAxis(rows: 2, columns: 3), PerAxis(rows: 3, columns: 2), PerAxis(4)] {
      #expect(PerAxis(argument: axes.defaultValueDescription) == axes)
    }
    #expect(PerAxis(rows: 2, columns: 3).defaultValueDescription == "2x3")
    #expect(PerAxis(argument: "2x3x4") == nil && PerAxis(argument: "2x") == nil)
  }

  @Test("arrays that make no convolution are refused by rule and value")
  func refusals() throws {
    func message(_ body: () throws -> Void) -> String {
      do {
        try body()
        return "nothing was thrown"
      } catch { return "\(error)" }
    }
    func filter(
      _ weight: NpyArray = Self.weight, bias: NpyArray? = nil,
      _ change: (inout ConvolutionFilter.Setting) -> Void = { _ in }
    ) throws -> ConvolutionFilter {
      var setting = ConvolutionFilter.Setting()
      change(&setting)
      return try ConvolutionFilter(weight: weight, bias: bias, setting, workers: Workers(1))
    }
    let doubles = NpyArray(
      type: .plain(.float64), shape: [1], bytes: [UInt8](repeating: 0, count: 8))
    #expect(
      message { _ = try filter(doubles) }
        == "weight must be '<f4' (numpy: .astype('float32')): '<f8'")
    #expect(
      message { _ = try filter(NpyArray([1, 2], shape: [1, 2])) }
        == "weight must have the shape [k, c, r, s] or [k, c, s]: [1, 2]")
    #expect(
      message { _ = try filter(bias: NpyArray([1], shape: [1])) }
        == "bias must have the shape [2]: [1]")
    #expect(
      message { _ = try filter().forward(NpyArray([1], shape: [1])) }
        == "input must have the shape [n, c, h, w] or [c, h, w]: [1]")
    #expect(
      message { _ = try filter { $0.groups = 2 }.forward(Self.x) }
        == "input must have 2 channels for each of 2 groups: 2")
    // Two channels for each of two groups: four, not what only comes to two when it is divided.
    for channels in 1...7 {
      let x = NpyArray([Float](repeating: 1, count: 3 * channels), shape: [channels, 1, 3])
      #expect(
        message { _ = try filter { $0.groups = 2 }.forward(x) }
          == (channels == 4
            ? "nothing was thrown" : "input must have 2 channels for each of 2 groups: \(channels)")
      )
    }
    #expect(
      message {
        _ = try filter { $0.padding = PerAxis(rows: 0, columns: -2) }.forward(Self.x)
      } == "padding must be in 0...16777216: -2")
    #expect(
      message { _ = try filter { $0.padding = 100_000 }.forward(Self.x) }
        .contains("tensor must have at most 2^34 elements"))
    #expect(
      message { _ = try filter().forward(NpyArray([], shape: [0, 2, 3, 4])) }
        == "batch must be in 1...16777216: 0")
    #expect(
      message { _ = try filter().backward(Self.x, gradOutput: Self.x) }
        == "gradient of the output must have the shape [1, 2, 3, 2]: [1, 2, 3, 4]")
  }

  /// Narrower numbers come near PyTorch's results, and no nearer than they can.
  @Test(
    .enabled(
      if: Precision.allCases.allSatisfy(\.isUsable),
      "no AVX-512 with bfloat16 and VNNI: another processor"),
    arguments: [Precision.bfloat16, .int8], TorchCase.inTestdata)
  func narrowNumbersComeNear(precision: Precision, torch: TorchCase) throws {
    let (arrays, filter) = try filter(torch) { $0.precision = precision }
    let error = Double(try relativeError(filter.forward(arrays[0]), arrays[3]))
    #expect(error < precision.errorBound ?? 0)
    #expect(error > 1e-5)
  }
}
