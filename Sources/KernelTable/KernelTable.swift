import FactorCatalogue

/// What is read.
public typealias FloatSource = UnsafePointer<Float>
/// What is written.
public typealias FloatTarget = UnsafeMutablePointer<Float>
/// Where the rows, depths or slots of a matrix start, in floats.
public typealias Offsets = UnsafePointer<Int>

/// All kernels: leaf functions that are compiled once for each instruction set.
///
/// This is their one list. Each compiled copy of `Sources/KernelsBaseline` fills it in, else it does not
/// build; the comments there say what a kernel does and why it does it so. Nothing here may be generic,
/// nor have a default: copies of such code are shared by the linker, and one that was compiled for
/// AVX-512 could be what a lesser processor runs.
public protocol KernelTable: Sendable {
  // MARK: Matrices and convolutions

  /// Floats of a vector, the columns of a slot.
  static var slot: Int { get }
  /// The register tile of one to four slots.
  static func tile(_ slots: Int) -> Tile
  /// The lowest tile of so many slots that has at least `rows` rows, for the last rows of a matrix; the whole tile
  /// where none is lower.
  static func tile(_ slots: Int, rows: Int) -> Tile
  /// Sums of products for the gradient of weights, two or four slots wide.
  static func correlate(_ slots: Int) -> Correlate
  /// Vectors of a row of the widest tile that `correlate` has: 2 or 4.
  static var correlateSlots: Int { get }
  /// Rows of A in a tile of `dot`.
  static var dotRowsA: Int { get }
  /// Rows of B in a tile of `dot`.
  static var dotRowsB: Int { get }
  /// Products of rows with rows, a chunk of depths.
  static func dot(
    _ depth: Int, _ a: FloatSource, _ aRows: Offsets, _ b: FloatSource, _ bRows: Offsets,
    _ ahead: (FloatSource, FloatSource), _ isFirst: Bool, _ sums: FloatTarget, _ c: FloatTarget?)
  /// Rows of a matrix that `timesVector` takes.
  static var vectorRows: Int { get }
  /// Products of rows with a vector.
  static func timesVector(
    _ depth: Int, _ matrix: FloatSource, _ rows: Offsets, _ vector: FloatSource,
    _ sums: FloatTarget)
  /// Four rows, each a sum of rows with factors.
  static func combineRows(
    _ count: Int, _ rows: Int, _ source: FloatSource, _ sourceRow: Int, _ factors: FloatSource,
    _ factorRow: Int, _ target: FloatTarget, _ targetRow: Int, _ pastCaches: Bool)
  /// Adds four rows with factors to each of some.
  static func addRowsTimes(
    _ count: Int, _ source: FloatSource, _ sourceRow: Int, _ factors: FloatSource,
    _ factorRow: Int, _ targets: Int, _ target: FloatTarget, _ targetRow: Int)
  /// Winograd's transforms of 6×6 pixels: F(4×4, 3×3).
  static var winograd4x3: Winograd { get }
  /// F(2×2, 5×5).
  static var winograd2x5: Winograd { get }
  /// Winograd's transforms of 8×8 pixels: F(7×7, 2×2).
  static var winograd7x2: Winograd { get }
  /// F(6×6, 3×3).
  static var winograd6x3: Winograd { get }
  /// F(5×5, 4×4).
  static var winograd5x4: Winograd { get }
  /// F(4×4, 5×5).
  static var winograd4x5: Winograd { get }
  /// Winograd's transforms of 9×9 pixels: F(7×7, 3×3).
  static var winograd7x3: Winograd { get }
  /// F(6×6, 4×4).
  static var winograd6x4: Winograd { get }
  /// F(5×5, 5×5).
  static var winograd5x5: Winograd { get }
  /// Winograd's method by rows of pixels: F(6, 3).
  static var winogradRows3: WinogradRows { get }
  /// F(4, 5).
  static var winogradRows5: WinogradRows { get }

  // MARK: A matrix times a sparse vector

  /// Lists the places of values that are not 0.
  static func listValues(
    _ first: Int, _ end: Int, _ values: FloatSource, _ places: UnsafeMutablePointer<Int32>
  ) -> Int
  /// Adds listed columns, times their values.
  static func addColumns(
    _ count: Int, _ places: UnsafePointer<Int32>, _ x: FloatSource, _ columns: FloatSource,
    _ outputs: Int,
    _ y: FloatTarget)
  /// The same for columns of 16-bit floats, where the processor converts them.
  static var halfColumns: HalfColumns? { get }

  // MARK: Moving floats

  /// Moves 16, 8, 4 or 1 floats at a time into a panel.
  static func packMoves(
    _ counts: Offsets, _ room: Int, _ sources: Offsets, _ targets: Offsets, _ rows: Int,
    _ depths: Offsets, _ source: FloatSource, _ target: FloatTarget, _ targetRow: Int)
  /// Deals rows to the phases of a stride of two.
  static func dealRows(
    _ first: Int, _ rows: Int, _ width: Int, _ source: FloatSource,
    _ targets: UnsafePointer<FloatTarget?>, _ targetRow: Int, _ evens: Int, _ odds: Int,
    _ ahead: Int)
  /// Puts floats to even and to odd places.
  static func weave(
    _ count: Int, _ evens: FloatSource, _ odds: FloatSource, _ target: FloatTarget)
  /// Puts floats to every second place.
  static func putSeconds(_ count: Int, _ source: FloatSource, _ target: FloatTarget)
  /// Copies rows.
  static func copyRows(
    _ rows: Int, _ count: Int, _ source: FloatSource, _ sourceRow: Int, _ target: FloatTarget,
    _ targetRow: Int)
  /// target += source, row by row.
  static func addRows(
    _ rows: Int, _ count: Int, _ source: FloatSource, _ sourceRow: Int, _ target: FloatTarget,
    _ targetRow: Int)
  /// target[column, row] = source[row, column].
  static func transpose(
    _ rows: Int, _ columns: Int, _ source: FloatSource, _ sourceRow: Int, _ target: FloatTarget,
    _ targetRow: Int)
  /// Groups of a few rows, each mixed to others by one small matrix.
  static func mixRows(
    _ groups: Int, _ count: Int, _ rows: Int, _ outs: Int, _ factors: FloatSource,
    _ bias: FloatSource?, _ source: FloatSource, _ target: FloatTarget)
  /// The sum of floats.
  static func sum(_ count: Int, _ values: FloatSource) -> Float

  // MARK: Single elements, computed alike wherever a loop is cut

  /// values = max(0, values).
  static func rectify(_ count: Int, _ values: FloatTarget)
  /// Keeps a gradient where ReLU's output is positive.
  static func rectifyBackward(_ count: Int, _ output: FloatSource, _ gradient: FloatTarget)
  /// target += source.
  static func add(_ count: Int, _ source: FloatSource, _ target: FloatTarget)
  /// values *= factor.
  static func scale(_ count: Int, _ factor: Float, _ values: FloatTarget)
  /// target = bytes · factor + offset.
  static func scaleBytes(
    _ count: Int, _ bytes: UnsafePointer<UInt8>, _ factor: Float, _ offset: Float,
    _ target: FloatTarget)
  /// Drops values by random bits, and multiplies the others.
  static func dropSome(
    _ count: Int, _ first: UInt32, _ key0: UInt32, _ key1: UInt32, _ limit: UInt32,
    _ factor: Float, _ values: FloatTarget)
  /// values = e^values.
  static func exponentiate(_ count: Int, _ values: FloatTarget)
  /// average += share · (values - average).
  static func approach(_ count: Int, _ values: FloatSource, _ share: Float, _ average: FloatTarget)
  /// A step of SGD with momentum.
  static func momentumStep(
    _ count: Int, _ gradient: FloatSource, _ values: FloatTarget, _ velocity: FloatTarget,
    _ rate: Float,
    _ decay: Float, _ momentum: Float, _ ahead: Float, _ reach: Float)
  /// A step of Adam.
  static func adamStep(
    _ count: Int, _ gradient: FloatSource, _ values: FloatTarget, _ mean: FloatTarget,
    _ square: FloatTarget,
    _ pace: Float, _ shrink: Float, _ decay: Float, _ beta1: Float, _ beta2: Float, _ root: Float,
    _ epsilon: Float)
  /// A step of Adadelta.
  static func adadeltaStep(
    _ count: Int, _ gradient: FloatSource, _ values: FloatTarget, _ square: FloatTarget,
    _ steps: FloatTarget,
    _ rate: Float, _ decay: Float, _ rho: Float, _ epsilon: Float)

  // MARK: Pooling

  /// The greatest of each 2×2 pixels, and which that was.
  static func maxPool(
    _ planes: Int, _ height: Int, _ width: Int, _ floor: Float, _ input: FloatSource,
    _ output: FloatTarget, _ winners: UnsafeMutablePointer<UInt8>?, _ spare: FloatTarget)
  /// Gives each gradient to the pixel that won.
  static func maxPoolBackward(
    _ planes: Int, _ height: Int, _ width: Int, _ winners: UnsafePointer<UInt8>,
    _ gradOutput: FloatSource, _ gradInput: FloatTarget, _ spare: FloatTarget)

  // MARK: What the machine can do at most

  /// Multiplications and additions that wait for nothing.
  static func chain(_ turns: Int, _ factor: Float, _ starts: FloatTarget)
  /// How many there are in a turn of `chain`.
  static var chainOperations: Int { get }
  /// target = source + factor · other.
  static func triad(
    _ count: Int, _ factor: Float, _ source: FloatSource, _ other: FloatSource,
    _ target: FloatTarget)

  // MARK: Factors of sixteen instruments side by side

  /// Takes today's bars into a block.
  static func pushDay(_ block: FloatTarget, _ day: Int)
  /// What a pass writes of a block.
  static func pass(_ pass: FactorPass) -> FactorKernel
  /// Writes lanes as rows.
  static func scatterRows(
    _ columns: UnsafePointer<UnsafePointer<Float>?>, _ count: Int,
    _ targets: UnsafePointer<UnsafeMutablePointer<Float>?>)

  // MARK: Numbers of columns in bins

  /// Counts numbers by bins.
  static func countBins(
    _ numbers: FloatSource, _ rows: Int, _ stride: Int, _ columns: Range<Int>,
    _ centers: FloatSource,
    _ inverses: FloatSource, _ limit: Float, _ counts: UnsafeMutablePointer<UInt32>)
  /// Takes out the numbers of marked bins.
  static func takeBins(
    _ numbers: FloatSource, _ rows: Int, _ stride: Int, _ columns: Range<Int>,
    _ centers: FloatSource,
    _ inverses: FloatSource, _ limit: Float, _ marks: UnsafePointer<UInt8>,
    _ target: UnsafeMutablePointer<UInt64>
  ) -> Int
}
