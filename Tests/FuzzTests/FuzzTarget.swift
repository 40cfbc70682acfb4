/// A reader of what comes from outside, with what must hold whatever the bytes are.
///
/// `make fuzz` gives each of them bytes that libFuzzer makes; the tests give them those that once did
/// harm, from `testdata/fuzz/<name>`.
struct FuzzTarget: Sendable {
  let name: String
  /// Words of the format, which no search would find by itself.
  let words: [String]
  /// Good input to begin with, besides that of the samples: as the tools themselves write it.
  let seeds: @Sendable () throws -> [[UInt8]]
  /// Reads the bytes; whatever it throws is an answer, but for a `BrokenProperty`.
  let read: @Sendable (UnsafeRawBufferPointer) throws -> Void

  init(
    _ name: String, words: [String] = [],
    seeds: @escaping @Sendable () throws -> [[UInt8]] = { [] },
    read: @escaping @Sendable (UnsafeRawBufferPointer) throws -> Void
  ) {
    (self.name, self.words, self.seeds, self.read) = (name, words, seeds, read)
  }

  /// All targets.
  static let all =
    textTargets + inkTargets + arrayTargets + tableTargets + pictureTargets + tensorTargets
    + barTargets + deskTargets + stateTargets + partTargets + checkpointTargets + calculatorTargets
    + padTargets

  /// Reads the bytes, and says what does not hold of them.
  func broken(by bytes: UnsafeRawBufferPointer) -> String? {
    do {
      try read(bytes)
    } catch let error as BrokenProperty {
      return error.description
    } catch {
      // What a tool would say of it must end too.
      _ = "\(error)"
    }
    return nil
  }
}

/// What should hold of all input, and does not of this one.
struct BrokenProperty: Error, CustomStringConvertible {
  let description: String
}

/// Throws where something that must hold does not.
func hold(_ isSo: @autoclosure () throws -> Bool, _ what: @autoclosure () -> String) throws {
  guard try isSo() else { throw BrokenProperty(description: what()) }
}

/// Tries all readings of the same bytes; throws what the last one throws where none takes them.
func oneOf(_ readings: (() throws -> Void)...) throws {
  var last: (any Error)?
  var isTaken = false
  for reading in readings {
    do {
      try reading()
      isTaken = true
    } catch let error as BrokenProperty {
      throw error
    } catch { last = error }
  }
  if let last, !isTaken { throw last }
}

/// What cannot fail, done again with what was written before.
func mustSucceed<Result>(_ what: String, _ body: () throws -> Result) throws -> Result {
  do { return try body() } catch let error as BrokenProperty {
    throw error
  } catch { throw BrokenProperty(description: "\(what): \(error)") }
}
