import TestFolders
import Testing

/// The targets of `make fuzz`, with what they begin with and what once did harm.
@Suite struct CorpusTests {
  @Test("what a target begins with is taken, and holds", arguments: FuzzTarget.all.map(\.name))
  func seeds(_ name: String) throws {
    let target = try #require(FuzzTarget.all.first { $0.name == name })
    let seeds = try target.seeds()
    #expect(!seeds.isEmpty)
    for seed in seeds { try seed.withUnsafeBytes { try target.read($0) } }
  }

  @Test("what once did harm does none", arguments: names("\(root)/testdata/fuzz"))
  func corpus(_ name: String) throws {
    let target = try #require(FuzzTarget.all.first { $0.name == name }, "no such target")
    let folder = "\(root)/testdata/fuzz/\(name)"
    for file in names(folder) {
      let bytes = try #require(contents("\(folder)/\(file)"))
      let broken = bytes.withUnsafeBytes { target.broken(by: $0) }
      #expect(broken == nil, "\(name)/\(file)")
    }
  }

  @Test("each target has a name of its own")
  func distinct() {
    #expect(Set(FuzzTarget.all.map(\.name)).count == FuzzTarget.all.count)
  }
}
