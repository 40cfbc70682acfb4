/// A device that OpenCL knows: a graphics card, or by PoCL the processor.
public struct Device: Equatable, @unchecked Sendable {
  /// What kind of processor it is, as OpenCL tells them apart.
  public enum Kind: String, Sendable { case gpu, cpu, accelerator }

  /// What its driver calls it.
  public let name: String
  /// Who made it, and the platform that its driver belongs to.
  public let vendor, platform: String
  /// The version of OpenCL that it has, and its driver's.
  public let version, driver: String
  /// What kind it is.
  public let kind: Kind
  /// Bytes that it has in all, and that one tensor may have.
  public let memory, largestBuffer: Int
  /// Bytes that the items of a work-group share.
  public let localMemory: Int
  /// Items that a work-group may have.
  public let largestGroup: Int
  /// Processors on it.
  public let units: Int
  /// Megahertz at most.
  public let clock: Int
  let handle: OpaquePointer
  let platformHandle: OpaquePointer
}

extension Device {
  /// All devices, platform by platform, in the order of OpenCL; throws where there is none.
  public static func all() throws(DeviceError) -> [Device] { try found.get() }

  /// Looked for once: a driver that wakes up while two threads ask for its devices may have none for one.
  private static let found = Result<[Device], DeviceError> { () throws(DeviceError) in
    let cl = try OpenCL.library.get()
    var all: [Device] = []
    let known = try platforms(cl)
    for platform in known { all += try devices(cl, of: platform) }
    guard !all.isEmpty else {
      throw .noDevice(known.map { cl.text(cl.getPlatformInfo, $0, 0x0902) })
    }
    return all
  }

  private static func platforms(_ cl: OpenCL) throws(DeviceError) -> [OpaquePointer] {
    var count: UInt32 = 0
    let code = cl.getPlatformIDs(0, nil, &count)
    // The loader says so where no driver is installed.
    if code == -1001 { return [] }
    try DeviceError.check(code, "clGetPlatformIDs")
    guard count > 0 else { return [] }
    var platforms = [OpaquePointer?](repeating: nil, count: Int(count))
    try DeviceError.check(cl.getPlatformIDs(count, &platforms, nil), "clGetPlatformIDs")
    return platforms.compactMap(\.self)
  }

  private static func devices(
    _ cl: OpenCL, of platform: OpaquePointer
  ) throws(DeviceError) -> [Device] {
    let everyKind: UInt64 = 0xffff_ffff
    var count: UInt32 = 0
    let code = cl.getDeviceIDs(platform, everyKind, 0, nil, &count)
    if code == -1 { return [] }
    try DeviceError.check(code, "clGetDeviceIDs")
    guard count > 0 else { return [] }
    var handles = [OpaquePointer?](repeating: nil, count: Int(count))
    try DeviceError.check(
      cl.getDeviceIDs(platform, everyKind, count, &handles, nil), "clGetDeviceIDs")
    return handles.compactMap(\.self).map { Device($0, platform, cl) }
  }

  private init(_ handle: OpaquePointer, _ platform: OpaquePointer, _ cl: OpenCL) {
    func text(_ parameter: UInt32) -> String { cl.text(cl.getDeviceInfo, handle, parameter) }
    func number(_ parameter: UInt32) -> Int { cl.number(cl.getDeviceInfo, handle, parameter) ?? 0 }
    let bits = number(0x1000)
    self.init(
      name: text(0x102B), vendor: text(0x102C),
      platform: cl.text(cl.getPlatformInfo, platform, 0x0902), version: text(0x102F),
      driver: text(0x102D),
      kind: bits & 4 != 0 ? .gpu : bits & 2 != 0 ? .cpu : .accelerator, memory: number(0x101F),
      largestBuffer: number(0x1010), localMemory: number(0x1023), largestGroup: number(0x1004),
      units: number(0x1002), clock: number(0x100C), handle: handle, platformHandle: platform)
  }

  /// The device of a number of the list, the first of a kind, or that with a text in its name; nil takes
  /// the first graphics card, or else the first of all.
  public static func named(_ choice: String?) throws(DeviceError) -> Device {
    try named(choice, among: all())
  }

  static func named(
    _ choice: String?, among devices: [Device]
  ) throws(DeviceError) -> Device {
    guard let first = devices.first else { throw .noDevice([]) }
    guard let choice else { return devices.first { $0.kind == .gpu } ?? first }
    let names = devices.map(\.name)
    let word = choice.lowercased()
    if let number = Int(choice), "\(number)" == choice {
      guard devices.indices.contains(number) else { throw .unknownDevice(choice, names) }
      return devices[number]
    }
    if let kind = Kind(rawValue: word), let device = devices.first(where: { $0.kind == kind }) {
      return device
    }
    // One letter or blanks are in most names, and mean none.
    let isName = word.filter { !$0.isWhitespace }.count > 1
    let found = isName ? devices.filter { $0.name.lowercased().contains(word) } : []
    guard let device = found.first else { throw .unknownDevice(choice, names) }
    guard found.count == 1 || Set(found.map(\.name)).count == 1 else {
      throw .ambiguousDevice(choice, names)
    }
    return device
  }
}
