import Pages
import Testing

@Suite struct HTMLTests {
  @Test("a text's signs mean themselves")
  func escaping() {
    #expect(HTML.escaped(#"<b>&"'"# + "\u{1b}\n") == "&lt;b&gt;&amp;&quot;&#39;  ")
  }

  @Test("numbers have a minus as wide as a digit, and a dash for none")
  func numbers() {
    #expect(HTML.number("-1.0 %") == "−1.0 %" && HTML.number("-") == "–")
    #expect(HTML.number("2020-01-02") == "2020-01-02")
  }
}
