#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What a test needs and a machine may lack: the runner skips the test there, by
/// `.enabled(if: Requirement.jq.isMet, "\(Requirement.jq)")`, and counts it as skipped.
///
/// Its description says what is missing and, after a colon, what brings it. `Scripts/run-tests` counts the
/// skipped tests by it.
public struct Requirement: Hashable, Sendable, CustomStringConvertible {
  /// The command, or the file or folder, that was found; nil where there is none.
  public let path: String?
  /// What is missing where it is, and what brings it.
  public let description: String
  /// Whether it is here.
  public var isMet: Bool { path != nil }

  /// Shows the pad's page, and reports.
  public static let chromium = Requirement(program: "chromium")
  /// Stands at the end of some examples.
  public static let jq = Requirement(program: "jq")

  /// A device that OpenCL knows: a card, or the processor by PoCL.
  public static let opencl: Requirement = {
    let listing = Requirement(program: "opencl")
    let drivers = "/etc/OpenCL/vendors"
    return listing.isMet && names(drivers).isEmpty
      ? Requirement(nil, "no driver in \(drivers): make test-tools") : listing
  }()
  /// Opens Arrow streams: Python with three programs' modules, as pip installs them.
  public static let arrow = Requirement(
    modules: ["numpy", "pyarrow", "polars", "duckdb"], "no pyarrow, polars, duckdb: make test-tools"
  )

  /// Builds the library that makes calls fail, which a program loads as Linux has it.
  public static let compiler: Requirement = {
    #if os(Linux)
      return Requirement(program: "cc")
    #else
      return Requirement(nil, "no LD_PRELOAD as Linux has it: see on Linux")
    #endif
  }()

  /// Runs lists of commands, here and by ssh.
  public static let parallel = Requirement(program: "parallel")
  /// Hosts of a kind: root makes them of network namespaces.
  public static let hosts: Requirement = {
    guard areEnginesAsked else { return notAsked }
    let sshd = Requirement(program: "sshd", of: "engines")
    let rsync = Requirement(program: "rsync", of: "engines")
    guard rsync.isMet else { return rsync }
    guard sshd.isMet, geteuid() == 0, exists("/usr/sbin/ip") || exists("/sbin/ip") else {
      return Requirement(nil, sshd.isMet ? "no network namespaces: be root on Linux" : "\(sshd)")
    }
    return sshd
  }()
  /// A cluster of Slurm, which root starts.
  public static let slurm: Requirement = {
    guard areEnginesAsked else { return notAsked }
    let (slurm, munge) = (
      Requirement(program: "slurm", of: "engines"), Requirement(program: "munge", of: "engines")
    )
    guard slurm.isMet, munge.isMet else { return slurm.isMet ? munge : slurm }
    return geteuid() == 0 ? slurm : Requirement(nil, "no Slurm that starts: be root")
  }()
  /// Spark, as pip has it.
  public static let spark: Requirement = {
    guard areEnginesAsked else { return notAsked }
    let path = "\(root)/.build/engines/bin/spark-submit"
    return Requirement(exists(path) ? path : nil, "no spark: make test-tools ENGINES=yes")
  }()

  /// Ten years of the CSI 300.
  public static let market = Requirement(data: "market", "ten years of the CSI 300")
  /// The expressions that the calculator's tables were counted on.
  public static let expressions = Requirement(
    data: "ink/expressions-train.ndjson.gz", "the expressions of other writers")
  /// The digits that everyone learns.
  public static let digits = Requirement(
    data: "mnist/train-images-idx3-ubyte.gz", "MNIST: docs/calculator.md")
  /// Numbers that qlib and PyTorch gave, too many for testdata.
  public static let reference = Requirement(
    data: "../reference", "all numbers of qlib and PyTorch")

  /// Terminals that a program can make, as Linux has them.
  public static let terminal: Requirement = {
    #if os(Linux)
      let terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY)
      close(terminal)
      return Requirement(terminal < 0 ? nil : "/dev/ptmx", "no terminals: mount devpts")
    #else
      return Requirement(nil, "no terminals as Linux has them: see on Linux")
    #endif
  }()

  private init(_ path: String?, _ description: String) {
    self.path = path
    self.description = description
  }

  /// Whether tests of whole clusters run: they take minutes.
  private static let areEnginesAsked = variable("CONVOY_ENGINES") == "yes"
  private static let notAsked = Requirement(nil, "not asked for: make test ENGINES=yes")

  /// A program of the list `Tests/programs`, or of `Tests/engines`.
  private init(program name: String, of list: String = "programs") {
    let lines = (text("\(root)/Tests/\(list)") ?? "").split(separator: "\n")
    let words = lines.map { $0.split(separator: " ") }.first { $0.first == name[...] }
    guard let words, words.count > 2 else { fatalError("\(name) is not in Tests/\(list)") }
    let folders = (variable("PATH") ?? "/usr/bin:/bin").split(separator: ":")
    let places = words[1].split(separator: ",").flatMap { command in
      folders.map { "\($0)/\(command)" }
    }
    let help = list == "engines" ? "make test-tools ENGINES=yes" : "make test-tools"
    self.init(places.first { access($0, X_OK) == 0 }, "no \(name): \(help)")
  }

  /// Modules of the Python that `CONVOY_PYTHON` names, else of that which `make test-tools` has made, else of
  /// `python3`.
  private init(modules: [String], _ description: String) {
    let made = "\(root)/.build/readers/bin/python3"
    let python = variable("CONVOY_PYTHON") ?? (exists(made) ? made : "python3")
    let works = system("\(python) -c 'import \(modules.joined(separator: ","))' 2> /dev/null") == 0
    self.init(works ? python : nil, description)
  }

  /// A file or folder of the data that are no part of the project.
  private init(data path: String, _ name: String) {
    let path = "\(data)/\(path)"
    self.init(exists(path) ? path : nil, "no data, \(name): CONVOY_DATA=folder make test")
  }

  /// The reason for which that many cases of a test are skipped.
  public func reason(cases: Int) -> String { "\(self) (\(cases) cases)" }
}
