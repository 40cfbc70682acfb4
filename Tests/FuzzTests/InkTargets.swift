import Streams

@testable import Ink

let inkTargets = [
  FuzzTarget(
    "ndjson-ink",
    words: ["{\"strokes\":[[[", "],[", "]]]}", "\"id\":\"a\"", "\"groups\":", "1e-308", "1e9"],
    seeds: {
      samples("ink/four-plus-four.ndjson")
        + [Array(#"{"id":"a","strokes":[[[0,0],[0,9]],[[3,0],[4,9],[5,1]]]}"#.utf8)]
    }
  ) { bytes in
    try reading(bytes) { input in
      try input.ndjson { record in
        var drawing = try Drawing(record, line: input.lineNumber)
        if record["groups"] != nil {
          try drawing.readGroups(record)
          try draw(drawing)
        }
        let groups = Lattice.groups(drawing.strokes)
        let line = try written { output in
          var json = JSONWriter(output)
          try drawing.write(record, groups: groups, to: &json)
        }
        try isReadBack(line, as: drawing, groups)
        drawing.groups = groups
        try draw(drawing)
      }
    }
  },
  FuzzTarget(
    "ink-forms",
    words: [
      "\"strokes\":", "\"drawing\":", "\"strokeGroups\":", "\"points\":", "\"x\":", "\"y\":",
      "\"key_id\":",
      "\"xDPI\":96", "\"yDPI\":72", "[[[1,2],[3,4]]]", "{\"x\":1,\"y\":2}", "[\n", "\n]", "<ink>",
    ],
    seeds: {
      [
        "[{\"points\":[{\"x\":1,\"y\":2,\"time\":3}],\n\"penColor\":\"black\"}\n]\n{\"strokes\":[]}",
        #"{"xDPI":96,"yDPI":72,"strokeGroups":[{"strokes":[{"x":[1,3],"y":[2,4],"t":[0,1]}]}]}"#,
        #"{"word":"cat","key_id":"5","drawing":[[[1,3],[2,4],[0,7]]]}"#,
        #"{"id":"a","strokes":[[[1,2,0.5,7],[3,4,0.5,8]],[{"x":1,"y":2}]],"k":1}"#,
        "\n <ink><trace>1 2</trace></ink>",
      ].map { Array($0.utf8) }
    }
  ) { bytes in
    try reading(bytes) { input in
      try input.drawings { arrived in
        let groups = Lattice.groups(arrived.drawing.strokes)
        let line = try written { output in
          var json = JSONWriter(output)
          try arrived.write(groups: groups, to: &json)
        }
        try isReadBack(line, as: arrived.drawing, groups)
      }
    }
  },
  FuzzTarget(
    "inkml",
    words: [
      "<context xml:id=\"c\" contextRef=\"#c\">", "<definitions>", "<canvasTransform>",
      "units=\"cm\"",
      "<mapping type=\"affine\"><affine>1 0 0, 0 1 0</affine></mapping>", "<table>1 2, 3 4</table>",
      "<bind source=\"X\" column=\"1\"/>", "<inkSource>", "mappingRef=\"#m\"",
      "<channelProperty channel=\"X\" name=\"resolution\" value=\"9\" units=\"1/cm\"/>",
      "<ink>", "</ink>", "<trace>", "</trace>", "<traceFormat>", "<channel name=\"X\"/>",
      "orientation=\"-ve\"", "<annotation type=\"truth\">", "continuation=\"middle\"",
      "priorRef=\"#t\"", "type=\"penUp\"", "<!ENTITY a \"b\">", "<!DOCTYPE ink [", "'1\"2", "#FF",
      "<?xml version=\"1.0\" encoding=\"UTF-16\"?>", "<![CDATA[",
    ],
    seeds: {
      samples("ink/sum.inkml") + [Array("<ink><trace>0 0, 1 2, '1\"1, 3-4</trace></ink>".utf8)]
    }
  ) { bytes in
    let document = try reading(bytes) { input in
      _ = try input.nextSource()
      return try InkMLDocument(reading: input, number: 1)
    }
    let groups = Lattice.groups(document.drawing.strokes)
    let line = written { output in
      var json = JSONWriter(output)
      document.write(groups: groups, to: &json)
    }
    try isReadBack(line, as: document.drawing, groups)
  },
]

/// What `segment` writes is what the next tool reads.
private func isReadBack(_ line: [UInt8], as drawing: Drawing, _ groups: [Group]) throws {
  let back = try mustSucceed("what segment wrote") {
    try line.withUnsafeBytes { bytes in
      try withJSON(bytes, name: "t") { record in
        var back = try Drawing(record, line: 1)
        try back.readGroups(record)
        return back
      }
    }
  }
  try hold(back.id == drawing.id, "the id is another: \(back.id)")
  try hold(back.strokes == drawing.strokes, "the strokes are others")
  try hold(back.groups == groups, "the groups are others")
}

/// Draws all that the tools would draw, and reads it back as `center28` does.
private func draw(_ drawing: Drawing) throws {
  // A search makes drawings of thousands of candidates, which say no more than those of some.
  guard drawing.strokes.count < 40 else { return }
  var table = GlyphTable()
  var rows = 0
  try mustSucceed("pictures of groups") {
    try drawing.groupPictures(penWidth: Pen.defaultWidth) { picture in
      if let array = try table.add(picture) { rows = array.count }
    }
  }
  try hold(rows == max(1, drawing.groups?.count ?? 0), "\(rows) rows of glyphs")
  _ = try drawing.picture(height: 64, margin: 4, penWidth: 0.05, coloured: true)
}
