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

  /// The classes in the order of reports.
  public static let table: KeyValuePairs<String, Class> = [
    "0": Class(height: (-0.19, 0.20), width: (-0.27, 0.23), middle: (0.05, 0.11)),
    "1": Class(height: (0.09, 0.13), width: (-0.60, 0.62), middle: (-0.02, 0.09)),
    "2": Class(height: (0.02, 0.14), width: (-0.20, 0.23), middle: (0.00, 0.09)),
    "3": Class(height: (0.09, 0.12), width: (-0.27, 0.20), middle: (0.00, 0.09)),
    "4": Class(height: (0.16, 0.11), width: (-0.40, 0.27), middle: (-0.02, 0.10)),
    "5": Class(height: (0.04, 0.12), width: (-0.15, 0.23), middle: (0.00, 0.09)),
    "6": Class(height: (0.16, 0.11), width: (-0.39, 0.21), middle: (-0.04, 0.07)),
    "7": Class(height: (0.14, 0.11), width: (-0.16, 0.22), middle: (-0.01, 0.07)),
    "8": Class(height: (0.12, 0.09), width: (-0.34, 0.17), middle: (-0.01, 0.09)),
    "9": Class(height: (0.15, 0.10), width: (-0.35, 0.21), middle: (0.01, 0.09)),
    "+": Class(height: (-0.32, 0.24), width: (-0.29, 0.28), middle: (0.09, 0.10)),
    "-": Class(height: (-1.77, 0.25), width: (-0.36, 0.25), middle: (0.12, 0.15)),
    "×": Class(height: (-0.22, 0.16), width: (-0.27, 0.24), middle: (0.16, 0.10)),
    "÷": Class(height: (0.01, 0.21), width: (0.03, 0.23), middle: (0.15, 0.11)),
    "(": Class(height: (0.53, 0.15), width: (-0.70, 0.30), middle: (0.01, 0.11)),
    ")": Class(height: (0.57, 0.16), width: (-0.69, 0.27), middle: (-0.04, 0.12)),
    "=": Class(height: (-0.73, 0.25), width: (-0.21, 0.29), middle: (0.17, 0.14)),
    ".": Class(height: (-1.63, 0.44), width: (-1.66, 0.36), middle: (0.40, 0.13)),
    "/": Class(height: (0.52, 0.15), width: (-0.49, 0.42), middle: (-0.01, 0.11)),
    "none": Class(height: (-0.30, 0.80), width: (-0.10, 0.80), middle: (0.05, 0.35)),
  ]
}
