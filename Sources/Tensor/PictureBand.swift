import KernelChoice

/// What some neighbouring output pixels see of a channel, laid out as `TapGeometry` says.
///
/// A whole picture of many channels, laid out, has left the caches when it is packed: a band of one
/// channel is still in the first.
final class PictureBand {
  let floats: FloatBuffer
  /// Floats from picture to picture.
  var pictureLength: Int { geometry.channelLength }
  private let geometry: TapGeometry
  private let kernels: Kernels
  /// Output pixels of a picture.
  private let pixels: Int
  private var covered = 0..<0

  /// Room for so many neighbouring pixels.
  init(_ geometry: TapGeometry, pixels: Int, columns: Int, _ kernels: Kernels) {
    self.geometry = geometry
    self.kernels = kernels
    self.pixels = pixels
    floats = FloatBuffer(((columns - 1) / pixels + 2) * geometry.channelLength)
  }

  /// Takes the band of those pixels, counted through all pictures.
  func cover(_ some: Range<Int>) {
    covered = some
    floats.clear()
  }

  /// The output rows of a picture that are covered.
  private func rows(_ picture: Int) -> Range<Int> {
    let width = geometry.outWidth
    let from = max(0, covered.lowerBound - picture * pixels)
    let to = min(pixels, covered.upperBound - picture * pixels)
    return from / width..<(to + width - 1) / width
  }

  /// Lays out the band's rows of a channel; pictures lie `picture` floats apart.
  func layOut(_ source: UnsafePointer<Float>, picture: Int, channel: Int) {
    let first = covered.lowerBound / pixels
    for index in first...(covered.upperBound - 1) / pixels {
      let rows = rows(index)
      geometry.prepare(
        source + index * picture + channel * geometry.height * geometry.width,
        floats.start + (index - first) * pictureLength,
        first: rows.lowerBound, rows: rows.count, ahead: geometry.height * geometry.width, kernels)
    }
  }

  /// Where a pixel lies that would lie at `place` if all rows of all pictures were here.
  func place(_ place: Int, of pixel: Int) -> Int {
    let first = covered.lowerBound / pixels
    return place - first * pictureLength - rows(pixel / pixels).lowerBound * geometry.rowLength
  }
}
