import Mechanics
import Streams
import TestFolders
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A headless Chromium, driven over the pipes of its DevTools: a message ends with NUL.
final class Browser {
  private let process: Process
  private let folder: String
  private var bytes: [UInt8] = []
  private var count = 0
  /// The tab that is driven.
  private(set) var session = ""
  /// A place in the window.
  typealias Spot = (x: Double, y: Double)

  /// What the page complained of: exceptions, and what its policy forbade.
  private(set) var complaints: [String] = []

  /// Starts a browser that speaks a language, with a profile of its own in `folder`.
  init(folder: String, language: String) throws {
    let path = try #require(Requirement.chromium.path)
    self.folder = folder
    let options = [
      "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars",
      "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
      "--lang=\(language)", "--accept-lang=\(language)", "--window-size=1180,760",
      "--user-data-dir=\(folder)/profile", "--remote-debugging-pipe", "about:blank",
    ]
    // DevTools reads descriptor 3 and writes descriptor 4.
    process = Process(
      ["/bin/bash", "-c", "exec \"$0\" \"$@\" 3<&0 4>&1 0< /dev/null > /dev/null 2>&1", path]
        + options,
      environment: environment + ["LANGUAGE=\(language)", "LANG=\(language).UTF-8"])
    let targets = try call("Target.getTargets", "{}")
    let target = try value(targets) { targets in
      try targets.require("result").require("targetInfos").elements
        .first { $0["type"]?.string == "page" }?["targetId"]?.string
    }
    try attach(to: #require(target))
  }

  private func attach(to target: String) throws {
    session = ""
    let attached = try call(
      "Target.attachToTarget", #"{"targetId":"\#(target)","flatten":true}"#)
    session = try #require(
      try value(attached) { try $0.require("result").require("sessionId").string })
    for domain in ["Page", "Runtime", "Log"] { _ = try call("\(domain).enable", "{}") }
  }

  /// Opens a tab at an address, and drives it from now on; `before` runs before the page's own scripts.
  @discardableResult func openTab(_ address: String, before: String = "") throws -> String {
    session = ""
    let made = try call("Target.createTarget", #"{"url":"about:blank"}"#)
    try attach(
      to: #require(try value(made) { try $0.require("result").require("targetId").string }))
    try call("Page.addScriptToEvaluateOnNewDocument", #"{"source":\#(quoted(before))}"#)
    try open(address)
    return session
  }

  /// Drives a tab that was opened before.
  func turn(to tab: String) throws {
    session = tab
    try call("Page.bringToFront", "{}")
  }

  /// Closes a tab.
  func close(_ tab: String) throws {
    session = tab
    try call("Page.close", "{}")
    session = ""
  }

  /// Ends the browser with all its processes, as a crash would.
  func quit() {
    kill(-process.id, SIGKILL)
    _ = process.finish()
  }

  /// Sends a command and waits for what comes of it.
  @discardableResult func call(_ method: String, _ parameters: String) throws -> [UInt8] {
    count += 1
    let number = count
    let session = session.isEmpty ? "" : #","sessionId":"\#(session)""#
    let text = #"{"id":\#(number),"method":"\#(method)","params":\#(parameters)\#(session)}"#
    let message = Array(text.utf8) + [0]
    var sent = 0
    while sent < message.count {
      let written = message[sent...].withUnsafeBytes {
        write(process.input, $0.baseAddress, $0.count)
      }
      try #require(written > 0, "the browser is gone")
      sent += written
    }
    let deadline = monotonicSeconds() + patience
    while true {
      let answer = try next(before: deadline)
      let (id, event, failure) = try value(answer) {
        (
          $0["id"]?.int, $0["method"]?.string ?? "",
          $0["error"].map { String(decoding: $0.text, as: UTF8.self) }
        )
      }
      if ["Runtime.exceptionThrown", "Log.entryAdded"].contains(event) {
        complaints.append(String(decoding: answer, as: UTF8.self))
      }
      guard id == number else { continue }
      try #require(failure == nil, "\(method): \(failure ?? "")")
      return answer
    }
  }

  private func next(before deadline: Double) throws -> [UInt8] {
    while true {
      if let end = bytes.firstIndex(of: 0) {
        defer { bytes.removeSubrange(...end) }
        return Array(bytes[..<end])
      }
      var ready = pollfd(fd: process.output, events: Int16(POLLIN), revents: 0)
      poll(&ready, 1, 200)
      try #require(monotonicSeconds() < deadline, "the browser does not answer")
      guard ready.revents != 0 else { continue }
      var piece = [UInt8](repeating: 0, count: 1 << 16)
      let count = read(process.output, &piece, piece.count)
      try #require(count > 0, "the browser is gone")
      bytes += piece[..<count]
    }
  }

  /// Reads an answer.
  func value<Result>(_ message: [UInt8], _ body: (JSONValue) throws -> Result) throws
    -> Result
  {
    try message.withUnsafeBytes { try withJSON($0, name: "browser", body) }
  }

  /// What an expression comes to in the page, as text; where it is a promise, what is promised.
  func evaluate(_ expression: String) throws -> String {
    let parameters =
      #"{"expression":\#(quoted("(async () => String(await (\(expression))))()")),"returnByValue":true,"awaitPromise":true}"#
    return try value(call("Runtime.evaluate", parameters)) { answer in
      try answer.require("result").require("result")["value"]?.string
        ?? String(decoding: answer.text, as: UTF8.self)
    }
  }

  /// Waits until an expression comes to this; what it was last, where it does not.
  func wait(
    _ expression: String, for expected: String, location: SourceLocation = #_sourceLocation
  ) throws {
    let deadline = monotonicSeconds() + patience
    var found = ""
    while monotonicSeconds() < deadline {
      found = try evaluate(expression)
      if found == expected { return }
      usleep(20_000)
    }
    #expect(found == expected, "\(expression)", sourceLocation: location)
  }

  /// Goes to an address and waits until its script has run.
  func open(_ address: String) throws {
    try call("Page.navigate", #"{"url":\#(quoted(address))}"#)
    try wait("document.readyState", for: "complete")
  }

  /// Loads the page anew and waits until its script has run; the old page answers until it is gone.
  func reload() throws {
    _ = try evaluate("globalThis.isBeforeReload = true")
    try call("Page.reload", "{}")
    try wait("!globalThis.isBeforeReload && document.readyState", for: "complete")
  }

  /// Presses a pen at a point of the window, moves along the others, and lifts it.
  func drag(_ points: [Spot], by pointer: String = "pen") throws {
    guard let first = points.first, let last = points.last else { return }
    try mouse("mousePressed", first, held: 1, pointer: pointer)
    for point in points.dropFirst() { try mouse("mouseMoved", point, held: 1, pointer: pointer) }
    try mouse("mouseReleased", last, held: 0, pointer: pointer)
  }

  /// Moves a pointer, or presses or releases its button; a pen that moves without one hovers.
  func mouse(
    _ type: String, _ point: Spot, held: Int, pointer: String = "pen", pressure: Double = 0.5
  ) throws {
    try call(
      "Input.dispatchMouseEvent",
      #"{"type":"\#(type)","x":\#(point.x),"y":\#(point.y),"button":"\#(held == 0 && type == "mouseMoved" ? "none" : "left")","#
        + #""buttons":\#(held),"clickCount":1,"pointerType":"\#(pointer)","force":\#(held == 0 ? 0 : pressure)}"#
    )
  }

  /// Clicks in the middle of what a selector finds, once it is there.
  func click(_ selector: String) throws {
    try wait("document.querySelector(\(quoted(selector))) !== null", for: "true")
    let place = try evaluate(
      "(r => `${r.x + r.width / 2} ${r.y + r.height / 2}`)"
        + "(document.querySelector(\(quoted(selector))).getBoundingClientRect())")
    try drag([spot(place)])
  }

  /// A place that the page has written as two numbers.
  func spot(_ text: String) throws -> Spot {
    let numbers = text.split(separator: " ").compactMap { Double($0) }
    try #require(numbers.count == 2, "\(text)")
    return (numbers[0], numbers[1])
  }

  /// Presses a key, with Ctrl (2) or Shift (8) held, or both (10).
  func press(_ key: String, code: String, number: Int, held: Int = 0) throws {
    for type in ["rawKeyDown", "keyUp"] {
      try call(
        "Input.dispatchKeyEvent",
        #"{"type":"\#(type)","key":"\#(key)","code":"\#(code)","windowsVirtualKeyCode":\#(number),"#
          + #""modifiers":\#(held)}"#)
    }
  }
}

/// A text as JSON, which is also a text of JavaScript.
func quoted(_ text: String) -> String {
  var quoted = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"", "\\": quoted += "\\\(scalar)"
    case "\n": quoted += "\\n"
    default: quoted.unicodeScalars.append(scalar)
    }
  }
  return quoted + "\""
}
