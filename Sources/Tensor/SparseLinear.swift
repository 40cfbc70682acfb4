import KernelsAVX2
import KernelsAVX512
import KernelsBaseline

/// A fully connected layer for inference: its weights stay the same, and many of its inputs are 0.
///
/// The weights of one input lie side by side, so that those of an input that is 0, as half of the inputs
/// are behind a ReLU, are not read at all. Weights that 16-bit floats hold exactly, as those of a
/// model's file, are kept as such. One picture through 9216 → 128 takes 20 µs, of which `Linear` needs 82 to read all weights
/// from the third-level cache. The output of a row depends on that row only.
public final class SparseLinear: @unchecked Sendable {
  /// Columns of the input.
  public let inputs: Int
  /// Columns of the output.
  public let outputs: Int
  private let columns: FloatBuffer
  private let kernels: ColumnKernels
  /// Inputs whose weights stay in the first-level cache while the rows come by.
  private let few: Int

  /// A layer of weights `[output, input]`.
  public convenience init(
    inputs: Int, outputs: Int, weight: UnsafePointer<Float>, cpu: CPU = .current
  ) {
    self.init(inputs: inputs, outputs: outputs, weight: weight, ColumnKernels(cpu))
  }

  init(inputs: Int, outputs: Int, weight: UnsafePointer<Float>, _ kernels: ColumnKernels) {
    self.inputs = inputs
    self.outputs = outputs
    few = max(16, (16 << 10) / outputs)
    let turned = FloatBuffer(inputs * outputs)
    Kernels.current.transpose(outputs, inputs, weight, inputs, turned.start, outputs)
    let halves = FloatBuffer(kernels.halves == nil ? 0 : (inputs * outputs + 1) / 2)
    if let (narrow, _) = kernels.halves,
      narrow(inputs * outputs, turned.start, Self.halves(halves))
    {
      columns = halves
      self.kernels = kernels
    } else {
      columns = turned
      self.kernels = ColumnKernels(add: kernels.add, halves: nil)
    }
  }

  private static func halves(_ buffer: FloatBuffer) -> UnsafeMutablePointer<UInt16> {
    UnsafeMutableRawPointer(buffer.start).assumingMemoryBound(to: UInt16.self)
  }

  /// output = input · weightᵀ + bias; inputs must be finite.
  public func forward(
    _ rows: Int, input: UnsafePointer<Float>, bias: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>
  ) {
    for row in 0..<rows { (output + row * outputs).update(from: bias, count: outputs) }
    let few = rows == 1 ? inputs : self.few
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: few + 1) { places in
      guard let places = places.baseAddress else { return }
      for first in stride(from: 0, to: inputs, by: few) {
        for row in 0..<rows {
          let values = input + row * inputs
          let count = KernelsBaseline.listValues(
            first, min(inputs, first + few), values, places)
          if let (_, addHalves) = kernels.halves {
            addHalves(
              count, places, values, Self.halves(columns), outputs, output + row * outputs)
          } else {
            kernels.add(count, places, values, columns.start, outputs, output + row * outputs)
          }
        }
      }
    }
  }
}

/// Products by columns of one instruction set.
struct ColumnKernels: Sendable {
  typealias Add<Weight> =
    @Sendable (
      Int, UnsafePointer<Int32>, UnsafePointer<Float>, UnsafePointer<Weight>, Int,
      UnsafeMutablePointer<Float>
    ) -> Void
  typealias Narrow =
    @Sendable (Int, UnsafePointer<Float>, UnsafeMutablePointer<UInt16>) -> Bool

  let add: Add<Float>
  /// For 16-bit floats, where the processor knows them.
  let halves: (narrow: Narrow, add: Add<UInt16>)?

  init(add: @escaping Add<Float>, halves: (narrow: Narrow, add: Add<UInt16>)?) {
    self.add = add
    self.halves = halves
  }

  init(_ cpu: CPU) {
    switch cpu {
    case .baseline: self.init(add: KernelsBaseline.addColumns, halves: nil)
    #if os(Linux)
      case .avx2:
        self.init(
          add: KernelsAVX2.addColumns, halves: (KernelsAVX2.narrow, KernelsAVX2.addHalfColumns))
      case .avx512:
        self.init(
          add: KernelsAVX512.addColumns,
          halves: (KernelsAVX512.narrow, KernelsAVX512.addHalfColumns))
    #else
      case .avx2: self.init(add: KernelsAVX2.addColumns, halves: nil)
      case .avx512: self.init(add: KernelsAVX512.addColumns, halves: nil)
    #endif
    }
  }
}
