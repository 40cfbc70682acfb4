import KernelChoice

/// gradInput: the gradient of the output convolved with the weights turned around.
///
/// With a stride the input's pixels fall into phases, each of which only some of the weights reach:
/// every phase is a convolution of stride 1 with its own few taps, and nothing is multiplied by zero.
final class InputGradient {
  private let shape: ConvolutionShape
  private let workers: Workers
  private let kernels: Kernels
  private let phases: [Phase]
  private let spread: SpreadGradient?

  /// Pixels (first + i · stride) of the input.
  private final class Phase {
    let first: PerAxis
    let height, width: Int
    /// The places in the window whose weights reach these pixels.
    let places: [Int]
    let taps: GroupedTaps
    let turned: FloatBuffer
    let output: FloatBuffer

    init(
      _ s: ConvolutionShape, _ axes: (Axis, Axis), workers: Workers, kernels: Kernels
    ) {
      let (rows, columns) = axes
      first = PerAxis(rows: rows.first, columns: columns.first)
      (height, width) = (rows.count, columns.count)
      var places: [Int] = []
      var taps: [PerAxis] = []
      for (r, row) in rows.taps {
        for (q, column) in columns.taps {
          places.append(r * s.kernelWidth + q)
          taps.append(PerAxis(rows: row, columns: column))
        }
      }
      self.places = places
      let geometry = TapGeometry(
        channels: s.outGroup, height: s.outHeight, width: s.outWidth,
        before: PerAxis(rows: rows.before, columns: columns.before), stride: 1, taps: taps,
        outHeight: height, outWidth: width)
      self.taps = GroupedTaps(
        geometry, rows: s.inGroup, batch: s.batch, groups: s.groups, workers: workers,
        kernels: kernels)
      turned = FloatBuffer(s.inGroup * s.outGroup * places.count)
      output = FloatBuffer(s.stride == 1 ? 0 : s.batch * s.inChannels * height * width)
    }
  }

  /// One direction of a phase.
  private struct Axis {
    var first, count, before: Int
    /// Places of the kernel that reach the phase, and where they look.
    var taps: [(place: Int, offset: Int)]

    init(phase: Int, size: Int, kernel: Int, stride: Int, dilation: Int, padding: Int) {
      // Pixel i of the phase is padded pixel stride · (skipped + i) + phase.
      let skipped = max(0, padding - phase + stride - 1) / stride
      first = stride * skipped + phase - padding
      count = first < size ? (size - first + stride - 1) / stride : 0
      let reaching = (0..<kernel).filter { $0 * dilation % stride == phase }
      let furthest = reaching.map { $0 * dilation / stride }.max() ?? 0
      before = furthest - skipped
      taps = reaching.map { ($0, furthest - $0 * dilation / stride) }
    }
  }

  init(_ s: ConvolutionShape, _ workers: Workers, _ kernels: Kernels) {
    shape = s
    self.workers = workers
    self.kernels = kernels
    if SpreadGradient.pays(s) {
      spread = SpreadGradient(s, workers, kernels)
      phases = []
      return
    }
    spread = nil
    var phases: [Phase] = []
    for row in 0..<s.stride.rows {
      for column in 0..<s.stride.columns {
        let axes = (
          Axis(
            phase: row, size: s.height, kernel: s.kernelHeight, stride: s.stride.rows,
            dilation: s.dilation.rows, padding: s.padding.rows),
          Axis(
            phase: column, size: s.width, kernel: s.kernelWidth, stride: s.stride.columns,
            dilation: s.dilation.columns, padding: s.padding.columns)
        )
        guard axes.0.count > 0, axes.1.count > 0, !axes.0.taps.isEmpty, !axes.1.taps.isEmpty
        else { continue }
        phases.append(Phase(s, axes, workers: workers, kernels: kernels))
      }
    }
    self.phases = phases
  }

  func run(
    _ weight: UnsafePointer<Float>, _ gradOutput: UnsafePointer<Float>,
    _ gradInput: UnsafeMutablePointer<Float>, _ preparation: Preparation?
  ) {
    if let spread {
      spread.run(weight, gradOutput, gradInput, preparation)
      return
    }
    let isWhole = shape.stride == 1
    if !isWhole || phases.isEmpty { gradInput.update(repeating: 0, count: shape.inputCount) }
    for phase in phases {
      let depth = shape.outGroup * phase.places.count
      phase.taps.run(
        input: gradOutput, output: isWhole ? gradInput : phase.output.start,
        preparation: preparation
      ) { group in
        preparation.measure { turn(phase, weight + group * shape.outGroup * shape.window) }
        return (UnsafePointer(phase.turned.start), depth, 1, nil)
      }
      if !isWhole { preparation.measure { scatter(phase, gradInput) } }
    }
  }

  /// turned[in, out, place] = weight[out, in, place] for the places of a phase.
  private func turn(_ phase: Phase, _ weight: UnsafePointer<Float>) {
    let s = shape
    let area = s.kernelHeight * s.kernelWidth
    let taps = phase.places.count
    if area == 1 {
      workers.split(s.inGroup, grain: 16) { channels, _ in
        kernels.transpose(
          s.outGroup, channels.count, weight + channels.lowerBound, s.inGroup,
          phase.turned.start + channels.lowerBound * s.outGroup, s.outGroup)
      }
      return
    }
    phase.places.withUnsafeBufferPointer { places in
      workers.split(s.inGroup, grain: 8) { channels, _ in
        for out in 0..<s.outGroup {
          for channel in channels {
            let from = weight + (out * s.inGroup + channel) * area
            let to = phase.turned.start + (channel * s.outGroup + out) * taps
            for tap in 0..<taps { to[tap] = from[places[tap]] }
          }
        }
      }
    }
  }

  /// Puts a phase's pixels where they belong.
  private func scatter(_ phase: Phase, _ gradInput: UnsafeMutablePointer<Float>) {
    let s = shape
    workers.split(s.batch * s.inChannels, grain: 8) { planes, _ in
      for plane in planes {
        for y in 0..<phase.height {
          let from = phase.output.start + (plane * phase.height + y) * phase.width
          let row = phase.first.rows + y * s.stride.rows
          let to = gradInput + (plane * s.height + row) * s.width + phase.first.columns
          if s.stride.columns == 2 {
            kernels.putSeconds(phase.width, from, to)
          } else {
            for x in 0..<phase.width { to[x * s.stride.columns] = from[x] }
          }
        }
      }
    }
  }
}
