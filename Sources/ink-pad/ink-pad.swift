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

      With --lan, phones and tablets of the same network may use the page: it listens on all addresses,
      prints this machine's with a secret in it, and shows it as a QR code on a terminal. Who has
      the address may use the page; who has it not gets nothing.

      EXAMPLES
        ink-pad --port 0 & sleep 1; kill $!
        ink-pad --port 0 --idle 600 > address & sleep 1; cat address; kill $!

      SEE ALSO  segment, lenet-infer, expr-eval

      CAVEATS
        There is no TLS: who listens in the network sees what is written, and the secret of --lan. With
        --host 0.0.0.0 there is no secret either, and everybody who reaches the machine can use the
        page. A proxy adds both: see the guide. A sheet is seen by all who use the page. A drawing has 1 MiB and 1,000 strokes at most; 64 connections are open at a
        time.
      """,
    version: convoyVersion)

  @Option(help: ArgumentHelp("Port to listen on; 0 takes any that is free.", valueName: "n"))
  var port: UInt16 = 8828

  @Option(help: ArgumentHelp("Address to listen on (default: 127.0.0.1).", valueName: "address"))
  var host: String?

  @Flag(help: "Let other devices of the network in that have the address, which is printed.")
  var lan = false

  @Option(
    help: ArgumentHelp(
      "Another name that browsers know this server by, behind a forwarded port or a proxy; may be "
        + "repeated.", valueName: "name"))
  var allowHost: [String] = []

  @Option(
    help: ArgumentHelp(
      "Keep sheets as files of NDJSON in this folder, which is made where it is missing.",
      valueName: "folder"),
    completion: .directory)
  var folder: String?

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
    if let host, !ListeningPlace.accepts(host) {
      throw ValidationError("--host must be an IPv4 or IPv6 address, or localhost: '\(host)'")
    }
    guard !lan || host == nil else {
      throw ValidationError("--lan listens on all addresses: it goes without --host")
    }
    for name in allowHost where !ListeningPlace.isName(name) {
      throw ValidationError("--allow-host must be a host's name, without a port: '\(name)'")
    }
    if let folder, folder.isEmpty {
      throw ValidationError("--folder must name a folder: '\(folder)'")
    }
  }

  func run() throws {
    let programs = InstalledPrograms()
    var limits = Limits()
    limits.idle = .seconds(idle)
    let watch = try Watch()
    let host = lan ? "0.0.0.0" : host ?? "127.0.0.1"
    var entrance = Entrance(allowedHosts: allowHost)
    if lan {
      guard let address = lanAddress() else {
        throw Failure(.inputOutput, "--lan: this machine is in no network")
      }
      (entrance.name, entrance.token) = (address, AccessToken())
    }
    let server = try PadServer(
      host: host, port: port, entrance: entrance,
      pipelines: Pipelines(
        calculator: [programs.pipeline(pipeline, orDefault: "mnist-calc")],
        digits: [programs.pipeline(digitPipeline, orDefault: "mnist-digit")],
        evaluator: [programs.tool("expr-eval"), "--quiet"], limits: limits, watch),
      folder: folder.map { try SheetFolder($0, limits: limits) }, limits: limits, watch)
    if lan {
      diagnose(
        "listening on all addresses: who has the address can use the page, and without TLS whoever "
          + "listens in the network can read it")
    } else if ListeningPlace.isOpen(host) {
      diagnose("listening on \(host): whoever reaches this machine can use the page")
    }
    let output = try ByteWriter()
    output.write("\(server.address)\n")
    if lan, output.isTerminal {
      output.write(controls: qrCode(of: server.address, isColoured: output.isColoured) ?? "")
    }
    try output.commit()
    try output.flush()
    if open { openInBrowser(server.address, watch) }
    server.serve()
  }
}
