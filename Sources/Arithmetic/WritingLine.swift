import Alphabet

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A line that characters stand on: that of the row, or one raised above it for an exponent.
struct WritingLine {
  let geometry: GlyphGeometry
  /// What deviations of log size and of place have more than on the line of a row.
  let sizeSpread, placeSpread: Double

  /// The line of a row.
  init(_ geometry: GlyphGeometry) {
    self.geometry = geometry
    (sizeSpread, placeSpread) = (0, 0)
  }

  /// Where the first character of an exponent is looked for, above a base on this line.
  ///
  /// CROHME's 440 exponents that are digits or in parentheses, of digits and parentheses: 0.53 of the
  /// base's size, ×1.35 or less, their middles 0.08 sizes above the base's top, ±0.25.
  func raised(over base: LatticeSymbol.Box) -> WritingLine {
    let scale = 0.54 * geometry.scale
    let middle = base.y0 - 0.08 * geometry.scale - geometry.slope * base.center
    return WritingLine(
      GlyphGeometry(scale: scale, middle: middle, slope: geometry.slope), sizeSpread: 0.3,
      placeSpread: 0.45)
  }

  /// The same line as the first character on it shows it to be.
  func settled(by box: LatticeSymbol.Box, _ figures: GlyphGeometry.Class, tellsScale: Bool)
    -> WritingLine
  {
    var scale = geometry.scale
    if tellsScale {
      let told = box.height / max(exp(figures.height.mean) - GlyphGeometry.pen, 0.1)
      scale = min(max(told, 0.6 * scale), 1.7 * scale)
    }
    let middle = box.middle - figures.middle.mean * scale - geometry.slope * box.center
    return WritingLine(
      GlyphGeometry(scale: scale, middle: middle, slope: geometry.slope),
      sizeSpread: tellsScale ? 0.15 : 0.3, placeSpread: 0.15)
  }

  private init(_ geometry: GlyphGeometry, sizeSpread: Double, placeSpread: Double) {
    self.geometry = geometry
    (self.sizeSpread, self.placeSpread) = (sizeSpread, placeSpread)
  }

  /// What the likelihood of a class at a box is made of, less that of what is no character.
  func reasons(_ figures: GlyphGeometry.Class, _ box: LatticeSymbol.Box) -> (
    size: Double, place: Double
  ) {
    guard let broad = GlyphGeometry.broad else { return (0, 0) }
    let measured = geometry.features(of: box)
    func log(_ x: Double, _ one: GlyphGeometry.Class.Normal, _ spread: Double) -> Double {
      GlyphGeometry.logDensity(x, one, spread)
    }
    return (
      log(measured.height, figures.height, sizeSpread)
        + log(measured.width, figures.width, sizeSpread)
        - log(measured.height, broad.height, 0) - log(measured.width, broad.width, 0),
      log(measured.middle, figures.middle, placeSpread) - log(measured.middle, broad.middle, 0)
    )
  }

  /// How likely classes are to have a box on this line, up to what is common to all classes.
  func likelihoods(_ box: LatticeSymbol.Box) -> GlyphGeometry.Likelihoods {
    GlyphGeometry.Likelihoods(
      geometry.features(of: box), sizeSpread: sizeSpread, placeSpread: placeSpread)
  }
}
