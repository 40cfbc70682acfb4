// swift-tools-version: 6.2

import PackageDescription

/// Whether sanitizers watch this build, which want to see all that happens (`make fuzz`, `Scripts/check-sanitized`).
let isChecked = Context.environment["CONVOY_CHECKED"] == "1"

/// How kernels are optimised: without checks, but for those.
let fastest = isChecked ? "-O" : "-Ounchecked"

/// One source folder of leaf kernels, compiled once for each instruction set; `KernelChoice` picks at
/// run time.
///
/// Where a square root might set `errno` no loop with one would be made into vectors. No weak symbol
/// that two copies could share may come of these modules (`Scripts/check-kernels`): so nothing of them
/// is compiled into others, and there is no reflection.
func kernels(_ name: String, _ flags: [String]) -> Target {
  .target(
    name: name, dependencies: ["KernelTable", "FactorCatalogue", "VectorLanes"],
    path: "Sources/\(name)",
    swiftSettings: [
      .define(name.uppercased()),
      .unsafeFlags(
        [
          fastest, "-Xllvm", "-sil-disable-pass=function-signature-opts", "-Xfrontend",
          "-disable-cmo", "-Xfrontend", "-disable-reflection-metadata",
        ] + (flags + ["-fno-math-errno"]).flatMap { ["-Xcc", $0] },
        .when(platforms: [.linux])),
    ])
}

/// Whether executables are linked fully static, as `make` has it where the machine's libraries allow it.
let isStatic = Context.environment["CONVOY_STATIC"] == "1"

/// Whether this is the build of the tests (`Scripts/build-tests`): libraries are optimised, since most tests
/// wait for them, and `@testable` all the same.
let isTested = Context.environment["CONVOY_TESTED"] == "1"

/// An executable named as its folder.
///
/// One that opens a library at run time cannot be static: of the system's libraries only that of C is its
/// own then, since `.build/archives` has static ones alone and comes first.
func tool(
  _ name: String, _ dependencies: [Target.Dependency], opensLibraries: Bool = false
) -> Target {
  .executableTarget(
    name: name,
    dependencies: dependencies + [
      "Streams", .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ],
    linkerSettings: !isStatic
      ? []
      : [
        .unsafeFlags(
          opensLibraries
            ? ["-L.build/archives"] : ["-static-executable"])
      ])
}

let package = Package(
  name: "convoy",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/attaswift/BigInt", from: "6.0.1"),
    .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
  ],
  targets: [
    tool("segment", ["Ink"]),
    tool("strokes2png", ["Ink"]),
    tool("center28", ["Ink"]),
    tool("lenet-infer", ["Glyphs", "Tensor"]),
    tool("lenet-train", ["Glyphs", "NeuralNet", "Tensor"]),
    tool("simink", ["Layouts", "Glyphs"]),
    tool("expr-eval", ["Arithmetic"]),
    tool("streams-bench", ["Benchmarking"]),
    tool("calc-score", ["Scoring", "Mechanics"]),
    tool("conv-bench", ["Benchmarking", "Tensor", "TensorArguments"]),
    tool("conv2d", ["Convolving", "Tensor", "TensorArguments"]),
    tool(
      "conv2d-gpu", ["Devices", "Convolving", "Tensor", "TensorArguments"], opensLibraries: true),
    tool(
      "conv-bench-gpu", ["Devices", "Benchmarking", "Tensor", "TensorArguments"],
      opensLibraries: true),
    tool("alpha158", ["Factors", "FactorCatalogue", "Bars", "Days"]),
    tool("robust-zscore", ["Processors", "Days", "Statistics"]),
    tool("fillna", ["Processors", "Days"]),
    tool("dropna", ["Processors"]),
    tool("cs-rank", ["Processors"]),
    tool("table", ["Tables"]),
    tool("describe", ["Processors", "Statistics"]),
    tool("bars", ["Bars", "Days"]),
    tool("simbars", ["Bars", "Days"]),
    tool("shard", ["Days"]),
    tool("merge-days", ["Days"]),
    tool("cnn1d-train", ["Mechanics", "NeuralNet", "Series", "Processors", "Days", "Tensor"]),
    tool("cnn1d-infer", ["Series", "Days", "Tensor"]),
    tool("risk-report", ["Portfolio", "Reporting"]),
    tool("topk-backtest", ["Days", "Portfolio"]),
    tool("signal-eval", ["Days", "Portfolio"]),
    tool("ink-pad", ["InkPad"]),

    .target(
      name: "Streams",
      dependencies: [
        "InstructionSets", "Mechanics", "OutOfMemory", "SHAInstructions", "CPNG", "CZlib",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(
      name: "Tensor",
      dependencies: [
        "KernelChoice", "KernelTable", "InstructionSets", "NarrowInstructions", "Mechanics",
        "OutOfMemory",
      ],
      swiftSettings: [.unsafeFlags([fastest])]),
    .target(
      name: "NeuralNet",
      dependencies: ["Mechanics", "Pages", "Tensor", "KernelChoice", "InstructionSets", "Streams"]),
    .target(
      name: "Glyphs",
      dependencies: [
        "Alphabet", "TensorArguments", "Mechanics", "NeuralNet", "Tensor", "KernelChoice",
        "InstructionSets", "Ink", "Streams",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(
      name: "Series",
      dependencies: [
        "Mechanics", "Processors", "Days", "Statistics", "NeuralNet", "Tensor", "KernelChoice",
        "InstructionSets", "Streams",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(
      name: "TensorArguments",
      dependencies: [
        "Tensor", "InstructionSets", "Streams",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(
      name: "Convolving",
      dependencies: [
        "Tensor", "TensorArguments", "Streams",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(
      name: "Benchmarking",
      dependencies: [
        "Tensor", "TensorArguments", "KernelChoice", "InstructionSets", "Mechanics", "Pages",
        "Statistics", "Streams",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(
      name: "Devices",
      dependencies: [
        "Benchmarking", "Convolving", "Tensor", "Mechanics", "Streams",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      resources: [.embedInCode("kernels")]),
    .target(name: "Ink", dependencies: ["Statistics", "Streams", "OutOfMemory", "CExpat"]),
    .target(name: "Alphabet"),
    .target(
      name: "Arithmetic",
      dependencies: [
        "Alphabet", "Mechanics", "Streams", .product(name: "BigInt", package: "BigInt"),
      ]),
    .target(
      name: "Statistics",
      dependencies: ["Mechanics", "KernelChoice", "InstructionSets", "Streams"]),
    .target(
      name: "Days",
      dependencies: [
        "Mechanics", "Streams", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(name: "Bars", dependencies: ["Mechanics", "Days", "Streams"]),
    .target(
      name: "Factors",
      dependencies: [
        "Mechanics", "Bars", "Days", "Statistics", "FactorCatalogue", "KernelChoice",
        "KernelTable", "InstructionSets", "Streams",
      ]),
    .target(
      name: "Processors",
      dependencies: [
        "Mechanics", "Days", "Statistics", "Streams",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(name: "Tables", dependencies: ["Mechanics", "Days", "Streams"]),
    .target(
      name: "Portfolio",
      dependencies: [
        "Mechanics", "Days", "Statistics", "Streams", "Tables",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(name: "Pages", dependencies: ["Mechanics", "Streams"]),
    .target(
      name: "Reporting", dependencies: ["Pages", "Portfolio", "Days", "Statistics", "Streams"]),
    .target(
      name: "Scoring",
      dependencies: ["Alphabet", "Mechanics", "Statistics", "Arithmetic", "Ink", "Streams"]),
    .target(
      name: "Layouts",
      dependencies: ["Arithmetic", "Glyphs", "Ink", "Mechanics", "NeuralNet", "Streams"]),
    .target(
      name: "InkPad",
      dependencies: [
        "Alphabet", "Arithmetic", "Ink", "Mechanics", "Streams",
        .product(name: "FlyingSocks", package: "FlyingFox"),
      ],
      resources: [.embedInCode("page")],
      swiftSettings: isChecked ? [.define("WATCHED")] : []),

    kernels("KernelsBaseline", []),
    kernels("KernelsAVX2", ["-march=x86-64-v3"]),
    kernels("KernelsAVX512", ["-march=x86-64-v4", "-mprefer-vector-width=512"]),
    .target(
      name: "KernelChoice",
      dependencies: [
        "KernelsBaseline", "KernelsAVX2", "KernelsAVX512", "KernelTable", "InstructionSets",
      ]),
    .target(name: "KernelTable", dependencies: ["FactorCatalogue"]),
    .target(name: "FactorCatalogue"),
    .target(name: "InstructionSets", dependencies: ["CPUFeatures"]),
    // The small mechanics that every room may use; it imports nothing.
    .target(name: "Mechanics"),
    .target(name: "PlainConversions", dependencies: ["Mechanics"]),
    .target(name: "VectorLanes"),
    .target(name: "CPUFeatures"),
    .target(name: "SHAInstructions"),
    .target(name: "NarrowInstructions"),
    // Debug builds and that of the tests find Swift's runtime in a library, whose allocations the linker
    // cannot wrap.
    .target(
      name: "OutOfMemory",
      cSettings: [
        .define(
          "OWN_MALLOC", .when(platforms: [.linux], configuration: isTested ? .release : .debug))
      ]),
    .systemLibrary(name: "CPNG", providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CExpat", providers: [.apt(["libexpat1-dev"]), .brew(["expat"])]),

    .target(
      name: "TestFolders", dependencies: ["Mechanics", "Streams"], path: "Tests/TestFolders"),
    .testTarget(name: "MechanicsTests", dependencies: ["Mechanics"]),
    .testTarget(
      name: "StreamsTests", dependencies: ["Mechanics", "OutOfMemory", "Streams", "TestFolders"]),
    .testTarget(name: "PagesTests", dependencies: ["Pages"]),
    .testTarget(
      name: "TensorTests",
      dependencies: ["Mechanics", "Tensor", "KernelChoice", "InstructionSets"]),
    .testTarget(
      name: "ConvolvingTests",
      dependencies: ["Convolving", "Streams", "Tensor", "TensorArguments", "TestFolders"]),
    .testTarget(
      name: "BenchmarkingTests",
      dependencies: [
        "Mechanics", "Benchmarking", "Pages", "Tensor", "KernelChoice", "InstructionSets",
        "TestFolders",
      ]),
    .testTarget(
      name: "DevicesTests",
      dependencies: [
        "Mechanics", "Devices", "Benchmarking", "Convolving", "Tensor", "Streams", "TestFolders",
      ]),
    .testTarget(
      name: "NeuralNetTests", dependencies: ["NeuralNet", "Streams", "Tensor", "TestFolders"]),
    .testTarget(
      name: "GlyphsTests",
      dependencies: [
        "Mechanics", "Glyphs", "Ink", "NeuralNet", "Streams", "Tensor", "TestFolders",
        "lenet-train",
      ]),
    .testTarget(
      name: "SeriesTests",
      dependencies: [
        "Series", "Processors", "Days", "NeuralNet", "Streams", "Tensor", "TestFolders",
      ]),
    .testTarget(
      name: "LayoutsTests",
      dependencies: ["Alphabet", "Arithmetic", "Glyphs", "Ink", "Layouts", "NeuralNet"]),
    .testTarget(
      name: "InkTests", dependencies: ["Mechanics", "Ink", "Streams", "TestFolders"]),
    .testTarget(name: "AlphabetTests", dependencies: ["Alphabet"]),
    .testTarget(name: "ArithmeticTests", dependencies: ["Mechanics", "Alphabet", "Arithmetic"]),
    .testTarget(
      name: "ScoringTests",
      dependencies: ["Mechanics", "Scoring", "Arithmetic", "Ink", "Streams", "TestFolders"]),
    .testTarget(
      name: "DaysTests", dependencies: ["Mechanics", "Days", "Bars", "Streams", "TestFolders"]),
    .testTarget(
      name: "BarsTests", dependencies: ["Mechanics", "Bars", "Days", "Streams", "TestFolders"]),
    .testTarget(
      name: "FactorsTests",
      dependencies: [
        "Mechanics", "Factors", "FactorCatalogue", "KernelChoice", "InstructionSets", "Bars",
        "Days", "Statistics", "Streams", "TestFolders",
      ]),
    .testTarget(
      name: "StatisticsTests",
      dependencies: [
        "Mechanics", "Statistics", "KernelChoice", "InstructionSets", "Streams", "TestFolders",
      ]),
    .testTarget(
      name: "ProcessorsTests",
      dependencies: ["Mechanics", "Processors", "Statistics", "Days", "Streams", "TestFolders"]),
    .testTarget(
      name: "TablesTests",
      dependencies: ["Mechanics", "Tables", "Days", "Streams", "TestFolders"]),
    .testTarget(
      name: "ReportingTests",
      dependencies: ["Pages", "Reporting", "Portfolio", "Days", "Streams"]),
    .testTarget(
      name: "PortfolioTests",
      dependencies: ["Mechanics", "Portfolio", "Bars", "Days", "Streams", "TestFolders"]),
    .testTarget(
      name: "InkPadTests",
      dependencies: ["Arithmetic", "InkPad", "Mechanics", "Streams", "TestFolders"]),
    .testTarget(
      name: "ToolTests",
      dependencies: ["InstructionSets", "Mechanics", "Ink", "InkPad", "Streams", "TestFolders"]),
  ]
)

// `make fuzz` builds what the tests of targets build too, with libFuzzer for a driver.
let fuzzed: [Target.Dependency] = [
  "Streams", "Mechanics", "Ink", "Arithmetic", "Days", "Bars", "Factors", "Statistics",
  "Processors", "Tables",
  "Portfolio", "Tensor", "NeuralNet", "Glyphs", "Series", "Scoring", "InkPad", "TestFolders",
  "CZlib",
]
if Context.environment["CONVOY_FUZZ"] == "1" {
  package.targets.removeAll { [.executable, .test].contains($0.type) }
  package.targets += [
    .systemLibrary(name: "CFuzzer", path: "Tests/CFuzzer"),
    .executableTarget(
      name: "fuzz", dependencies: fuzzed + ["CFuzzer"], path: "Tests/FuzzTests",
      exclude: ["CorpusTests.swift"]),
  ]
} else {
  package.targets.append(
    .testTarget(name: "FuzzTests", dependencies: fuzzed, exclude: ["Fuzz.swift"]))
}

// Conversions of floating numbers to whole ones are checked (CheckedConversion.swift), which the
// compiler enforces in every module (PlainConversions.swift), but in kernels: they import nothing and
// trap at nothing.
let unchecked = [
  "Mechanics", "PlainConversions", "FactorCatalogue", "KernelTable", "VectorLanes", "CPUFeatures",
  "OutOfMemory", "SHAInstructions", "NarrowInstructions",
]
for target in package.targets
where [.regular, .executable].contains(target.type) && target.path == nil
  && !unchecked.contains(target.name)
{
  let imported = ["Mechanics", "PlainConversions"]
  for name in imported
  where !target.dependencies.contains(where: { "\($0)".contains("\"\(name)\"") }) {
    target.dependencies.append(.byName(name: name))
  }
  target.swiftSettings =
    (target.swiftSettings ?? []) + [
      .treatWarning("DeprecatedDeclaration", as: .error),
      .unsafeFlags(imported.flatMap { ["-Xfrontend", "-import-module", "-Xfrontend", $0] }),
    ]
}

// The tests themselves are not optimised: that would take longer than it saves.
if isTested {
  for target in package.targets {
    if target.type == .test {
      target.swiftSettings = [.unsafeFlags(["-Onone"])]
    } else if target.path == nil && target.type != .system {
      target.swiftSettings = (target.swiftSettings ?? []) + [.unsafeFlags(["-enable-testing"])]
    } else if target.name == "TestFolders" {
      target.swiftSettings = [.define("TESTING")]
    }
  }
}
