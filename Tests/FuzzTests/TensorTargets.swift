import Tensor

@testable import Glyphs
@testable import Processors
@testable import Series
@testable import Streams

let tensorTargets = [
  FuzzTarget(
    "safetensors", words: tensorWords + ["\"processor\":\"robust-zscore\""],
    seeds: { samples("market/zscore.safetensors") + [signalModel, try glyphModel()] }
  ) { bytes in
    _ = try? Safetensors(Array(bytes), name: "t")
    let sealed = resealed(bytes)
    _ = try? sealed.withUnsafeBytes { try withFile($0) { try RobustZScore(path: $0) } }
    let file = try Safetensors(sealed, name: "t")
    var writer = SafetensorsWriter()
    for (key, text) in file.metadata.sorted(by: { $0.key < $1.key }) { writer.add(key, text) }
    for (name, entry) in file.entries.sorted(by: { $0.key < $1.key }) {
      let halves = file.halves(entry)
      if entry.type == .float16 {
        writer.addHalves(name, shape: entry.shape, halves)
      } else {
        let floats = stride(from: 0, to: halves.count, by: 2).map {
          Float(bitPattern: UInt32(halves[$0]) | UInt32(halves[$0 + 1]) << 16)
        }
        floats.withUnsafeBufferPointer { writer.add(name, shape: entry.shape, $0) }
      }
    }
    let again = try mustSucceed("what was written") {
      try Safetensors(writer.bytes(), name: "t")
    }
    try hold(again.metadata == file.metadata, "the texts are others")
    try hold(again.entries.count == file.entries.count, "there are other tensors")
    for (name, entry) in file.entries {
      guard let back = again.entries[name] else {
        throw BrokenProperty(description: "'\(name)' is gone")
      }
      try hold(back.type == entry.type && back.shape == entry.shape, "'\(name)' is another")
      try hold(again.halves(back) == file.halves(entry), "'\(name)' has other numbers")
    }
  },
  FuzzTarget(
    "models",
    words: tensorWords + [
      "\"architecture\":\"", "\"classes\":\"", "\"fields\":\"", "\"networks\":\"1\"", "input 4x4",
      "conv 3x3x2 same", "relu", "pool 2", "fc 3", "dropout 0.5", "cnn inputs 2 steps 3",
      "layers 2", "kernel 3", "tcn", "mlp", "linear", "normalisation",
    ],
    seeds: { [signalModel, try glyphModel()] }
  ) { bytes in
    try resealed(bytes).withUnsafeBytes { bytes in
      try withFile(bytes) { path in
        try oneOf(
          {
            let read = try Model(path: path).network.architecture
            let again = try mustSucceed("the text") { try Architecture(read.description) }
            try hold(again == read, "'\(read)' is another architecture")
          },
          {
            for network in try SignalModel(path: path).networks {
              let read = network.architecture
              let again = try mustSucceed("the text") { try SeriesArchitecture(read.description) }
              try hold(again == read, "'\(read)' is another architecture")
            }
          })
      }
    }
  },
  FuzzTarget(
    "idx",
    seeds: { [[0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3], [0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 2, 7, 8]] }
  ) { bytes in
    try reading(bytes) { input in
      _ = try input.nextSource()
      let file = try input.idx()
      try hold(file.shape.reduce(1, *) == file.bytes.count, "bytes do not fit \(file.shape)")
    }
  },
]

let tensorWords = [
  "{\"__metadata__\":{", "\"dtype\":\"F32\"", "\"dtype\":\"F16\"", "\"shape\":[2,3]",
  "\"data_offsets\":[0,8]", "}}",
]

extension Safetensors {
  /// The bytes of a tensor, two at a time.
  fileprivate func halves(_ entry: Entry) -> [UInt16] {
    withBytes(entry) { bytes in
      (0..<bytes.count / 2).map { bytes.loadUnaligned(fromByteOffset: 2 * $0, as: UInt16.self) }
    }
  }
}

/// A file with the right checksum, where it has one: a search would not find it.
func resealed(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
  var file = Array(bytes)
  let start = SafetensorsChecksum.start.utf8
  if file.dropFirst(8).starts(with: start), file.count >= 8 + start.count + 64 {
    file.replaceSubrange(8 + start.count..<8 + start.count + 64, with: SafetensorsChecksum.zeros)
    SafetensorsChecksum.seal(&file)
  }
  return file
}

/// A small model of glyphs.
private func glyphModel() throws -> [UInt8] {
  let network = try Network(Architecture("input 4x4, conv 3x3x1 same, relu, pool 2, fc 2"))
  network.initialise(seed: 1)
  return try Model.bytes(of: network, values: network.values, classes: ["1", "2"], metadata: [])
}
