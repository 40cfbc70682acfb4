import KernelChoice

/// The phases of a convolution with a stride of two, for which it is a convolution of stride 1.
///
/// Pixel (2 i + a, 2 j + b) of a padded picture is pixel (i, j) of its phase (a, b), and tap (2 t + a, 2 u + b) of
/// a kernel is tap (t, u) of the kernel of that phase. The four phases of a channel are four channels, side by
/// side in the order (0, 0), (0, 1), (1, 0), (1, 1); a kernel of 3×3 becomes one of 2×2 for each, of which some
/// taps are zero. What Winograd's method does with kernels of 2×2 to 4×4 it so does with 3×3 to 8×8.
final class StridePhases {
  /// Rows and columns of the kernel of a phase.
  let kernel: Int
  /// Rows and columns of a phase, as far as windows see it.
  let height, width: Int
  /// Channels of all phases.
  let channels: Int
  /// Taps of a channel's whole kernel.
  let wholeTaps: Int
  private let shape: ConvolutionShape
  /// The tap of the whole kernel that each tap of the phases' kernels is; below zero where there is none.
  private let taps: [Int]

  /// The phases of a square kernel of stride 2, dilation 1 and one group.
  init(_ shape: ConvolutionShape) {
    self.shape = shape
    let (side, kernel) = (shape.kernelHeight, (shape.kernelHeight + 1) / 2)
    self.kernel = kernel
    (height, width) = (shape.outHeight + kernel - 1, shape.outWidth + kernel - 1)
    channels = 4 * shape.inChannels
    wholeTaps = side * side
    taps = (0..<4 * kernel * kernel).map {
      let (phase, tap) = $0.quotientAndRemainder(dividingBy: kernel * kernel)
      let (row, column) = (tap / kernel * 2 + phase / 2, tap % kernel * 2 + phase % 2)
      return row < side && column < side ? row * side + column : -1
    }
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
    let places = (0..<wholeTaps).map { tap in self.taps.firstIndex(of: tap) ?? 0 }
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
    let side = shape.kernelHeight
    return TapGeometry(
      channels: 1, height: shape.height, width: shape.width, before: shape.padding, stride: 2,
      taps: (0..<side * side).map { PerAxis(rows: $0 / side, columns: $0 % side) },
      outHeight: rows - kernel + 1, outWidth: columns)
  }

  /// Lays out what a band of output sees of some channels, from its row `first` on; returns how many there were.
  func deal(
    _ channels: Range<Int>, of picture: Int, _ input: UnsafePointer<Float>, first: Int,
    _ band: TapGeometry, _ target: FloatBuffer, _ kernels: Kernels
  ) {
    let rows = band.outHeight + kernel - 1
    // Only pixels are written: of a band that sticks out, others would stay from the band before.
    if 2 * first < shape.padding.rows || 2 * (first + rows) - shape.padding.rows > shape.height {
      target.clear()
    }
    for channel in channels {
      band.prepare(
        input + (picture * shape.inChannels + channel) * shape.plane,
        target.start + (channel - channels.lowerBound) * band.channelLength, first: first,
        ahead: shape.plane, kernels)
    }
  }

  /// Clears what no window sees, where `weave` puts nothing.
  func clearUnseen(_ input: UnsafeMutablePointer<Float>) {
    if 2 * height - shape.padding.rows < shape.height
      || 2 * width - shape.padding.columns < shape.width
    {
      input.update(repeating: 0, count: shape.inputCount)
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
    let (even, odd) = (s.padding.columns, s.padding.columns + 1)
    let evens = min((s.width + 1) / 2, width - even / 2)
    let odds = min(s.width / 2, width - odd / 2)
    let pairs = min(evens, odds)
    for channel in channels {
      let phases = source + (channel - channels.lowerBound) * 4 * plane
      let to = input + (picture * s.inChannels + channel) * s.plane
      for row in 2 * rows.lowerBound..<2 * rows.upperBound {
        let y = row - s.padding.rows
        guard y >= 0, y < s.height else { continue }
        let from = phases + row % 2 * 2 * plane + (row / 2 - rows.lowerBound) * width
        let (a, b) = (from + even % 2 * plane + even / 2, from + odd % 2 * plane + odd / 2)
        let target = to + y * s.width
        kernels.weave(pairs, a, b, target)
        for x in pairs..<evens { target[2 * x] = a[x] }
        for x in pairs..<odds { target[2 * x + 1] = b[x] }
      }
    }
  }
}
