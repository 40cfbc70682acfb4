import KernelChoice

/// gradWeight = input ∗ gradOutput: six places of the window at a time against rows of channels.
///
/// The gradient of the output is turned around, a pixel a row, so that channels fill the vectors; the
/// input is read in place, through the table of `TapGeometry`.
final class WeightGradient {
  private let shape: ConvolutionShape
  private let workers: Workers
  private let kernels: Kernels
  private let geometry: TapGeometry
  private let planes: PreparedPlanes
  /// Channels of a group, filled up to whole pairs of vectors.
  private let channels: Int
  /// Where each element of the window lies, filled up to whole tiles.
  private let places: IndexTable
  /// Where each pixel lies.
  private let pixels: IndexTable
  private let tiles: Int
  private let gradients: FloatBuffer
  private let sums: FloatBuffer
  private let few: Int
  /// Pixels whose gradients stay in the first-level cache.
  private let chunk: Int

  init(_ shape: ConvolutionShape, _ workers: Workers, _ kernels: Kernels) {
    self.shape = shape
    self.workers = workers
    self.kernels = kernels
    let geometry = TapGeometry(shape)
    self.geometry = geometry
    planes = PreparedPlanes(
      geometry, batch: shape.batch, groups: shape.groups, workers: workers, kernels: kernels)
    let pair = 2 * kernels.slot
    channels = (shape.outGroup + pair - 1) / pair * pair
    tiles = (shape.window + 5) / 6
    places = IndexTable(
      geometry.offsets + [Int](repeating: 0, count: tiles * 6 - shape.window))
    pixels = IndexTable(
      (0..<shape.outPlane).map {
        $0 / shape.outWidth * geometry.rowLength + $0 % shape.outWidth
      })
    few = max(1, min(shape.batch, (128 << 10) / (shape.outPlane * channels)))
    gradients = FloatBuffer(few * shape.outPlane * channels)
    sums = FloatBuffer(tiles * 6 * channels)
    chunk = max(32, (8 << 10) / min(channels, 4 * kernels.slot))
  }

  func run(
    _ input: UnsafePointer<Float>, _ gradOutput: UnsafePointer<Float>,
    _ gradWeight: UnsafeMutablePointer<Float>, _ preparation: Preparation?
  ) {
    let s = shape
    for group in 0..<s.groups {
      sums.clear()
      planes.forEach(group, input, preparation) { pictures, source, length in
        for first in stride(from: pictures.lowerBound, to: pictures.upperBound, by: few) {
          let count = min(few, pictures.upperBound - first)
          preparation.measure {
            workers.forEach(count) { picture, _ in
              kernels.transpose(
                s.outGroup, s.outPlane,
                gradOutput + ((first + picture) * s.outChannels + group * s.outGroup) * s.outPlane,
                s.outPlane, gradients.start + picture * s.outPlane * channels, channels)
            }
          }
          let start = source + (first - pictures.lowerBound) * length
          workers.split(tiles, grain: 2) { some, _ in
            for picture in 0..<count {
              correlate(
                some, start + picture * length,
                gradients.start + picture * s.outPlane * channels)
            }
          }
        }
      }
      workers.split(s.outGroup, grain: 16) { rows, _ in
        kernels.transpose(
          s.window, rows.count, sums.start + rows.lowerBound, channels,
          gradWeight + (group * s.outGroup + rows.lowerBound) * s.window, s.window)
      }
    }
  }

  /// Adds what one picture gives to some tiles of the window.
  private func correlate(
    _ some: Range<Int>, _ source: UnsafePointer<Float>, _ gradients: UnsafePointer<Float>
  ) {
    for pixel in stride(from: 0, to: shape.outPlane, by: chunk) {
      let depth = min(chunk, shape.outPlane - pixel)
      var channel = 0
      while channel < channels {
        let slots = channels - channel >= 4 * kernels.slot ? 4 : 2
        let correlate = kernels.correlate(slots)
        for tile in some {
          correlate(
            depth, source, places.start + tile * 6, pixels.start + pixel,
            gradients + pixel * channels + channel, channels,
            sums.start + tile * 6 * channels + channel, channels, true)
        }
        channel += slots * kernels.slot
      }
    }
  }
}
