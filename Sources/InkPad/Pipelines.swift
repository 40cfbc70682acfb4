/// The three pipelines behind the page, each started once for all guests.
public struct Pipelines: Sendable {
  private let ink: LineProcess
  private let digit: LineProcess
  private let text: LineProcess

  /// Commands with their arguments: what reads expressions, digits, and texts.
  public init(
    calculator: [String], digits: [String], evaluator: [String], limits: Limits, _ watch: Watch
  ) {
    ink = .ofDrawings(calculator, patience: limits.answer, watch)
    digit = .ofDrawings(digits, patience: limits.answer, watch)
    text = .ofText(evaluator, patience: limits.answer, watch)
  }

  subscript(kind: Question.Kind) -> LineProcess {
    switch kind {
    case .ink: ink
    case .digit: digit
    case .text: text
    }
  }
}
