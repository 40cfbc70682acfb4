import Streams

extension Drawing {
  /// Reads a record in any form of JSON ink, such as `{"id","strokes":[[[x,y],...],...]}`; a missing id is
  /// QuickDraw's `key_id`, or becomes the line's number.
  ///
  /// Throws `InkError` for strokes without points, points that are not `[x, y]`, what could mean two
  /// things, and what is over the limits; `Failure` where a key is missing.
  public init(_ record: JSONValue, line: Int) throws {
    id = String(line)
    if let value = record["id"] {
      guard let text = value.string else { throw InkError.id("is \(value.kindName), not a string") }
      id = text
    } else if let key = record["key_id"] {
      id = key.string ?? key.int.map(String.init) ?? id
    }
    try Self.check(id: id)
    strokes = try InkForm.read(record)
  }

  /// Reads the groups that `segment` adds.
  public mutating func readGroups(_ record: JSONValue) throws {
    guard let list = record["groups"] else { throw InkError.noGroups }
    guard list.kind == .array else { throw InkError.group(1, "'groups' is \(list.kindName)") }
    var groups: [Group] = []
    groups.reserveCapacity(list.count)
    for value in list.elements { groups.append(try group(value, number: groups.count + 1)) }
    self.groups = groups
  }

  private func group(_ value: JSONValue, number: Int) throws -> Group {
    guard let first = value["first"]?.int, let last = value["last"]?.int,
      0 <= first, first < last, last <= strokes.count
    else {
      throw InkError.group(
        number, "needs 0 <= first < last <= \(strokes.count), the strokes; run segment first")
    }
    let members = value["strokes"]?.elements.map { $0.int ?? -1 } ?? []
    guard !members.isEmpty, members.allSatisfy({ strokes.indices.contains($0) }) else {
      throw InkError.group(number, "needs 'strokes', indices from 0 to \(strokes.count - 1)")
    }
    let corners = value["box"]?.elements.map { $0.double ?? .infinity } ?? []
    guard corners.count == 4, corners.allSatisfy({ abs($0) <= Self.coordinateLimit }) else {
      throw InkError.group(number, "needs 'box', [x0, y0, x1, y1]")
    }
    return Group(
      first: first, last: last, strokes: members,
      box: Box(lower: Point(corners[0], corners[1]), upper: Point(corners[2], corners[3])))
  }

  /// Ids travel in PNG texts and NUL-padded fields.
  static func check(id: String) throws {
    guard !id.utf8.contains(0) else { throw InkError.id("has a NUL character") }
    guard id.utf8.count <= 1024 else {
      throw InkError.id("is over 1024 bytes: \(id.utf8.count)")
    }
  }

  static func tooManyStrokes(_ count: Int) -> InkError {
    .limit("drawing is over \(strokeLimit) strokes: \(count)")
  }

  static var tooManyPoints: InkError { .limit("drawing is over \(pointLimit) points") }

  static func check(_ point: Point, stroke: Int) throws {
    for coordinate in [point.x, point.y] where !(abs(coordinate) <= coordinateLimit) {
      throw InkError.stroke(stroke, "coordinate is beyond ±1e9: \(coordinate)")
    }
  }
}

extension Drawing {
  /// Who wrote it, by which drawings are kept out of training; nil where that is not told.
  ///
  /// Throws where it is told, and not as a string.
  public static func writer(of record: JSONValue) throws -> String? {
    guard let writer = record["writer"], writer.kind != .null else { return nil }
    guard let name = writer.string else {
      throw writer.failure("writer must be a string, got \(writer.kindName)")
    }
    return name
  }

  /// Writes the object that the drawing was read from, with other groups; a missing id is added.
  ///
  /// Strokes that came in another form are written as arrays of `[x, y]` under `strokes`.
  public func write(_ record: JSONValue, groups: [Group], to json: inout JSONWriter) throws {
    let form = try InkForm.of(record)
    let isPlain = InkForm.isPlain(record)
    json.beginObject()
    if record["id"] == nil { json.put("id", id) }
    if form == nil { writeStrokes(to: &json) }
    for (key, value) in record.members where key != "groups" {
      if !isPlain, key == form?.rawValue {
        writeStrokes(to: &json)
      } else if isPlain || key != "strokes" {
        json.key(key)
        json.copy(value)
      }
    }
    json.key("groups")
    json.value(groups)
    json.endObject()
    json.endLine()
  }

  private func writeStrokes(to json: inout JSONWriter) {
    json.key("strokes")
    json.value(strokes)
  }
}

extension JSONWriter {
  /// Writes groups as `segment` does: first, last, strokes, box.
  public mutating func value(_ groups: [Group]) {
    beginArray()
    for group in groups {
      beginObject()
      key("first")
      value(group.first)
      key("last")
      value(group.last)
      key("strokes")
      beginArray()
      for index in group.strokes { value(index) }
      endArray()
      key("box")
      beginArray()
      for corner in group.box.corners { value(corner) }
      endArray()
      endObject()
    }
    endArray()
  }

  /// Writes strokes as arrays of `[x, y]`.
  public mutating func value(_ strokes: [Stroke]) {
    beginArray()
    for stroke in strokes {
      beginArray()
      for point in stroke.points {
        beginArray()
        value(point.x)
        value(point.y)
        endArray()
      }
      endArray()
    }
    endArray()
  }
}
