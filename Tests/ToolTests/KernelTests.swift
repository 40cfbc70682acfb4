import InstructionSets
import TestFolders
import Testing

/// What must hold of the kernels as they are built, and of the environment that chooses among them.
@Suite struct KernelTests {
  static let build = "\(root)/.build/release"

  @Test(
    "no weak symbol that copies of the kernels could share",
    .enabled(if: bash("command -v nm").ending == .exit(0), "nm is not installed (binutils)"),
    .enabled(if: exists("\(build)/KernelsAVX512.build"), "there is no release build: run make"))
  func weakSymbols() throws {
    let kernels = bash("Scripts/check-kernels")
    #expect(kernels.ending == .exit(0), "\(String(decoding: kernels.output, as: UTF8.self))")
    // The objects of Tensor, which is no such module, hold specialisations.
    try withFolder { folder in
      let others = bash(
        """
        mkdir '\(folder)/KernelsAVX2.build' &&
          cp \(Self.build)/Tensor.build/*.o '\(folder)/KernelsAVX2.build' &&
          Scripts/check-kernels '\(folder)'
        """)
      #expect(others.ending == .exit(65), "\(others.errors)")
      #expect(others.output.count > 0)
    }
  }

  @Test(
    "cores are those that this process may run on: bound to one, a tool has one",
    .enabled(
      if: bash("command -v taskset").ending == .exit(0), "taskset is not installed (util-linux)"))
  func boundCores() {
    let outcome = bash(
      """
      may=$(taskset -cp $$); may=${may##*: }
      taskset -c "${may%%[-,]*}" conv-bench --op linear --n 1 --inputs 2 --outputs 3 --runs 0 --threads 2
      """)
    #expect(outcome.ending == .exit(0), "\(outcome.errors)")
    let line =
      "conv-bench: --threads is more than the 1 core that this process may run on, which they share: 2"
    #expect(outcome.errorLines == [line[...]], "\(outcome.errors)")
  }

  /// All tools, with options that they take.
  private static let tools =
    ToolUnderTest.all + [
      ToolUnderTest("simbars", .text, from: "true"),
      ToolUnderTest("streams-bench", .text, from: "true"),
      ToolUnderTest("ink-pad", ["--port", "0"], .text, from: "true"),
      ToolUnderTest(
        "lenet-train", ["--model", "m", "--images", "i", "--labels", "l"], .text, from: "true"),
    ]

  @Test("CONVOY_CPU must name an instruction set, whatever the tool", arguments: tools)
  func environment(_ tool: ToolUnderTest) {
    for name in ["avx5", "", "AVX2"] {
      let outcome = run(["/usr/bin/env", "CONVOY_CPU=\(name)"] + tool.arguments, tool.sample)
      #expect(outcome.ending == .exit(64) && outcome.output.isEmpty, "\(name): \(outcome.ending)")
      #expect(
        outcome.errors.hasPrefix(
          "\(tool.name): CONVOY_CPU must be one of baseline, avx2, avx512: \(name)")
          && outcome.errorLines.count == 1, "\(outcome.errors)")
    }
    #expect(run(["/usr/bin/env", "CONVOY_CPU=avx5", tool.path, "--help"]).ending == .exit(0))
  }

  @Test(
    "instructions that this machine, or what CONVOY_CPU leaves of it, has not end any tool with 69")
  func unavailable() {
    let weight = "--weight testdata/npy/conv-weight.npy testdata/npy/conv-x.npy"
    let sizes = "--op linear --n 1 --inputs 1 --outputs 1"
    for command in [
      "conv2d \(weight) --precision int8", "conv-bench \(sizes) --precision bfloat16",
      "conv-bench \(sizes) --implementations gemm,int8",
    ] {
      let outcome = bash("CONVOY_CPU=baseline \(command)")
      #expect(outcome.ending == .exit(69) && outcome.output.isEmpty, "\(command): \(outcome)")
      #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
    }
    // Where there is no better set than this machine's, none is lacking.
    guard CPU.best != .avx512 else { return }
    for command in ["conv-bench \(sizes)", "conv2d \(weight)", "fillna < /dev/null"] {
      let outcome = bash("CONVOY_CPU=avx512 \(command)")
      #expect(outcome.ending == .exit(69) && outcome.output.isEmpty, "\(command): \(outcome)")
      #expect(outcome.errors.contains("CONVOY_CPU asks for avx512, which this processor has not"))
    }
  }

  @Test("none of bin/ is left out of that")
  func isComplete() {
    let built = String(decoding: bash("ls bin").output, as: UTF8.self).split(separator: "\n")
    // Those of a device are built without OpenCL too, where the rest of this suite cannot run them.
    let tested = Self.tools + ToolUnderTest.onDevices
    #expect(Set(built) == Set(tested.map { Substring($0.name) }))
  }
}
