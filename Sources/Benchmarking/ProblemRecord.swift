import Streams
import Tensor

/// Problems as objects of NDJSON, and back.
///
/// `{"name","op":"conv2d","n","c","h","w","k","r","s","stride":1,"padding":0,"dilation":1,
/// "groups":1,"pass":"forward"}`; `"op":"conv1d"` has no h and r; `"op":"linear"` has n, inputs and
/// outputs. Stride, padding and dilation are a number, or [rows, columns].
extension Problem {
  /// Reads a problem; throws what rule it breaks.
  public init(_ record: JSONValue) throws {
    let name = try record["name"].map { value in
      guard let text = value.string else {
        throw value.failure("name must be a string: got \(value.kindName)")
      }
      return text
    }
    let pass: Pass = try record.choice("pass", or: .forward)
    for (key, value) in record.members {
      guard let meant = ProblemKeys.meant(key) else { continue }
      throw value.failure("key '\(key)' is none of a problem: it has '\(meant)'")
    }
    /// A size, refused under the name that the record has for it.
    func size(_ key: String) throws -> Int {
      let value = try record.require(key)
      let size = try record.wholeNumber(key)
      guard (1...1 << 24).contains(size) else {
        throw value.failure("\(key) must be in 1...16777216: \(size)")
      }
      return size
    }
    let operation: Operation
    switch try record.choice("op", or: Operator.conv2d) {
    case .linear:
      operation = .linear(
        try LinearShape(batch: size("n"), inputs: size("inputs"), outputs: size("outputs")))
    case .conv1d:
      operation = .convolution(
        try ConvolutionShape(
          batch: size("n"), inChannels: size("c"), height: 1, width: size("w"),
          outChannels: size("k"), kernelHeight: 1, kernelWidth: size("s"),
          stride: record.perAxis("stride", 1, rows: 1),
          padding: record.perAxis("padding", 0, rows: 0),
          dilation: record.perAxis("dilation", 1, rows: 1),
          groups: record.countIfKnown("groups", from: 1) ?? 1))
    case .conv2d:
      operation = .convolution(
        try ConvolutionShape(
          batch: size("n"), inChannels: size("c"), height: size("h"), width: size("w"),
          outChannels: size("k"), kernelHeight: size("r"), kernelWidth: size("s"),
          stride: record.perAxis("stride", 1), padding: record.perAxis("padding", 0),
          dilation: record.perAxis("dilation", 1),
          groups: record.countIfKnown("groups", from: 1) ?? 1))
    }
    self.init(name: name, operation, pass)
  }

  /// The operators' names.
  public enum Operator: String, CaseIterable, Sendable { case conv2d, conv1d, linear }

  /// Writes the problem's keys into an object that is open.
  public func write(to json: inout JSONWriter) {
    func put(_ key: String, _ value: Int) {
      json.key(key)
      json.value(value)
    }
    func put(_ key: String, _ value: PerAxis) {
      json.key(key)
      guard value.rows != value.columns else { return json.value(value.rows) }
      json.beginArray()
      json.value(value.rows)
      json.value(value.columns)
      json.endArray()
    }
    json.key("name")
    json.value(name)
    json.key("op")
    switch operation {
    case .linear(let s):
      json.value(Operator.linear.rawValue)
      for (key, value) in [("n", s.batch), ("inputs", s.inputs), ("outputs", s.outputs)] {
        put(key, value)
      }
    case .convolution(let s):
      json.value(Operator.conv2d.rawValue)
      for (key, value) in [
        ("n", s.batch), ("c", s.inChannels), ("h", s.height), ("w", s.width), ("k", s.outChannels),
        ("r", s.kernelHeight), ("s", s.kernelWidth),
      ] { put(key, value) }
      put("stride", s.stride)
      put("padding", s.padding)
      put("dilation", s.dilation)
      put("groups", s.groups)
    }
    json.key("pass")
    json.value(pass.rawValue)
  }
}

extension JSONValue {
  /// A number without fraction.
  private func wholeNumber(named key: String) throws -> Int {
    guard let number = int else {
      throw failure("\(key) must be a whole number: \(excerpt)")
    }
    return number
  }

  /// A number or [rows, columns] under a key; for one dimension, a number for the columns.
  fileprivate func perAxis(_ key: String, _ otherwise: Int, rows: Int? = nil) throws -> PerAxis {
    guard let value = self[key] else { return PerAxis(otherwise) }
    if value.kind == .array, rows == nil {
      let numbers = try value.elements.map { try $0.wholeNumber(named: key) }
      guard numbers.count == 2 else {
        throw value.failure("\(key) must be a number or [rows, columns]: \(numbers)")
      }
      return PerAxis(rows: numbers[0], columns: numbers[1])
    }
    let number = try value.wholeNumber(named: key)
    return PerAxis(rows: rows ?? number, columns: number)
  }

  /// One of the words of an enum under a key.
  fileprivate func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ key: String, or otherwise: Choice
  ) throws -> Choice {
    guard let value = self[key] else { return otherwise }
    guard let choice = value.string.flatMap(Choice.init(rawValue:)) else {
      let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw value.failure("\(key) must be one of \(words): \(value.excerpt)")
    }
    return choice
  }
}
