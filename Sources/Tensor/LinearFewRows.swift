import InstructionSets

/// A fully connected layer of a few rows: memory is its limit, so that each weight is read or written once,
/// along its row, and no thread needs what another does.
extension Linear {
  /// The rows up to which memory is slower than arithmetic.
  static let few = 8

  /// Gradients of more bytes than this are written past the caches: they would not stay there until they
  /// are used.
  private static let cached = 1 << 24

  /// output = weight · input + bias, of one row.
  func vectorForward(
    _ input: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?,
    _ output: UnsafeMutablePointer<Float>
  ) {
    let rows = kernels.vectorRows
    let grain = rows * max(1, (1 << 18) / (inputs * rows))
    workers.split(outputs, grain: grain) { columns, _ in
      withUnsafeTemporaryAllocation(of: Int.self, capacity: rows) { starts in
        withUnsafeTemporaryAllocation(of: Float.self, capacity: rows) { sums in
          guard let starts = starts.baseAddress, let sums = sums.baseAddress else { return }
          for first in stride(from: columns.lowerBound, to: columns.upperBound, by: rows) {
            let last = min(first + rows, columns.upperBound) - 1
            // Rows that are not there repeat the last one.
            for row in 0..<rows { starts[row] = min(first + row, last) * inputs }
            kernels.timesVector(inputs, weight, starts, input, sums)
            for column in first...last {
              output[column] = sums[column - first] + (bias?[column] ?? 0)
            }
          }
        }
      }
    }
  }

  /// Each row of the gradient is a sum of the input's rows.
  func fewRowsWeightGradient(
    _ input: UnsafePointer<Float>, _ gradOutput: UnsafePointer<Float>,
    _ gradWeight: UnsafeMutablePointer<Float>
  ) {
    let line = 64
    let isAligned =
      UInt(bitPattern: gradWeight) % UInt(line) == 0
      && inputs * MemoryLayout<Float>.size % line == 0
    let pastCaches = isAligned && outputs * inputs * MemoryLayout<Float>.size > Self.cached
    workers.split(outputs, grain: 4 * max(1, (1 << 16) / inputs)) { rows, _ in
      let whole = rows.lowerBound + rows.count / 4 * 4
      for row in stride(from: rows.lowerBound, to: whole, by: 4) {
        kernels.combineRows(
          inputs, batch, input, inputs, gradOutput + row, outputs, gradWeight + row * inputs,
          inputs,
          pastCaches)
      }
      for row in whole..<rows.upperBound {
        let target = gradWeight + row * inputs
        for i in 0..<inputs {
          var sum: Float = 0
          for place in 0..<batch {
            sum += input[place * inputs + i] * gradOutput[place * outputs + row]
          }
          target[i] = sum
        }
      }
    }
  }

  /// Sums of the weights' rows, a thread for some of their columns.
  func fewRowsInputGradient(
    _ weight: UnsafePointer<Float>, _ gradOutput: UnsafePointer<Float>,
    _ gradInput: UnsafeMutablePointer<Float>
  ) {
    // Threads part at lines of the cache.
    workers.split(inputs, grain: 16 * max(1, (1 << 12) / outputs)) { columns, _ in
      for row in 0..<batch {
        (gradInput + row * inputs + columns.lowerBound).update(repeating: 0, count: columns.count)
      }
      let whole = outputs / 4 * 4
      for first in stride(from: 0, to: whole, by: 4) {
        kernels.addRowsTimes(
          columns.count, weight + first * inputs + columns.lowerBound, inputs, gradOutput + first,
          outputs, batch, gradInput + columns.lowerBound, inputs)
      }
      for output in whole..<outputs {
        for row in 0..<batch {
          let slope = gradOutput[row * outputs + output]
          for i in columns { gradInput[row * inputs + i] += slope * weight[output * inputs + i] }
        }
      }
    }
  }
}
