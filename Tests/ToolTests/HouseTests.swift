import TestFolders
import Testing

/// Which room may know which: read from Package.swift and from the `import` lines.
@Suite struct HouseTests {
  /// Who may use a room: all, or only its own side of the house.
  enum Side { case common, calculator, desk }

  /// The rooms from the ground up.
  ///
  /// What stands in a line may use the lines above it, and nothing else: so all arrows run one way. A new room
  /// gets a place here.
  static let layers: [(side: Side, rooms: [String])] = [
    (
      .common,
      [
        "Mechanics", "CPUFeatures", "VectorLanes", "FactorCatalogue", "OutOfMemory",
        "SHAInstructions", "NarrowInstructions", "CPNG", "CZlib", "CExpat",
      ]
    ),
    (.common, ["PlainConversions"]),
    (.common, ["InstructionSets", "KernelTable"]),
    (.common, ["KernelsBaseline", "KernelsAVX2", "KernelsAVX512"]),
    (.common, ["KernelChoice", "Streams"]),
    (.common, ["Statistics", "Tensor", "Pages"]),
    (.common, ["TensorArguments"]),
    (.common, ["NeuralNet", "Convolving", "Benchmarking"]),
    (.common, ["Devices"]),
    (.calculator, ["Alphabet"]),
    (.calculator, ["Ink", "Arithmetic"]),
    (.calculator, ["Glyphs", "Scoring", "InkPad"]),
    (.calculator, ["Layouts"]),
    (.desk, ["Days"]),
    (.desk, ["Bars", "Processors", "Tables"]),
    (.desk, ["Factors", "Series", "Portfolio"]),
    (.desk, ["Reporting"]),
  ]

  /// Rooms and tools as Package.swift lists them, with what each may import.
  struct Package {
    var libraries: [String: Set<String>] = [:]
    var tools: [String: Set<String>] = [:]

    init(_ text: String) {
      let entry = #/(tool|kernels|\.target|\.systemLibrary|\.testTarget)\(\s*(?:name: )?"([^"]+)"/#
      let entries = text.matches(of: entry)
      let names = Set(entries.map { String($0.2) })
      for (index, entry) in entries.enumerated() {
        let end = index + 1 < entries.count ? entries[index + 1].range.lowerBound : text.endIndex
        let words = text[entry.range.upperBound..<end].split(separator: "\"").map(String.init)
        let known = names.union(["ArgumentParser"]).intersection(words)
        switch entry.1 {
        case "tool": tools[String(entry.2)] = known.union(["Streams", "ArgumentParser"])
        case "kernels":
          libraries[String(entry.2)] = ["KernelTable", "FactorCatalogue", "VectorLanes"]
        case ".testTarget": continue
        default: libraries[String(entry.2)] = known
        }
      }
      // What only tests use is no room.
      libraries = libraries.filter { exists("\(root)/Sources/\($0.key)") }
    }
  }

  static let package = Package(text("\(root)/Package.swift") ?? "")

  /// The Swift files below a folder, with their text.
  static func sources(_ folder: String) -> [(path: String, text: String)] {
    names(folder).flatMap { name -> [(path: String, text: String)] in
      let path = "\(folder)/\(name)"
      guard !name.hasSuffix(".swift") else { return [(path, text(path) ?? "")] }
      return sources(path)
    }
  }

  /// What a room or tool imports, by the file that does so last.
  static func imports(_ room: String) -> [String: String] {
    var imports: [String: String] = [:]
    let line =
      #/(?m)^\s*(?:@\w+ )*(?:public |package |internal )?import (?:struct |enum |class |func )?(\w+)/#
    for (path, text) in sources("\(root)/Sources/\(room)") {
      for match in text.matches(of: line) { imports[String(match.1)] = path }
    }
    return imports
  }

  static func layer(_ room: String) -> Int? { layers.firstIndex { $0.rooms.contains(room) } }

  @Test("every room has its place, and every place a room")
  func places() {
    let placed = Self.layers.flatMap(\.rooms)
    #expect(Set(placed) == Set(Self.package.libraries.keys))
    #expect(placed.count == Set(placed).count)
    #expect(Set(Self.package.tools.keys) == Set(listOfMake("TOOLS")))
  }

  @Test("what is imported is declared, and no room imports a tool")
  func declared() {
    let rooms = Self.package.libraries.merging(Self.package.tools) { one, _ in one }
    let tools = Set(Self.package.tools.keys.map { $0.replacing("-", with: "_") })
    for (room, declared) in rooms {
      for (name, path) in Self.imports(room) {
        #expect(!tools.contains(name), "\(path) imports \(name), a tool")
        guard rooms[name] != nil || name == "ArgumentParser" else { continue }
        #expect(declared.contains(name), "\(path) imports \(name): Package.swift does not say so")
      }
    }
  }

  @Test(
    "arrows run one way: a room uses rooms of the layers above its line, and no room of the other side"
  )
  func arrows() {
    for (room, declared) in Self.package.libraries {
      guard let own = Self.layer(room) else { continue }
      for name in declared.union(Self.imports(room).keys) {
        guard let other = Self.layer(name) else { continue }
        #expect(other < own, "\(room) imports \(name)")
        let side = Self.layers[other].side
        #expect(side == .common || side == Self.layers[own].side, "\(room) imports \(name)")
      }
    }
  }

  @Test("no tool joins the calculator to the desk")
  func sides() {
    for tool in Self.package.tools.keys {
      let sides = Self.imports(tool).keys.compactMap { Self.layer($0) }.map { Self.layers[$0].side }
      #expect(!(sides.contains(.calculator) && sides.contains(.desk)), "\(tool)")
    }
  }

  @Test("a library imports ArgumentParser only for options that two tools have")
  func options() {
    let tools = Self.package.tools.keys.map { tool in
      words(Self.sources("\(root)/Sources/\(tool)").map(\.text).joined(separator: "\n"))
    }
    let option =
      #/(protocol|struct|enum|extension) ([\w.]+)[^{}]*:[^{}]*\b(Parsable\w+|Express\w+Argument)/#
    for room in Self.package.libraries.keys {
      let texts = Self.sources("\(root)/Sources/\(room)").map(\.text)
        .filter { $0.contains("import ArgumentParser") }
      guard !texts.isEmpty else { continue }
      let types = texts.flatMap { $0.matches(of: option) }.map {
        (name: String($0.2.split(separator: ".")[0]), isGroup: $0.3 == "ParsableArguments")
      }
      let all = Set(types.map(\.name))
      let served = tools.filter { !$0.isDisjoint(with: all) }.count
      #expect(served >= 2, "\(room): its options serve \(served) tools")
      // What only values of options are may be a type of the room; a group of options is the tool's.
      for type in types where type.isGroup {
        let served = tools.filter { $0.contains(type.name) }.count
        #expect(served >= 2, "\(type.name) of \(room) serves \(served) tools")
      }
    }
  }

  private func words(_ text: String) -> Set<String> {
    Set(text.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init))
  }
}
