import Days
import Statistics
import Streams

/// A walk over the rows of one worker: the first, or that which a plan says.
public final class PartialWalk {
  private let purpose: CountedPurpose
  private let plan: CountingPlan?
  private let span: DaySpan
  private let numbers: NumberRows
  private var order = DayOrder()
  private var origin = RowOrigin()
  private var moments: ExactMoments?
  private var walk: RankWalk?

  /// A walk over these fields, of the days of a span.
  public init(
    _ purpose: CountedPurpose, _ fields: TableFields, _ span: DaySpan = .all, plan: CountingPlan?
  ) {
    (self.purpose, self.plan, self.span) = (purpose, plan, span)
    // Nothing is read again here, so nothing is kept.
    numbers = NumberRows(fields, limit: 0, rereading: [])
  }

  /// Takes in a day; throws where its fields are not those of the first, or of the plan.
  public func add(_ array: NpyArray) throws {
    var wanted = false
    func isWanted() throws -> Bool {
      if purpose == .robustZScore {
        guard let day = try DayTable(array)?.day else { return false }
        try order.advance(to: day)
        wanted = span.contains(day)
      } else {
        wanted = true
      }
      if wanted { try origin.add(array) }
      return wanted
    }
    try numbers.add(array, isWanted: try isWanted()) { numbers, rows, stride in
      try begin()
      moments?.add(numbers, rows, stride)
      walk?.add(numbers, rows, stride)
    }
  }

  /// Finds out what is counted, when the names of the fields are known.
  private func begin() throws {
    guard walk == nil else { return }
    if let plan, plan.fields.map(\.name) != numbers.names {
      throw DayError.rule("fields differ from those of the plan")
    }
    let fields = numbers.names.indices.map { plan?.fields[$0] }
    walk = RankWalk(
      fields.map { $0?.search ?? RankSearch() }, centers: fields.map { $0?.center },
      finiteOnly: purpose.finiteOnly)
    if plan == nil, purpose == .describe { moments = ExactMoments(columns: numbers.columns) }
  }

  /// Writes what was counted as a part.
  public func write(to output: ByteWriter) throws {
    if numbers.columns > 0 { try begin() }
    let columns = moments?.columns()
    let part = CountedPart(
      purpose: purpose.rawValue, walk: plan?.walk ?? 1, plan: plan?.hash ?? "",
      span: span.texts, rows: numbers.rows, origin: origin.sorted,
      fields: numbers.names.enumerated().map { column, name in
        CountedPart.Field(
          name: name, moments: columns?[column] ?? ExactMoments.Column(),
          counts: walk?.counts(column) ?? [])
      })
    part.write(to: output)
  }
}

extension CountingPlan {
  /// What parts come to that are the sources of a reader, counted in the walk of `plan` or in the first.
  ///
  /// Throws where they cannot be the parts of one whole.
  public init(
    adding input: ByteReader, _ purpose: CountedPurpose, to plan: CountingPlan?
  ) throws {
    var sum: CountedPart?
    try input.forEachSource {
      do {
        let part = try CountedPart(input, purpose: purpose.rawValue, bins: purpose.bins)
        if sum == nil { sum = part } else { try sum?.add(part) }
      } catch let error where !(error is Failure) {
        throw Failure.badData(input.name, "\(error)")
      }
    }
    guard let sum else { throw Failure(.inputMissing, "there is no part to be added up") }
    do {
      if var plan {
        try plan.descend(sum)
        self = plan
      } else {
        guard sum.walk == 1 else {
          throw DayError.rule("parts are of walk \(sum.walk): --plan must name its plan")
        }
        self = try CountingPlan(sum, purpose)
      }
    } catch let error where !(error is Failure) {
      throw Failure.badData(input.name, "\(error)")
    }
  }

  /// The summaries of the fields, when all walks are done.
  public func summaries() -> [FieldSummary] {
    fields.map { field in
      var summary = FieldSummary()
      summary.name = field.name
      (summary.count, summary.missing, summary.infinite) = (
        field.count, field.missing, field.infinite
      )
      (summary.mean, summary.deviation) = (field.mean, field.deviation)
      summary.quantiles = FieldSummaries.quantiles(field.search.values, field.count)
      return summary
    }
  }

  /// The parameters, when all walks are done; throws where there was no row, or a field without a value.
  public func parameters() throws -> RobustZScore {
    try RobustZScore(
      names: fields.map(\.name), medians: fields.map { $0.center ?? .nan },
      deviations: fields.map { field in
        field.search.values.isEmpty ? .nan : MedianDeviation.mean(field.search.values)
      }, rows: rows, days: days, span: span)
  }
}
