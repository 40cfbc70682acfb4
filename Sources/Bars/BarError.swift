import Days
import Streams

/// What is wrong with a row of bars, or with a header; the reader adds the place.
public enum BarError: Error, Equatable {
  /// A field whose text is no number.
  case number(String, String)
  /// A number that a field cannot have.
  case value(String, rule: String, Double)
  /// A high below the low.
  case highBelowLow(Double, Double)
  /// A row that cannot be adjusted.
  case noFactor
  /// A row of more or fewer fields than the header has.
  case fieldCount(Int, header: Int)
  /// Columns that are missing.
  case missingColumns([String])
  /// A date in none of the forms that are read.
  case date(String)
  /// A time in none of the forms that are read.
  case moment(String)
  /// A time of an instrument that is not after the last one.
  case time(InstrumentCode, String, last: String)
  /// A column that means nothing.
  case unknownColumn(String)
  /// A column that comes twice.
  case duplicateColumn(String)
  /// A part of --columns that names no column.
  case columns(String)
  /// A header of another encoding than UTF-8.
  case encoding(String, iconv: String)
  /// A header that has the whole file in its line.
  case lineEnds
  /// Numbers of a row that contradict each other.
  case disagreement(String)
  /// A line that is no membership span.
  case span(String)
}

extension BarError: CustomStringConvertible {
  /// The rule, then the value.
  public var description: String {
    switch self {
    case .number(let field, let text): "\(field) must be a number: '\(text)'"
    case .value(let field, let rule, let value): "\(field) must be \(rule): \(value)"
    case .highBelowLow(let high, let low): "high must not be below low: \(high) < \(low)"
    case .noFactor: "--adjust needs a factor in every row that has a volume"
    case .fieldCount(let count, let header): "row has \(count) fields, the header \(header)"
    case .missingColumns(let names): "header lacks: \(names.joined(separator: ", "))"
    case .date(let text) where text.lowercased() == "date": "the header comes again: '\(text)'"
    case .date(let text):
      "date must be YYYY-MM-DD, YYYYMMDD or YYYY/M/D: '\(text)'"
        + (Moment.reads(text) ? " (rows of minutes? --minutes)" : Day.fault(text))
    case .moment(let text):
      "datetime must be YYYY-MM-DD HH:MM:SS by the exchange's clock, without a time zone: '\(text)'"
    case .time(let code, let moment, let last):
      moment == last
        ? "second row of \(code) at a time: \(moment)"
        : "times of \(code) must ascend: \(moment) after \(last)"
    case .unknownColumn(let name) where name.contains(";") || name.contains("\t"):
      "columns must be separated by commas, and decimals by points: '\(name)'"
    case .unknownColumn(""): "a column has no name (a comma too many at the end of lines?)"
    case .unknownColumn(let name):
      "unknown column '\(name)'; known are \(BarColumn.allNames.joined(separator: " "))"
    case .duplicateColumn(let name): "column comes twice: '\(name)'"
    case .columns(let text):
      "expected NAME=COLUMN or NAME=COLUMN*NUMBER, each name once, of "
        + "\(BarColumn.allNames.joined(separator: " ")): '\(text)'"
    case .encoding(let name, let iconv):
      "text must be UTF-8, this is \(name): iconv -f \(iconv) -t UTF-8 FILE makes it so"
    case .lineEnds: ByteReader.bareReturns
    case .disagreement(let text): text
    case .span(let text): "expected CODE, START and END, START not after END: '\(text)'"
    }
  }
}
