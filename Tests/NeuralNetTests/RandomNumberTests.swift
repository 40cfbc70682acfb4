import Testing

@testable import NeuralNet

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Random numbers by their formulas.
@Suite struct RandomNumberTests {
  @Test("a normal number is Box and Muller's of the next two uniform ones, and always finite")
  func normal() {
    var (numbers, plain) = (RandomNumbers(7), RandomNumbers(7))
    var (sum, squares) = (0.0, 0.0)
    for _ in 0..<4000 {
      let number = numbers.normal()
      let (one, other) = (Double(plain.uniform()), Double(plain.uniform()))
      #expect(number == Float((-2 * log(1 - one)).squareRoot() * cos(2 * .pi * other)))
      sum += Double(number)
      squares += Double(number) * Double(number)
    }
    #expect(abs(sum / 4000) < 0.05 && abs(squares / 4000 - 1) < 0.1)
  }

  @Test("a shuffle leaves any element where it is as often as it puts it elsewhere")
  func shuffle() {
    var numbers = RandomNumbers(8)
    var counts = [[Int]](repeating: [0, 0, 0, 0], count: 4)
    for _ in 0..<4000 {
      var elements = [0, 1, 2, 3]
      numbers.shuffle(&elements)
      for (place, element) in elements.enumerated() { counts[element][place] += 1 }
    }
    #expect(counts.allSatisfy { $0.allSatisfy { abs($0 - 1000) < 150 } })
  }

  @Test("numbers of TensorBoard's records: seven bits a byte, the last without a mark")
  func varints() {
    func step(_ number: Int) -> [UInt8] {
      Array(EventFile.event([], step: number, seconds: 0)[9...].dropLast(2))
    }
    #expect(step(0) == [16, 0] && step(127) == [16, 127] && step(128) == [16, 0x80, 1])
    #expect(step(300) == [16, 0xac, 2] && step(16384) == [16, 0x80, 0x80, 1])
  }
}
