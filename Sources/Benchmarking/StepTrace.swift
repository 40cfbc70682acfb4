import Streams
import Tensor

/// One step of each profile on a time axis, in the form of Chrome's traces: Perfetto and chrome://tracing
/// open it.
///
/// Source: "Trace Event Format", the JSON object format; complete events, `"ph":"X"`, in microseconds.
public final class StepTrace {
  private let output: ByteWriter
  private var json: JSONWriter
  /// Profiles that were added; each has a row of its own.
  private var rows = 0

  /// A trace that will be at a path, whole or not at all.
  public init(_ path: String) throws {
    output = try ByteWriter(path)
    json = JSONWriter(output)
    json.beginObject()
    json.put("displayTimeUnit", "ms")
    json.key("traceEvents")
    json.beginArray()
  }

  /// Adds a step as a row, from its first operator on.
  func add(_ name: String, _ spans: [OperatorTimes.Span]) {
    rows += 1
    json.beginObject()
    json.put("ph", "M")
    json.put("name", "thread_name")
    json.put("pid", 1)
    json.put("tid", rows)
    json.key("args")
    json.beginObject()
    json.put("name", name)
    json.endObject()
    json.endObject()
    guard let first = spans.first else { return }
    for span in spans {
      json.beginObject()
      json.put("ph", "X")
      json.put("name", span.name)
      json.put("pid", 1)
      json.put("tid", rows)
      json.put("ts", ((span.start - first.start) * 1e6).rounded(decimals: 3))
      json.put("dur", (span.seconds * 1e6).rounded(decimals: 3))
      json.endObject()
    }
  }

  /// Puts the file to its place.
  public func finish() throws {
    json.endArray()
    json.endObject()
    json.endLine()
    try output.finish()
  }
}
