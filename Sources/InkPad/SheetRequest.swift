import Streams

/// What a page wants of the folder of sheets.
///
/// `{"type":"sheets","seq":1}` asks for the list, `{"type":"open","seq":2,"sheet":ID}` for a sheet,
/// `"discard"` takes it away. `{"type":"keep","seq":3,"strokes":[...],"said":"1+2=3"}` keeps a new one; with
/// `"sheet":ID,"over":REVISION` it takes the place of what the page has seen.
struct SheetRequest: Sendable {
  enum Wish: Sendable {
    case list
    case open(SheetID)
    case discard(SheetID)
    case keep(Sheet, as: SheetID?, over: String?)
  }

  /// The page's own number, which the answer carries back.
  let number: Int
  let wish: Wish

  /// Takes a message; nil where it is about something else, throws where it breaks a rule.
  init?(_ message: JSONValue) throws {
    switch message["type"]?.string {
    case "sheets": wish = .list
    case "open": wish = .open(try Self.id(message.require("sheet")))
    case "discard": wish = .discard(try Self.id(message.require("sheet")))
    case "keep":
      wish = .keep(
        try Sheet(message), as: try message["sheet"].map(Self.id), over: message["over"]?.string)
    default: return nil
    }
    number = try Question.number(message)
  }

  private static func id(_ value: JSONValue) throws -> SheetID {
    guard let id = value.string.flatMap({ SheetID($0) }) else {
      throw value.failure("sheet must be a name that the server has given")
    }
    return id
  }
}

/// A sheet as the list shows it.
struct SheetItem: Equatable, Sendable {
  let id: SheetID
  let count: Int
  let said: String
}

/// What the folder answers.
enum SheetReply: Equatable, Sendable {
  case list([SheetItem])
  case sheet(SheetID, Sheet)
  case discarded(SheetID)
  case kept(SheetID, revision: String)

  var type: String {
    switch self {
    case .list: "sheets"
    case .sheet: "sheet"
    case .discarded: "discarded"
    case .kept: "kept"
    }
  }

  /// Whether others have another list of sheets from now on.
  var isChange: Bool {
    switch self {
    case .kept, .discarded: true
    case .list, .sheet: false
    }
  }

  /// Writes what the page is told beside the type and its number.
  func write(_ json: inout JSONWriter) {
    switch self {
    case .list(let items):
      json.key("sheets")
      json.beginArray()
      for item in items {
        json.beginObject()
        json.put("sheet", item.id.text)
        json.put("strokes", item.count)
        json.put("said", item.said)
        json.endObject()
      }
      json.endArray()
    case .sheet(let id, let sheet):
      json.put("sheet", id.text)
      json.put("revision", sheet.revision)
      json.key("record")
      json.copy([UInt8(ascii: "{")] + sheet.members + [UInt8(ascii: "}")])
    case .discarded(let id): json.put("sheet", id.text)
    case .kept(let id, let revision):
      json.put("sheet", id.text)
      json.put("revision", revision)
    }
  }
}
