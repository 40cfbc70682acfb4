import Streams

/// The numbers of some fields of all tables of a stream, to be walked over again and again.
///
/// Files are read again for each walk; what comes through a pipe is kept in a `RowStore`.
public final class NumberRows {
  /// Sees rows: the first number, how many rows, and how many numbers apart they stand.
  public typealias Walk = (UnsafePointer<Float>, Int, Int) throws -> Void
  /// How the tables of files are read that `add` was given: whole arrays, or the days that they hold.
  public typealias Reading = (ByteReader, (NpyArray) throws -> Void) throws -> Void

  private let fields: TableFields
  private let limit: Int
  private let paths: [String]?
  private let limits: ReadingLimits
  private let read: Reading
  private var known: (type: NpyType, layout: FloatLayout)?
  private var store: RowStore?
  /// Of the tables of the files: which are part of this.
  private var isTaken: [Bool] = []
  /// The names of the fields.
  public private(set) var names: [String] = []
  /// How many rows there are.
  public private(set) var rows = 0
  /// Whether rows are kept in a temporary file.
  public var isSpooled: Bool { store?.isSpooled ?? false }
  /// How many fields there are.
  public var columns: Int { names.count }
  /// How many values of a column are few, beside them all.
  var fewValues: Int { max(1 << 14, min(rows / 8, limit / (4 * max(1, columns)))) }
  /// Some rows from everywhere, one after the other.
  private(set) var sample: [Float] = []
  private var sampleStep = 1
  private static let sampleRows = 4096

  /// Rows of these fields.
  ///
  /// `paths` are the files that the tables come from, where they can be read again, which is done as
  /// `read` does it within `limits`. Otherwise rows are kept in memory, and above `limit` bytes in a
  /// temporary file.
  public init(
    _ fields: TableFields, limit: Int, rereading paths: [String]? = nil,
    within limits: ReadingLimits = ReadingLimits(),
    by read: @escaping Reading = { try $0.arrays($1) }
  ) {
    self.fields = fields
    self.limit = limit
    self.paths = paths
    self.limits = limits
    self.read = read
  }

  /// Takes in a table, or leaves it out; throws where its fields are not those of the first.
  ///
  /// `body` sees the rows too.
  public func add(
    _ array: NpyArray, isWanted: @autoclosure () throws -> Bool = true,
    _ body: Walk = { _, _, _ in }
  ) throws {
    // Until it is known to be good, a table is none of ours.
    isTaken.append(false)
    if known?.type != array.type {
      let found = try fields.find(in: array)
      if names.isEmpty { names = found.map(\.name) }
      guard found.map(\.name) == names else {
        throw NpyError("fields differ from those of the first table")
      }
      known = (array.type, FloatLayout(found, rowSize: array.type.size))
    }
    guard try isWanted(), let known else { return }
    if paths == nil, store == nil { store = RowStore(columns: columns, limit: limit) }
    try known.layout.withFloats(array) { numbers, count, stride in
      try store?.add(numbers, count, stride: stride)
      take(numbers, count, stride)
      try body(numbers, count, stride)
    }
    isTaken[isTaken.count - 1] = true
  }

  /// Keeps every so-manieth row, and half of them once there are enough.
  private func take(_ numbers: UnsafePointer<Float>, _ count: Int, _ stride: Int) {
    for row in 0..<count where (rows + row) % sampleStep == 0 {
      sample.append(contentsOf: UnsafeBufferPointer(start: numbers + row * stride, count: columns))
      guard sample.count == Self.sampleRows * columns else { continue }
      for kept in 1..<Self.sampleRows / 2 {
        for column in 0..<columns {
          sample[kept * columns + column] = sample[2 * kept * columns + column]
        }
      }
      sample.removeLast(sample.count / 2)
      sampleStep *= 2
    }
    rows += count
  }

  /// Walks over all rows in their order, many at a time.
  public func walk(_ body: Walk) throws {
    guard let paths else {
      try store?.walk { try body($0, $1, columns) }
      return
    }
    let reader = ByteReader(paths)
    reader.limits = limits
    var (table, seen) = (0, 0)
    // Tables that were refused are passed over without another word.
    try read(reader) { array in
      defer { table += 1 }
      guard table < isTaken.count, isTaken[table] else { return }
      if array.type != known?.type {
        known = (array.type, FloatLayout(try fields.find(in: array), rowSize: array.type.size))
      }
      seen += array.count
      try known?.layout.withFloats(array, body)
    }
    guard seen == rows, table == isTaken.count else {
      throw Failure.badData(
        reader.name, "file has changed since it was read first: \(rows) rows, now \(seen)")
    }
  }
}
