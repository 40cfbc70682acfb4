import Days

/// Where bars come from: a folder of qlib, or what was read from CSV, NDJSON and npy.
public protocol BarSource {
  /// The days that it has, from the first to the last; nil where it has none.
  var span: ClosedRange<Day>? { get }
  /// All instruments that it has, in order.
  var codes: [InstrumentCode] { get }
  /// Gives the tables of all days that are selected, in order; days without a row are left out.
  ///
  /// Throws where the benchmark, or everything, has no bars.
  func days(_ selection: BarSelection, _ body: (BarDay) throws -> Void) throws
  /// The members that are told for all days; nil where they are what the rows of the days say.
  func members(_ selection: BarSelection) -> Membership?
}

extension BarSource {
  /// Writes what is selected as a qlib data folder.
  public func writeQlibFolder(
    _ path: String, _ selection: BarSelection, market: String? = nil
  ) throws {
    var draft = QlibFolderDraft()
    try days(selection) { draft.add($0) }
    try draft.write(path, members: members(selection), market: market)
  }
}
