import KernelChoice
import KernelTable

/// Convolution of pictures of few channels by Winograd's method in one direction; its gradients are those of `gemm`.
///
/// Squares have their channels in vectors, which few channels do not fill, and take each output through a transform
/// of its own. Here rows of pixels fill the vectors. Of a band of eight rows the points are made once for all
/// outputs, and the products of a point are added over the columns of the kernel and the channels before they are
/// transformed: of a channel 24 instead of 54 for six outputs of 3×3, and 40 instead of 100 for four of 5×5.
final class FewChannelsConvolution: ConvolutionPasses {
  var preparation: Preparation? {
    didSet { others.preparation = preparation }
  }
  private let shape: ConvolutionShape
  private let workers: Workers
  private let kernels: Kernels
  private let rows: WinogradRows
  private let others: GemmConvolution
  /// Points of the weights, `[channel and column][point][output]`, and floats from point to point.
  private let weights: FloatBuffer
  private let weightRow: Int
  private let biases: FloatBuffer
  private let taps: FloatBuffer
  /// Columns where slots begin, and where a channel's column of the kernel looks.
  private let slots, depths: IndexTable
  private let slotCount: Int
  /// Floats from point to point.
  private let pointRow: Int
  /// Bands of a picture.
  private let bands: Int
  private var lanes: [Lane] = []

  /// Work space of one thread.
  private final class Lane {
    let points, zeros, output, work: FloatBuffer

    init(_ convolution: FewChannelsConvolution) {
      let s = convolution.shape
      points = FloatBuffer(s.inChannels * 8 * convolution.pointRow)
      zeros = FloatBuffer(s.width)
      work = FloatBuffer(24 * convolution.kernels.slot)
      output = FloatBuffer(convolution.rows.outputs * convolution.rows.side * s.outWidth)
    }
  }

  /// Whether the method is one for the shape, whatever the processor: its outputs have the same bytes with AVX2 and
  /// AVX-512.
  static func does(_ s: ConvolutionShape) -> Bool {
    WinogradConvolution.does(s) && s.stride == 1 && [3, 5].contains(s.kernelHeight)
      && s.inChannels <= 4 && s.width >= 16 && s.outWidth >= 16 && s.outChannels >= 3
  }

  private static func rows(_ s: ConvolutionShape, _ kernels: Kernels) -> WinogradRows {
    s.kernelHeight == 3 ? kernels.winogradRows3 : kernels.winogradRows5
  }

  init(_ shape: ConvolutionShape, _ workers: Workers, _ kernels: Kernels) {
    self.shape = shape
    self.workers = workers
    self.kernels = kernels
    let (slot, kernel) = (kernels.slot, shape.kernelWidth)
    rows = Self.rows(shape, kernels)
    others = GemmConvolution(shape, workers, kernels)
    weightRow = (shape.outChannels + slot - 1) / slot * slot
    weights = FloatBuffer(shape.inChannels * kernel * 8 * weightRow)
    biases = FloatBuffer(weightRow)
    taps = FloatBuffer(shape.window * slot)
    // An odd number of cache lines, or the points would meet in one set.
    let pointRow = WinogradPlan.apart(shape.width + 2 * shape.padding.columns)
    self.pointRow = pointRow
    let last = shape.outWidth - slot
    slots = IndexTable(stride(from: 0, to: shape.outWidth, by: slot).map { min($0, last) })
    slotCount = (shape.outWidth + slot - 1) / slot
    depths = IndexTable(
      (0..<shape.inChannels * kernel).map { $0 / kernel * 8 * pointRow + $0 % kernel })
    bands = (shape.outHeight + rows.side - 1) / rows.side
    lanes = (0..<workers.count).map { _ in Lane(self) }
  }

  /// Estimated cycles of some pictures, forward, where 32 products are done in one.
  static func cycles(_ s: ConvolutionShape, pictures: Int) -> Double {
    let bands = (s.outHeight + 8 - s.kernelHeight) / (9 - s.kernelHeight)
    let vectors = (s.outWidth + 15) / 16 * 16 * bands * s.outChannels * pictures
    // Eight points for each column of the kernel, and as much as 30 products to transform them.
    return Double(vectors * (8 * s.inChannels * s.kernelWidth + 30)) / 32
  }

  func forward(
    _ input: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?,
    _ output: UnsafeMutablePointer<Float>, weightStays: Bool
  ) {
    preparation.measure { transform(weight) }
    if let bias {
      biases.start.update(from: bias, count: shape.outChannels)
    } else {
      biases.clear()
    }
    workers.split(shape.batch * bands, grain: 1) { some, worker in
      for index in some {
        let (picture, band) = index.quotientAndRemainder(dividingBy: bands)
        let first = band * rows.side
        preparation.measure { layOut(picture, first, input, lanes[worker]) }
        multiply(
          output + picture * shape.outChannels * shape.outPlane + first * shape.outWidth,
          min(rows.side, shape.outHeight - first), lanes[worker])
      }
    }
  }

  /// The points of the weights, a vector of outputs at a time.
  private func transform(_ weight: UnsafePointer<Float>) {
    let (slot, kernel, window) = (kernels.slot, shape.kernelWidth, shape.window)
    for first in stride(from: 0, to: shape.outChannels, by: slot) {
      let count = min(slot, shape.outChannels - first)
      if count < slot { taps.clear() }
      kernels.transpose(count, window, weight + first * window, window, taps.start, slot)
      for channel in 0..<shape.inChannels {
        rows.weight(
          kernel, taps.start + channel * kernel * kernel * slot, kernel * slot,
          weights.start + channel * kernel * 8 * weightRow + first, weightRow)
      }
    }
  }

  /// The points of the eight rows that a band sees.
  ///
  /// What lies beside the pixels is zero from the start.
  private func layOut(_ picture: Int, _ first: Int, _ input: UnsafePointer<Float>, _ lane: Lane) {
    let s = shape
    withUnsafeTemporaryAllocation(of: FloatSource.self, capacity: 8) { places in
      guard let rows = places.baseAddress else { return }
      for channel in 0..<s.inChannels {
        let plane = input + (picture * s.inChannels + channel) * s.plane
        for index in 0..<8 {
          let y = first + index - s.padding.rows
          rows[index] = y >= 0 && y < s.height ? plane + y * s.width : FloatSource(lane.zeros.start)
        }
        self.rows.input(
          s.width, rows, lane.points.start + channel * 8 * pointRow + s.padding.columns, pointRow)
      }
    }
  }

  /// All planes of a band of `height` rows.
  private func multiply(_ output: UnsafeMutablePointer<Float>, _ height: Int, _ lane: Lane) {
    let s = shape
    for first in stride(from: 0, to: s.outChannels, by: rows.outputs) {
      // The last planes overlap those before.
      let plane = min(first, s.outChannels - rows.outputs)
      let target = output + plane * s.outPlane
      let isWhole = height == rows.side
      rows.multiply(
        slotCount, slots.start, s.inChannels * s.kernelWidth, lane.points.start, pointRow,
        depths.start,
        weights.start + plane, weightRow, biases.start + plane,
        isWhole ? target : lane.output.start,
        (row: s.outWidth, plane: isWhole ? s.outPlane : rows.side * s.outWidth),
        lane.work.start)
      if !isWhole {
        kernels.copyRows(
          rows.outputs, height * s.outWidth, lane.output.start, rows.side * s.outWidth, target,
          s.outPlane)
      }
    }
  }

  func backward(
    _ input: UnsafePointer<Float>, _ weight: UnsafePointer<Float>,
    _ gradOutput: UnsafePointer<Float>, _ gradInput: UnsafeMutablePointer<Float>?,
    _ gradWeight: UnsafeMutablePointer<Float>, _ gradBias: UnsafeMutablePointer<Float>
  ) {
    others.backward(input, weight, gradOutput, gradInput, gradWeight, gradBias)
  }
}
