/// ink-pad: a page to write on, with the calculator behind it.
import ArgumentParser
import InkPad
import Streams

@main
struct InkPadTool: Service {
  static let configuration = CommandConfiguration(
    commandName: "ink-pad",
    abstract: "Serve a page to write on: the calculator answers after each stroke.",
    discussion: """
      Starts the calculator's pipeline once, listens on 127.0.0.1 and prints the page's address. The
      page is held in the executable; no path of a request is ever opened. What is not this server's
      own page is turned away by its Host and Origin. Ctrl-C ends it.

      EXAMPLES
        ink-pad --port 0 & sleep 1; kill $!
        ink-pad --port 0 --idle 600 > address & sleep 1; cat address; kill $!

      SEE ALSO  segment, lenet-infer, expr-eval

      CAVEATS
        There is no password and no TLS: with --host 0.0.0.0 everybody who reaches the machine can
        use the page. A drawing has 1 MiB and 1,000 strokes at most; 64 connections are open at a
        time.
      """,
    version: convoyVersion)

  @Option(help: ArgumentHelp("Port to listen on; 0 takes any that is free.", valueName: "n"))
  var port: UInt16 = 8828

  @Option(help: ArgumentHelp("Address to listen on.", valueName: "address"))
  var host = "127.0.0.1"

  @Option(help: ArgumentHelp("Silence after which a page is let go.", valueName: "seconds"))
  var idle = 60

  @Flag(help: "Open the page in the browser.")
  var open = false

  @Option(
    help: ArgumentHelp(
      "What reads drawings (default: mnist-calc of the house).", valueName: "file"),
    completion: .file())
  var pipeline: String?

  @Option(
    help: ArgumentHelp(
      "What reads single digits (default: mnist-digit of the house).", valueName: "file"),
    completion: .file())
  var digitPipeline: String?

  func validate() throws {
    guard (1...86_400).contains(idle) else {
      throw ValidationError("--idle must be in 1...86400: \(idle)")
    }
    guard ListeningPlace.accepts(host) else {
      throw ValidationError("--host must be an IPv4 or IPv6 address, or localhost: '\(host)'")
    }
  }

  func run() throws {
    let programs = InstalledPrograms()
    var limits = Limits()
    limits.idle = .seconds(idle)
    let watch = try Watch()
    let server = try PadServer(
      host: host, port: port,
      pipelines: Pipelines(
        calculator: [programs.pipeline(pipeline, orDefault: "mnist-calc")],
        digits: [programs.pipeline(digitPipeline, orDefault: "mnist-digit")],
        evaluator: [programs.tool("expr-eval"), "--quiet"], limits: limits, watch),
      limits: limits, watch)
    if ListeningPlace.isOpen(host) {
      diagnose("listening on \(host): whoever reaches this machine can use the page")
    }
    let output = try ByteWriter()
    output.write("\(server.address)\n")
    try output.commit()
    try output.flush()
    if open { openInBrowser(server.address, watch) }
    server.serve()
  }
}
