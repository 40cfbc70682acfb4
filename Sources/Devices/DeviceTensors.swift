import Benchmarking
import Mechanics
import Tensor

/// The tensors of a problem on a device, where they stay.
final class DeviceTensors {
  let input, weight, bias, gradOutput: DeviceBuffer
  let output, gradInput, gradWeight, gradBias: DeviceBuffer
  /// Seconds that it took to copy what the problem is given.
  private(set) var copySeconds = 0.0
  private let session: DeviceSession
  /// Results, in both places.
  private let results: [(here: FloatBuffer, there: DeviceBuffer)]

  /// Copies the tensors of a problem to the device.
  init(_ problem: Problem, _ t: ProblemTensors, _ session: DeviceSession) throws(DeviceError) {
    self.session = session
    func buffer(_ floats: FloatBuffer, _ name: String) throws(DeviceError) -> DeviceBuffer {
      try DeviceBuffer(floats.count, of: session, as: name)
    }
    input = try buffer(t.input, "the input")
    weight = try buffer(t.weight, "the weights")
    bias = try buffer(t.bias, "the bias")
    gradOutput = try buffer(t.gradOutput, "the gradient of the output")
    output = try buffer(t.output, "the output")
    gradInput = try buffer(t.gradInput, "the gradient of the input")
    gradWeight = try buffer(t.gradWeight, "the gradient of the weights")
    gradBias = try buffer(t.gradBias, "the gradient of the bias")
    results = [
      (t.output, output), (t.gradInput, gradInput), (t.gradWeight, gradWeight),
      (t.gradBias, gradBias),
    ].filter { $0.0.count > 0 }
    let start = monotonicSeconds()
    for (here, there) in [
      (t.input, input), (t.weight, weight), (t.bias, bias), (t.gradOutput, gradOutput),
    ] { try session.write(here.start, to: there) }
    try session.finish()
    copySeconds = monotonicSeconds() - start
    try invalidate()
  }

  /// Copies the results back.
  ///
  /// What was computed is gone from the device then, so that an element that
  /// the next implementation does not write is found.
  func fetch() throws(DeviceError) {
    for (here, there) in results { try session.read(there, to: here.start) }
    try invalidate()
  }

  private func invalidate() throws(DeviceError) {
    for (_, there) in results { try session.fill(there, .nan) }
  }
}
