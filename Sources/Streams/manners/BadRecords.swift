/// What to do with a record that breaks a rule: stop there, or drop and count it.
public final class BadRecords {
  /// Whether bad records are dropped (`--skip-bad`) rather than fatal.
  public let tolerated: Bool
  /// How many records were read well.
  public private(set) var good = 0
  /// How many were dropped.
  public private(set) var dropped = 0
  /// Runs when a record fails: takes back what was written of it.
  var rollback: () -> Void = {}
  /// Runs when a record is done: what was written of it may go out.
  var commit: () throws -> Void = {}

  /// A policy for bad records.
  public init(tolerated: Bool = false) { self.tolerated = tolerated }

  /// Handles one record; `place` is named in what is thrown or printed.
  ///
  /// Errors of the libraries, which know the rule but not the place, become `badData` here. A
  /// `Failure` of another kind (a full disk) is never tolerated, nor is an error that ends the tool by its
  /// own status.
  public func attempt(_ place: @autoclosure () -> String, _ body: () throws -> Void) throws {
    do {
      try body()
      try commit()
      good += 1
    } catch let error as ReaderGone {
      throw error
    } catch {
      rollback()
      let ending = (error as? any EndingError)?.failure
      let failure = (error as? Failure) ?? ending ?? .badData(place(), "\(error)")
      guard tolerated, failure.status == .badData else { throw failure }
      diagnose("\(failure) (dropped)")
      dropped += 1
    }
  }

  /// The status to end with: bad data when all of it was.
  func finish() throws {
    guard dropped > 0 else { return }
    diagnose("dropped \(dropped) of \(dropped + good) records")
    if good == 0 { throw Failure(.badData, "no good record in the input") }
  }
}
