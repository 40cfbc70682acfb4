/// A raster picture with the texts that travel in it.
public struct Picture: Equatable, Sendable {
  /// Pixels in a row.
  public var width: Int
  /// Rows, the topmost first.
  public var height: Int
  /// Samples a pixel: 1 is grey, 3 is red, green and blue.
  public var channels: Int
  /// One byte a sample, row by row.
  public var samples: [UInt8]
  /// `tEXt` chunks in order: keyword and text.
  public var texts: [(keyword: String, text: String)]

  /// A picture over existing samples; their count must be width × height × channels.
  public init(
    width: Int, height: Int, channels: Int = 1, samples: [UInt8],
    texts: [(keyword: String, text: String)] = []
  ) {
    precondition(samples.count == width * height * channels)
    self.width = width
    self.height = height
    self.channels = channels
    self.samples = samples
    self.texts = texts
  }

  /// The text under a keyword.
  public func text(_ keyword: String) -> String? {
    texts.first { $0.keyword == keyword }?.text
  }

  /// Whether size, samples and texts are the same.
  public static func == (one: Picture, other: Picture) -> Bool {
    one.width == other.width && one.height == other.height && one.channels == other.channels
      && one.samples == other.samples
      && one.texts.elementsEqual(other.texts) { $0.keyword == $1.keyword && $0.text == $1.text }
  }
}
