import TestFolders
import Testing

/// The list that `Scripts/mutate` goes by tells the truth: each fault can be put into the sources.
@Suite struct FaultListTests {
  struct Fault: CustomTestStringConvertible {
    let name: String
    let file: String
    let old, new: String

    var library: Substring { file.prefix { $0 != "/" } }
    var testDescription: String { name }
  }

  static let faults: [Fault] = {
    let lines = (text("\(root)/Tests/faults") ?? "").split(separator: "\n")
      .filter { !$0.hasPrefix("#") }
    return stride(from: 0, to: lines.count, by: 3).map { place in
      let words = lines[place].split(separator: ": ", maxSplits: 1)
      let others = lines[place...].dropFirst().prefix(2)
      let (old, new) = (others.first ?? "", others.last ?? "")
      guard words.count == 2, old.hasPrefix("- "), new.hasPrefix("+") else {
        fatalError("Tests/faults: '\(lines[place])' lacks its lines with - and +")
      }
      return Fault(
        name: String(words[0]), file: String(words[1]),
        old: String(old.dropFirst(2)), new: String(new.dropFirst(2)))
    }
  }()

  @Test("what a fault changes stands in its file, once", arguments: faults)
  func places(_ fault: Fault) throws {
    let source = try #require(text("\(root)/Sources/\(fault.file)"), "no file \(fault.file)")
    #expect(source.ranges(of: fault.old).count == 1, "\(fault.old)")
    #expect(fault.old != fault.new)
  }

  @Test("names are of one fault each, and every room with code has faults")
  func names() {
    #expect(Set(Self.faults.map(\.name)).count == Self.faults.count)
    // The kernels of all processors are one folder; the others have no code that runs.
    let without: Set = [
      "KernelsAVX2", "KernelsAVX512", "PlainConversions", "CPNG", "CZlib", "CExpat",
    ]
    let rooms = Set(HouseTests.package.libraries.keys).subtracting(without)
    #expect(Set(Self.faults.map { String($0.library) }) == rooms)
  }
}
