import Streams

/// What every row of NDJSON has that is of an instrument on a day.
extension JSONValue {
  /// The instrument and the day of a row; throws where one is missing or none.
  public func instrumentAndDay() throws -> (InstrumentCode, Day) {
    (try instrument(), try day("date"))
  }

  /// The code under `instrument`; throws where it is missing or none.
  public func instrument() throws -> InstrumentCode {
    let code = try require("instrument")
    guard let name = code.string else { throw code.failure("instrument must be a string") }
    return try InstrumentCode(name)
  }

  /// The day under a key; throws where it is missing or none.
  public func day(_ key: String) throws -> Day {
    let date = try require(key)
    guard let text = date.string, let day = Day(text) else {
      throw date.failure(
        "\(key) must be \"YYYY-MM-DD\", got \(date.shown)\(Day.fault(date.string ?? ""))")
    }
    return day
  }

  /// The number under a key, or NaN for null or a key that is not there; throws where it is anything
  /// else.
  public func number(orNull key: String) throws -> Double {
    guard let value = self[key] else { return .nan }
    if let number = value.double { return number }
    guard value.kind == .null else {
      throw value.failure("\(key) must be a number or null, got \(value.kindName)")
    }
    return .nan
  }

  /// The number under a key that must be there, or NaN for null; throws where it is anything else.
  public func requireNumber(orNull key: String) throws -> Double {
    _ = try require(key)
    return try number(orNull: key)
  }

  /// A text as it stands, shortened, or what it is instead.
  private var shown: String { string.map { "'\($0.prefix(40))'" } ?? kindName }
}
