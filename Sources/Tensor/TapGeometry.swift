import InstructionSets
import KernelChoice
import KernelTable

/// Where the window of a convolution finds its pixels, in planes that are laid out for it.
///
/// A plane is laid out with the zeros of its padding, and with a stride it is dealt out to phases, one
/// for each remainder that a tap has. Then the window's element (channel, tap) of output pixel (y, x) lies at
/// `offsets[channel · taps + tap] + y · rowLength + x`, whatever the padding, stride or dilation were:
/// every convolution is one of stride 1 without padding, given by a table.
struct TapGeometry {
  /// Channels of the source.
  let channels: Int
  /// Rows and columns of a plane before it is prepared.
  let height, width: Int
  /// Rows and columns of the output.
  let outHeight, outWidth: Int
  /// Floats of a prepared row, of a prepared channel and of a prepared picture.
  let rowLength, channelLength: Int
  /// Where each element of the window lies, seen from output pixel (0, 0).
  let offsets: [Int]
  private let stride: PerAxis
  private let before: PerAxis
  private let tapPlaces: [PerAxis]
  private let phaseRows: Int
  /// The phases that a tap sees, in the order in which they are laid out.
  private let phases: [Int]
  private let dealt: DealtRows?

  var pictureLength: Int { channels * channelLength }
  var depth: Int { offsets.count }
  /// Elements of the window in one channel.
  var taps: Int { tapPlaces.count }
  /// Whether planes need no laying out and can be read where they are.
  let isInPlace: Bool

  /// Taps are given by their distance from the first padded pixel; `before` is the padding, which may
  /// be negative: then pixels are left out.
  init(
    channels: Int, height: Int, width: Int, before: PerAxis, stride: PerAxis,
    taps: [PerAxis], outHeight: Int, outWidth: Int
  ) {
    self.channels = channels
    self.height = height
    self.width = width
    self.outHeight = outHeight
    self.outWidth = outWidth
    self.stride = stride
    self.before = before
    tapPlaces = taps
    let lastRow = taps.map { $0.rows / stride.rows }.max() ?? 0
    let lastColumn = taps.map { $0.columns / stride.columns }.max() ?? 0
    isInPlace =
      stride == 1 && before == 0 && lastRow + outHeight <= height && lastColumn + outWidth <= width
    phaseRows = isInPlace ? height : outHeight + lastRow
    rowLength = isInPlace ? width : outWidth + lastColumn
    let phaseLength = phaseRows * rowLength
    let phaseOfTap = taps.map {
      $0.rows % stride.rows * stride.columns + $0.columns % stride.columns
    }
    let phases = isInPlace ? [0] : Set(phaseOfTap).sorted()
    self.phases = phases
    dealt =
      stride == 2 && before.rows >= 0 && before.columns >= 0
      ? DealtRows(
        phases: phases, phaseLength: phaseLength, rowLength: rowLength, width: width,
        before: before.columns) : nil
    let length = phases.count * phaseLength
    channelLength = length
    let starts = Dictionary(
      uniqueKeysWithValues: phases.enumerated().map { ($0.element, $0.offset * phaseLength) })
    let row = rowLength
    let places = zip(taps, phaseOfTap).map { tap, phase in
      starts[phase, default: 0] + tap.rows / stride.rows * row + tap.columns / stride.columns
    }
    var offsets: [Int] = []
    for channel in 0..<channels { offsets += places.map { channel * length + $0 } }
    self.offsets = offsets
  }

  /// The forward pass of one group.
  init(_ s: ConvolutionShape) {
    var taps: [PerAxis] = []
    for r in 0..<s.kernelHeight {
      for q in 0..<s.kernelWidth {
        taps.append(PerAxis(rows: r * s.dilation.rows, columns: q * s.dilation.columns))
      }
    }
    self.init(
      channels: s.inGroup, height: s.height, width: s.width, before: s.padding, stride: s.stride,
      taps: taps, outHeight: s.outHeight, outWidth: s.outWidth)
  }

  /// The same for a band of the output's rows, as many as so many neighbouring pixels can touch.
  func band(pixels: Int) -> TapGeometry {
    TapGeometry(
      channels: channels, height: height, width: width, before: before, stride: stride,
      taps: tapPlaces, outHeight: min(outHeight, pixels / outWidth + 2), outWidth: outWidth)
  }

  /// Lays out what output rows `first ..< first + rows` see of one channel.
  ///
  /// `rows` are at most `outHeight`. Only pixels are written: what lies beside them is zero from the
  /// start. The pixels `ahead` floats further on are wanted next.
  func prepare(
    _ plane: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>, first: Int = 0,
    rows: Int? = nil, ahead: Int = 0, _ kernels: Kernels
  ) {
    let count = phaseRows - outHeight + (rows ?? outHeight)
    if let dealt {
      deal(dealt, plane, target, first, count, ahead, kernels)
      return
    }
    for (index, phase) in phases.enumerated() {
      let (rowPhase, columnPhase) = phase.quotientAndRemainder(dividingBy: stride.columns)
      // The columns of this phase that are pixels.
      let left = max(0, divideUp(before.columns - columnPhase, stride.columns))
      let right = min(
        rowLength, divideUp(width + before.columns - columnPhase, stride.columns))
      guard left < right else { continue }
      for y in 0..<count {
        let row = (first + y) * stride.rows + rowPhase - before.rows
        guard row >= 0, row < height else { continue }
        let from = plane + row * width + left * stride.columns + columnPhase - before.columns
        let to = target + (index * phaseRows + y) * rowLength + left
        if stride.columns == 1 {
          to.update(from: from, count: right - left)
        } else {
          for x in 0..<right - left { to[x] = from[x * stride.columns] }
        }
      }
    }
  }

  /// The same for a stride of two: each row is read once, for the two phases that have its pixels.
  private func deal(
    _ dealt: DealtRows, _ plane: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>,
    _ first: Int, _ count: Int, _ ahead: Int, _ kernels: Kernels
  ) {
    let from = max(0, 2 * first - before.rows)
    let to = min(height, 2 * (first + count) - before.rows)
    guard from < to else { return }
    withUnsafeTemporaryAllocation(of: FloatTarget?.self, capacity: 4) { targets in
      for (i, place) in dealt.places.enumerated() { targets[i] = place.map { target + $0 } }
      guard let targets = targets.baseAddress else { return }
      kernels.dealRows(
        from + before.rows - 2 * first, to - from, width, plane + from * width, targets,
        rowLength, dealt.evens, dealt.odds, ahead)
    }
  }
}

/// Where a stride of two puts the pixels of a row.
private struct DealtRows {
  /// For even and then for odd rows, padding counted: where the pixels at even and at odd places go.
  let places: [Int?]
  /// How many pixels at even and at odd places there is room for.
  let evens, odds: Int

  init(phases: [Int], phaseLength: Int, rowLength: Int, width: Int, before: Int) {
    func columns(_ odd: Int) -> (phase: Int, start: Int, count: Int) {
      let (start, phase) = (before + odd).quotientAndRemainder(dividingBy: 2)
      return (phase, start, max(0, min((width + 1 - odd) / 2, rowLength - start)))
    }
    let both = [columns(0), columns(1)]
    (evens, odds) = (both[0].count, both[1].count)
    places = (0..<2).flatMap { row in
      both.map { columns in
        phases.firstIndex(of: 2 * row + columns.phase).map { $0 * phaseLength + columns.start }
      }
    }
  }
}

/// The least integer that is not below value / divisor.
private func divideUp(_ value: Int, _ divisor: Int) -> Int {
  value > 0 ? (value + divisor - 1) / divisor : -(-value / divisor)
}
