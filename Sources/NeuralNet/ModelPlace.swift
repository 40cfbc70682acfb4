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
    let bin = executableFolder
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
}
