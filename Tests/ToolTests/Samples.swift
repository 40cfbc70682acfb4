import TestFolders

/// How many of many inputs are tried: in the suite a few, by `Scripts/check-survival` more.
enum Samples {
  private static let factor = Int(variable("CONVOY_SAMPLES") ?? "") ?? 1

  /// Whether `Scripts/check-survival` asks, which prints the table too.
  static var isTable: Bool { factor > 1 }

  /// So many in the suite.
  static func count(_ few: Int) -> Int { few * factor }
}
