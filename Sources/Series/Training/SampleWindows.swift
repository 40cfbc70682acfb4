/// The windows of the rows of a table that is complete, for several threads.
public struct SampleWindows: @unchecked Sendable {
  let inputs: Int
  let steps: Int
  /// Where the inputs of each row are; the table keeps them there.
  let rows: [UnsafePointer<Float>]
  /// The number of each row's day.
  let days: [Int32]
  /// The row of the same instrument before; -1 for the first.
  let previous: [Int32]
  /// How many rows before it are of the days before, and lie before it in memory.
  let straight: [UInt16]

  /// Copies the wanted positions of a row's window, one after the other.
  public func gather(_ row: Int32, _ positions: [Int], _ target: UnsafeMutablePointer<Float>) {
    let reach = steps - 1 - positions[0]
    if Int(straight[Int(row)]) >= reach, positions.count == reach + 1 {
      target.update(from: rows[Int(row)] - reach * inputs, count: positions.count * inputs)
      return
    }
    let first = days[Int(row)] - Int32(steps - 1)
    var current = Int(row)
    for place in positions.indices.reversed() {
      let wanted = first + Int32(positions[place])
      while days[current] > wanted {
        let before = Int(previous[current])
        guard before >= 0, days[before] >= first else { break }
        current = before
      }
      (target + place * inputs).update(from: rows[current], count: inputs)
    }
  }

  /// Copies the inputs of a row.
  public func copy(_ row: Int32, _ target: UnsafeMutablePointer<Float>) {
    target.update(from: rows[Int(row)], count: inputs)
  }
}
