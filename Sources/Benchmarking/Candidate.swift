import Tensor

/// An implementation made ready for a problem, and the times that its runs took.
public final class Candidate {
  /// Which it is.
  public let implementation: Implementation
  /// What `auto` became; else the implementation's name.
  public let method: String
  /// Counts packing and transforming from now on, or with nil no longer: counting takes a little time.
  ///
  /// Nil where it cannot be counted.
  let count: ((Preparation?) -> Void)?
  /// One run of the pass; the seconds that it took.
  public let run: () throws -> Double
  /// Brings the results of the last run to where they are checked.
  public let fetch: () throws -> Void
  /// What else is told of it, in milliseconds by the key of a record, where the last so many runs count.
  let extras: (Int) -> [(key: String, milliseconds: Double)]
  /// Seconds of each run that counts.
  var seconds: [Double] = []
  /// Their sum.
  var total = 0.0
  /// Seconds of preparation in a run.
  var prepared = Double.nan
  /// The worst error against the reference, and at how many places it was looked for.
  var error = (worst: Double.nan, places: 0)

  /// A candidate of what it does.
  public init(
    _ implementation: Implementation, method: String,
    count: ((Preparation?) -> Void)? = nil, fetch: @escaping () throws -> Void = {},
    extras: @escaping (Int) -> [(key: String, milliseconds: Double)] = { _ in [] },
    run: @escaping () throws -> Double
  ) {
    self.implementation = implementation
    self.method = method
    self.count = count
    self.fetch = fetch
    self.extras = extras
    self.run = run
  }
}
