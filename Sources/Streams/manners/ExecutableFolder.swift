#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The folder of the running executable; the current one where the system does not tell.
public var executableFolder: String {
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
