/// A row of a small CSV file, by the names of its columns.
public struct CSVRow {
  /// Where it stands, as diagnostics name it.
  public let place: String
  private let fields: [String: String]

  fileprivate init(_ place: String, _ fields: [String: String]) {
    (self.place, self.fields) = (place, fields)
  }

  /// The field of a column; nil where it is empty, or the column is not there.
  public subscript(_ name: String) -> String? { fields[name] }

  /// Whether another row says the same in every column, those that nobody reads among them.
  public func isSame(as other: CSVRow) -> Bool { fields == other.fields }

  /// A failure that names the row.
  public func failure(_ rule: String) -> Failure { .badData(place, rule) }

  /// The field of a column; throws where it is empty.
  public func text(_ name: String) throws -> String {
    guard let text = self[name] else { throw failure("\(name) is empty") }
    return text
  }

  /// The number of a column, perhaps with commas between its thousands; nil where it is missing: empty,
  /// a dash or a word for none, or the column is not there.
  public func number(orNone name: String) throws -> Double? {
    guard let text = self[name], !SpelledNumber.isMissing(text) else { return nil }
    guard let number = SpelledNumber.value(text) else {
      throw failure("\(name) must be a number: '\(text.prefix(40))'")
    }
    return number
  }

  /// The number of a column; throws where it is empty.
  public func number(_ name: String) throws -> Double {
    guard let number = try number(orNone: name) else {
      throw failure("\(name) is missing" + (self[name].map { ": '\($0)'" } ?? ""))
    }
    return number
  }
}

extension ByteReader {
  /// The rows of CSV files that people write: a header, whose names may be in any order and in capitals,
  /// and fields without line breaks, in quotes or not.
  ///
  /// Columns that are not wanted are left out. Throws where one that is required is missing, where a row
  /// has more or fewer fields than the header, and where there is no header: an export that went wrong is
  /// not one of nothing.
  public func csvRows(
    required: [String], _ body: (CSVRow) throws -> Void
  ) throws {
    try forEachSource { try csvRowsOfSource(required: required, body) }
  }

  /// The same of the current source alone: for tools that read other formats too.
  ///
  /// `header` sees the names of the columns, and where they stand. Each row is one
  /// `badRecords.attempt` where rows may be dropped.
  public func csvRowsOfSource(
    required: [String], canDrop: Bool = false,
    header tell: ([String], String) throws -> Void = { _, _ in }, _ body: (CSVRow) throws -> Void
  ) throws {
    var header: [String]?
    try linesOfSource { line in
      let place = "\(name):\(lineNumber)"
      guard let text = String(validating: line, as: UTF8.self) else {
        throw Failure.badData(place, "text is not UTF-8")
      }
      let fields = csvFields(text)
      guard let names = header else {
        guard !line.contains(0x0d) else { throw Failure.badData(place, ByteReader.bareReturns) }
        let names = fields.map { $0.lowercased() }
        if let missing = required.first(where: { !names.contains($0) }) {
          throw Failure.badData(
            place,
            "header must have \(required.joined(separator: ", ")): no '\(missing)' in "
              + "'\(text.prefix(60))'\(fields.count == 1 ? otherSeparator(text) : "")")
        }
        guard Set(names).count == names.count else {
          throw Failure.badData(place, "a column comes twice in the header")
        }
        try tell(names, place)
        return header = names
      }
      func take() throws {
        guard fields.count == names.count else {
          throw Failure.badData(place, "row has \(fields.count) fields, the header \(names.count)")
        }
        let pairs = zip(names, fields).filter { !$0.1.isEmpty }
        try body(CSVRow(place, Dictionary(uniqueKeysWithValues: pairs)))
      }
      if canDrop { try badRecords.attempt(place, take) } else { try take() }
    }
    guard header != nil else {
      throw Failure.badData(
        name, "is empty, without a header: \(required.joined(separator: ", "))")
    }
  }
}

/// What stands where a header should have commas, in brackets.
private func otherSeparator(_ header: String) -> String {
  switch header.first(where: { "\t;|".contains($0) }) {
  case "\t": " (columns must be separated by commas, these are by tabs)"
  case let mark?: " (columns must be separated by commas, these are by '\(mark)')"
  case nil: ""
  }
}

/// The fields of a line, without quotes and the blanks around them.
private func csvFields(_ line: String) -> [String] {
  var fields = [""]
  var isQuoted = false
  for character in line {
    switch character {
    case "\"": isQuoted.toggle()
    case "," where !isQuoted: fields.append("")
    default: fields[fields.count - 1].append(character)
    }
  }
  return fields.map { field in
    let start = field.drop { $0 == " " || $0 == "\t" }
    let blanks = start.reversed().prefix { $0 == " " || $0 == "\t" }.count
    return String(start.dropLast(blanks))
  }
}
