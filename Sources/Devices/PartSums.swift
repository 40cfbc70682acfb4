/// Adds the parts that the depth of a product was cut into, the first first.
final class PartSums {
  private let session: DeviceSession
  private let kernel: Kernel
  private let parts, count, columns: Int
  private let buffer: DeviceBuffer?

  /// Sums of so many parts of `count` numbers; a bias has a number for each of the columns.
  init(parts: Int, count: Int, columns: Int, _ session: DeviceSession) throws(DeviceError) {
    self.session = session
    (self.parts, self.count, self.columns) = (parts, count, columns)
    kernel = try session.kernel("sum_parts", [.sums])
    buffer =
      parts == 1 ? nil : try DeviceBuffer(parts * count, of: session, as: "the parts of a sum")
  }

  /// Where a product writes: the result itself where there is one part.
  func target(_ result: DeviceBuffer) -> DeviceBuffer { buffer ?? result }

  /// Adds the parts and the bias; does nothing where there is one part.
  func run(_ bias: DeviceBuffer?, _ result: DeviceBuffer) throws(DeviceError) {
    guard let buffer else { return }
    try session.run(
      kernel, [count], group: [session.tuning.plainGroup],
      [
        .buffer(buffer), .buffer(bias), .buffer(result), .int(count), .int(parts), .int(columns),
        .int(bias == nil ? 0 : 1),
      ])
  }
}
