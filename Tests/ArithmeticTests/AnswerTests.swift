import Testing

@testable import Arithmetic

@Suite struct AnswerTests {
  @Test(arguments: [
    ("1+2", "1+2=3"), ("1+(2-3)*4=", "1+(2-3)×4=-3"), ("4+4=8", "4+4=8"), ("4+4=9", "4+4=9"),
    ("7", "7"), ("-7", "-7"), ("7=", "7=7"), ("(7)", "(7)=7"), ("0.7", "0.7"), ("", ""),
    (".5+.25", ".5+.25=0.75"), ("-.5-.5", "-.5-.5=-1"), ("0.01-0.26", "0.01-0.26=-0.25"),
    ("1/3+.5", "1/3+.5=5/6"), ("1/8", "1/8=1/8"), ("1.0/8", "1.0/8=0.125"), ("1/0", "1/0=∞"),
    ("10.0×10", "10.0×10=100"), ("0.2(0)", "0.2(0)=0"), ("1+)2", "1+)2"), ("0/0", "0/0"),
  ]) func fillsInTheAnswer(text: String, expected: String) {
    #expect(Answer(text).text == expected)
  }

  @Test func theQuestionIsTheExpression() {
    #expect(Answer("1 + 2 =").expression == "1+2")
    #expect(Answer("4+4=8").expression == "4+4=8")
    #expect(Answer(" 1+)2").expression == " 1+)2")
  }
}
