import ArgumentParser

/// An amount of memory: bytes, or with K, M or G behind it.
public struct MemorySize: ExpressibleByArgument, Sendable {
  /// How many bytes.
  public let bytes: Int
  /// As it was written.
  public let defaultValueDescription: String

  /// Reads `2G`, `512M`, `4096`; nil for anything else.
  public init?(argument: String) {
    let units: [Character: Int] = ["K": 10, "M": 20, "G": 30]
    let shift = argument.last.flatMap { units[$0] }
    let digits = shift == nil ? argument[...] : argument.dropLast()
    guard let count = Int(digits), count > 0, count <= Int.max >> (shift ?? 0) else { return nil }
    bytes = count << (shift ?? 0)
    defaultValueDescription = argument
  }

  private init(megabytes: Int) {
    bytes = megabytes << 20
    defaultValueDescription = "\(megabytes)M"
  }

  /// What tools take unless they are told otherwise.
  public static let usual = MemorySize(megabytes: 256)
}
