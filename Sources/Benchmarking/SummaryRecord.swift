import Streams
import Tensor

// What `--summary` reads of a record, and what it does not believe: a number that cannot be, or two that
// contradict each other.

extension JSONValue {
  /// A text under a key.
  func text(_ key: String) throws -> String {
    let value = try require(key)
    guard let text = value.string else {
      throw value.failure("\(key) must be a string: got \(value.kindName)")
    }
    return text
  }

  /// A text under a key; nil where there is none.
  func textIfKnown(_ key: String) throws -> String? {
    guard let value = self[key], value.kind != .null else { return nil }
    return try text(key)
  }

  /// A number under a key.
  func number(_ key: String) throws -> Double {
    let value = try require(key)
    guard let number = value.double else {
      throw value.failure("\(key) must be a number: got \(value.kindName)")
    }
    return number
  }

  /// A number above 0 under a key.
  func positive(_ key: String) throws -> Double {
    let number = try number(key)
    guard number > 0, number.isFinite else {
      throw try require(key).failure("\(key) must be above 0: \(number)")
    }
    return number
  }

  /// A number above 0 under a key; nil where there is none, or null.
  func positiveIfKnown(_ key: String) throws -> Double? {
    guard let value = self[key], value.kind != .null else { return nil }
    return try positive(key)
  }

  /// A number without fraction under a key.
  func wholeNumber(_ key: String) throws -> Int {
    let value = try require(key)
    guard let number = value.int else {
      throw value.failure("\(key) must be a whole number: \(value.excerpt)")
    }
    return number
  }

  /// A number of things under a key, at least so many.
  func count(_ key: String, from least: Int = 0) throws -> Int {
    let number = try wholeNumber(key)
    guard number >= least else {
      throw try require(key).failure("\(key) must not be below \(least): \(number)")
    }
    return number
  }

  /// A number of things under a key; nil where there is none, or null.
  func countIfKnown(_ key: String, from least: Int = 0) throws -> Int? {
    guard let value = self[key], value.kind != .null else { return nil }
    return try count(key, from: least)
  }

  /// Whether something is so; not where nothing is said.
  func truth(_ key: String) throws -> Bool {
    guard let value = self[key], value.kind != .null else { return false }
    guard let truth = value.bool else {
      throw value.failure("\(key) must be true or false: got \(value.kindName)")
    }
    return truth
  }

  /// Refuses a number that follows from others, and does not agree with them.
  ///
  /// One in a hundred is for rounding, and `step` is half the last digit that is written.
  func requireAgreement(
    _ key: String, _ found: Double?, with expected: Double?, _ meaning: String, step: Double
  ) throws {
    guard let found, let expected, !(abs(found - expected) <= 0.01 * expected + step) else {
      return
    }
    throw try require(key).failure(
      "\(key) must be \(meaning), \(expected.rounded(significant: 3)): \(found)")
  }

  /// The error, and what is allowed; nil where the record does not say.
  var errorAndBound: (error: Double?, bound: Double?) {
    get throws {
      let error =
        self["max_error"]?.kind == .null
        ? nil
        : try self["max_error"].map { _ in
          try number("max_error")
        }
      if let error, error < 0 {
        throw try require("max_error").failure("max_error must not be below 0: \(error)")
      }
      return (error, try positiveIfKnown("error_bound"))
    }
  }

  /// Whether the record says that it is wrong, or has an error beyond what it says is allowed.
  var isWrong: Bool {
    get throws {
      _ = try require("wrong")
      let wrong = try truth("wrong")
      // An error that is no number is written as null, by a result that says it is wrong.
      let (error, bound) = try errorAndBound
      return wrong || error ?? 0 > bound ?? .infinity
    }
  }

  /// Where the record was measured.
  var machine: ExperimentSummary.Machine {
    get throws {
      if let device = try textIfKnown("device") {
        guard !device.isEmpty, self["cpu"] == nil else {
          throw try require("device").failure(
            "device must be a name, and there be no cpu beside it: '\(device)'")
        }
        return ExperimentSummary.Machine(cpu: device, threads: nil, processor: nil)
      }
      guard self["cpu"] != nil else { throw failure("key 'cpu' or 'device' is missing") }
      return ExperimentSummary.Machine(
        cpu: try text("cpu"), threads: try count("threads", from: 1),
        processor: try textIfKnown("processor"))
    }
  }

  /// The value as it is written, or its beginning.
  var excerpt: String { String(decoding: text.prefix(40), as: UTF8.self) }
}

extension JSONValue {
  /// What numbers were multiplied; nil where the record does not say.
  var precision: Precision? {
    get throws {
      guard let name = try textIfKnown("precision") else { return nil }
      guard let precision = Precision(rawValue: name) else {
        let words = Precision.allCases.map(\.rawValue).joined(separator: ", ")
        throw try require("precision").failure("precision must be one of \(words): \(name)")
      }
      return precision
    }
  }
}
