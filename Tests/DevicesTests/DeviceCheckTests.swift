import Benchmarking
import Devices
import Tensor
import TestFolders
import Testing

/// The operators on a device, against the reference in Double.
@Suite(.serialized, .enabled(if: Requirement.opencl.isMet, "\(Requirement.opencl)"))
struct DeviceCheckTests {
  @Test("every implementation has the gradients of the reference, on random shapes")
  func check() throws {
    let engine = DeviceEngine(try DeviceSession(Device.named(nil)))
    let findings = try GradientCheck(seed: 3, [engine], Implementation.all).run(shapes: 60) { _ in }
    #expect(findings.count == 7)
    for finding in findings {
      #expect(!finding.isWrong, "\(finding)")
      #expect(finding.shapes > 5)
    }
  }
}
