import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Model {
  /// Reads the model at `path` or, where that is nil, the one that came with this program:
  /// `../models/NAME` or `../share/convoy/NAME`, seen from the folder of the executable.
  public init(path: String?, orDefault name: String) throws {
    if let path {
      try self.init(existing: path)
      return
    }
    let bin = Self.executableFolder
    let places = ["\(bin)/../models/\(name)", "\(bin)/../share/convoy/\(name)"]
    try self.init(existing: places.first { access($0, F_OK) == 0 } ?? places[0])
  }

  private init(existing path: String) throws {
    do {
      try self.init(path: path)
    } catch let failure as Failure where failure.status == .inputMissing {
      throw Failure(
        .inputMissing,
        "\(failure.description) (name a model with --model, or train one: lenet-train)")
    }
  }

  /// The folder of the running executable; the current one where the system does not tell.
  private static var executableFolder: String {
    var buffer = [CChar](repeating: 0, count: 4096)
    #if canImport(Glibc)
      let length = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    #else
      var size = UInt32(buffer.count)
      let length = _NSGetExecutablePath(&buffer, &size) == 0 ? Int(strlen(buffer)) : -1
    #endif
    guard length > 0 else { return "." }
    let path = String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  }
}
