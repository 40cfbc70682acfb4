import Testing

@testable import Benchmarking

/// The page that `conv-bench --summary --html` writes.
@Suite struct ExperimentPageTests {
  private typealias Records = ExperimentSummaryTests

  private static let peak = [
    #"{"measure":"operations","cpu":"avx512","threads":1,"gflops":250.4}"#,
    #"{"measure":"triad in memory","cpu":"avx512","threads":1,"gb_per_s":20}"#,
    #"{"measure":"triad in cache","cpu":"avx512","threads":1,"gb_per_s":80}"#,
  ]

  private func page(_ records: [String]) throws -> String {
    ExperimentPage(try summary(records)).html
  }

  @Test("everything that was measured has its part, and none needs a network")
  func whole() throws {
    let page = try page(Records.results + Records.others + Self.peak)
    #expect(page.hasPrefix("<!DOCTYPE html>") && page.hasSuffix("</html>\n"))
    for part in [
      "winograd is 100 times as fast as the plain loops on large.",
      "442 gradients agree with finite differences. Every result that was timed",
      "64 pictures of 1 channel, 9×9 pixels; 2 kernels of 3×3.", "PyTorch’s MNIST example",
      "aria-label='Roofline'", "aria-label='Times as fast as the plain loops'",
      "aria-label='classic: GFLOP/s by implementation'", "Parts of a training step of lenet5",
      "Parts of a training step of lenet5", "Seconds of an epoch", "Percent of digits read wrong",
      "With 10,000 digits", "lower is better", "higher is better", "reckoned from 1 of 4 pictures",
    ] { #expect(page.contains(part), "\(part)") }
    for part in ["http:", "https:", "<script", "src=", "nan", "inf<", "@import", "url("] {
      #expect(!page.contains(part), "\(part)")
    }
    // What is open is closed.
    for tag in ["svg", "table", "div", "figure", "main", "style"] {
      let (start, end) = ("<\(tag)", "</\(tag)>")
      let opened = page.split(separator: start, omittingEmptySubsequences: false).count
      #expect(opened == page.split(separator: end, omittingEmptySubsequences: false).count)
    }
  }

  @Test("each kind of record alone makes a page too")
  func parts() throws {
    for records in [
      [Records.results[0]], [Records.others[0]], [Records.others[4]], [Records.others[7]],
      [Self.peak[0]],
      [Records.result("a", pictures: 1, by: "gemm", milliseconds: 1, ratio: "null")],
    ] {
      let page = try page(records)
      #expect(page.hasSuffix("</html>\n") && !page.contains("nan"), "\(records)")
    }
  }

  @Test("what is wrong is said first, and its speed is not shown")
  func wrong() throws {
    let page = try page([
      Records.result("a", pictures: 1, by: "direct", milliseconds: 9, ratio: "null"),
      Records.result("a", pictures: 1, by: "gemm", milliseconds: 1, ratio: "null", wrong: true),
    ])
    #expect(page.contains("<h1>1 of these are WRONG, gemm on a.</h1>"))
    #expect(page.contains(">WRONG</text>") && !page.contains("9.00 times"))
    #expect(!page.contains("is right."))
  }

  @Test("names are no markup")
  func names() throws {
    let name = "<b onclick='x'>&"
    let page = try page([
      Records.result(name, pictures: 1, by: name, milliseconds: 9, ratio: "1"),
      #"{"network":"\#(name)","implementation":"\#(name)","operator":"conv2d","calls":2,"total_ms":3}"#,
      #"{"network":"\#(name)","implementation":"\#(name)","threads":2,"epoch_seconds":1}"#,
      #"{"op":"\#(name)","implementation":"\#(name)","gradients":4,"max_error":1,"wrong":false}"#,
    ])
    #expect(!page.contains("<b onclick") && page.contains("&lt;b onclick=&#39;x&#39;&gt;&amp;"))
  }

  @Test("results of two machines are shown apart, and what is odd stands on top")
  func machines() throws {
    let one = Records.result("a", pictures: 1, by: "gemm", milliseconds: 9, ratio: "null")
    let page = try page([one, one.replacing("avx512", with: "avx2")] + Self.peak)
    #expect(page.contains("results of 1 thread, avx512; and of 1 thread, avx2"))
    #expect(page.contains("a (1 thread, avx512)") && page.contains("a (1 thread, avx2)"))
    #expect(!page.contains("aria-label='Roofline'"))
  }
}
