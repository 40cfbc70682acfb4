/// Whole numbers at a fixed address, aligned as `FloatBuffer` is, all zero at first.
struct WordBuffer<Word: FixedWidthInteger>: @unchecked Sendable {
  let start: UnsafeMutablePointer<Word>
  private let memory: FloatBuffer

  init(_ count: Int) {
    memory = FloatBuffer(count * MemoryLayout<Word>.size / MemoryLayout<Float>.size + 1)
    start = UnsafeMutableRawPointer(memory.start).bindMemory(to: Word.self, capacity: count)
  }
}
