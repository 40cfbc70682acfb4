/// The sources of the kernels, which are part of the executable.
enum KernelSource: String, CaseIterable, Hashable {
  /// What all others begin with.
  case numbers
  /// Plain loops.
  case direct
  /// Before `tile`: sums over windows, and the gradients of weights.
  case windows, weights
  /// Before `tile`: matrices that lie in memory.
  case matrix
  /// The product of matrices by tiles, of whatever stands before it.
  case tile
  /// Sums in a fixed order.
  case sums
  /// Winograd's transforms.
  case winograd
  /// What goes before and behind convolutions of the way back.
  case swap
  /// What the device can do.
  case peak

  /// The text.
  var text: String {
    let bytes =
      switch self {
      case .numbers: PackageResources.numbers_cl
      case .direct: PackageResources.direct_cl
      case .windows: PackageResources.windows_cl
      case .weights: PackageResources.weights_cl
      case .matrix: PackageResources.matrix_cl
      case .tile: PackageResources.tile_cl
      case .sums: PackageResources.sums_cl
      case .winograd: PackageResources.winograd_cl
      case .swap: PackageResources.swap_cl
      case .peak: PackageResources.peak_cl
      }
    return String(decoding: bytes, as: UTF8.self)
  }
}
