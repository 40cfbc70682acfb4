import TestFolders
import Testing

/// A page of the documentation.
struct Page: CustomTestStringConvertible {
  /// Its place in the project, such as `docs/pad.md`.
  let name: String
  var text: String { TestFolders.text("\(root)/\(name)") ?? "" }
  var testDescription: String { name }

  /// The README, and all of docs/.
  static let all =
    ["README.md"].map(Page.init)
    + names("\(root)/docs").filter { $0.hasSuffix(".md") }.map { Page(name: "docs/\($0)") }

  /// What stands between ``` and ```, and the word behind the first.
  var blocks: [(language: Substring, lines: [Substring])] {
    var blocks: [(language: Substring, lines: [Substring])] = []
    var inside = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        if !inside { blocks.append((line.dropFirst(3), [])) }
        inside.toggle()
      } else if inside {
        blocks[blocks.count - 1].lines.append(line)
      }
    }
    return blocks
  }

  /// The folder that its links start from.
  private var folder: Substring { name.dropLast(name.split(separator: "/").last?.count ?? 0) }

  /// Where its links and pictures lead to inside the project: a file, and a heading in it or nothing.
  var links: [(file: String, heading: Substring)] {
    var links: [(file: String, heading: Substring)] = []
    var rest = Substring(text)
    while let start = rest.firstRange(of: "](") {
      rest = rest[start.upperBound...]
      let link = rest.prefix { $0 != ")" }
      guard !link.contains("://") else { continue }
      let file = link.prefix { $0 != "#" }
      links.append(
        (
          file.isEmpty ? "\(root)/\(name)" : "\(root)/\(folder)\(file)",
          link.dropFirst(file.count + 1)
        ))
    }
    return links
  }

  /// Its headings as links name them: in lower case, with - for spaces and without other marks.
  static func headings(_ file: String) -> [String] {
    (TestFolders.text(file) ?? "").split(separator: "\n").filter { $0.hasPrefix("#") }.map { line in
      line.drop { $0 == "#" }.dropFirst().lowercased().replacing(" ", with: "-")
        .filter { $0.isLetter || $0.isNumber || $0 == "-" }
    }
  }
}

@Suite struct PageTests {
  @Test("the README has at most 150 lines")
  func short() {
    #expect(Page.all[0].text.split(separator: "\n", omittingEmptySubsequences: false).count <= 151)
  }

  @Test("the README names every tool")
  func tools() {
    let text = Page.all[0].text
    for tool in listOfMake("TOOLS") {
      #expect(text.contains("`\(tool)`"), "\(tool)")
    }
  }

  @Test("each link inside the project leads to a file", arguments: Page.all)
  func links(_ page: Page) {
    for (file, heading) in page.links {
      #expect(exists(file))
      #expect(
        heading.isEmpty || Page.headings(file).contains(String(heading)), "\(file)#\(heading)")
    }
  }

  @Test("the page on the house names every room")
  func rooms() {
    let house = Page(name: "docs/house.md").text
    let tools = listOfMake("TOOLS")
    for room in names("\(root)/Sources") where !tools.contains(room) {
      let isCopy = room.contains("Kernels") && house.contains("`Kernels*`")
      #expect(isCopy || house.contains("`\(room)`"), "\(room)")
    }
  }

  @Test("every page of docs/ is reached from the README")
  func reached() {
    var seen: Set = ["README.md"]
    var waiting = Page.all.filter { $0.name == "README.md" }
    while let page = waiting.popLast() {
      for next in Page.all where !seen.contains(next.name) {
        guard page.links.contains(where: { $0.file.hasSuffix("/\(next.name)") }) else { continue }
        seen.insert(next.name)
        waiting.append(next)
      }
    }
    #expect(Page.all.map(\.name).filter { !seen.contains($0) } == [])
  }
}
