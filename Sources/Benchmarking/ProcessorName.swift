import Streams

#if canImport(Darwin)
  import Darwin
#endif

/// What the system calls its processor: two that have the same instructions are not one machine.
public enum ProcessorName {
  /// The name, with the numbers that tell models of one name apart; nil where the system does not say.
  public static let current: String? = {
    #if canImport(Darwin)
      var size = 0
      guard sysctlbyname("machdep.cpu.brand_string", nil, &size, nil, 0) == 0 else { return nil }
      var bytes = [UInt8](repeating: 0, count: size)
      guard sysctlbyname("machdep.cpu.brand_string", &bytes, &size, nil, 0) == 0 else { return nil }
      return cleaned(String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)[...])
    #else
      let input = ByteReader(["/proc/cpuinfo"])
      var bytes: [UInt8] = []
      try? input.forEachSource { bytes = try input.readAll(atMost: 1 << 24) }
      return name(inCPUInfo: String(decoding: bytes, as: UTF8.self))
    #endif
  }()

  /// `AMD EPYC, family 25, model 17`, from what Linux says of its first processor.
  ///
  /// Virtual machines are often told the maker's name and no more, so that the numbers matter.
  static func name(inCPUInfo text: String) -> String? {
    var values: [String: String] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1)
      let key = parts.first.flatMap { cleaned($0) } ?? ""
      if parts.count == 2, values[key] == nil { values[key] = cleaned(parts[1]) }
    }
    guard let name = values["model name"] else { return nil }
    guard let family = values["cpu family"], let model = values["model"] else { return name }
    return "\(name), family \(family), model \(model)"
  }

  /// The words with one blank between them; nil for none.
  private static func cleaned(_ text: Substring) -> String? {
    let words = text.split { $0 == " " || $0 == "\t" }
    return words.isEmpty ? nil : words.joined(separator: " ")
  }
}
