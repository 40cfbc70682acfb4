import Benchmarking
import Mechanics
import Streams
import Tensor
import TestFolders
import Testing

@testable import Devices

/// The operators on a device, against the reference in Double.
@Suite(.serialized, .enabled(if: Requirement.opencl.isMet, "\(Requirement.opencl)"))
struct DeviceOperatorTests {
  /// All convolutions that conv-bench knows, small ones and those that many tiles make.
  private func check(_ session: DeviceSession, shapes: Int, seed: UInt64) throws {
    let implementations = Implementation.all
    let findings = try GradientCheck(seed: seed, [DeviceEngine(session)], implementations)
      .run(shapes: shapes) { _ in }
    #expect(findings.count == implementations.count + 2)
    for finding in findings {
      #expect(!finding.isWrong, "\(finding)")
      #expect(finding.shapes * 4 > shapes && finding.elements > 0)
    }
  }

  @Test("every implementation has the gradients of the reference, on random shapes")
  func shapes() throws { try check(try DeviceSession(Device.named(nil)), shapes: 60, seed: 1) }

  @Test("whichever tiles a product is cut into", arguments: KernelTuning.table(.gpu).indices)
  func tiles(_ index: Int) throws {
    let device = try Device.named(nil)
    let tuning = KernelTuning(device, [KernelTuning.table(.gpu)[index]])
    let session = try DeviceSession(device, tuning)
    let gemm = try #require(Implementation.list("gemm"))
    for line in [
      #"{"n":3,"c":9,"h":13,"w":29,"k":70,"r":3,"s":3,"padding":1}"#,
      #"{"op":"linear","n":70,"inputs":530,"outputs":65}"#,
    ] { try check(line, session, gemm) }
  }

  @Test(
    "tiles at the edge of a product, long sums in parts, many pictures and many groups",
    arguments: [
      #"{"n":3,"c":33,"h":13,"w":29,"k":70,"r":3,"s":3,"padding":1}"#,
      #"{"n":9,"c":3,"h":30,"w":31,"k":5,"r":3,"s":3}"#,
      #"{"n":2,"c":12,"h":17,"w":9,"k":18,"r":5,"s":3,"groups":3,"stride":[2,3],"padding":2}"#,
      #"{"n":2,"c":96,"h":24,"w":24,"k":64,"r":1,"s":1,"stride":2}"#,
      #"{"n":1,"c":2,"h":9,"w":9,"k":3,"r":3,"s":3,"padding":2}"#,
      #"{"op":"linear","n":1,"inputs":9000,"outputs":33}"#,
      #"{"op":"linear","n":70,"inputs":130,"outputs":65}"#,
    ])
  func edges(_ line: String) throws {
    try check(line, try DeviceSession(Device.named(nil)), Implementation.all)
  }

  /// All passes of a problem, by some implementations.
  private func check(
    _ line: String, _ session: DeviceSession, _ implementations: [Implementation]
  ) throws {
    let engine = DeviceEngine(session)
    var problem: Problem?
    let withPass = line.dropLast() + #","pass":"forward_backward"}"#
    try Array(withPass.utf8).withUnsafeBytes { bytes in
      try withJSON(bytes, name: "problem") { problem = try Problem($0) }
    }
    let all = try Measuring(RunPlan(runs: 0), engine)
      .measure(try #require(problem), implementations)
    #expect(all.count >= min(3, implementations.count))
    for one in all {
      #expect(!one.isWrong, "\(one.implementation): \(one.error)")
      #expect(one.places > 100)
    }
  }

  @Test("the same bytes in each run, and in a session of their own")
  func repeated() throws {
    let shape = try ConvolutionShape(
      batch: 5, inChannels: 17, height: 20, width: 21, outChannels: 19, kernelHeight: 3,
      kernelWidth: 3, padding: 1)
    let problem = Problem(.convolution(shape), .forwardBackward)
    let tensors = ProblemTensors(problem)
    for implementation in Implementation.all {
      var results: [[UInt32]] = []
      for _ in 0..<2 {
        let engine = DeviceEngine(try DeviceSession(Device.named(nil)))
        let candidate = try #require(try engine.candidate(implementation, problem, tensors))
        for _ in 0..<2 {
          _ = try candidate.run()
          try candidate.fetch()
          results.append(
            [tensors.output, tensors.gradInput, tensors.gradWeight, tensors.gradBias].flatMap {
              $0.values.map(\.bitPattern)
            })
        }
      }
      #expect(Set(results).count == 1, "\(implementation.name)")
      #expect(results[0].allSatisfy { !Float(bitPattern: $0).isNaN })
    }
  }

  @Test("Winograd's tiles of as many pictures at a time as have room give the same")
  func chunks() throws {
    // 36 points of 16 tiles and 512 channels: 1.2 MB a picture; in room of 2.4 MB two at a time.
    let shape = try ConvolutionShape(
      batch: 5, inChannels: 40, height: 16, width: 16, outChannels: 24, kernelHeight: 3,
      kernelWidth: 3, padding: 1)
    let problem = Problem(.convolution(shape), .forward)
    let tensors = ProblemTensors(problem)
    let session = try DeviceSession(Device.named(nil))
    let there = try DeviceTensors(problem, tensors, session)
    var results: [[UInt32]] = []
    for room in [1 << 30, 2 * 36 * 4 * 16 * 64, 1] {
      let passes = try WinogradPasses(shape, session, room: room)
      try passes.forward(there.input, there.weight, there.bias, there.output)
      try there.fetch()
      results.append(tensors.output.values.map(\.bitPattern))
    }
    #expect(Set(results).count == 1)
    #expect(!Float(bitPattern: results[0][0]).isNaN)
  }
}
