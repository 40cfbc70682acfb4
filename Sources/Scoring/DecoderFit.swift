import Arithmetic
import Mechanics
import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Learns the weights by which `expr-eval` chooses among readings and says how sure it is of them.
///
/// It is told by answers with `--explain --reject 0`: readings by their terms and clues, and what was
/// measured of those with a value. Both parts are checked by five folds of writers.
public struct DecoderFit {
  private let drawings: LabelledDrawings
  /// Those that are kept, by their ids.
  private let kept: [String: LabelledDrawing]
  private var answered: Set<String> = []
  private var choices: [ReadingChoice] = []
  private var claims: [ConfidenceFit.Claim] = []
  /// The weights that the readings were made with.
  private var start: [Double]?

  /// Folds by which the fit is checked.
  private static let folds = 5

  /// A fit to the answers to some drawings.
  public init(_ drawings: LabelledDrawings) {
    self.drawings = drawings
    kept = Dictionary(uniqueKeysWithValues: drawings.kept.map { ($0.id, $0) })
  }

  /// Adds an answer; one to a drawing that is not kept tells nothing.
  ///
  /// Throws `badData` where it is to no drawing, has no terms, is a second one, was rejected, or has other
  /// weights.
  public mutating func add(_ record: JSONValue) throws {
    let answer = try CalculatorAnswer(record)
    try drawings.checkIsOfOne(answer, record)
    guard let truth = kept[answer.id] else { return }
    guard answered.insert(answer.id).inserted else { throw answer.isSecond(record) }
    // Other folds than those of training, so that the writers of one of these can be told apart.
    let fold = Int(fnv1a("fit \(truth.writer ?? truth.id)") % UInt64(Self.folds))
    for line in (record["lines"]?.elements).map(Array.init) ?? [record] {
      try add(line, to: truth, fold: fold, isWhole: record["lines"] == nil)
    }
  }

  /// Adds a line, which is the whole answer or one of several; of these none is what was written.
  private mutating func add(
    _ line: JSONValue, to truth: LabelledDrawing, fold: Int, isWhole: Bool
  ) throws {
    let answer = try CalculatorAnswer(line, id: truth.id)
    guard answer.code != ArithmeticError.Code.unsure.rawValue else {
      throw line.failure("was rejected: answers to learn from need expr-eval --reject 0")
    }
    guard !answer.symbols.isEmpty else { return }
    if answer.value != nil {
      let measures = try pairs(line, "measures", Weights.ofConfidence.measures).map(\.value)
      claims.append(
        ConfidenceFit.Claim(
          measures: [1] + measures, isRight: isWhole && truth.value.isMet(by: answer), fold: fold))
    }
    let rivals = try ([line] + ((line["alternatives"]?.elements).map(Array.init) ?? [])).map {
      reading in
      let isRight = try CalculatorAnswer(reading, id: truth.id).reads(truth)
      return try rival(reading, isRight: isRight && isWhole)
    }
    if rivals.contains(where: \.isRight) {
      choices.append(ReadingChoice(rivals: rivals, fold: fold))
    }
  }

  /// A reading as its terms and clues tell it.
  private mutating func rival(_ reading: JSONValue, isRight: Bool) throws -> ReadingChoice.Rival {
    let terms = try pairs(reading, "terms", Weights.ofReadings.terms)
    let clues = try pairs(reading, "clues", Weights.ofReadings.clues)
    let weights = (terms + clues).map(\.weight)
    if let start, start != weights {
      throw reading.failure("has other weights than the readings before it")
    }
    start = weights
    // The first term is the evidence, which is what clues make.
    let slopes = terms.map(\.value) + clues.map { $0.value * terms[0].weight }
    return ReadingChoice.Rival(
      slopes: slopes, score: terms.reduce(0) { $0 + $1.value * $1.weight }, isRight: isRight)
  }

  /// Numbers with their weights: `"terms":{"evidence":[-0.21,1],...}`.
  private func pairs(
    _ record: JSONValue, _ key: String, _ names: [String]
  ) throws -> [(value: Double, weight: Double)] {
    guard let object = record[key] else {
      throw record.failure("has no \(key): answers to learn from need expr-eval --explain")
    }
    return try names.map { name in
      var pair: [Double] = []
      try object.require(name).doubles(into: &pair)
      guard pair.count == 2, pair.allSatisfy(\.isFinite) else {
        throw object.failure("\(key) must have \(name) as [value, weight]")
      }
      return (pair[0], pair[1])
    }
  }
}

extension DecoderFit {
  /// A weight that was learnt.
  public struct Row {
    let name: String
    let value: Double

    /// Writes `{"weight","value"}`, to the three decimals that the house's weights have.
    public func write(to output: ByteWriter) {
      var json = JSONWriter(output)
      json.beginObject()
      json.put("weight", name)
      json.put("value", value.rounded(decimals: 3) + 0)
      json.endObject()
      json.endLine()
    }
  }

  private var choiceFit: ChoiceFit { ChoiceFit(choices: choices, start: start ?? []) }

  /// The weights: those of readings, where a drawing has one that is right, and those of confidence, where
  /// one has a value.
  public func rows() -> [Row] {
    func rows(_ names: [String], _ values: [Double]) -> [Row] {
      zip(names, values).map { Row(name: $0, value: $1) }
    }
    let readings = choices.isEmpty ? [] : rows(ReadingChoice.names, choiceFit.weights())
    let confidence = [Weights.ofConfidence.bias] + Weights.ofConfidence.measures
    return readings + rows(confidence, ConfidenceFit(claims: claims).weights())
  }

  /// Throws where there is nothing to learn from.
  public func checkIsEnough() throws {
    guard !kept.isEmpty else {
      throw Failure.badData(drawings.name, "no drawings to learn from")
    }
    guard !answered.isEmpty else {
      throw Failure(.badData, "no answers to learn from in the input")
    }
    guard choices.contains(where: { $0.rivals.count > 1 }) else {
      throw Failure(
        .badData, "none of \(answered.count) answers has what was written among several readings")
    }
  }

  /// Writes how good the weights are for writers that they were not learnt from, as one object.
  public func writeCheck(to output: ByteWriter) {
    let fit = choiceFit
    var (before, after) = ((right: 0, likelihood: 0.0), (right: 0, likelihood: 0.0))
    for fold in 0..<Self.folds {
      let mine = choices.filter { $0.fold == fold }
      if mine.isEmpty { continue }
      let weights = fit.weights(without: fold)
      before.right += fit.countRight(mine, fit.start)
      before.likelihood += fit.likelihood(mine, fit.start)
      after.right += fit.countRight(mine, weights)
      after.likelihood += fit.likelihood(mine, weights)
    }
    let count = Double(max(choices.count, 1))
    var json = JSONWriter(output)
    json.beginObject()
    json.put("drawings", answered.count)
    json.put("with_truth", choices.count)
    for (name, part) in [("before", before), ("fitted", after)] {
      json.key(name)
      json.beginObject()
      json.put("chosen", part.right)
      json.put("log_likelihood", (part.likelihood / count).rounded(decimals: 4) + 0)
      json.endObject()
    }
    json.put("values", claims.count)
    json.put("values_right", claims.count { $0.isRight })
    let error = ConfidenceFit(claims: claims).reliability.calibrationError
    json.put("calibration_error", error?.rounded(decimals: 4) ?? .nan)
    json.endObject()
    json.endLine()
  }
}
