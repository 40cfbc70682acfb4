import Streams

/// Which number of a trace's points is which channel, and how they are written.
///
/// Points are set apart by commas, channels by white space. A value may be marked as explicit (`!`), as
/// the difference to the one before (`'`) or as the difference of differences (`"`); the mark holds for
/// the channel's following values. `*` repeats, `#` begins a hexadecimal number, and `T`, `F` and `?`
/// stand in channels that are no coordinates. Source: InkML, section 3.2.1.
struct TraceFormat: Equatable {
  /// A channel of a point.
  struct Channel: Equatable {
    var name: String
    /// Whether its values grow to the left or upwards (`orientation="-ve"`).
    var isReversed = false
    /// How long a step of its values is; nil where that is not said.
    var millimetres: Double?
    /// What its values become; nil where they stay.
    var mapping: TraceMapping?

    func coordinate(_ value: Double) -> Double { isReversed ? 0 - value : value }
  }

  /// The channels in order.
  var channels = [Channel(name: "X"), Channel(name: "Y")]

  /// The channels X and Y.
  private var coordinates: [Channel] { channels.filter { $0.name == "X" || $0.name == "Y" } }

  /// Millimetres of a step in x and in y; nil where neither is said.
  var scale: Point? {
    let steps = ["X", "Y"].map { name in channels.first { $0.name == name }?.millimetres }
    guard let known = steps[0] ?? steps[1] else { return nil }
    return Point(steps[0] ?? known, steps[1] ?? known)
  }

  /// Takes over a property of an ink source.
  ///
  /// `resolution` says how many steps are a length, as 1000 in `1/cm`. Units that a channel has itself go
  /// before it.
  mutating func setResolution(
    _ name: String?, of channel: String?, _ value: String?, _ units: String?
  ) {
    guard name == "resolution", let units, units.hasPrefix("1/"),
      let length = Ink.millimetres(String(units.dropFirst(2))),
      let steps = value.flatMap(Double.init), steps > 0, steps.isFinite,
      let place = channels.firstIndex(where: { $0.name == channel }),
      channels[place].millimetres == nil
    else { return }
    channels[place].millimetres = length / steps
  }

  /// A point by the values of all channels, through the mappings of the channels and of the canvas.
  private func mapped(
    _ states: [ChannelState], _ point: Point, _ transform: TraceMapping?
  ) -> Point {
    var values: [String: Double] = [:]
    for (channel, state) in zip(channels, states) {
      if let value = state.value { values[channel.name] = value }
    }
    for channel in coordinates {
      if let mapping = channel.mapping { values = mapping.applied(to: values) }
    }
    for channel in coordinates where channel.isReversed {
      values[channel.name] = values[channel.name].map { 0 - $0 }
    }
    if let transform { values = transform.applied(to: values) }
    return Point(values["X"] ?? point.x, values["Y"] ?? point.y)
  }

  /// The points of a trace, on the canvas where a transform leads there.
  ///
  /// Throws `InkError` with the stroke's number.
  func points(
    of text: [UInt8], stroke: Int, transform: TraceMapping? = nil
  ) throws -> [Point] {
    let mappings = coordinates.compactMap(\.mapping) + [transform].compactMap { $0 }
    for mapping in mappings { try mapping.check() }
    let isMapped = !mappings.isEmpty
    guard let x = channels.firstIndex(where: { $0.name == "X" }),
      let y = channels.firstIndex(where: { $0.name == "Y" })
    else {
      throw InkError.stroke(stroke, "<traceFormat> has no channel X or no channel Y")
    }
    var states = [ChannelState](repeating: ChannelState(), count: channels.count)
    var points: [Point] = []
    var scanner = TraceScanner(text)
    guard scanner.peek() != nil else { throw InkError.stroke(stroke, "has no points") }
    while true {
      var count = 0
      while let next = scanner.peek(), next != UInt8(ascii: ",") {
        guard let token = scanner.token() else {
          throw InkError.stroke(stroke, "has what is no number: '\(scanner.rest())'")
        }
        if count < states.count, !states[count].take(token) {
          throw InkError.stroke(stroke, "refers to a point before the first")
        }
        count += 1
      }
      guard count > max(x, y), count <= channels.count else {
        let noun = count == 1 ? "value" : "values"
        throw InkError.stroke(stroke, "point has \(count) \(noun), expected \(channels.count)")
      }
      guard let across = states[x].value, let down = states[y].value else {
        throw InkError.stroke(stroke, "point has T, F or ? for a coordinate, expected a number")
      }
      var point = Point(channels[x].coordinate(across), channels[y].coordinate(down))
      if isMapped { point = mapped(states, point, transform) }
      try Drawing.check(point, stroke: stroke)
      points.append(point)
      guard scanner.skipComma() else { return points }
      // A comma at the very end starts no point.
      guard scanner.peek() != nil else { return points }
    }
  }
}

/// The last value of a channel, and how the next one is to be read.
private struct ChannelState {
  private(set) var value: Double?
  private var isBegun = false
  private var step = 0.0
  private var mark = UInt8(ascii: "!")

  /// Takes a value; false where it refers to one before the first.
  mutating func take(_ token: TraceScanner.Token) -> Bool {
    if let mark = token.mark { self.mark = mark }
    defer { isBegun = true }
    let number: Double
    switch token.value {
    case .again: return isBegun
    case .none:
      value = nil
      return true
    case .number(let found): number = found
    }
    guard mark != UInt8(ascii: "!") else {
      step = value.map { number - $0 } ?? 0
      value = number
      return true
    }
    guard let before = value else { return false }
    step = mark == UInt8(ascii: "'") ? number : step + number
    value = before + step
    return true
  }
}

/// Walks over the text of a trace.
private struct TraceScanner {
  /// A value with the mark before it.
  struct Token {
    enum Value {
      case number(Double)
      /// `*`: the value before.
      case again
      /// `T`, `F` or `?`.
      case none
    }

    var mark: UInt8?
    var value: Value
  }

  private let text: [UInt8]
  private var place = 0

  init(_ text: [UInt8]) { self.text = text }

  /// The next byte that is no white space.
  mutating func peek() -> UInt8? {
    while place < text.count, text[place] == 0x20 || (0x09...0x0d).contains(text[place]) {
      place += 1
    }
    return place < text.count ? text[place] : nil
  }

  mutating func skipComma() -> Bool {
    guard peek() == UInt8(ascii: ",") else { return false }
    place += 1
    return true
  }

  /// A value; nil, and nothing consumed, where there is none.
  mutating func token() -> Token? {
    let start = place
    var mark: UInt8?
    if let next = peek(), "!'\"".utf8.contains(next) {
      mark = next
      place += 1
    }
    if let next = peek(), "*TF?".utf8.contains(next) {
      place += 1
      return Token(mark: mark, value: next == UInt8(ascii: "*") ? .again : .none)
    }
    if let number = hexadecimal() { return Token(mark: mark, value: .number(number)) }
    let first = place
    // A sign within the digits starts the next value: `12-3` is 12 and -3.
    while place < text.count, isNumeric(text[place]), place == first || !continues(place) {
      place += 1
    }
    guard let number = Double(String(decoding: text[first..<place], as: UTF8.self)) else {
      place = start
      return nil
    }
    return Token(mark: mark, value: .number(number))
  }

  /// `#1F` or `-#1F`; nil, and nothing consumed, where there is none.
  private mutating func hexadecimal() -> Double? {
    let isNegative = text[place...].first == UInt8(ascii: "-")
    let sign = isNegative ? place + 1 : place
    guard sign < text.count, text[sign] == UInt8(ascii: "#") else { return nil }
    let digits = text[(sign + 1)...].prefix { isHexadecimal($0) }
    guard let number = Int(String(decoding: digits, as: UTF8.self), radix: 16) else { return nil }
    place = digits.endIndex
    return Double(isNegative ? 0 - number : number)
  }

  private func isHexadecimal(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(byte & 0xdf)
  }

  private func isNumeric(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "+-.eE".utf8.contains(byte)
  }

  /// Whether a sign at `index` begins another number, rather than an exponent.
  private func continues(_ index: Int) -> Bool {
    "+-".utf8.contains(text[index]) && !"eE".utf8.contains(text[index - 1])
  }

  /// What is left, for a message.
  func rest() -> String {
    String(decoding: text[place...].prefix(12), as: UTF8.self)
  }
}
