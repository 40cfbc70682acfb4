/// The help of a tool, laid out for reading.
///
/// The parser's text has each paragraph, synopsis and option as it stands in the source. Here they are
/// filled to 80 columns; what has a form of its own, as examples and tables, stays as it is.
struct HelpText {
  /// Columns that text is filled to, so that it fits a terminal as it opens.
  static let width = 80
  /// Columns that nothing exceeds; examples and tables may use them.
  static let most = 100
  /// Columns to the left of what an option does.
  private static let labels = 26

  private(set) var text = ""
  private var paragraph: (indent: Int, words: [Substring]) = (0, [])

  /// Lays out what the parser says of a command; nil where that is no help.
  init?(_ parsed: String) {
    guard parsed.hasPrefix("OVERVIEW: ") || parsed.hasPrefix("USAGE: ") else { return nil }
    let lines = parsed.split(separator: "\n", omittingEmptySubsequences: false)
    let hasSamples = lines.contains { $0.hasPrefix("  ") && $0.contains("testdata/") }
    var part: Substring = ""
    for line in lines {
      if let heading = Self.heading(line) {
        end()
        part = heading
        if heading == "USAGE" {
          usage(line)
        } else if heading == "EXAMPLES", hasSamples {
          put("EXAMPLES  (testdata/ is in the project's folder and in PREFIX/share/convoy)")
        } else if heading == "SEE ALSO" {
          fill(line, hanging: "SEE ALSO  ".count)
        } else {
          put(line)
        }
      } else if line.isEmpty {
        end()
        put("")
      } else {
        add(line, to: part)
      }
    }
    end()
    while text.hasSuffix("\n") { text.removeLast() }
  }

  /// The name of the part that begins with a line, as `EXAMPLES` or `OPTIONS:`; nil where none does.
  private static func heading(_ line: Substring) -> Substring? {
    if line.hasPrefix("OVERVIEW: ") { return "OVERVIEW" }
    if line.hasPrefix("USAGE: ") { return "USAGE" }
    if line.hasPrefix("SEE ALSO  ") { return "SEE ALSO" }
    let name = line.hasSuffix(":") ? line.dropLast() : line
    return !name.isEmpty && name.allSatisfy({ $0.isUppercase || $0 == " " }) ? name : nil
  }

  private mutating func add(_ line: Substring, to part: Substring) {
    switch part {
    case "EXAMPLES": put(line)
    case "USAGE": usage(line)
    case "ARGUMENTS", "OPTIONS", "SUBCOMMANDS": option(line)
    case "CAVEATS", "DATA":
      // What is further in is a command.
      if line.hasPrefix("    ") {
        put(line)
      } else {
        join(line, indent: 2)
      }
    default:
      // A table, or a form that is shown.
      if line.hasPrefix(" ") || line.contains("   ") {
        end()
        put(line)
      } else {
        join(line, indent: 0)
      }
    }
  }

  /// Adds a line's words to the paragraph.
  private mutating func join(_ line: Substring, indent: Int) {
    paragraph.indent = indent
    paragraph.words += line.split(separator: " ")
  }

  /// Writes the paragraph.
  private mutating func end() {
    guard !paragraph.words.isEmpty else { return }
    let margin = String(repeating: " ", count: paragraph.indent)
    fill(paragraph.words, first: margin, hanging: paragraph.indent)
    paragraph = (0, [])
  }

  /// A synopsis: its options are not torn from their values, and files stand last.
  private mutating func usage(_ line: Substring) {
    let margin = "USAGE: ".count
    var parts: [Substring] = []
    var depth = 0
    for word in line.dropFirst(margin).split(separator: " ") {
      // A value belongs to the option before it.
      let isValue = word.hasPrefix("<") && (parts.last?.hasPrefix("--") ?? false)
      if depth > 0 || isValue, let start = parts.popLast()?.startIndex {
        parts.append(line[start..<word.endIndex])
      } else {
        parts.append(word)
      }
      depth += word.count { $0 == "[" } - word.count { $0 == "]" }
    }
    let files = parts.filter { $0.hasPrefix("[<files>") }
    parts = parts.filter { !$0.hasPrefix("[<files>") } + files
    let name = parts.first?.count ?? 0
    fill(parts, first: String(line.prefix(margin)), hanging: margin + name + 1)
  }

  /// An option, or what it does where that has a line of its own.
  private mutating func option(_ line: Substring) {
    let label = line.prefix(Self.labels)
    guard line.count > Self.width, label.hasSuffix(" ") else { return put(line) }
    var words: [Substring] = []
    for word in line.dropFirst(Self.labels).split(separator: " ") {
      // A short default stays with the word that says so.
      if let last = words.last, last == "(default:", let start = words.popLast()?.startIndex {
        words.append(line[start..<word.endIndex])
      } else {
        words.append(word)
      }
    }
    fill(words, first: String(label), hanging: Self.labels)
  }

  private mutating func fill(_ line: Substring, hanging: Int) {
    fill(
      line.dropFirst(hanging).split(separator: " "), first: String(line.prefix(hanging)),
      hanging: hanging)
  }

  /// Writes words in lines that are as long as they may be.
  private mutating func fill(_ words: [Substring], first: String, hanging: Int) {
    var line = first
    var isEmpty = true
    for word in words {
      if !isEmpty, line.count + 1 + word.count > Self.width {
        put(line)
        line = String(repeating: " ", count: hanging)
        isEmpty = true
      }
      line += isEmpty ? "\(word)" : " \(word)"
      isEmpty = false
    }
    put(line)
  }

  private mutating func put(_ line: some StringProtocol) { text += "\(line)\n" }
}
