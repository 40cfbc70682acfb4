import Streams
import TestFolders
import Testing

/// Fingers, and the screens they lie on.
extension Browser {
  /// Fingers come down, move or leave, each with a number of its own; those that stay are named too.
  func touch(_ type: String, _ fingers: [(id: Int, x: Double, y: Double)]) throws {
    let points = fingers.map { #"{"id":\#($0.id),"x":\#($0.x),"y":\#($0.y)}"# }
    try call(
      "Input.dispatchTouchEvent",
      #"{"type":"\#(type)","touchPoints":[\#(points.joined(separator: ","))]}"#)
  }

  /// The page on a screen of this size, in its own pixels.
  func screen(_ width: Int, _ height: Int, scale: Int = 1, isPhone: Bool = false) throws {
    try call(
      "Emulation.setDeviceMetricsOverride",
      #"{"width":\#(width),"height":\#(height),"deviceScaleFactor":\#(scale),"mobile":\#(isPhone)}"#
    )
    try call("Emulation.setTouchEmulationEnabled", #"{"enabled":\#(isPhone),"maxTouchPoints":5}"#)
    try wait("innerWidth", for: "\(width)")
    try settle()
  }

  /// Waits for the second frame from now.
  ///
  /// A page has its new size before it is told of it, and is told before a frame: what it does then (hide
  /// a tip, draw anew) must not meet the next hand.
  private func settle() throws {
    _ = try evaluate(
      "new Promise(seen => requestAnimationFrame(() => requestAnimationFrame(seen)))")
  }

  /// The system's colours: light or dark.
  func colours(_ scheme: String) throws {
    try call(
      "Emulation.setEmulatedMedia",
      #"{"features":[{"name":"prefers-color-scheme","value":"\#(scheme)"}]}"#)
  }

  /// What is seen, as a PNG file.
  func picture(_ path: String) throws {
    let answer = try call("Page.captureScreenshot", #"{"format":"png"}"#)
    let text = try value(answer) { try $0.require("result").require("data").string ?? "" }
    _ = bash("base64 -d > \(path)", Array(text.utf8))
  }
}
