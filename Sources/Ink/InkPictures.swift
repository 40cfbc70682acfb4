import Streams

extension Drawing {
  /// One picture of the whole drawing, its text `id`; a drawing without strokes is a white pixel.
  ///
  /// Where `coloured`, each group has its own colour; throws `InkError` where there are no groups.
  public func picture(
    height: Int, margin: Int, penWidth: Double, coloured: Bool
  ) throws -> Picture {
    let texts = [(keyword: "id", text: id)] + recordTexts
    guard
      let page = DrawingPage(strokes, height: height, margin: margin, penWidth: penWidth)
    else { return Picture(width: 1, height: 1, samples: [255], texts: texts) }
    guard coloured else {
      return Picture(width: page.width, height: page.height, samples: page.grey(), texts: texts)
    }
    guard let groups else { throw InkError.noGroups }
    return Picture(
      width: page.width, height: page.height, channels: 3, samples: page.coloured(groups),
      texts: texts)
  }

  /// One picture a group, in order, with the texts `id`, `group` (`2/5`), `first`, `last`, `strokes`
  /// and `box`.
  ///
  /// A drawing without groups is one white pixel, group `1/1` with first = last = 0, so that one
  /// drawing in is one answer out. Throws `InkError` where the drawing was not segmented.
  public func groupPictures(penWidth: Double, _ body: (Picture) throws -> Void) throws {
    guard let groups else { throw InkError.noGroups }
    guard !groups.isEmpty else {
      let nowhere = Box(lower: .zero, upper: .zero)
      try body(
        Picture(
          width: 1, height: 1, samples: [255],
          texts: texts(number: 1, of: 1, Group(first: 0, last: 0, strokes: [], box: nowhere))))
      return
    }
    let pen = penWidth * writingSize(strokes)
    for (index, group) in groups.enumerated() {
      let page = GroupPage(group.strokes.map { strokes[$0] }, pen: pen)
      try body(
        Picture(
          width: page.width, height: page.height, samples: page.samples,
          texts: texts(number: index + 1, of: groups.count, group)))
    }
  }

  private func texts(
    number: Int, of count: Int, _ group: Group
  ) -> [(keyword: String, text: String)] {
    // All pictures of a drawing travel together: the first has what is said once.
    let record = number == 1 ? recordTexts : []
    return [
      ("id", id), ("group", "\(number)/\(count)"), ("first", "\(group.first)"),
      ("last", "\(group.last)"),
      ("strokes", group.strokes.map(String.init).joined(separator: " ")),
      ("box", group.box.corners.map(shortest).joined(separator: " ")),
    ] + record
  }

  private var recordTexts: [(keyword: String, text: String)] {
    record.isEmpty ? [] : [("record", record)]
  }
}

/// The shortest decimal that reads back as the same double, whole numbers without `.0`.
private func shortest(_ value: Double) -> String {
  abs(value) < 1e15 && value == value.rounded()
    ? String(Int(value, within: .min ... .max)) : value.description
}
