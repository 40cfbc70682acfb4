import Streams

/// Writes the types of tables in place of their rows, a line for each that differs from the one before.
public final class TypeListing: TableSink {
  private let output: ByteWriter
  private var last: String?

  /// A listing into an output.
  public init(_ output: ByteWriter) { self.output = output }

  /// The columns of a table.
  public func begin(_ fields: [NpyField]) throws {
    let text = ColumnTypes(fields).text
    guard text != last else { return }
    last = text
    output.write(text.withoutControls + "\n")
  }

  /// Rows say nothing new.
  public func take(_ rows: UnsafeRawBufferPointer) throws {}
}
