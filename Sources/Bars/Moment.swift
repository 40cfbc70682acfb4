import Days

/// A time on a day, by the exchange's own clock.
struct Moment: Comparable {
  let day: Day
  /// Seconds since midnight.
  let second: Int

  static func < (one: Moment, other: Moment) -> Bool {
    one.day != other.day ? one.day < other.day : one.second < other.second
  }

  init(day: Day, second: Int) { (self.day, self.second) = (day, second) }

  /// Reads `2020-08-31 09:31:00`, also with a T between, without seconds or with a fraction of them, and
  /// with the day as `Day(spelled:)` reads it; `20200831093100` and BaoStock's `20200831093100000`.
  ///
  /// Throws a `BarError` for anything else. So is a time zone: rows of 14:30 to 21:00 UTC are a trading
  /// day in New York and two in Shanghai, and which was meant the text does not say.
  init(_ text: UnsafeRawBufferPointer) throws {
    guard let moment = Self.moment(text) else {
      throw BarError.moment(String(decoding: text.prefix(40), as: UTF8.self))
    }
    self = moment
  }

  /// The second of the day of a time by itself; BaoStock's has the day before it, once more.
  static func second(of text: UnsafeRawBufferPointer) throws -> (second: Int, day: Day?) {
    if let second = second(text[...]) { return (second, nil) }
    if text.count == 17, let moment = moment(text) { return (moment.second, moment.day) }
    throw BarError.number("time", String(decoding: text.prefix(40), as: UTF8.self))
  }

  /// Whether a text is a time on a day.
  static func reads(_ text: String) -> Bool {
    Array(text.utf8).withUnsafeBytes { moment($0) != nil }
  }

  private static func moment(_ text: UnsafeRawBufferPointer) -> Moment? {
    let digits = text.prefix(17).allSatisfy { (0x30...0x39).contains($0) }
    if digits, [12, 14, 17].contains(text.count) {
      return moment(text[..<8], text[8..<min(14, text.count)])
    }
    // A day has 8 to 10 characters.
    guard let gap = text.prefix(11).firstIndex(where: { $0 == 0x20 || $0 == UInt8(ascii: "T") })
    else { return nil }
    return moment(text[..<gap], text[(gap + 1)...])
  }

  private static func moment(
    _ day: Slice<UnsafeRawBufferPointer>, _ time: Slice<UnsafeRawBufferPointer>
  ) -> Moment? {
    guard let day = Day(spelled: UnsafeRawBufferPointer(rebasing: day)),
      let second = second(time)
    else { return nil }
    return Moment(day: day, second: second)
  }

  /// `09:31`, `9:31:00`, `09:31:00.000` or `093100`.
  private static func second(_ time: Slice<UnsafeRawBufferPointer>) -> Int? {
    var parts = [0, 0, 0]
    var (part, count) = (0, 0)
    let hasColons = time.contains(UInt8(ascii: ":"))
    for (place, byte) in time.enumerated() {
      if byte == UInt8(ascii: ".") {
        // What follows is a fraction of a second, which orders no bars.
        guard part == 2, count > 0,
          time[(time.startIndex + place + 1)...].allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        break
      }
      if hasColons ? byte == UInt8(ascii: ":") : count == 2 {
        guard count > 0, part < 2 else { return nil }
        (part, count) = (part + 1, 0)
        if hasColons { continue }
      }
      let digit = Int(byte &- UInt8(ascii: "0"))
      guard digit < 10, count < 2 else { return nil }
      parts[part] = parts[part] * 10 + digit
      count += 1
    }
    guard part > 0, count == 2, parts[0] < 24, parts[1] < 60, parts[2] < 60 else { return nil }
    return parts[0] * 3600 + parts[1] * 60 + parts[2]
  }

  /// `09:31` of a second of the day.
  static func clock(_ second: Int) -> String {
    let (hour, minute) = (second / 3600, second / 60 % 60)
    return "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)"
  }
}

extension Moment: CustomStringConvertible {
  var description: String {
    let seconds = second % 60
    return "\(day) \(Self.clock(second)):\(seconds < 10 ? "0" : "")\(seconds)"
  }
}
