extension GlyphGeometry {
  /// Size and place of the characters of one class: a normal distribution of each of the `Features`.
  public struct Class: Sendable {
    /// Mean and standard deviation.
    public typealias Normal = (mean: Double, deviation: Double)
    /// Log height, log width, and the middle's distance below the line's middle.
    public var height, width, middle: Normal

    /// A class from its figures.
    public init(height: Normal, width: Normal, middle: Normal) {
      (self.height, self.width, self.middle) = (height, width, middle)
    }
  }

  /// The classes by their texts.
  public static let classes = Dictionary(
    uniqueKeysWithValues: table.map { ($0.key, $0.value) })

  /// A dot that multiplies: a point in the middle of the line.
  public static let raisedDot = Class(
    height: (-1.62, 0.44), width: (-1.65, 0.36), middle: (0.05, 0.12))

  /// A fraction or a root, with all that it spans.
  static let structure = Class(height: (0.80, 0.50), width: (0.80, 0.80), middle: (0.05, 0.25))

  /// The classes in the order of reports: what characters measure in the expressions of CROHME's
  /// training writers, and what `none` does, the candidates among their strokes that are no character.
  ///
  /// Printed by `calc-score --fit-geometry --hold-out 5 ink/expressions-train.ndjson.gz`, from 369
  /// expressions; ÷ (23 characters) and / (25) are the least known. These expressions have no √ , ! and %:
  /// their figures are set by eye.
  public static let table: KeyValuePairs<String, Class> = [
    "0": Class(height: (-0.17, 0.20), width: (-0.27, 0.25), middle: (0.05, 0.09)),
    "1": Class(height: (0.10, 0.13), width: (-0.64, 0.65), middle: (-0.02, 0.08)),
    "2": Class(height: (0.03, 0.13), width: (-0.18, 0.25), middle: (0.01, 0.08)),
    "3": Class(height: (0.10, 0.13), width: (-0.25, 0.20), middle: (0.01, 0.07)),
    "4": Class(height: (0.17, 0.10), width: (-0.36, 0.29), middle: (0.00, 0.08)),
    "5": Class(height: (0.07, 0.11), width: (-0.13, 0.25), middle: (0.00, 0.08)),
    "6": Class(height: (0.18, 0.11), width: (-0.36, 0.21), middle: (-0.04, 0.07)),
    "7": Class(height: (0.17, 0.10), width: (-0.13, 0.23), middle: (0.00, 0.07)),
    "8": Class(height: (0.15, 0.10), width: (-0.32, 0.17), middle: (-0.01, 0.08)),
    "9": Class(height: (0.18, 0.12), width: (-0.35, 0.21), middle: (0.02, 0.07)),
    "+": Class(height: (-0.30, 0.26), width: (-0.27, 0.28), middle: (0.09, 0.10)),
    "-": Class(height: (-1.78, 0.25), width: (-0.37, 0.25), middle: (0.12, 0.14)),
    "×": Class(height: (-0.22, 0.16), width: (-0.27, 0.25), middle: (0.16, 0.09)),
    "÷": Class(height: (0.02, 0.22), width: (0.04, 0.23), middle: (0.14, 0.10)),
    "(": Class(height: (0.53, 0.15), width: (-0.69, 0.30), middle: (0.00, 0.10)),
    ")": Class(height: (0.58, 0.16), width: (-0.68, 0.26), middle: (-0.04, 0.12)),
    "=": Class(height: (-0.72, 0.26), width: (-0.20, 0.29), middle: (0.18, 0.13)),
    ".": Class(height: (-1.62, 0.44), width: (-1.65, 0.36), middle: (0.42, 0.10)),
    "/": Class(height: (0.53, 0.14), width: (-0.50, 0.40), middle: (0.00, 0.11)),
    "√": Class(height: (0.60, 0.35), width: (0.80, 0.60), middle: (-0.05, 0.20)),
    ",": Class(height: (-1.20, 0.35), width: (-1.50, 0.35), middle: (0.50, 0.12)),
    "!": Class(height: (0.20, 0.15), width: (-1.30, 0.40), middle: (0.00, 0.10)),
    "%": Class(height: (0.20, 0.20), width: (-0.05, 0.20), middle: (0.00, 0.10)),
    "none": Class(height: (-0.45, 0.85), width: (-0.21, 0.70), middle: (0.03, 0.19)),
  ]
}
