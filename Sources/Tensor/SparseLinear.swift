import InstructionSets
import KernelChoice
import KernelTable

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
  private let kernels: Kernels
  /// Set where the weights are kept as 16-bit floats.
  private let halves: HalfColumns?
  /// Inputs whose weights stay in the first-level cache while the rows come by.
  private let few: Int

  /// A layer of weights `[output, input]`.
  public convenience init(
    inputs: Int, outputs: Int, weight: UnsafePointer<Float>, kernels: Kernels = CPU.current.kernels
  ) {
    self.init(
      inputs: inputs, outputs: outputs, weight: weight, kernels, halves: kernels.halfColumns)
  }

  init(
    inputs: Int, outputs: Int, weight: UnsafePointer<Float>, _ kernels: Kernels,
    halves: HalfColumns?
  ) {
    self.inputs = inputs
    self.outputs = outputs
    self.kernels = kernels
    few = max(16, (16 << 10) / outputs)
    let turned = FloatBuffer(inputs * outputs)
    kernels.transpose(outputs, inputs, weight, inputs, turned.start, outputs)
    let narrowed = FloatBuffer(halves == nil ? 0 : (inputs * outputs + 1) / 2)
    if let halves, halves.narrow(inputs * outputs, turned.start, Self.halves(narrowed)) {
      columns = narrowed
      self.halves = halves
    } else {
      columns = turned
      self.halves = nil
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
          let count = kernels.listValues(first, min(inputs, first + few), values, places)
          if let halves {
            halves.add(
              count, places, values, Self.halves(columns), outputs, output + row * outputs)
          } else {
            kernels.addColumns(
              count, places, values, columns.start, outputs, output + row * outputs)
          }
        }
      }
    }
  }
}
