/// Output that is not for the eyes: no tool writes it to a terminal.
public enum BinaryOutput: Sendable {
  case arrays, pictures, arrow

  /// What bytes begin; nil for text.
  init?(startingWith bytes: [UInt8]) {
    switch bytes.first {
    case npyMagic.first: self = .arrays
    case pngSignature.first: self = .pictures
    case 0xff: self = .arrow
    default: return nil
    }
  }

  /// What ends a tool whose output, of that name, is a terminal: it says how else.
  func refusal(of name: String) -> Failure {
    let place = name == "<stdout>" ? "standard output" : "'\(name)'"
    let (kind, reader) =
      switch self {
      case .arrays: ("npy arrays are", "to see rows, | table")
      case .pictures: ("PNG pictures are", "to center them, | center28")
      case .arrow: ("Arrow streams are", "to see rows, --to ndjson")
      }
    return .usage("\(place) is a terminal, and \(kind) not for one: > FILE keeps them; \(reader)")
  }
}
