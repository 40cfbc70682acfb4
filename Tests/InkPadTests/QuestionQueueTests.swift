import Testing

@testable import InkPad

/// Whose question is asked, which are asked alone, and which no more: step by step.
@Suite struct QuestionQueueTests {
  /// A queue whose guests wait for their answers until they are told to go home.
  private final class Room {
    var queue = QuestionQueue()
    private var waiting: [CheckedContinuation<[UInt8]?, Never>] = []
    private var count = 0

    /// A guest asks; the questions are numbered from 1.
    func ask(_ guest: Int?, _ content: String) async {
      let done = await withCheckedContinuation { handed in
        _ = Task {
          await withCheckedContinuation { (done: CheckedContinuation<[UInt8]?, Never>) in
            handed.resume(returning: done)
          }
        }
      }
      waiting.append(done)
      count += 1
      queue.add(.init(number: count, guest: guest, content: Array(content.utf8), done: done))
    }

    /// The numbers of all that may go into the pipeline now.
    func next() -> [Int] {
      var numbers: [Int] = []
      while let job = queue.next() { numbers.append(job.number) }
      return numbers
    }

    func answer() -> Int { queue.answered().number }
    func die() -> [Int] { queue.died().map(\.number) }
    func refuses(_ content: String) -> Bool { queue.refuses(Array(content.utf8)) }

    deinit { for done in waiting { done.resume(returning: nil) } }
  }

  @Test("all in the pipe are asked again alone, the one in front last; what kills twice is refused")
  func blame() async {
    let room = Room()
    for (guest, content) in [(1, "bad"), (2, "b"), (3, "c")] { await room.ask(guest, content) }
    #expect(room.next() == [1, 2, 3])
    #expect(room.die().isEmpty && !room.refuses("bad"))
    #expect(room.next() == [2])
    #expect(room.answer() == 2)
    await room.ask(4, "d")
    // Who has not been asked yet is before them, and what was there at a death is still asked alone.
    #expect(room.next() == [4])
    #expect(room.answer() == 4)
    #expect(room.next() == [3])
    #expect(room.answer() == 3)
    #expect(room.next() == [1])
    #expect(room.die() == [1])
    #expect(room.refuses("bad") && !room.refuses("b"))
    // Its guest stays behind the others, and alone.
    await room.ask(1, "good")
    await room.ask(2, "e")
    await room.ask(3, "f")
    #expect(room.next() == [6, 7])
    #expect([room.answer(), room.answer()] == [6, 7])
    #expect(room.next() == [5])
    await room.ask(2, "g")
    #expect(room.next().isEmpty)
    #expect(room.answer() == 5)
    await room.ask(1, "h")
    #expect(room.next() == [8])
    #expect(room.answer() == 8)
    #expect(room.next() == [9])
    // Who comes back is another guest.
    #expect(room.answer() == 9)
    room.queue.leave(1)
    await room.ask(1, "i")
    await room.ask(2, "j")
    #expect(room.next() == [10, 11])
  }

  @Test("an answer clears the one that stood in front: it is a guest like others again")
  func cleared() async {
    let room = Room()
    await room.ask(1, "a")
    await room.ask(2, "b")
    #expect(room.next() == [1, 2])
    #expect(room.die().isEmpty)
    #expect(room.next() == [2])
    #expect(room.answer() == 2)
    #expect(room.next() == [1])
    #expect(room.answer() == 1)
    // One death later it is counted from the start: it takes two more to be refused.
    await room.ask(1, "a")
    await room.ask(2, "c")
    #expect(room.next() == [4, 3])
    #expect(room.die().isEmpty && !room.refuses("a"))
  }

  @Test("a death alone is the first of two, and a death in company is one of them too")
  func twice() async {
    let alone = Room()
    await alone.ask(1, "bad")
    #expect(alone.next() == [1])
    #expect(alone.die().isEmpty && !alone.refuses("bad"))
    #expect(alone.next() == [1])
    #expect(alone.die() == [1] && alone.refuses("bad"))
    #expect(alone.next().isEmpty)
    // Two deaths in company prove nothing: the second time each is alone.
    let both = Room()
    for guest in [1, 2] { await both.ask(guest, "same") }
    #expect(both.next() == [1, 2])
    #expect(both.die().isEmpty && !both.refuses("same"))
    #expect(both.next() == [2])
    #expect(both.die() == [2] && both.refuses("same"))
  }

  @Test("the server's own question is nobody's, and what waits is asked after it")
  func probe() async {
    let room = Room()
    await room.ask(1, "a")
    room.queue.probe(.init(number: 100, guest: nil, content: [1]))
    #expect(room.next() == [1])
    #expect(room.answer() == 100)
    await room.ask(2, "b")
    #expect(room.next() == [2])
    #expect(room.answer() == 1)
    room.queue.probe(.init(number: 101, guest: nil, content: [1]))
    // It has no one to be asked for again.
    #expect(room.die().isEmpty && room.next().isEmpty)
  }

  @Test("a start that fails is nobody's fault: what has waited for two is given up, not for one")
  func starts() async {
    let room = Room()
    await room.ask(1, "a")
    #expect(room.queue.failedToStart().isEmpty)
    await room.ask(2, "b")
    #expect(room.queue.failedToStart().map(\.number) == [1])
    #expect(room.next() == [2])
    #expect(room.answer() == 2)
    #expect(!room.refuses("a") && !room.refuses("b"))
  }

  @Test("who is gone is not asked; in the pipe its place stays, and it is not asked again")
  func forgotten() async {
    let room = Room()
    for content in ["a", "b", "c"] { await room.ask(1, content) }
    #expect(room.queue.forget(2) != nil && room.queue.forget(2) == nil)
    #expect(room.next() == [1, 3])
    #expect(room.queue.forget(3) != nil && room.queue.forget(3) == nil)
    #expect(room.die().isEmpty)
    #expect(room.next() == [1])
    await room.ask(2, "d")
    #expect(room.queue.removeAll().map(\.number) == [1, 4])
    #expect(room.next().isEmpty && room.queue.asked.isEmpty)
  }
}
