/// The gradient of a bias: the sum of each channel over all pictures and pixels, in a fixed order.
final class ChannelSums {
  private let session: DeviceSession
  private let channelKernel, partKernel: Kernel
  private let pictures, channels, plane: Int
  /// Parts that the pictures are cut into, and the pictures of each.
  private let parts, picturesOfPart: Int
  private let sums: DeviceBuffer?

  init(
    pictures: Int, channels: Int, plane: Int, _ session: DeviceSession
  ) throws(DeviceError) {
    (self.pictures, self.channels, self.plane) = (pictures, channels, plane)
    self.session = session
    channelKernel = try session.kernel("sum_channels", [.sums])
    partKernel = try session.kernel("sum_parts", [.sums])
    let wanted = (session.tuning.wantedGroups + channels - 1) / channels
    picturesOfPart = (pictures + wanted - 1) / max(1, min(wanted, pictures))
    parts = (pictures + picturesOfPart - 1) / picturesOfPart
    sums =
      parts == 1
      ? nil : try DeviceBuffer(parts * channels, of: session, as: "the sums of channels")
  }

  /// `result[channel] = Σ values[picture, channel, pixel]`.
  func run(_ values: DeviceBuffer, _ result: DeviceBuffer) throws(DeviceError) {
    try session.run(
      channelKernel, [channels * KernelTuning.sumGroup, parts], group: [KernelTuning.sumGroup, 1],
      [
        .buffer(values), .buffer(sums ?? result), .int(pictures), .int(channels), .int(plane),
        .int(picturesOfPart),
      ])
    guard let sums else { return }
    try session.run(
      partKernel, [channels], group: [session.tuning.plainGroup],
      [
        .buffer(sums), .buffer(nil), .buffer(result), .int(channels), .int(parts), .int(channels),
        .int(0),
      ])
  }
}
