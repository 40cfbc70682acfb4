import KernelChoice
import KernelTable

/// How pictures are cut into overlapping squares of 6×6, 8×8 or 9×9 pixels.
struct WinogradSquares {
  /// Rows and columns of pixels that a square sees: 6, 8 or 9.
  var span = 6
  /// Rows and columns of the kernel: 2 to 5.
  let kernel: Int
  /// Pictures.
  let batch: Int
  /// Channels of the pictures.
  let channels: Int
  /// Rows and columns of a picture.
  let height, width: Int
  /// Zeros before the first row and column.
  let padding: PerAxis
  /// Rows and columns of the output.
  let outHeight, outWidth: Int
  /// What the channels are phases of, where the pictures have these.
  var dealt: StridePhases?
  /// The same of the output.
  var woven: StridePhases?

  /// The sizes of squares that there are transforms for: 6, 8 and 9, fewer where the kernel is even.
  var spans: [Int] {
    switch kernel {
    case 2: [8]
    case 4: [8, 9]
    default: [6, 8, 9]
    }
  }

  /// Rows and columns of output that a square gives: 4, 6 or 7 of a kernel of 3×3, 2, 4 or 5 of 5×5, 7 of 2×2,
  /// 5 or 6 of 4×4.
  var side: Int { span + 1 - kernel }
  /// Points that a square is transformed to.
  var points: Int { span * span }
  /// Squares side by side.
  var columns: Int { (outWidth + side - 1) / side }
  /// Pixels of input that a band of squares sees in a row.
  var inputColumns: Int { side * columns + kernel - 1 }
  /// Bands of squares in a picture.
  var bandsOfPicture: Int { (outHeight + side - 1) / side }
  /// Weights of a kernel.
  var taps: Int { kernel * kernel }
  /// Bands of squares in all pictures.
  var bands: Int { batch * bandsOfPicture }

  /// Floats from square to square: the channels, filled up to whole vectors.
  ///
  /// Many of them are an odd number of cache lines: else the squares would meet in a few sets of the cache.
  func padded(_ slot: Int) -> Int {
    let floats = vectors(slot) * slot
    return floats < 256 ? floats : WinogradPlan.apart(floats)
  }

  /// What the channels of one side are phases of.
  var phases: StridePhases? { dealt ?? woven }

  /// Weights of so many channels, as they are given: of phases the whole kernels.
  func window(_ channels: Int) -> Int {
    phases.map { channels / 4 * $0.wholeTaps } ?? channels * taps
  }

  /// Whether the channels are phases that stand one behind another.
  var isApart: Bool { dealt?.isApart ?? false }

  /// The channels that have a point: all, unless they are phases.
  func seen(_ point: Int) -> Range<Int> {
    guard let dealt, isApart else { return 0..<channels }
    return dealt.seen(point, span: span)
  }

  /// Parts of the channels that are transformed one after the other: vectors, of all phases if they stand apart.
  func parts(_ slot: Int) -> Int { isApart ? vectors(slot) / 4 : vectors(slot) }

  /// Vectors of channels.
  func vectors(_ slot: Int) -> Int { (channels + slot - 1) / slot }

  /// The same pictures in the squares that are less work for that many output channels.
  ///
  /// Weights are transformed once for `pictures`.
  func best(outChannels: Int, pictures: Int) -> WinogradSquares {
    let others = spans.map { span in
      var squares = self
      squares.span = span
      return squares
    }
    func cycles(_ squares: WinogradSquares) -> Double {
      squares.cycles(outChannels: outChannels, pictures: pictures)
    }
    return others.min { cycles($0) < cycles($1) } ?? self
  }

  /// Estimated cycles of some pictures, forward, where 32 products are done in one.
  func cycles(outChannels: Int, pictures: Int) -> Double {
    let squares = Double(pictures * bandsOfPicture * columns)
    let (ins, outs) = (Double((channels + 15) / 16), Double((outChannels + 31) / 32 * 2))
    let seen = (0..<points).reduce(0) { $0 + self.seen($1).count }
    let products = Double(seen) * outs * 16 / 32
    let (ofInput, ofOutput, ofWeights): (Double, Double, Double) =
      switch span {
      case 6: (160, 200, 500)
      case 8: (360, 420, 900)
      default: (600, 700, 1100)
      }
    let transforms = ofInput * ins + ofOutput * outs
    let weights = Double(channels) * outs * ofWeights
    return squares * (products * 1.05 + transforms) + weights
  }

  /// The picture of a band, its first row of output, and how many rows of output it has.
  func place(_ band: Int) -> (picture: Int, row: Int, rows: Int) {
    let (picture, index) = band.quotientAndRemainder(dividingBy: bandsOfPicture)
    return (picture, index * side, min(side, outHeight - index * side))
  }
}

/// Bands of pixels with their channels in vectors; work space of one thread.
final class WinogradBand {
  private let kernels: Kernels
  private let pixels: FloatBuffer
  private let turned: FloatBuffer
  /// A vector a point, for the transforms.
  let work: FloatBuffer
  private let slot: Int
  /// How the phases of a channel lie in `phases`.
  private let geometry: TapGeometry?
  private let phases: FloatBuffer

  init(_ squares: WinogradSquares, _ kernels: Kernels) {
    self.kernels = kernels
    slot = kernels.slot
    let columns = squares.inputColumns
    pixels = FloatBuffer(squares.span * columns * slot)
    turned = FloatBuffer(squares.span * max(squares.width, columns) * slot)
    work = FloatBuffer(squares.points * slot)
    geometry = squares.dealt?.band(
      rows: squares.span, columns: squares.side * squares.columns)
    phases = FloatBuffer((geometry?.channelLength ?? 0) * (squares.isApart ? slot : slot / 4))
  }

  /// The vectors of channels of one part, as a band sees them: its rows, padded with zeros; pixels of `slot` channels.
  func inputs(
    _ squares: WinogradSquares, _ band: Int, _ part: Int, _ input: UnsafePointer<Float>,
    _ use: (_ block: Int, _ pixels: UnsafePointer<Float>) -> Void
  ) {
    let (picture, row, _) = squares.place(band)
    guard let dealt = squares.dealt, let geometry else {
      let pixels = load(
        input, picture: picture, block: part, channels: squares.channels, height: squares.height,
        width: squares.width, first: row - squares.padding.rows, rows: squares.span,
        left: squares.padding.columns, columns: squares.inputColumns)
      return use(part, pixels)
    }
    let most = dealt.isApart ? slot : slot / 4
    let channels = part * most..<min((part + 1) * most, dealt.channels / 4)
    dealt.deal(channels, of: picture, input, first: row, geometry, phases, kernels)
    let plane = squares.span * squares.inputColumns
    guard dealt.isApart else {
      if channels.count < most { pixels.clear() }
      kernels.transpose(4 * channels.count, plane, phases.start, plane, pixels.start, slot)
      return use(part, UnsafePointer(pixels.start))
    }
    for place in 0..<4 {
      kernels.transpose(
        slot, plane, phases.start + dealt.phase(at: place) * plane, 4 * plane, pixels.start, slot)
      use(place * squares.parts(slot) + part, UnsafePointer(pixels.start))
    }
  }

  /// The rows of gradients of one band and one block of channels.
  func gradient(
    _ squares: WinogradSquares, _ band: Int, _ block: Int, _ gradOutput: UnsafePointer<Float>,
    channels: Int
  ) -> UnsafePointer<Float> {
    let (picture, row, _) = squares.place(band)
    return load(
      gradOutput, picture: picture, block: block, channels: channels, height: squares.outHeight,
      width: squares.outWidth, first: row, rows: squares.side, left: 0,
      columns: squares.side * squares.columns)
  }

  private func load(
    _ source: UnsafePointer<Float>, picture: Int, block: Int, channels: Int, height: Int,
    width: Int, first: Int, rows: Int, left: Int, columns: Int
  ) -> UnsafePointer<Float> {
    let (top, bottom) = (max(0, first), min(height, first + rows))
    let count = min(slot, channels - block * slot)
    let from = source + ((picture * channels + block * slot) * height + top) * width
    let plane = height * width
    // What is there, pixels and channels exchanged; it is all of it where nothing is padded.
    let isWhole = top == first && bottom - top == rows && left == 0 && width == columns
    let there = max(0, bottom - top) * width
    let target = isWhole ? pixels.start : turned.start
    if count < slot { target.update(repeating: 0, count: there * slot) }
    if there > 0 { kernels.transpose(count, there, from, plane, target, slot) }
    guard !isWhole else { return UnsafePointer(pixels.start) }
    let wanted = min(width, columns - left)
    for row in 0..<rows {
      let to = pixels.start + row * columns * slot
      let y = first + row
      guard y >= top, y < bottom else {
        to.update(repeating: 0, count: columns * slot)
        continue
      }
      to.update(repeating: 0, count: left * slot)
      (to + left * slot).update(
        from: turned.start + (y - top) * width * slot, count: wanted * slot)
      (to + (left + wanted) * slot).update(
        repeating: 0, count: (columns - left - wanted) * slot)
    }
    return UnsafePointer(pixels.start)
  }
}

extension WinogradSquares {
  /// The transforms for the kernel.
  func transforms(_ kernels: Kernels) -> Winograd {
    switch (kernel, span) {
    case (2, _): kernels.winograd7x2
    case (4, 8): kernels.winograd5x4
    case (4, _): kernels.winograd6x4
    case (3, 6): kernels.winograd4x3
    case (3, 8): kernels.winograd6x3
    case (3, _): kernels.winograd7x3
    case (_, 6): kernels.winograd2x5
    case (_, 8): kernels.winograd4x5
    case (_, _): kernels.winograd5x5
    }
  }
}
