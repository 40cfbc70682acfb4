import Arithmetic
import Streams

extension GeometryFit {
  /// What was measured of a class.
  public struct Row {
    /// The class.
    public let text: String
    /// How many characters, or candidates that are none.
    public let count: Int
    /// Means and standard deviations.
    public let figures: GlyphGeometry.Class

    /// A class of characters that measure this; there must be one at least.
    init(_ text: String, _ features: [GlyphGeometry.Features]) {
      self.text = text
      count = features.count
      figures = GlyphGeometry.Class(
        height: Self.normal(features.map(\.height)), width: Self.normal(features.map(\.width)),
        middle: Self.normal(features.map(\.middle)))
    }

    private static func normal(_ values: [Double]) -> GlyphGeometry.Class.Normal {
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      return (mean, variance.squareRoot())
    }

    /// The largest difference to the same class of a table; infinite where it has none.
    func distance(to classes: [String: GlyphGeometry.Class]) -> Double {
      guard let other = classes[text] else { return .infinity }
      return zip(figures.normals, other.normals).reduce(0) {
        max($0, abs($1.0.mean - $1.1.mean), abs($1.0.deviation - $1.1.deviation))
      }
    }
  }
}

extension GlyphGeometry.Class {
  fileprivate var normals: [Normal] { [height, width, middle] }
}

extension GeometryFit.Row {
  /// Writes `{"label","count","height":[mean,deviation],"width":[...],"middle":[...]}`, to the two
  /// decimals that the table has.
  public func write(to output: ByteWriter) {
    var json = JSONWriter(output)
    json.beginObject()
    json.key("label")
    json.value(text)
    json.key("count")
    json.value(count)
    for (key, normal) in [
      ("height", figures.height), ("width", figures.width), ("middle", figures.middle),
    ] {
      json.key(key)
      json.beginArray()
      json.value(normal.mean.shortened)
      json.value(normal.deviation.shortened)
      json.endArray()
    }
    json.endObject()
    json.endLine()
  }
}

extension Double {
  /// Two decimals; what rounds to 0 has no sign.
  fileprivate var shortened: Double { rounded(decimals: 2) + 0 }
}
