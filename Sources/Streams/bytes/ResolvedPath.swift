#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The folder of a path, with its slash or empty, and the name in it.
func splitPath(_ path: String) -> (folder: String, name: String) {
  guard let slash = path.lastIndex(of: "/") else { return ("", path) }
  return (String(path[...slash]), String(path[path.index(after: slash)...]))
}

/// Where a path leads when links are followed, whether a file is there yet or not.
///
/// Two paths of one file give the same, but for hard links. What has no name that leads to it, such as
/// a pipe under `/dev/fd`, stays as it is.
func resolvedPath(_ path: String) -> String {
  var path = path
  // As many links as the system follows.
  for _ in 0..<40 {
    var status = stat()
    if stat(path, &status) == 0 {
      guard let real = realPath(path) else { return path }
      var other = stat()
      let isSame =
        stat(real, &other) == 0 && other.st_ino == status.st_ino && other.st_dev == status.st_dev
      return isSame ? real : path
    }
    let (folder, name) = splitPath(path)
    guard !name.isEmpty else { return path }
    let longest = Int(PATH_MAX)
    var bytes = [CChar](repeating: 0, count: longest)
    let length = readlink(path, &bytes, longest)
    if length > 0 {
      let target = String(decoding: bytes[..<length].map(UInt8.init(bitPattern:)), as: UTF8.self)
      path = target.hasPrefix("/") ? target : folder + target
      continue
    }
    guard let real = realPath(folder.isEmpty ? "." : folder) else { return path }
    return (real == "/" ? "" : real) + "/" + name
  }
  return path
}

private func realPath(_ path: String) -> String? {
  guard let real = realpath(path, nil) else { return nil }
  defer { free(real) }
  return String(cString: real)
}
