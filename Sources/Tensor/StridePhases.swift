import KernelChoice

/// The phases of a convolution with a stride of two, for which it is a convolution of stride 1.
///
/// Pixel (2 i + a, 2 j + b) of a picture is pixel (i, j) of its phase (a, b), and every other tap of a kernel is a
/// tap of the kernel of that phase. The four phases of a channel are four channels, side by side in the order
/// (0, 0), (0, 1), (1, 0), (1, 1); a kernel of 3×3 becomes one of 2×2 for each, of which some taps are zero. What
/// Winograd's method does with kernels of 2×2 to 4×4 it so does with 3×3 to 8×8.
///
/// Of kernels of an odd size all phases but one lack a row or a column of taps, and with it the first or last row or
/// column of transformed points. Where channels fill whole vectors, the phases that are read stand one behind
/// another (`isApart`), ordered so that those with a given point are neighbours: the others are not multiplied,
/// which are 31 of 256 products of squares of 8×8. Of squares of 9×9, which have no point at infinity, they are 35
/// of 324 where it is the first row and column, else none. Those that are written, as the gradient of the input,
/// stay side by side.
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
  /// Whether the phases that are read stand one behind another, all channels of each.
  let isApart: Bool
  private let shape: ConvolutionShape
  /// The tap of the whole kernel that each tap of the phases' kernels is; below zero where there is none.
  private let taps: [Int]
  /// The other way around: which of these each tap of the whole kernel is.
  private let places: [Int]
  /// The phases in the order in which they stand one behind another, and where each of them stands.
  private let order, rank: [Int]
  /// Which rows and columns have phases that lack taps: none, or the first or the last of the points.
  private let lacks: (row: End?, column: End?)
  /// Zeros before a picture that belong to its phases: one, where windows of an even size start at odd places.
  private let before: PerAxis

  /// Where kernels of an odd size have no taps in every other phase.
  private enum End { case first, last }

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
    // Vectors have 4, 8 or 16 floats: the order does not depend on the processor.
    isApart = shape.inChannels % 16 == 0
    // The whole phase, and those that lack columns alone and rows alone, stand beside it.
    let whole = 2 * rows.skipped + columns.skipped
    let order = [whole ^ 1, whole, whole ^ 2, whole ^ 3]
    self.order = order
    rank = (0..<4).map { order.firstIndex(of: $0) ?? 0 }
    func end(_ skipped: Int) -> End? { side % 2 == 0 ? nil : skipped == 1 ? .first : .last }
    lacks = (end(rows.skipped), end(columns.skipped))
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

  /// The channels of phases one behind another that have a point of `span`×`span`.
  func seen(_ point: Int, span: Int) -> Range<Int> {
    let count = shape.inChannels
    func isLacking(_ index: Int, _ end: End?) -> Bool {
      switch end {
      case .first: index == 0
      // Squares of 9×9 have no point at infinity.
      case .last: index == span - 1 && span < 9
      case nil: false
      }
    }
    let row = isLacking(point / span, lacks.row)
    let column = isLacking(point % span, lacks.column)
    return switch (row, column) {
    case (false, false): 0..<4 * count
    case (true, false): 0..<2 * count
    case (false, true): count..<3 * count
    case (true, true): count..<2 * count
    }
  }

  /// The place of a phase's kernel among those of `channels` channels.
  private func place(_ phase: Int, of channel: Int, _ channels: Int, isApart: Bool) -> Int {
    isApart ? rank[phase] * channels + channel : 4 * channel + phase
  }

  /// The kernels of the phases of some channels, from whole kernels; a tap is a vector of `slot` floats.
  func deal(
    kernels channels: Int, isApart: Bool, _ slot: Int, _ whole: UnsafePointer<Float>,
    _ target: UnsafeMutablePointer<Float>
  ) {
    let count = kernel * kernel
    taps.withUnsafeBufferPointer { taps in
      for phase in 0..<4 {
        for channel in 0..<channels {
          let from = whole + channel * wholeTaps * slot
          var to = target + place(phase, of: channel, channels, isApart: isApart) * count * slot
          for tap in taps[phase * count..<(phase + 1) * count] {
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
  }

  /// Whole kernels from those of the phases that are read.
  func gather(
    kernels channels: Int, isApart: Bool, _ slot: Int, _ taps: UnsafePointer<Float>,
    _ whole: UnsafeMutablePointer<Float>
  ) {
    let count = kernel * kernel
    for (tap, place) in places.enumerated() {
      let (phase, index) = place.quotientAndRemainder(dividingBy: count)
      for channel in 0..<channels {
        let from = self.place(phase, of: channel, channels, isApart: isApart) * count + index
        (whole + (channel * wholeTaps + tap) * slot).update(
          from: taps + from * slot, count: slot)
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

  /// The phase that stands at a place where they stand one behind another.
  func phase(at place: Int) -> Int { order[place] }

  /// Lays out what a band of output sees of some channels, from its row `first` on: the phases of each side by side.
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
