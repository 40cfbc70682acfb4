import KernelChoice

/// gradWeight = input ∗ gradOutput: six places of the window at a time against rows of channels.
///
/// The gradient of the output is turned around, so that channels fill the vectors: `[block of channels]
/// [pixel][channel]`, where a block is as wide as a tile, so that what a tile reads lies side by side. The
/// input is read in place, through the table of `TapGeometry`.
///
/// Threads share the places of a window of many, and the pixels where there are few: these are cut into parts, the
/// same for any number of threads, whose sums are added at the end.
final class WeightGradient {
  private let shape: ConvolutionShape
  private let workers: Workers
  private let kernels: Kernels
  private let geometry: TapGeometry
  private let planes: PreparedPlanes
  /// Channels of a group, filled up to whole pairs of vectors.
  private let channels: Int
  /// Channels of a block, of which the last may have half.
  private let width: Int
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
  /// Pictures that have no more pixels than that.
  private let together: Int
  /// Parts of the pixels that have sums of their own, so few that these stay in a cache; one where the window is
  /// shared out.
  private let parts: Int
  /// Floats of the sums of one part.
  private let partFloats: Int
  /// The gradients of a chunk of pixels, turned around, of each thread.
  private let turned: [FloatBuffer]

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
    width = kernels.correlateSlots * kernels.slot
    tiles = (shape.window + 5) / 6
    places = IndexTable(
      geometry.offsets + [Int](repeating: 0, count: tiles * 6 - shape.window))
    pixels = IndexTable(
      (0..<shape.outPlane).map {
        $0 / shape.outWidth * geometry.rowLength + $0 % shape.outWidth
      })
    let chunk = max(32, (8 << 10) / min(channels, width))
    self.chunk = chunk
    partFloats = tiles * 6 * channels
    parts = tiles >= 16 || partFloats > 16 << 10 ? 1 : partFloats > 4 << 10 ? 4 : 16
    few = max(1, min(shape.batch, (128 << 10) / (shape.outPlane * channels)))
    gradients = FloatBuffer(parts > 1 ? 0 : few * shape.outPlane * channels)
    sums = FloatBuffer(parts * partFloats)
    let floats = parts > 1 ? chunk * min(channels, width) : 0
    turned = (0..<workers.count).map { _ in FloatBuffer(floats) }
    together = max(1, chunk / shape.outPlane)
  }

  func run(
    _ input: UnsafePointer<Float>, _ gradOutput: UnsafePointer<Float>,
    _ gradWeight: UnsafeMutablePointer<Float>, _ preparation: Preparation?
  ) {
    let s = shape
    for group in 0..<s.groups {
      sums.clear()
      planes.forEach(group, input, preparation) { pictures, source, length in
        if parts > 1 {
          share(
            pictures, source, length,
            gradOutput + (pictures.lowerBound * s.outChannels + group * s.outGroup) * s.outPlane,
            preparation)
          return
        }
        for first in stride(from: pictures.lowerBound, to: pictures.upperBound, by: few) {
          let count = min(few, pictures.upperBound - first)
          preparation.measure {
            workers.forEach(count) { picture, _ in
              turn(
                gradOutput + ((first + picture) * s.outChannels + group * s.outGroup) * s.outPlane,
                gradients.start + picture * s.outPlane * channels)
            }
          }
          let start = source + (first - pictures.lowerBound) * length
          workers.split(tiles, grain: 2) { some, _ in
            for first in stride(from: 0, to: count, by: together) {
              correlate(some, first..<min(count, first + together), start, length)
            }
          }
        }
      }
      for part in 1..<parts {
        kernels.addRows(
          1, partFloats, sums.start + part * partFloats, partFloats, sums.start, partFloats)
      }
      workers.split(s.outGroup, grain: 16) { rows, _ in
        kernels.transpose(
          s.window, rows.count, sums.start + rows.lowerBound, channels,
          gradWeight + (group * s.outGroup + rows.lowerBound) * s.window, s.window)
      }
    }
  }

  /// Adds what the pixels of some pictures give, each chunk turned around by the thread that needs it.
  private func share(
    _ pictures: Range<Int>, _ source: UnsafePointer<Float>, _ length: Int,
    _ gradOutput: UnsafePointer<Float>, _ preparation: Preparation?
  ) {
    let s = shape
    let chunks = (s.outPlane + chunk - 1) / chunk
    let all = pictures.count * chunks
    workers.forEach(parts) { part, worker in
      let (turned, sums) = (turned[worker].start, sums.start + part * partFloats)
      for index in all * part / parts..<all * (part + 1) / parts {
        let picture = index / chunks
        let pixel = index % chunks * chunk
        let depth = min(chunk, s.outPlane - pixel)
        for channel in stride(from: 0, to: channels, by: width) {
          let columns = min(width, channels - channel)
          preparation.measure {
            kernels.transpose(
              min(width, s.outGroup - channel), depth,
              gradOutput + (picture * s.outChannels + channel) * s.outPlane + pixel, s.outPlane,
              turned, columns)
          }
          let correlate = kernels.correlate(columns / kernels.slot)
          for tile in 0..<tiles {
            correlate(
              depth, source + picture * length, places.start + tile * 6, pixels.start + pixel,
              turned, columns, sums + tile * 6 * channels + channel, channels, true)
          }
        }
      }
    }
  }

  /// Turns the gradient of one picture's channels around, a block after the other.
  private func turn(_ gradOutput: UnsafePointer<Float>, _ gradients: UnsafeMutablePointer<Float>) {
    for channel in stride(from: 0, to: channels, by: width) {
      kernels.transpose(
        min(width, shape.outGroup - channel), shape.outPlane,
        gradOutput + channel * shape.outPlane, shape.outPlane,
        gradients + channel * shape.outPlane, min(width, channels - channel))
    }
  }

  /// Adds what some pictures give to some tiles of the window.
  private func correlate(
    _ some: Range<Int>, _ pictures: Range<Int>, _ source: UnsafePointer<Float>, _ length: Int
  ) {
    for pixel in stride(from: 0, to: shape.outPlane, by: chunk) {
      let depth = min(chunk, shape.outPlane - pixel)
      for channel in stride(from: 0, to: channels, by: width) {
        let columns = min(width, channels - channel)
        let correlate = kernels.correlate(columns / kernels.slot)
        for tile in some {
          for picture in pictures {
            let gradients = gradients.start + picture * shape.outPlane * channels
            correlate(
              depth, source + picture * length, places.start + tile * 6, pixels.start + pixel,
              gradients + channel * shape.outPlane + pixel * columns, columns,
              sums.start + tile * 6 * channels + channel, channels, true)
          }
        }
      }
    }
  }
}
