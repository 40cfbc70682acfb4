import Testing

@testable import Benchmarking

@Suite struct ProcessorNameTests {
  @Test("the first processor's name and numbers, as far as the system gives them")
  func names() {
    let both =
      "processor\t: 0\ncpu family\t: 25\nmodel\t\t: 17\nmodel name\t: AMD  EPYC \n\n"
      + "processor\t: 1\ncpu family\t: 26\nmodel\t\t: 2\nmodel name\t: other\n"
    #expect(ProcessorName.name(inCPUInfo: both) == "AMD EPYC, family 25, model 17")
    #expect(ProcessorName.name(inCPUInfo: "model name : A: B\nmodel:") == "A: B")
    for nothing in ["", ":", "model name", "model name\t:\n", "BogoMIPS : 50\nFeatures : fp\n"] {
      #expect(ProcessorName.name(inCPUInfo: nothing) == nil, "\(nothing)")
    }
  }

  @Test("this machine's is one line")
  func here() {
    guard let name = ProcessorName.current else { return }
    #expect(!name.isEmpty && !name.contains("\n") && !name.contains("  "))
  }
}
