import TestFolders
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A tool at work in a folder of its own, whose calls can be made to fail.
struct FaultyWork: CustomTestStringConvertible, Sendable {
  let tool: String
  /// Its words; `@` stands for the folder.
  let words: [String]
  let input: [UInt8]
  /// What lies in the folder before.
  let files: [String: [UInt8]]
  /// Whether it says times, which are never the same.
  let isTimed: Bool

  var testDescription: String { ([tool] + words).joined(separator: " ") }

  /// What it did, and what its folder holds then.
  struct Result {
    let outcome: Outcome
    let files: [String: [UInt8]]
    /// What it left in the folder for temporary files.
    let temporaries: [String]
    /// How often it called, and how often that failed.
    let counts: FaultLibrary.Counts
  }

  /// Runs it with a fault.
  func run(_ fault: Fault = Fault()) throws -> Result {
    let library = try #require(FaultLibrary.path)
    return try withFolder { folder in
      let (place, temporary) = ("\(folder)/work", "\(folder)/tmp")
      for path in [place, temporary] { mkdir(path, 0o700) }
      for (name, bytes) in files {
        for slash in name.indices where name[slash] == "/" {
          mkdir("\(place)/\(name[..<slash])", 0o700)
        }
        put(bytes, "\(place)/\(name)")
      }
      put([UInt8](repeating: 0, count: 4096), "\(folder)/counts")
      // Reads are small, so that there are some two hundred, and before each what is there goes out.
      let piece = max(1, (files["in"] ?? input).count / 150)
      let outcome = ToolTests.run(
        FaultLibrary.words(
          library, fault, "piece=\(piece) idle=1 large=65536 counts=\(folder)/counts")
          + ["TMPDIR=\(temporary)", "\(FaultLibrary.tools)/\(tool)"]
          + words.map { $0.replacing("@", with: place) }, input)
      let counts = FaultLibrary.Counts(contents("\(folder)/counts") ?? [])
      return Result(
        outcome: outcome, files: Self.tree(place), temporaries: names(temporary), counts: counts)
    }
  }

  /// All files of a folder, by their paths in it.
  static func tree(_ folder: String) -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for name in names(folder) {
      let inside = tree("\(folder)/\(name)")
      for (path, bytes) in inside { files["\(name)/\(path)"] = bytes }
      if inside.isEmpty, let bytes = contents("\(folder)/\(name)") { files[name] = bytes }
    }
    return files
  }

  /// What is wrong with how it ended, beside how it ends when nothing fails; nil where nothing is.
  func surprise(_ result: Result, after fault: Fault, beside well: Result) -> String? {
    let outcome = result.outcome
    guard case .exit(let status) = outcome.ending else { return "\(outcome.ending)" }
    if status == 0 {
      if !isTimed, outcome.output != well.outcome.output { return "status 0, with other output" }
      if outcome.errors != well.outcome.errors { return "status 0, and it says \(outcome.errors)" }
      // What cannot be removed stays.
      let kept = result.files.filter { fault.call != "unlink" || well.files[$0.key] != nil }
      if kept.count != well.files.count || !kept.allSatisfy({ isNew($1, well.files[$0]) }) {
        return "status 0, with other files"
      }
    } else {
      if fault.isHarmless { return "status \(status), \(outcome.errors)" }
      let stated: [Int32] =
        ["memory", "small"].contains(fault.call) ? [70, 71] : [66, 70, 71, 74]
      if !stated.contains(status) { return "status \(status), \(outcome.errors)" }
      let isLine = outcome.errorLines.count == 1 && outcome.errors.hasPrefix("\(tool): ")
      if !isLine || !outcome.errors.hasSuffix("\n") { return "it says '\(outcome.errors)'" }
      if !isTimed, !well.outcome.output.starts(with: outcome.output) { return "other output" }
      // Of what is written when a write fails, some may be out.
      if fault.call != "write", !outcome.endsWhole { return "half a record is out" }
    }
    for (name, bytes) in result.files
    where bytes != files[name] && !isNew(bytes, well.files[name]) {
      let isLeft = well.files[name] == nil && files[name] == nil
      if isLeft, fault.call == "unlink" { continue }
      return isLeft ? "it leaves \(name)" : "\(name) is neither the old file nor the new one"
    }
    for name in files.keys where result.files[name] == nil { return "\(name) is gone" }
    if fault.call != "unlink", !result.temporaries.isEmpty { return "it leaves a temporary file" }
    return nil
  }

  /// Whether a file is as it is written where nothing fails; one of times has as many lines.
  private func isNew(_ bytes: [UInt8], _ written: [UInt8]?) -> Bool {
    guard isTimed, let written, bytes.last == 0x0a else { return bytes == written }
    return bytes.count { $0 == 0x0a } == written.count { $0 == 0x0a }
  }
}
