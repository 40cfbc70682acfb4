import KernelChoice
import Testing

@testable import InstructionSets
@testable import Tensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What the processor can do, and the kernels that are taken by that.
@Suite struct ProcessorTests {
  /// The flags of the processor, as Linux tells them.
  private static let flags: Set<Substring>? = {
    guard let file = fopen("/proc/cpuinfo", "r") else { return nil }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 1 << 16)
    while fgets(&line, Int32(line.count), file) != nil {
      let text = String(
        decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      if text.hasPrefix("flags") { return Set(text.split { $0 == " " || $0 == "\n" }) }
    }
    return nil
  }()

  @Test("the best instruction set is the one that the system tells of", .enabled(if: flags != nil))
  func best() throws {
    let flags = try #require(Self.flags)
    let hasAVX2 = flags.isSuperset(of: ["avx2", "fma"])
    let hasAVX512 = flags.isSuperset(of: ["avx512f", "avx512bw", "avx512dq", "avx512vl"])
    #expect(CPU.best == (hasAVX512 ? .avx512 : hasAVX2 ? .avx2 : .baseline))
    #expect(CPU.available.contains(.baseline) && CPU.available.last == CPU.best)
    #expect(CPU.usable.last == CPU.current && CPU.current <= CPU.best)
  }

  @Test("a name chooses a lesser instruction set, never a better one than there is")
  func chosen() {
    for best in CPU.allCases {
      for one in CPU.allCases {
        #expect(CPU.chosen(one.rawValue, of: best) == (one < best ? one : best))
        #expect(CPU.error(in: one.rawValue) == nil)
        let lack = "CONVOY_CPU asks for \(one), which this processor has not: its best is \(best)"
        #expect(CPU.lack(one.rawValue, of: best) == (one > best ? lack : nil))
      }
      for name in [nil, "", "AVX2", "avx5", "baseline "] {
        #expect(CPU.chosen(name, of: best) == best)
        let text = name.map { "CONVOY_CPU must be one of baseline, avx2, avx512: \($0)" }
        #expect(CPU.error(in: name) == text && CPU.lack(name, of: best) == nil)
      }
    }
  }

  @Test("each instruction set has kernels of its own")
  func kernels() {
    let tables = CPU.allCases.map { ObjectIdentifier($0.kernels) }
    #expect(Set(tables).count == CPU.allCases.count)
  }
}
