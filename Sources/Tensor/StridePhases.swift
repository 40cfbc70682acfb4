import KernelChoice

/// The phases of a convolution with a stride of two, for which it is a convolution of stride 1.
///
/// Pixel (2 i + a, 2 j + b) of a picture is pixel (i, j) of its phase (a, b), and every other tap of a kernel is a
/// tap of the kernel of that phase. The four phases of a channel are four channels, side by side in the order
/// (0, 0), (0, 1), (1, 0), (1, 1); a kernel of 3×3 becomes one of 2×2 for each, of which some taps are zero. What
/// Winograd's method does with kernels of 2×2 to 4×4 it so does with 3×3 to 8×8.
final class StridePhases {
  /// Rows and columns of the kernel of a phase.
  let kernel: Int
  /// Rows and columns of a phase.
  let height, width: Int
  /// Zeros before the first row and column of a phase.
  let padding: PerAxis
  /// Channels of all phases.
  let channels: Int
  /// Taps of a channel's whole kernel.
  let wholeTaps: Int
  private let shape: ConvolutionShape
  /// The tap of the whole kernel that each tap of the phases' kernels is; below zero where there is none.
  private let taps: [Int]
  /// The other way around: which of these each tap of the whole kernel is.
  private let places: [Int]
  /// Zeros before a picture that belong to its phases: one, where windows of an even size start at odd places.
  private let before: PerAxis

  /// The phases of a square kernel of stride 2, dilation 1 and one group.
  init(_ shape: ConvolutionShape) {
    self.shape = shape
    let (side, kernel) = (shape.kernelHeight, (shape.kernelHeight + 1) / 2)
    self.kernel = kernel
    func axis(_ padding: Int) -> (before: Int, skipped: Int) {
      padding % 2 == 0 ? (0, 0) : side % 2 == 0 ? (1, 0) : (0, 1)
    }
    let (rows, columns) = (axis(shape.padding.rows), axis(shape.padding.columns))
    before = PerAxis(rows: rows.before, columns: columns.before)
    padding = PerAxis(
      rows: (shape.padding.rows - rows.before + rows.skipped) / 2,
      columns: (shape.padding.columns - columns.before + columns.skipped) / 2)
    (height, width) = (
      (shape.height + rows.before + 1) / 2, (shape.width + columns.before + 1) / 2
    )
    channels = 4 * shape.inChannels
    wholeTaps = side * side
    let taps = (0..<4 * kernel * kernel).map {
      let (phase, tap) = $0.quotientAndRemainder(dividingBy: kernel * kernel)
      let row = tap / kernel * 2 + phase / 2 - rows.skipped
      let column = tap % kernel * 2 + phase % 2 - columns.skipped
      let isThere = (0..<side).contains(row) && (0..<side).contains(column)
      return isThere ? row * side + column : -1
    }
    self.taps = taps
    places = (0..<side * side).map { tap in taps.firstIndex(of: tap) ?? 0 }
  }

  /// The kernels of the phases of some channels, from whole kernels; a tap is a vector of `slot` floats.
  func deal(
    kernels channels: Int, _ slot: Int, _ whole: UnsafePointer<Float>,
    _ target: UnsafeMutablePointer<Float>
  ) {
    taps.withUnsafeBufferPointer { taps in
      var to = target
      for channel in 0..<channels {
        let from = whole + channel * wholeTaps * slot
        for tap in taps {
          if tap < 0 {
            to.update(repeating: 0, count: slot)
          } else {
            to.update(from: from + tap * slot, count: slot)
          }
          to += slot
        }
      }
    }
  }

  /// Whole kernels from those of the phases, in place.
  func gather(kernels channels: Int, _ slot: Int, _ taps: UnsafeMutablePointer<Float>) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: self.taps.count * slot) { dealt in
      guard let dealt = dealt.baseAddress else { return }
      for channel in 0..<channels {
        dealt.update(from: taps + channel * self.taps.count * slot, count: self.taps.count * slot)
        for (tap, place) in places.enumerated() {
          (taps + (channel * wholeTaps + tap) * slot).update(
            from: dealt + place * slot, count: slot)
        }
      }
    }
  }

  /// How a band of `rows` rows of each phase is laid out, with so many columns of output.
  func band(rows: Int, columns: Int) -> TapGeometry {
    let side = 2 * kernel
    return TapGeometry(
      channels: 1, height: shape.height, width: shape.width,
      before: PerAxis(
        rows: 2 * padding.rows + before.rows, columns: 2 * padding.columns + before.columns),
      stride: 2, taps: (0..<side * side).map { PerAxis(rows: $0 / side, columns: $0 % side) },
      outHeight: rows - kernel + 1, outWidth: columns)
  }

  /// Lays out what a band of output sees of some channels, from its row `first` on; returns how many there were.
  func deal(
    _ channels: Range<Int>, of picture: Int, _ input: UnsafePointer<Float>, first: Int,
    _ band: TapGeometry, _ target: FloatBuffer, _ kernels: Kernels
  ) {
    let rows = band.outHeight + kernel - 1
    let start = 2 * (first - padding.rows) - before.rows
    // Only pixels are written: of a band that sticks out, others would stay from the band before.
    if start < 0 || start + 2 * rows > shape.height {
      target.clear()
    }
    for channel in channels {
      band.prepare(
        input + (picture * shape.inChannels + channel) * shape.plane,
        target.start + (channel - channels.lowerBound) * band.channelLength, first: first,
        ahead: shape.plane, kernels)
    }
  }

  /// Puts some rows of the phases of some channels where they belong in a picture.
  func weave(
    _ rows: Range<Int>, _ source: UnsafePointer<Float>, channels: Range<Int>, of picture: Int,
    _ input: UnsafeMutablePointer<Float>, _ kernels: Kernels
  ) {
    let s = shape
    let plane = rows.count * width
    // Where even and odd columns of the picture come from.
    let (even, odd) = (before.columns, before.columns + 1)
    let (evens, odds) = ((s.width + 1) / 2, s.width / 2)
    // What is behind the last window's end has no gradient, not even one of rounding.
    let seen = PerAxis(
      rows: 2 * (s.outHeight - 1) + s.kernelHeight - s.padding.rows,
      columns: 2 * (s.outWidth - 1) + s.kernelWidth - s.padding.columns)
    for channel in channels {
      let phases = source + (channel - channels.lowerBound) * 4 * plane
      let to = input + (picture * s.inChannels + channel) * s.plane
      for row in 2 * rows.lowerBound..<2 * rows.upperBound {
        let y = row - before.rows
        guard y >= 0, y < s.height else { continue }
        let from = phases + row % 2 * 2 * plane + (row / 2 - rows.lowerBound) * width
        let (a, b) = (from + even % 2 * plane, from + odd % 2 * plane + odd / 2)
        let target = to + y * s.width
        kernels.weave(odds, a, b, target)
        if evens > odds { target[2 * odds] = a[odds] }
        for x in min(s.width, y < seen.rows ? seen.columns : 0)..<s.width { target[x] = 0 }
      }
    }
  }
}
