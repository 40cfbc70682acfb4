import Streams

/// Where the rows of tables go: to text, or to arrays.
public protocol TableSink: AnyObject {
  /// A table of these columns begins; throws where it cannot stand behind those before.
  func begin(_ fields: [NpyField]) throws
  /// The next rows of the table, whole.
  func take(_ rows: UnsafeRawBufferPointer) throws
  /// The table has ended.
  func end() throws
  /// All tables have ended.
  func finish() throws
}

extension TableSink {
  /// Most have nothing to add.
  public func end() throws {}
  /// Most have nothing to add.
  public func finish() throws {}
}

/// What a table is written as.
public enum TableFormat: String, CaseIterable, Sendable {
  /// A stream of NumPy's arrays.
  case npy
  /// An object a row.
  case ndjson
  /// A header, and a line a row.
  case csv
  /// Apache Arrow's streaming format.
  case arrow

  /// A sink of this format; arrays begin anew where a column changes: `each`, or what is usual.
  public func sink(_ output: ByteWriter, each: String?) -> any TableSink {
    switch self {
    case .npy: RowGroups(each: each) { output.write($0) }
    case .ndjson: TextSink<JSONForm>(output, isFree: true)
    case .csv: TextSink<CSVForm>(output, isFree: false)
    case .arrow: ArrowSink(output, each: each)
    }
  }
}
